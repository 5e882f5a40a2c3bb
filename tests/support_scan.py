"""Scans for tests: a population of domains as one mail world, scanned without sockets by tasks in this process.

`scanned` makes a scan of such a population in a folder; `Here` is the engine of tests, which does one task after another and
counts what each question was asked for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from mxproof.evidence import Answer, Evidence, Outcome, Question, Vantage
from mxproof.net.asking import Peer
from mxproof.render.text.rows import Cell
from mxproof.scan.beginning import ScanWay, begin
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList
from mxproof.scan.duck import opened
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import ScanAsking, ScanManifest
from mxproof.scan.network import Ask, Asked
from mxproof.scan.perform import perform
from mxproof.scan.running import ScanStanding, scan
from mxproof.scan.table import DOMAINS as DOMAINS_TABLE
from mxproof.scan.table import TABLES
from mxproof.scan.task import ScanTask, TaskDone
from mxproof.survey import inbound
from mxproof.world.answer import answer, observed
from mxproof.world.world import World
from support_certificates import NOW, ROOT
from support_world import GOOD_ZONE, Https, ZoneWorld, made

VANTAGE = Vantage(
    software="test",
    host="here",
    resolvers=("192.0.2.53",),
    validating=True,
    validating_because="the test says so",
    roots="the test's root",
    sets=("arrival",),
)
ASKING = ScanAsking(resolvers=("192.0.2.53:53",), trust_ad=True)
SCAN_CONTACT = "https://scan.example/who"


def network_manifest(ways: dict[str, Peer], port: int = 25, connections: int = 16) -> ScanManifest:
    """Return the manifest of a scan that is led from some addresses to servers on loopback."""
    asking = ScanAsking(
        resolvers=("192.0.2.53:53",),
        connect_to=tuple(f"{address}:{port}={peer}" for address, peer in ways.items()),
        connections=connections,
        timeout_s=30.0,
        helo_name="scan.example",
        contact=SCAN_CONTACT,
    )
    return ScanManifest(
        scan_version=1,
        software="test",
        created_at=NOW,
        depth=ScanDepth.PROBE,
        domains=1,
        chunks=1,
        buckets=4,
        asking=asking,
        vantage=VANTAGE,
    )


class Population:
    """A mail world of several domains that counts what it is asked; `silent` are questions it does not answer the first time."""

    def __init__(self, world: ZoneWorld, silent: Iterable[Question] = ()) -> None:
        self.world: World = made(world)
        self.at: datetime = NOW
        self.asked: Counter[Question] = Counter()
        self.never: frozenset[Question] = frozenset()
        self._silent = set(silent)

    @contextmanager
    def asks(self, _manifest: ScanManifest) -> Iterator[Ask]:
        """Return what tasks ask."""

        async def ask(question: Question) -> Answer:
            self.asked[question] += 1
            if question in self._silent or question in self.never:
                self._silent.discard(question)
                return Answer(Outcome.TIMEOUT, self.at)
            return answer(self.world, question, self.at)

        yield ask

    def evidence(self, domain: str) -> Evidence:
        """Return what is observed of one domain by itself, at depth `probe`."""
        return observed(self.world, Evidence(domain, VANTAGE), inbound.wanted, self.at)


class Here:
    """The engine of tests: tasks in this process, one after the other, up to `most` of them."""

    def __init__(self, folder: Path, asked: Asked, most: int | None = None) -> None:
        self._folder = folder
        self._asked = asked
        self._most = most
        self.tasks: list[ScanTask] = []

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Do each task, and end as if killed where there have been too many."""
        for task in tasks:
            if self._most is not None and len(self.tasks) >= self._most:
                raise KeyboardInterrupt
            self.tasks.append(task)
            yield perform(self._folder, task, self._asked)


def begun(
    folder: Path, domains: Iterable[str], depth: ScanDepth = ScanDepth.PROBE, chunk_domains: int = 2
) -> ScanFolder:
    """Begin a scan of `domains`, some to a chunk."""
    place = ScanFolder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{domain}\n".encode() for domain in domains]
    begin(
        place,
        DomainList(lines, refuse=lambda _line: None),
        ScanWay(depth, ASKING, VANTAGE, (ROOT.der,)),
        chunk_domains=chunk_domains,
    )
    return place


def untold(_standing: ScanStanding) -> None:
    """Tell nobody."""


def scanned(
    folder: Path,
    population: Population,
    domains: Iterable[str],
    depth: ScanDepth = ScanDepth.PROBE,
) -> ScanFolder:
    """Return the folder of a scan that was made to its end."""
    place = begun(folder, domains, depth)
    scan(place, Here(folder, population.asks), untold)
    return place


def tables_of(folder: ScanFolder) -> dict[str, list[tuple[Cell, ...]]]:
    """Return all rows of each table, in order."""
    with opened(folder.path) as tables:
        return {one.name: list(tables.ask(f"SELECT * FROM {one.name} ORDER BY ALL").rows) for one in TABLES}


def untimed(folder: ScanFolder) -> dict[str, list[tuple[Cell, ...]]]:
    """Return all rows of each table, in order, but for when each domain was observed."""
    found = tables_of(folder)
    at = [one.name for one in DOMAINS_TABLE.columns].index("observed_at")
    found[DOMAINS_TABLE.name] = [(*row[:at], *row[at + 1 :]) for row in found[DOMAINS_TABLE.name]]
    return found


DOMAINS = (
    "example.com",
    "one.example",
    "two.example",
    "shared.example",
    "lost.example",
    "null.example",
    "alias.example",
)
ZONE = """
one.example                MX    10 mx.provider.example
two.example                MX    10 mx.provider.example
two.example                MX    20 mx2.example.com
_mta-sts.two.example       TXT   v=STSv1; id=1;
mta-sts.two.example        A     192.0.2.81
_smtp._tls.two.example     TXT   v=TLSRPTv1; rua=mailto:tls@example.com
shared.example             MX    10 mx1.example.com
_mta-sts.shared.example    TXT   v=STSv1; id=bad-id;
mta-sts.shared.example     A     192.0.2.81
null.example               MX    0 .
alias.example              MX    10 alias.provider.example
alias.provider.example     CNAME mx.provider.example
mx.provider.example        A     192.0.2.9
192.0.2.9                  PTR   mx.provider.example
"""
"""Beside example.com, with which nothing is wrong: domains that share servers with it and with one another."""


def population(*silent: Question) -> Population:
    """Return the population of `DOMAINS`."""
    names = ("mta-sts.two.example", "mta-sts.shared.example")
    world = ZoneWorld(zone=GOOD_ZONE + ZONE, https={"192.0.2.81": Https(names=names)})
    return Population(world, silent)
