"""Scans from the list to the tables, over a world without sockets."""

from pathlib import Path

import pytest

from mxproof.evidence import Kind, Question
from mxproof.judge.judging import report_on
from mxproof.mail.trust import with_anchors
from mxproof.scan.depth import ScanDepth
from mxproof.scan.keeping import evidence_of_chunk, kept_evidence
from mxproof.scan.manifest import read_manifest
from mxproof.scan.running import scan
from support_certificates import ROOT
from support_scan import DOMAINS, Here, begun, population, scanned


def _verdicts(folder: Path) -> dict[str, object]:
    place = begun_folder(folder)
    return {
        one.domain: report_on(one, now=one.observed_at())
        for chunk in range(read_manifest(folder).chunks)
        for one in evidence_of_chunk(place, chunk)
    }


def begun_folder(folder: Path):
    from mxproof.scan.folder import ScanFolder

    return ScanFolder(folder)


def test_each_domain_has_the_evidence_that_it_has_by_itself(tmp_path: Path) -> None:
    people = population()
    folder = scanned(tmp_path / "scan", people, DOMAINS)
    kept = {
        one.domain: one
        for chunk in range(read_manifest(folder.path).chunks)
        for one in evidence_of_chunk(folder, chunk)
    }
    assert list(kept) == list(DOMAINS)
    for domain in DOMAINS:
        alone = with_anchors(people.evidence(domain), [ROOT.der])
        assert set(kept[domain].answers) == set(alone.answers), domain
        assert report_on(kept[domain], now=people.at) == report_on(alone, now=people.at)
