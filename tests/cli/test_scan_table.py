"""What a query of a scan finds, in each of its forms."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli import scan_table as module
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.scan_table import TEXT_ROWS_MAX, put_found
from mxproof.render.text.rows import Cell
from mxproof.scan.duck import FoundRows

COLUMNS = ("domain", "senders", "enforced", "hosts", "at", "why")
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("example.com", 1234, True, ("mx1", "mx2"), AT, None),
    ("example.net", 5, False, (), AT, "=1+1"),
)


def written(folder: Path, form: str, rows: Iterable[tuple[Cell, ...]] = ROWS) -> bytes:
    path = folder / "found"
    put_found(FoundRows(COLUMNS, iter(rows)), OutputOptions(format=form, output=path))  # type: ignore[arg-type]  # the forms of tables are among those of reports
    return path.read_bytes()


def test_text_is_a_table_in_words(tmp_path: Path) -> None:
    assert written(tmp_path, "text").decode() == (
        "domain       senders  enforced  hosts    at                   why\n"
        "example.com    1,234  yes       mx1 mx2  2026-06-01 12:00:00  -\n"
        "example.net        5  no        -        2026-06-01 12:00:00  =1+1\n"
    )


def test_json_is_an_object_a_line(tmp_path: Path) -> None:
    assert written(tmp_path, "json").decode() == (
        '{"domain":"example.com","senders":1234,"enforced":true,"hosts":["mx1","mx2"],"at":"2026-06-01T12:00:00Z","why":null}\n'
        '{"domain":"example.net","senders":5,"enforced":false,"hosts":[],"at":"2026-06-01T12:00:00Z","why":"=1+1"}\n'
    )


def test_csv_has_a_head_and_no_formula(tmp_path: Path) -> None:
    assert written(tmp_path, "csv").decode() == (
        '"domain","senders","enforced","hosts","at","why"\r\n'
        '"example.com","1234","true","mx1 mx2","2026-06-01 12:00:00+00:00",""\r\n'
        '"example.net","5","false","","2026-06-01 12:00:00+00:00","\'=1+1"\r\n'
    )


def test_a_list_is_the_first_column_alone(tmp_path: Path) -> None:
    assert written(tmp_path, "list") == b"example.com\nexample.net\n"


@pytest.mark.parametrize(
    ("rows", "said"),
    [(2, ""), (3, "mxproof: more than 2 rows; --format csv, json or list has all of them\n")],
)
def test_text_has_so_many_rows_and_says_that_there_are_more(
    rows: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert TEXT_ROWS_MAX == 10_000
    monkeypatch.setattr(module, "TEXT_ROWS_MAX", 2)
    path = tmp_path / "found"
    found = FoundRows(("number",), iter([(number,) for number in range(rows)]))
    put_found(found, OutputOptions(output=path))
    assert path.read_text() == "number\n     0\n     1\n"
    assert capsys.readouterr().err == said
