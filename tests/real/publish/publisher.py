"""An administrator who publishes with `mxproof publish`, and the domains that he publishes for."""

import datetime as dt
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec

from mxproof.publish.rollout import Rollout, decoded_rollout, encoded_rollout
from mxproof.publish.rollout_told import ToldRollout
from mxproof.publish.state import PublishedState, decoded
from mxproof.publish.told import PublishedDomain, ToldPublication
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication import Publication
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollout_journal import RolloutJournal
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.network import COMMAND_WITHIN_S, Machine
from real.bed.powerdns import API_KEY, API_PORT
from real.bed.town import POLICY_MACHINE, SECOND_NAME_SERVER, Host, MailDomain, Tlsa, Town
from real.plan.domains import brief_policy

TTL_S = 2
ENDED_WITHIN_S = 600.0
PDNS_MACHINE = POLICY_MACHINE
"""Port 53 of it is free, and what publishes runs where the API listens."""


def _domain(
    label: str,
    *more: str,
    secondary: bool = False,
    dane: bool = False,
    policy_address: str = POLICY_MACHINE.ipv4,
) -> MailDomain:
    name = f"{label}.example.com"
    return MailDomain(
        name,
        (f"mx.{name}",),
        (Host(f"mx.{name}"),),
        tlsa=(Tlsa(f"mx.{name}", f"mx.{name}"),) if dane else (),
        signed=dane,
        ttl_s=TTL_S,
        secondary=secondary,
        more=more,
        policy=b"",
        policy_address=policy_address,
    )


def _moving(label: str, policy: bytes = b"", id: str | None = None) -> MailDomain:  # noqa: A002 - that of the record
    """Return a domain with one MX host, and a second one that is up and that nothing leads to yet."""
    name = f"{label}.example.com"
    hosts = (Host(f"mx.{name}"), Host(f"mx2.{name}"))
    return MailDomain(name, (f"mx.{name}",), hosts, ttl_s=TTL_S, secondary=True, policy=policy, id=id)


KEPT = _domain("kept", secondary=True)
KILLED = _domain("killed", secondary=True)
DELEGATED = _domain(
    "delegated",
    f"_mta-sts NS pdns.delegated.example.com.\npdns A {PDNS_MACHINE.ipv4}",
)
RECORD_ZONE = f"_mta-sts.{DELEGATED.name}"
RENEWED = _domain("renewed", secondary=True, dane=True)
RENEWED_KILLED = _domain("renewed-killed", secondary=True, dane=True)
RENEWED_NAIVELY = _domain("renewed-naively", secondary=True, dane=True)
ISSUED = _domain("issued", secondary=True, policy_address=SECOND_NAME_SERVER.ipv4)
"""Its policy host is the machine of the second name server, where nobody else serves HTTP."""
FLOWING = _moving("flowing")
BY_HAND = _moving("byhand", brief_policy("mx.byhand.example.com"), "1")
SHARED = _domain("shared", secondary=True)
CUT = _domain("cut", f"mta-sts A {SECOND_NAME_SERVER.ipv4}", secondary=True)
"""It has two policy hosts."""
DOMAINS = (
    *(KEPT, KILLED, DELEGATED, FLOWING, BY_HAND, SHARED, CUT),
    *(RENEWED, RENEWED_KILLED, RENEWED_NAIVELY, ISSUED),
)
_CONFIG = """\
[records]
kind = "{kind}"
url = "http://127.0.0.1:{api}"
primary = "{primary}"
key_file = "{key}"
ttl_s = 1
[publication]
store = "{store}"
static_folder = "{www}"
wait_s = {wait_s}
through_store = {through_store}
[rollout]
days = 1
"""


class Publishing(msgspec.Struct, frozen=True):
    """Whoever publishes for `domain` from `machine`, by default that of the policy host."""

    town: Town
    domain: str
    folder: Path
    machine: Machine = PDNS_MACHINE

    @classmethod
    def of(
        cls,
        town: Town,
        domain: MailDomain,
        folder: Path,
        kind: str,
        wait_s: float = 30.0,
        www: Path | None = None,
        store: str = "",
        *,
        through_store: bool = False,
        machine: Machine = PDNS_MACHINE,
    ) -> "Publishing":
        """Return one that is set up in `folder`."""
        (folder / "api.key").write_text(API_KEY)
        key = town.served.key.file if kind == "rfc2136" else folder / "api.key"
        (folder / "publish.toml").write_text(
            _CONFIG.format(
                kind=kind,
                api=API_PORT,
                primary=NAME_SERVER_MACHINE.ipv4,
                key=key,
                store=store or f"sqlite:{folder}/journal.db",
                through_store=str(through_store).lower(),
                www=www or town.folder / "nginx" / "www",
                wait_s=wait_s,
            )
        )
        return cls(town, domain.name, folder, machine)

    def command(self, verb: str, *options: str) -> tuple[str, ...]:
        """Return the command as it is run."""
        asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(self.town.authority.file))
        program = (sys.executable, "-m", "mxproof", "publish", verb, self.domain)
        config = ("--config", str(self.folder / "publish.toml"), "--format", "json")
        return self.town.network.inside(self.machine, *program, *config, *asking, *options)

    def rolled(self, verb: str = "rollout", *options: str) -> ToldRollout:
        """Drive the roll-out on."""
        done = subprocess.run(
            self.command(verb, *options), capture_output=True, timeout=ENDED_WITHIN_S, check=False
        )
        assert done.returncode == 0, (done.stdout.decode(), done.stderr.decode())
        return msgspec.json.decode(done.stdout, type=ToldRollout)

    def rollout(self) -> Rollout | None:
        """Return how the roll-out stands, as its journal has it; None where there is none."""
        with closing(self._journal()) as journal:
            kept = RolloutJournal(journal).rollout(self.domain)
        return None if kept is None else decoded_rollout(kept)

    def opened(self) -> Publication | None:
        """Return what was begun and is not over, as its journal has it."""
        with closing(self._journal()) as journal:
            return PublicationJournal(journal).opened(self.domain)

    def state(self) -> PublishedState:
        """Return what was published last, as its journal has it."""
        with closing(self._journal()) as journal:
            (last,) = PublicationJournal(journal).published(self.domain)
        state = decoded(last.after)
        assert state is not None
        return state

    def _journal(self) -> Journal:
        return Journal(f"sqlite:{self.folder}/journal.db")

    def days_go_by(self, days: int) -> None:
        """Have the journal be so many days older, since a name server takes no update of another day."""
        rollout, since = self.rollout(), dt.timedelta(days=days)
        assert rollout is not None
        assert rollout.since is not None
        older = msgspec.structs.replace(rollout, since=rollout.since - since)
        with closing(self._journal()) as journal:
            RolloutJournal(journal).keep(self.domain, encoded_rollout(older), older.since or rollout.since)
        with closing(sqlite3.connect(self.folder / "journal.db", isolation_level=None)) as connection:
            moved = "begun_at = begun_at - :s, ended_at = ended_at - :s"
            connection.execute(f"UPDATE mxproof_publication SET {moved}", {"s": since.total_seconds()})

    def following(self) -> tuple[str, ...]:
        """Return the command that follows the store."""
        asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(self.town.authority.file))
        program = (sys.executable, "-m", "mxproof", "publish", "follow")
        config = ("--config", str(self.folder / "publish.toml"))
        return self.town.network.inside(self.machine, *program, *config, *asking)

    def run(self, verb: str, *options: str) -> tuple[int, ToldPublication]:
        """Run it, and return its exit status and what it printed."""
        done = subprocess.run(
            self.command(verb, *options), capture_output=True, timeout=ENDED_WITHIN_S, check=False
        )
        assert done.stdout, done.stderr.decode()
        return done.returncode, msgspec.json.decode(done.stdout, type=ToldPublication)

    def status(self) -> tuple[int, PublishedDomain]:
        """Return what everybody shows."""
        done = subprocess.run(
            self.command("status"), capture_output=True, timeout=COMMAND_WITHIN_S, check=False
        )
        assert done.stdout, done.stderr.decode()
        return done.returncode, msgspec.json.decode(done.stdout, type=PublishedDomain)

    def policy(self, *lines: str) -> str:
        """Write a policy with these fields, and return the path of its file."""
        file = self.folder / "policy.txt"
        file.write_text("".join(f"{line}\n" for line in ("version: STSv1", *lines)))
        return str(file)

    def served(self) -> bytes:
        """Return the file that the policy host serves."""
        return (
            self.town.folder / "nginx" / "www" / f"mta-sts.{self.domain}/.well-known/mta-sts.txt"
        ).read_bytes()
