"""The mail worlds of the lab, scanned: each is judged as it is by itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mxproof.evidence import Answer, Evidence, Question
from mxproof.judge.weighed import weighed
from mxproof.lab.making import made
from mxproof.lab.scenario import load, scenarios
from mxproof.mail.trust import with_anchors
from mxproof.scan.beginning import ScanWay, begin
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import kept_evidence
from mxproof.scan.manifest import ScanManifest
from mxproof.scan.network import Ask
from mxproof.scan.row import rows_of
from mxproof.scan.running import scan
from mxproof.survey import inbound
from mxproof.world.answer import answer, observed
from support_scan import ASKING, VANTAGE, Here, untold
from support_scenarios import AT

EACH = 1 if os.environ.get("MXPROOF_SCAN_ALL") else 16
"""Every so many scenarios; all of them take minutes."""


@pytest.mark.parametrize("name", scenarios()[::EACH])
def test_a_scenario_is_judged_as_it_is_by_itself(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    lab = made(scenario, AT)
    roots = (lab.authority.root_der(),)

    @contextmanager
    def asked(_manifest: ScanManifest) -> Iterator[Ask]:
        async def ask(question: Question) -> Answer:
            return answer(lab.world, question, AT)

        yield ask

    folder = ScanFolder(tmp_path / "scan")
    folder.path.mkdir()
    domain = scenario.domain
    begin(
        folder,
        DomainList([f"{domain}\n".encode()], refuse=lambda line: pytest.fail(str(line))),
        ScanWay(ScanDepth.PROBE, ASKING, VANTAGE, roots),
    )
    scan(folder, Here(folder.path, asked), untold)
    alone = with_anchors(observed(lab.world, Evidence(domain, VANTAGE), inbound.wanted, AT), roots)
    kept = kept_evidence(folder, 0, domain)
    assert set(kept.answers) == set(alone.answers)
    assert rows_of(weighed(kept, now=AT), 0) == rows_of(weighed(alone, now=AT), 0)
