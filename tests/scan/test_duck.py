"""The tables of a scan asked in SQL, and two scans compared."""

import time
from pathlib import Path

import pytest

from mxproof.scan.duck import opened
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.queries import DIFFERENCES, WORSE
from mxproof.scan.table import TABLES
from support_long import EXHAUSTIVE
from support_scan import DOMAINS, begun, population, scanned


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ScanFolder:
    return scanned(tmp_path_factory.mktemp("it's a scan"), population(), DOMAINS)


def test_the_columns_are_those_that_are_described(folder: ScanFolder) -> None:
    with opened(folder.path) as tables:
        for table in TABLES:
            rows = tables.ask(f"DESCRIBE {table.name}").rows
            got = [(row[0], row[1]) for row in rows]
            assert got == [(one.name, one.type.value) for one in table.columns]


def test_what_a_domain_publishes_is_in_its_row(folder: ScanFolder) -> None:
    sql = "SELECT mx_state, mx, provider, sts_record, sts_record_rules, sts_mode, mx_unlisted FROM domains WHERE domain = ?"
    with opened(folder.path) as tables:
        (got,) = tables.ask(sql, ["shared.example"]).rows
        assert got == ("listed", ("mx1.example.com",), "example.com", "invalid", ("id-value",), None, ())
        (got,) = tables.ask(sql, ["two.example"]).rows
        assert got[3:] == ("valid", (), "enforce", ("mx.provider.example",))
        (got,) = tables.ask(sql, ["null.example"]).rows
        assert got[:3] == ("null", (), None)


def test_a_query_is_answered_in_utc_wherever_the_machine_is(
    folder: ScanFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        with opened(folder.path) as tables:
            ((zone, hour),) = tables.ask(
                "SELECT current_setting('TimeZone'), hour(TIMESTAMPTZ '2026-11-01 23:00:00+00')"
            ).rows
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (zone, hour) == ("UTC", 23)


def test_a_query_that_is_none_is_refused_in_a_line(folder: ScanFolder) -> None:
    with opened(folder.path) as tables, pytest.raises(ScanError) as caught:
        tables.ask("SELECT nothing FROM nowhere")
    assert "\n" not in str(caught.value)


def test_a_scan_that_is_not_finished_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match="not finished"), opened(begun(tmp_path / "scan", DOMAINS).path):
        pass


@pytest.fixture
def compared(folder: ScanFolder, tmp_path: Path) -> tuple[Path, Path]:
    later = population()
    later.never = frozenset(one for one in later.evidence("one.example").answers if one.name == "one.example")
    return folder.path, scanned(tmp_path / "later", later, DOMAINS[1:]).path


@EXHAUSTIVE
def test_two_scans_are_compared(compared: tuple[Path, Path]) -> None:
    earlier, later = compared
    with opened(later, earlier) as tables:
        found = {one.name: list(tables.ask(one.sql).rows) for one in DIFFERENCES}
        assert found["domains"] == [(len(DOMAINS) - 1, 1, 0)]
        assert found["outcomes"] == [("delivers", "unknown", 1)]
        assert found["modes"] == []
        assert list(tables.ask(WORSE.sql).rows) == []


def test_a_scan_is_compared_with_a_finished_one_alone(folder: ScanFolder, tmp_path: Path) -> None:
    unfinished = begun(tmp_path / "scan", DOMAINS)
    for of, earlier in ((folder, unfinished), (unfinished, folder)):
        with pytest.raises(ScanError, match="not finished"), opened(of.path, earlier.path):
            pass
