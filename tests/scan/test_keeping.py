"""Evidence that was judged is kept so that it is read again as it was, and judged again to the same."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Evidence
from mxproof.mail.trust import with_anchors
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import evidence_of_chunk, judge_again, judge_chunk, kept_evidence
from mxproof.scan.manifest import read_manifest, write_manifest
from mxproof.scan.part import ScanPart
from mxproof.scan.table import DOMAINS, FINDINGS, VERDICTS
from support_certificates import NOW, ROOT
from support_scan import begun, population, tables_of

NAMES = ("example.com", "one.example", "null.example")


def finished(path: Path) -> ScanFolder:
    """Return the folder of a scan of one chunk that is said to be finished, so that its tables may be read."""
    folder = begun(path, NAMES, chunk_domains=len(NAMES))
    write_manifest(path, msgspec.structs.replace(read_manifest(path), finished_at=NOW))
    return folder


@pytest.fixture(scope="module")
def several() -> tuple[Evidence, ...]:
    people = population()
    return tuple(people.evidence(name) for name in NAMES)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, several: tuple[Evidence, ...]) -> ScanFolder:
    folder = finished(tmp_path_factory.mktemp("kept"))
    judge_chunk(folder, 0, several)
    return folder


def test_it_is_counted_how_many_domains_have_which_outcome(
    tmp_path: Path, several: tuple[Evidence, ...]
) -> None:
    folder = finished(tmp_path)
    counts = judge_chunk(folder, 0, several)
    assert counts == {"delivers": 2, "refused": 1}
    assert ScanPart(folder.judged(0)).counts == counts


def test_evidence_is_read_again_as_it_was_with_the_anchors_that_it_was_judged_by(
    kept: ScanFolder, several: tuple[Evidence, ...]
) -> None:
    anchored = [with_anchors(one, [ROOT.der]) for one in several]
    assert list(evidence_of_chunk(kept, 0)) == anchored
    assert [kept_evidence(kept, 0, name) for name in NAMES] == anchored


def test_a_domain_without_evidence_is_told_with_the_part_that_was_looked_at(kept: ScanFolder) -> None:
    with pytest.raises(ScanError) as told:
        kept_evidence(kept, 0, "nowhere.example")
    assert str(told.value) == "nowhere.example: its evidence is not in part 0 of the scan"


def test_every_domain_has_a_row_its_findings_and_a_verdict_of_each_sender(kept: ScanFolder) -> None:
    tables = tables_of(kept)
    name = [one.name for one in DOMAINS.columns].index("domain")
    assert sorted(str(row[name]) for row in tables[DOMAINS.name]) == sorted(NAMES)
    of_finding = [one.name for one in FINDINGS.columns].index("domain")
    assert {row[of_finding] for row in tables[FINDINGS.name]} == set(NAMES)
    of_verdict = [one.name for one in VERDICTS.columns].index("domain")
    by_domain = [[row for row in tables[VERDICTS.name] if row[of_verdict] == one] for one in NAMES]
    assert len({len(rows) for rows in by_domain}) == 1
    assert by_domain[0]


def test_evidence_judged_again_comes_to_the_same_tables(kept: ScanFolder) -> None:
    before = tables_of(kept)
    assert judge_again(kept, 0) == {"delivers": 2, "refused": 1}
    assert tables_of(kept) == before


def test_a_chunk_without_evidence_has_empty_tables(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    assert judge_chunk(folder, 0, ()) == {}
    assert tables_of(folder) == {table.name: [] for table in (DOMAINS, FINDINGS, VERDICTS)}
    assert list(evidence_of_chunk(folder, 0)) == []
