"""A sample of what was scanned over real servers: each domain is judged as `mxproof check` judges it by itself.

By default the population is small; MXPROOF_SCAN_DOMAINS=100000 has it as large as a rehearsal, of which 500 are compared.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Evidence, Outcome
from mxproof.judge.weighed import weighed
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking
from mxproof.net.collect import collect
from mxproof.net.loop import run
from mxproof.scan.beginning import ScanWay, begin
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import evidence_of_chunk
from mxproof.scan.local_engine import LocalEngine
from mxproof.scan.manifest import ScanAsking, read_manifest
from mxproof.scan.rehearsal import CLASSES, WHOLE, DomainClass, MadeUp, rehearsed_list
from mxproof.scan.row import DomainRows, rows_of
from mxproof.scan.running import scan
from mxproof.survey import inbound
from real.scan.population import ServedPopulation, served
from support_scan import VANTAGE, untold

EACH_OF_CLASS = 3
SAMPLE_COUNT = 500
_OBSERVED_AT = 2


def made_up() -> tuple[int, tuple[DomainClass, ...]]:
    """Return how many domains there are, and their classes: few of each, or as many as a rehearsal has."""
    wished = os.environ.get("MXPROOF_SCAN_DOMAINS")
    if wished:
        return int(wished), CLASSES
    few = tuple(msgspec.structs.replace(one, share=WHOLE // len(CLASSES)) for one in CLASSES)
    return EACH_OF_CLASS * len(CLASSES), few


@pytest.fixture(scope="module")
def world(
    host: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[str], ServedPopulation]]:
    count, classes = made_up()
    domains = [line.decode().strip() for line in rehearsed_list(count)]
    with served(MadeUp(count, classes), domains, tmp_path_factory.mktemp("servers")) as standing:
        yield domains, standing


def test_a_sample_is_judged_as_a_check_judges_it(
    world: tuple[list[str], ServedPopulation], tmp_path: Path
) -> None:
    domains, standing = world
    kept = _scanned(domains, standing, tmp_path / "scan")
    assert list(kept) == domains
    sample = domains[:: max(1, len(domains) // SAMPLE_COUNT)]
    checked = run(_checked(sample, standing))
    for domain in sample:
        got, want = _rows(kept[domain]), _rows(checked[domain])
        assert got == want, domain
    silent = {answer.outcome for one in kept.values() for answer in one.answers.values()} & {Outcome.TIMEOUT}
    assert silent == set()


def _scanned(domains: list[str], standing: ServedPopulation, path: Path) -> dict[str, Evidence]:
    path.mkdir()
    folder = ScanFolder(path)
    asking = ScanAsking(
        resolvers=(str(standing.resolver),),
        connect_to=tuple(f"{address}:{port}={peer}" for (address, port), peer in standing.connect_to.items()),
        trust_ad=True,
        helo_name="scan.example",
    )
    listed = DomainList([f"{one}\n".encode() for one in domains], refuse=lambda line: pytest.fail(str(line)))
    begin(folder, listed, ScanWay(ScanDepth.PROBE, asking, VANTAGE, (standing.root,)))
    with LocalEngine(path, 2) as engine:
        scan(folder, engine, untold)
    chunks = range(read_manifest(path).chunks)
    return {one.domain: one for chunk in chunks for one in evidence_of_chunk(folder, chunk)}


async def _checked(sample: list[str], standing: ServedPopulation) -> dict[str, Evidence]:
    asking = Asking(
        (standing.resolver,), connect_to=standing.connect_to, trust_ad=True, helo_name="scan.example"
    )
    found = {}
    with Asker(asking) as asker:
        for domain in sample:
            start = Evidence(domain, VANTAGE)
            alone = await collect(domain, asker, inbound.wanted, evidence=start)
            found[domain] = with_anchors(alone, [standing.root])
    return found


def _rows(evidence: Evidence) -> DomainRows:
    """Return what is kept of a domain in tables, but for its time."""
    rows = rows_of(weighed(evidence, now=evidence.observed_at()), 0)
    timeless = tuple(value for place, value in enumerate(rows.domain) if place != _OBSERVED_AT)
    return msgspec.structs.replace(rows, domain=timeless)
