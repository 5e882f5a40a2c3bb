"""A domain that is published, in memory: its zone as a keeper alters it, name servers that follow or lag, and a folder of policies."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from mxproof.evidence import Evidence
from mxproof.formats.mtasts import Policy, parse_policy
from mxproof.judge.catalogue.zone_line import record_data
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import TxtValue
from mxproof.publish.keeper import KeeperError
from mxproof.publish.permission import planned_of
from mxproof.publish.policy_folder import PolicyFolder
from mxproof.publish.publishing import Looks, Publisher
from mxproof.publish.state import PublishedState
from mxproof.remedy.planned import wanted_for
from mxproof.remedy.step_record import AlteredSet
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.survey import inbound, published
from support_name_servers import At
from support_new_store import empty_journal
from support_world import GOOD_ZONE, Https, ZoneWorld, collect

DOMAIN = "example.com"
HOST_ADDRESS = "192.0.2.80"
SERVERS = ("192.0.2.53", "198.51.100.53")
PATIENCE_S = 30.0
SOME_SENDERS = tuple(one for one in SENDERS if one.id in {"rfc8461", "postfix-sts"})
"""All of them take a second for each judgement."""
_DELEGATION = """
example.com                NS    ns1.example.com
example.com                NS    ns2.example.com
ns1.example.com            A     192.0.2.53
ns2.example.com            A     198.51.100.53
"""
_NAMED = ZoneWorld(zone=GOOD_ZONE + _DELEGATION, name_servers={})


class Killed(BaseException):
    """What stands for `kill -9`: nothing behind the point where it is raised is done."""


def policy(mode: str = "testing", *mx: str) -> Policy:
    """Return a policy of the domain, which by itself lists what it has."""
    hosts = "".join(f"mx: {one}\n" for one in mx or ("mx1.example.com", "mx2.example.com"))
    return parse_policy(f"version: STSv1\nmode: {mode}\n{hosts}max_age: 86400\n".encode())


class PublishedWorld:
    """The world and the publisher in it; at the event `killed_at` of all that are counted in `events`, the process is killed."""

    def __init__(self, folder: Path, world: ZoneWorld = _NAMED) -> None:
        self.folder = folder
        self.world = world
        self.at = world.at
        self.lagging: tuple[str, ...] = ()
        self.refusing = ""
        self.events = 0
        self.killed_at: int | None = None
        self.tells: list[str] = []
        self.seen: list[tuple[str, str]] = []
        self.paused = 0
        (folder / "policies").mkdir(exist_ok=True)
        journal = folder / "journal.db"
        if not journal.exists():
            journal.write_bytes(empty_journal())

    def publisher(self) -> Publisher:
        """Return a publisher as a process that starts now has it."""
        return Publisher(
            _Watched(Journal(f"sqlite:{self.folder}/journal.db"), self),
            self,
            _WatchedFolder(self.folder / "policies", self),
            Looks(self.look, self.arriving),
            ttl_s=300,
            patience_s=PATIENCE_S,
            now=self.now,
            pause=self.pause,
            senders=SOME_SENDERS,
            tell=self.tells.append,
        )

    def journal(self) -> PublicationJournal:
        """Return the journal by itself."""
        return PublicationJournal(Journal(f"sqlite:{self.folder}/journal.db"))

    def look(self, domain: str) -> Evidence:
        """Return what everybody shows."""
        self.event()
        served = self.served()
        answers = Https(body=served.encode()) if served else Https(status=404)
        return collect(
            self.world.but(domain=domain, https={HOST_ADDRESS: answers, **self.world.https}), published.wanted
        )

    def arriving(self, state: PublishedState, look: Evidence) -> Evidence:
        """Return how mail arrives, with what a planned state leads to."""
        served = self.served()
        answers = Https(body=served.encode()) if served else Https(status=404)
        world = self.world.but(https={HOST_ADDRESS: answers, **self.world.https})
        return collect(world, wanted_for(planned_of(state, look), inbound.wanted))

    is_by_hand = False

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Alter the zone; servers that lag keep the one that they have."""
        self.event()
        if self.refusing:
            raise KeeperError(self.refusing)
        held = dict(self.world.name_servers or {})
        for address in self.lagging:
            held.setdefault(address, At(zone=self.world.zone))
        lines = [f"{altered.name} {altered.kind.value} {_text(one)}" for one in altered.after]
        lines = lines or [f"{altered.name} {altered.kind.value}"]
        self.world = self.world.zone_with(*lines).but(name_servers=held)
        self.event()
        return f"altered {zone}"

    def catch_up(self) -> None:
        """Have every server follow."""
        self.lagging = ()
        self.world = self.world.but(name_servers={})

    def pause(self, seconds: float) -> None:
        """Let time go by."""
        self.paused += 1
        self.at += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the time, which goes on with each look at it."""
        self.at += timedelta(seconds=1)
        return self.at

    def event(self) -> None:
        """Count an event, and see whether the process is killed at it."""
        self.seen.append((self.served(), self.id()))
        self.events += 1
        if self.events == self.killed_at:
            raise Killed

    def served(self) -> str:
        """Return the policy that is served, empty for none."""
        file = self.folder / "policies" / f"{DOMAIN}.txt"
        return file.read_bytes().decode() if file.exists() else ""

    def id(self) -> str:
        """Return the text of the record that the primary has, empty for none."""
        lines = (line.split(maxsplit=2) for line in self.world.zone.splitlines() if line.strip())
        return next((data for owner, _, data in lines if owner == f"_mta-sts.{DOMAIN}"), "")


class _Watched(PublicationJournal):
    """The journal, with an event before and after each thing that is written."""

    def __init__(self, journal: Journal, world: PublishedWorld) -> None:
        super().__init__(journal)
        for name in ("begin", "note", "end"):
            setattr(self, name, _watched(getattr(self, name), world))


class _WatchedFolder(PolicyFolder):
    def __init__(self, folder: Path, world: PublishedWorld) -> None:
        super().__init__(folder)
        for name in ("put",):
            setattr(self, name, _watched(getattr(self, name), world))


def _watched(done: Callable[..., object], world: PublishedWorld) -> Callable[..., object]:
    def watched(*args: object, **more: object) -> object:
        world.event()
        found = done(*args, **more)
        world.event()
        return found

    return watched


def _text(record: object) -> str:
    return record.text if isinstance(record, TxtValue) else record_data(record).rstrip(".")  # type: ignore[arg-type]  # a record


def bare(folder: Path) -> PublishedWorld:
    """Return the world of a domain that has a policy host and nothing that announces a policy."""
    return PublishedWorld(folder, _NAMED.zone_with("_mta-sts.example.com TXT"))


def set_up(folder: Path) -> PublishedWorld:
    """Return the world of a domain with a policy that somebody else published."""
    made = PublishedWorld(folder)
    (folder / "policies" / f"{DOMAIN}.txt").write_bytes(made.world.policy.replace(b"\n", b"\r\n"))
    return made
