"""A name server that says nothing behind a real resolver: of its domains nothing is known, and of all others everything."""

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from mxproof.evidence import ANSWERED, Outcome
from mxproof.scan.beginning import ScanWay, begin
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import evidence_of_chunk
from mxproof.scan.local_engine import LocalEngine
from mxproof.scan.manifest import ScanAsking, read_manifest
from mxproof.scan.rehearsal import CLASSES, MadeUp, rehearsed_list
from mxproof.scan.running import scan
from real.scan.population import ServedNames, names_served
from support_scan import VANTAGE, untimed, untold

DOMAINS_COUNT = 400
EACH_SILENT = 20
"""To so many domains one is listed whose name server is silent."""
UNHEARD = {Outcome.SERVFAIL, Outcome.TIMEOUT}
ZONE_CONF = """\
server:
    local-zone: "silent." transparent
    domain-insecure: "silent."
stub-zone:
    name: "silent."
    stub-addr: 127.0.0.1@{port}
"""


def test_a_silent_name_server_costs_no_other_domain_an_answer(host: None, tmp_path: Path) -> None:
    domains = [line.decode().strip() for line in rehearsed_list(DOMAINS_COUNT)]
    silent = [f"{one.partition('.')[0]}.silent" for one in domains[::EACH_SILENT]]
    with (
        names_served(MadeUp(DOMAINS_COUNT, CLASSES), domains, tmp_path) as names,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody,
    ):
        nobody.bind(("127.0.0.1", 0))
        with (tmp_path / "unbound.conf").open("a", encoding="utf-8") as conf:
            conf.write(ZONE_CONF.format(port=nobody.getsockname()[1]))
        with names.resolving():
            alone = scanned(names, domains, tmp_path / "alone")
            beside = scanned(names, sorted((*domains, *silent)), tmp_path / "beside")
    for table, rows in untimed(alone).items():
        others = [row for row in untimed(beside)[table] if not str(row[0]).endswith(".silent")]
        assert sorted(map(_partless, others)) == sorted(map(_partless, rows)), table
    chunks = range(read_manifest(beside.path).chunks)
    for evidence in (one for chunk in chunks for one in evidence_of_chunk(beside, chunk)):
        outcomes = {answer.outcome for answer in evidence.answers.values()}
        if evidence.domain.endswith(".silent"):
            assert outcomes & UNHEARD, evidence.domain
            assert Outcome.FOUND not in outcomes
        else:
            assert outcomes <= ANSWERED, evidence.domain


def scanned(names: ServedNames, domains: Sequence[str], path: Path) -> ScanFolder:
    """Scan these domains by the resolver at depth records."""
    path.mkdir()
    folder = ScanFolder(path)
    listed = DomainList([f"{one}\n".encode() for one in domains], refuse=lambda line: pytest.fail(str(line)))
    asking = ScanAsking(resolvers=(str(names.resolver),), trust_ad=True)
    begin(folder, listed, ScanWay(ScanDepth.RECORDS, asking, VANTAGE, ()))
    with LocalEngine(path, 2) as engine:
        scan(folder, engine, untold)
    return folder


def _partless(row: Sequence[object]) -> str:
    """Return a row in words without the number of its part, which another list changes."""
    return repr((row[0], *row[2:]))
