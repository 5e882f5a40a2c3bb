"""A mail server under DANE in memory: its zone, name servers that follow or lag, and the file that it reads its certificate from.

At every event it is held against what senders may have in their caches: whatever a name server had within the last time to live. A sender
that has records of which none names what is shown refuses; `refused` are the moments at which one would.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mxproof.evidence import Der, Evidence
from mxproof.formats.cert import facts
from mxproof.formats.tlsa import Tlsa, association_for, matching, parse_tlsa, print_tlsa
from mxproof.judge.catalogue.zone_line import record_data
from mxproof.judge.senders import SENDERS
from mxproof.mail.trust import with_anchors
from mxproof.publish.chain_file import ChainFile, KeyedChain, read_keyed_chain
from mxproof.publish.deploying import Deployment
from mxproof.publish.keeper import KeeperError
from mxproof.publish.rolling import Roller, RolloverResult
from mxproof.publish.rollover_making import ServerOfMail
from mxproof.publish.rollover_permission import RolloverJudge, RolloverLooks
from mxproof.publish.step import LaggingPlace
from mxproof.remedy.planned import PlannedState, wanted_for
from mxproof.remedy.step_record import AlteredSet
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rollover_journal import RolloverJournal
from mxproof.survey import inbound
from mxproof.survey.served_records import tlsa_of_hosts
from support_certificates import INTERMEDIATE, ROOT, Defect, Made, leaf
from support_name_servers import At
from support_new_store import new_store
from support_publication import SERVERS, Killed
from support_world import GOOD_ZONE, Smtp, ZoneWorld, collect

DOMAIN = "example.com"
MX1 = "mx1.example.com"
OWNER = f"_25._tcp.{MX1}"
ADDRESSES = ("192.0.2.1", "2001:db8::1")
TTL_S = 300
"""That of every answer of a name server in a test world."""
HELD_S = 2 * TTL_S
"""For how long somebody may hold it (RFC 7671 section 8.1)."""
KEPT_S = 600
DANE_SENDERS = tuple(one for one in SENDERS if one.id in {"exim-dane", "rfc8461"})
OLD = (MX1,)
NEW = (MX1, "new.example.com")
NEWER = (MX1, "newer.example.com")
_DELEGATION = """
example.com                NS    ns1.example.com
example.com                NS    ns2.example.com
ns1.example.com            A     192.0.2.53
ns2.example.com            A     198.51.100.53
"""


class RolledWorld:
    """The world and who rolls in it; at the event `killed_at` of all that are counted in `events`, the process is killed."""

    def __init__(self, folder: Path, tlsa: Sequence[str] = ()) -> None:
        self.folder = folder
        lines = "".join(f"{OWNER} TLSA {one}\n" for one in tlsa or (record(shown(OLD)),))
        self.world = ZoneWorld(
            zone=f"{GOOD_ZONE}{_DELEGATION}{lines}",
            signed=("example.com",),
            name_servers={},
            smtp=dict.fromkeys(ADDRESSES, Smtp(names=OLD)),
        )
        self.at = self.world.at
        self.patience_s = 0.0
        self.lagging: tuple[str, ...] = ()
        self.refusing = ""
        self.events = 0
        self.killed_at: int | None = None
        self.puts: list[AlteredSet] = []
        self.reloads = 0
        self.refused: list[tuple[datetime, LaggingPlace]] = []
        self._had: list[tuple[datetime, str, tuple[str, ...]]] = []
        self.file = folder / "mx1.pem"
        self.file.write_bytes(keyed(folder, shown(OLD)).text)
        new_store(folder)

    def server(self, *authorities: Der) -> ServerOfMail:
        """Return the mail server as the configuration has it."""
        return ServerOfMail(
            hosts=(MX1,), domains=(DOMAIN,), file=str(self.file), authorities=authorities, kept_s=KEPT_S
        )

    def journal(self) -> RolloverJournal:
        """Return the journal by itself."""
        return RolloverJournal(Journal(f"sqlite:{self.folder}/journal.db"))

    def deployment(self) -> Deployment:
        """Return one as a process that starts now has it."""
        looks = RolloverLooks(self.look, self.arriving)
        journal = _Watched(Journal(f"sqlite:{self.folder}/journal.db"), self)
        return Deployment(self.roller(journal), journal, looks)

    def roller(self, journal: RolloverJournal) -> Roller:
        """Return who rolls."""
        looks = RolloverLooks(self.look, self.arriving)
        return Roller(
            journal,
            self,
            looks,
            RolloverJudge(looks, lambda _: (Der(ROOT.der),), DANE_SENDERS),
            ttl_s=TTL_S,
            patience_s=self.patience_s,
            now=self.now,
            pause=self.pause,
        )

    def deploy(self, made: Made, *authorities: Der, forced: str = "", dry: bool = False) -> RolloverResult:
        """Deploy a certificate as certbot's hook does."""
        chain = keyed(self.folder, made)
        return self.deployment().deploy(self.server(*authorities), chain, self.reload, forced, dry=dry)

    def reload(self) -> None:
        """Have the mail server read its file anew."""
        self.event()
        self.reloads += 1

    def look(self, domain: str, hosts: tuple[str, ...]) -> Evidence:
        """Return what every name server has."""
        self.event()
        return collect(self.world.but(domain=domain), tlsa_of_hosts(hosts).wanted)

    def arriving(self, domain: str, state: PlannedState) -> Evidence:
        """Return how mail arrives; the server shows what is in its file."""
        names = facts(ChainFile(self.file).held()[0]).dns_names
        world = self.world.but(domain=domain, smtp=dict.fromkeys(ADDRESSES, Smtp(names=names)))
        return with_anchors(collect(world, wanted_for(state, inbound.wanted)), (ROOT.der,))

    is_by_hand = False

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Alter the zone; servers that lag keep the one that they have."""
        self.event()
        if self.refusing:
            raise KeeperError(self.refusing)
        self.puts.append(altered)
        self._alter(altered.name, *map(record_data, altered.after))
        self.event()
        return f"altered {zone}"

    def by_hand(self, *records: str) -> None:
        """Have these records stand at the host, as somebody else puts them there."""
        self._alter(OWNER, *records)
        self.event()

    def _alter(self, name: str, *records: str) -> None:
        held = dict(self.world.name_servers or {})
        for address in self.lagging:
            held.setdefault(address, At(zone=self.world.zone))
        lines = [f"{name} TLSA {one}" for one in records] or [f"{name} TLSA"]
        self.world = self.world.zone_with(*lines).but(name_servers=held)

    def catch_up(self) -> None:
        """Have every server follow."""
        self.lagging = ()
        self.world = self.world.but(name_servers={})

    def pause(self, seconds: float) -> None:
        """Let time go by."""
        self.at += timedelta(seconds=seconds)
        self.event()

    def now(self) -> datetime:
        """Return the time, which goes on with each look at it."""
        self.at += timedelta(seconds=1)
        return self.at

    def later(self, seconds: float) -> None:
        """Let time go by between two calls."""
        self.at += timedelta(seconds=seconds)

    def tlsa(self, server: str = SERVERS[0]) -> tuple[str, ...]:
        """Return the records that a name server has, in order."""
        held = (self.world.name_servers or {}).get(server)
        zone = held.zone if held is not None and held.zone else self.world.zone
        lines = (line.split(maxsplit=2) for line in zone.splitlines() if line.strip())
        return tuple(sorted(data for owner, _, data in lines if owner == OWNER))

    def event(self) -> None:
        """Count an event, hold what is shown against what senders may have, and see whether the process is killed at it."""
        for server in SERVERS:
            self._had.append((self.at, server, self.tlsa(server)))
        chain = ChainFile(self.file).held()
        since = self.at - timedelta(seconds=TTL_S)
        for place, (_, server, records) in enumerate(self._had):
            following = (at for at, other, _ in self._had[place + 1 :] if other == server)
            if next(following, self.at) < since or not records:
                continue
            if all(matching(parse_tlsa(one), chain) is None for one in records):
                self.refused.append((self.at, LaggingPlace(server, "", "", ", ".join(records))))
        self.events += 1
        if self.events == self.killed_at:
            raise Killed


class _Watched(RolloverJournal):
    """The journal, with an event before and after each thing that is written."""

    def __init__(self, journal: Journal, world: RolledWorld) -> None:
        super().__init__(journal)
        for name in ("begin", "announced", "shown", "end"):
            setattr(self, name, _watched(getattr(self, name), world))


def _watched(done: Callable[..., object], world: RolledWorld) -> Callable[..., object]:
    def watched(*args: object, **more: object) -> object:
        world.event()
        found = done(*args, **more)
        world.event()
        return found

    return watched


def shown(names: tuple[str, ...]) -> Made:
    """Return the certificate with these names that a server of the world shows."""
    return leaf(names, Defect.NONE)


def record(made: Made, usage: int = 3) -> str:
    """Return the record of a certificate's key, or of the authority above it, as a zone has it."""
    named = made.der if usage == 3 else INTERMEDIATE.der
    return print_tlsa(Tlsa(usage, 1, 1, association_for(named, 1, 1)))


def lineage(folder: Path, made: Made, above: Made = INTERMEDIATE) -> tuple[Path, Path]:
    """Write a chain and its key as certbot does, and return their paths."""
    chain, key = folder / "fullchain.pem", folder / "privkey.pem"
    pem = [one.certificate.public_bytes(Encoding.PEM) for one in (made, above)]
    chain.write_bytes(b"".join(pem))
    key.write_bytes(made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return chain, key


def keyed(folder: Path, made: Made, above: Made = INTERMEDIATE) -> KeyedChain:
    """Return a chain as it is staged."""
    return read_keyed_chain(*lineage(folder, made, above))
