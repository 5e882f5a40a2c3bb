"""TLS reports read to be printed: what is told of each piece that is none, and with which status it ends."""

import gzip
import zipfile
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.memory import MemoryOptions
from mxproof.cli.pieces import PieceReading
from mxproof.cli.report_reading import ReportReading
from mxproof.evidence.codec import encode
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.tlsrpt.json_object import REPORT_BYTES_MAX
from support_scenarios import seen
from support_tlsrpt_days import written

BYTES_MAX = 4000
HOW = PieceReading(file_bytes_max=BYTES_MAX, message_bytes_max=BYTES_MAX, asks="", takes_text=False)
GOOD, BAD = written(failure=0), written()


def reading(
    *inputs: Path, checks: bool = False, evidence: tuple[Path, ...] = (), lab: str | None = None
) -> ReportReading:
    return ReportReading(
        tuple(map(str, inputs)), HOW, checks, evidence, AskingOptions(lab=lab), MemoryOptions()
    )


def files(folder: Path, *data: bytes) -> list[Path]:
    found = [folder / f"{number}.json" for number in range(len(data))]
    for file, one in zip(found, data, strict=True):
        file.write_bytes(one)
    return found


@pytest.mark.parametrize(
    ("data", "failures", "status", "said"),
    [
        ([GOOD], [0], DONE, []),
        ([GOOD, BAD], [0, 3], PROBLEM, []),
        ([], [], UNKNOWN, []),
        ([b"no json", GOOD], [0], DONE, ["1 piece is no TLS report; left out"]),
        ([b"no json", b"[]", GOOD], [0], DONE, ["2 pieces are no TLS report; left out"]),
        ([b"no json", b"[]"], [], UNKNOWN, ["2 pieces are no TLS report; left out"]),
    ],
)
def test_the_status_is_that_of_what_was_read_and_what_lay_beside_is_counted(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    data: list[bytes],
    failures: list[int],
    status: int,
    said: list[str],
) -> None:
    (tmp_path / "Maildir").mkdir()
    files(tmp_path / "Maildir", *data)
    made = reading(tmp_path / "Maildir")
    assert [one.sessions.failure for one in made.reports()] == failures
    assert made.status() == status
    assert capsys.readouterr().err.splitlines() == [f"mxproof: {one}" for one in said]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no json", "not JSON"),
        (b"[]", "JSON, but no object as a report is"),
        (b" " * (BYTES_MAX + 1), f"longer than {REPORT_BYTES_MAX} bytes"),
    ],
)
def test_what_is_named_and_no_report_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, why: str
) -> None:
    (file,) = files(tmp_path, data)
    made = reading(file)
    assert (list(made.reports()), made.status()) == ([], UNKNOWN)
    assert capsys.readouterr().err == f"mxproof: {file}: cannot be read as a TLS report: {why}\n"


def test_of_an_archive_the_good_report_is_told_and_of_the_damaged_one_why_it_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "reports.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("bad.json.gz", gzip.compress(BAD)[:-9])
        made.writestr("good.json", GOOD)
    found = reading(archive, *files(tmp_path, GOOD))
    assert [one.sessions.failure for one in found.reports()] == [0, 0]
    assert found.status() == UNKNOWN
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"mxproof: {archive}: cannot be read as a TLS report: ")


@pytest.mark.parametrize(
    ("has_evidence", "checks", "standing"),
    [(False, False, None), (True, False, RowStanding.GONE), (False, True, RowStanding.GONE)],
)
def test_a_failure_is_held_against_evidence_or_a_check(
    tmp_path: Path, *, has_evidence: bool, checks: bool, standing: RowStanding | None
) -> None:
    report = files(tmp_path, written(reason="MX_HOSTS_MISMATCH", result_type="validation-failure"))
    evidence = tmp_path / "evidence.json"
    evidence.write_bytes(encode(seen("incident").evidence))
    made = reading(*report, checks=checks, evidence=(evidence,) * has_evidence, lab="incident")
    (told,) = made.reports()
    assert [one.standing for policy in told.policies for one in policy.failures] == [standing]
