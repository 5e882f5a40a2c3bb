"""An administrator of a mail server under DANE, who renews its certificate with certbot and has `mxproof publish deploy` do the rest."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from mxproof.publish.told_rollover import ToldRollover
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rollover_journal import RolloverJournal
from real.bed.acme import ACME_PORT, NAME
from real.bed.ca import Identity
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.powerdns import API_KEY, API_PORT, records_at
from real.bed.town import POLICY_MACHINE, SENDING, MailDomain, Town

RENEWED_WITHIN_S = 600.0
KEPT_S = 3
_BY_HTTP = ("--standalone", "--http-01-port", "5080")
_CONFIG = """\
[records]
kind = "{kind}"
url = "http://127.0.0.1:{api}"
primary = "{primary}"
key_file = "{key}"
ttl_s = 1
[publication]
store = "{store}"
wait_s = 30
[[deploy]]
names = ["{host}"]
domains = ["{domain}"]
lineage = "{lineage}"
file = "{file}"
reload = ["kill", "-HUP", "{master}"]
kept_s = {kept_s}
"""


_PATCH = """\
#!/bin/sh
set -eu
curl -sS --fail -X PATCH -H "X-API-Key: {key}" --data @- http://127.0.0.1:{port}/api/v1/servers/localhost/zones/{zone}. <<END
{{"rrsets": [{{"name": "_acme-challenge.$CERTBOT_DOMAIN.", "type": "TXT", "ttl": {ttl_s}, "changetype": "{change}", "records": {records}}}]}}
END
"""
_LOOK = """\
for try in $(seq 100); do
    ! kdig +short @{server} "_acme-challenge.$CERTBOT_DOMAIN." TXT | grep -qF -e "$CERTBOT_VALIDATION" || break
    sleep 0.2
done
"""


class Deploying(msgspec.Struct, frozen=True):
    """Whoever looks after one server of a domain; `file` is what its Postfix reads."""

    town: Town
    domain: MailDomain
    host: str
    folder: Path
    lineage: Path
    file: Path

    @classmethod
    def of(
        cls,
        town: Town,
        domain: MailDomain,
        folder: Path,
        kind: str = "rfc2136",
        place: int = 0,
        store: str = "",
    ) -> "Deploying":
        """Return one that is set up in `folder`, for the MX host at this place; the lineage is that of certbot there."""
        host = domain.hosts[place]
        lineage = folder / "certbot" / "live" / host.name
        file = town.identities[host.name].pem
        server = town.second_receiving if host.at_second else town.receiving
        assert server is not None
        (folder / "api.key").write_text(API_KEY)
        (folder / "publish.toml").write_text(
            _CONFIG.format(
                kind=kind,
                api=API_PORT,
                primary=NAME_SERVER_MACHINE.ipv4,
                key=town.served.key.file if kind == "rfc2136" else folder / "api.key",
                store=store or f"sqlite:{folder}/journal.db",
                host=host.name,
                domain=domain.name,
                lineage=lineage,
                file=file,
                master=server.process.pid,
                kept_s=KEPT_S,
            )
        )
        return cls(town, domain, host.name, folder, lineage, file)

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

    def certbot(self, *options: str, proof: tuple[str, ...] = _BY_HTTP) -> str:
        """Have certbot issue or renew the certificate by ACME, with `deploy` as its hook; return what it says."""
        done = self.asked_of_certbot(*options, proof=proof)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, said
        return said

    def asked_of_certbot(
        self, *options: str, proof: tuple[str, ...] = _BY_HTTP
    ) -> subprocess.CompletedProcess[bytes]:
        """Do so, whatever comes of it."""
        hook = self.folder / "hook"
        words = " ".join(self.command("--format", "json", "-o", str(self.folder / "told.json")))
        hook.write_text(f"#!/bin/sh\nexec {words}\n")
        hook.chmod(0o755)
        here = ("--config-dir", "certbot", "--work-dir", "work", "--logs-dir", "logs")
        folders = [str(self.folder / one) if not one.startswith("-") else one for one in here]
        issuing = ("--server", f"https://{NAME}:{ACME_PORT}/dir", "-d", self.host)
        asking = ("--non-interactive", "--agree-tos", "--register-unsafely-without-email")
        command = (
            "certbot",
            "certonly",
            *folders,
            *issuing,
            *proof,
            *asking,
            "--deploy-hook",
            str(hook),
            *options,
        )
        inside = self.town.network.inside(POLICY_MACHINE, *command)
        around = os.environ | {"REQUESTS_CA_BUNDLE": str(self.town.authority.file)}
        return subprocess.run(inside, capture_output=True, timeout=RENEWED_WITHIN_S, env=around, check=False)

    def by_records(self, name_servers: tuple[str, ...]) -> tuple[str, ...]:
        """Return the options that have certbot prove the name by a record in PowerDNS, once these name servers show it."""
        hooks = []
        for name, change, data in (
            ("auth", "REPLACE", '[{"content": "\\"$CERTBOT_VALIDATION\\"", "disabled": false}]'),
            ("cleanup", "DELETE", "[]"),
        ):
            hook = self.folder / f"{name}-hook"
            looks = [] if name == "cleanup" else [_LOOK.format(server=one) for one in name_servers]
            patch = _PATCH.format(
                change=change, records=data, key=API_KEY, port=API_PORT, zone=self.domain.name, ttl_s=1
            )
            hook.write_text(patch + "".join(looks))
            hook.chmod(0o755)
            hooks += [f"--manual-{name}-hook", str(hook)]
        return ("--manual", "--preferred-challenges", "dns", *hooks)

    def told(self) -> ToldRollover:
        """Return what the hook printed last."""
        return msgspec.json.decode((self.folder / "told.json").read_bytes(), type=ToldRollover)

    def renewed_by_hand(self, identity: Identity) -> None:
        """Put a certificate where certbot would."""
        self.lineage.mkdir(parents=True, exist_ok=True)
        key, *chain = identity.pem.read_text().partition("-----BEGIN CERTIFICATE-----")
        (self.lineage / "privkey.pem").write_text(key)
        (self.lineage / "fullchain.pem").write_text("".join(chain))

    def shows(self) -> bytes:
        """Return the certificate that Postfix reads, as DER."""
        (leaf, *_) = x509.load_pem_x509_certificates(self.file.read_bytes())
        return leaf.public_bytes(serialization.Encoding.DER)

    def unfinished(self) -> str:
        """Return how far a rollover is that is not over, as the journal in its folder has it."""
        with closing(Journal(f"sqlite:{self.folder}/journal.db")) as journal:
            opened = RolloverJournal(journal).opened(self.host)
        if opened is None:
            return "nothing"
        if opened.shown_at is not None:
            return "shown"
        return "begun" if opened.announced_at is None else "announced"

    def records(self, server: str) -> frozenset[str]:
        """Return the associations of the TLSA records of the host as a name server has them, in small letters."""
        told = records_at(self.town.network, SENDING, server, f"_25._tcp.{self.host}", "TLSA")
        return frozenset(one.replace(" ", "").lower().removeprefix("311") for one in told)
