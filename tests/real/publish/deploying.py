"""An administrator of a mail server under DANE, who renews its certificate with certbot and has `mxproof publish deploy` do the rest."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from mxproof.publish.told_rollover import ToldRollover
from real.bed.acme import ACME_PORT, NAME
from real.bed.ca import Identity
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.powerdns import records_at
from real.bed.town import POLICY_MACHINE, SENDING, MailDomain, Town

RENEWED_WITHIN_S = 600.0
KEPT_S = 3
_HTTP_PORT = 5080
_CONFIG = """\
[records]
kind = "rfc2136"
primary = "{primary}"
key_file = "{key}"
ttl_s = 1
[publication]
store = "sqlite:{folder}/journal.db"
wait_s = 30
[[deploy]]
names = ["{host}"]
domains = ["{domain}"]
lineage = "{lineage}"
file = "{file}"
reload = ["kill", "-HUP", "{master}"]
kept_s = {kept_s}
"""


class Deploying(msgspec.Struct, frozen=True):
    """Whoever looks after the server of a domain; `file` is what its Postfix reads."""

    town: Town
    domain: MailDomain
    folder: Path
    lineage: Path
    file: Path

    @classmethod
    def of(cls, town: Town, domain: MailDomain, folder: Path) -> "Deploying":
        """Return one that is set up in `folder`; the lineage is that of certbot there."""
        (host,) = domain.mx
        lineage = folder / "certbot" / "live" / host
        file = town.identities[host].pem
        (folder / "publish.toml").write_text(
            _CONFIG.format(
                primary=NAME_SERVER_MACHINE.ipv4,
                key=town.served.key.file,
                folder=folder,
                host=host,
                domain=domain.name,
                lineage=lineage,
                file=file,
                master=town.receiving.process.pid,
                kept_s=KEPT_S,
            )
        )
        return cls(town, domain, folder, lineage, file)

    @property
    def host(self) -> str:
        """Return the MX host."""
        return self.domain.mx[0]

    def command(self, *options: str) -> tuple[str, ...]:
        """Return `mxproof publish deploy` as it is run."""
        asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(self.town.authority.file))
        program = (sys.executable, "-m", "mxproof", "publish", "deploy")
        return (*program, "--config", str(self.folder / "publish.toml"), *asking, *options)

    def deploy(self, *options: str) -> tuple[int, ToldRollover]:
        """Run it, and return its exit status and what it printed."""
        inside = self.town.network.inside(POLICY_MACHINE, *self.command("--format", "json", *options))
        done = subprocess.run(inside, capture_output=True, timeout=RENEWED_WITHIN_S, check=False)
        assert done.stdout, done.stderr.decode()
        return done.returncode, msgspec.json.decode(done.stdout, type=ToldRollover)

    def certbot(self, *options: str) -> str:
        """Have certbot issue or renew the certificate by ACME, with `deploy` as its hook; return what it says."""
        hook = self.folder / "hook"
        words = " ".join(self.command("--format", "json", "-o", str(self.folder / "told.json")))
        hook.write_text(f"#!/bin/sh\nexec {words}\n")
        hook.chmod(0o755)
        here = ("--config-dir", "certbot", "--work-dir", "work", "--logs-dir", "logs")
        folders = [str(self.folder / one) if not one.startswith("-") else one for one in here]
        issuing = ("--server", f"https://{NAME}:{ACME_PORT}/dir", "--standalone", "-d", self.host)
        port = ("--http-01-port", str(_HTTP_PORT))
        asking = ("--non-interactive", "--agree-tos", "--register-unsafely-without-email")
        command = (
            "certbot",
            "certonly",
            *folders,
            *issuing,
            *port,
            *asking,
            "--deploy-hook",
            str(hook),
            *options,
        )
        inside = self.town.network.inside(POLICY_MACHINE, *command)
        around = os.environ | {"REQUESTS_CA_BUNDLE": str(self.town.authority.file)}
        done = subprocess.run(inside, capture_output=True, timeout=RENEWED_WITHIN_S, env=around, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return (done.stdout + done.stderr).decode()

    def told(self) -> ToldRollover:
        """Return what the hook printed last."""
        return msgspec.json.decode((self.folder / "told.json").read_bytes(), type=ToldRollover)

    def renewed_by_hand(self, identity: Identity) -> None:
        """Put a certificate where certbot would."""
        self.lineage.mkdir(parents=True, exist_ok=True)
        key, *chain = identity.pem.read_text().partition("-----BEGIN CERTIFICATE-----")
        (self.lineage / "privkey.pem").write_text(key)
        (self.lineage / "fullchain.pem").write_text("".join(chain))

    def records(self, server: str) -> frozenset[str]:
        """Return the associations of the TLSA records of the host as a name server has them, in small letters."""
        told = records_at(self.town.network, SENDING, server, f"_25._tcp.{self.host}", "TLSA")
        return frozenset(one.replace(" ", "").lower().removeprefix("311") for one in told)
