"""`mxproof tlsrpt`: reports from files, messages, folders and stdin, and what they are held against."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.writing import print_report
from support_cli import mxproof, one_line
from support_schema import agrees
from support_tlsrpt import SAMPLES, SOUND, message

DATA = print_report(SOUND)
INCIDENT = SAMPLES / "syn-incident-cname.json"
GOOD = SAMPLES / "google-2025-sts.json"


def lines(*arguments: str, stdin: bytes = b"") -> list[dict[str, object]]:
    got = mxproof("tlsrpt", "read", "--format", "json", *arguments, stdin=stdin)
    assert b"Traceback" not in got.stderr
    return [json.loads(line) for line in got.stdout.splitlines()]


def test_each_report_is_one_line_that_fits_its_schema() -> None:
    found = lines(str(SAMPLES))
    assert len(found) > 25
    for one in found:
        agrees(json.dumps(one).encode(), "tls-report")


def test_the_contract_of_a_line_holds() -> None:
    (got,) = lines(str(INCIDENT))
    assert list(got)[:9] == [
        "schema_version",
        "reporter",
        "report_id",
        "begin",
        "end",
        "source",
        "authenticated",
        "policies",
        "repairs",
    ]
    policy = got["policies"][0]  # type: ignore[index]  # a list, as the schema says
    assert list(policy)[:5] == ["type", "domain", "success", "failure", "failures"]
    assert list(policy["failures"][0])[:7] == [
        "result_type",
        "count",
        "receiving_mx",
        "sending_ip",
        "reason",
        "cause",
        "finding",
    ]


@pytest.mark.parametrize(
    ("name", "status"), [(GOOD.name, DONE), (INCIDENT.name, PROBLEM), ("syn-truncated.json.gz", UNKNOWN)]
)
def test_the_status_says_whether_sessions_failed_or_something_was_not_read(name: str, status: int) -> None:
    assert mxproof("tlsrpt", "read", str(SAMPLES / name)).returncode == status


def test_a_report_comes_in_any_container(tmp_path: Path) -> None:
    maildir = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    (maildir / "cur" / "1:2,S").write_bytes(message(DATA))
    (maildir / "new" / "2").write_bytes(b"From: a@example.com\nSubject: hello\n\nno report\n")
    mbox = tmp_path / "reports"
    mbox.write_bytes((b"From a@example.com Thu\n" + message(DATA).replace(b"\r\n", b"\n") + b"\n") * 2)
    packed = tmp_path / "report.json.gz"
    packed.write_bytes(gzip.compress(DATA))
    assert len(lines(str(maildir), str(mbox), str(packed), "-", stdin=DATA)) == 5


def test_what_is_no_report_is_named_alone_and_counted_among_many(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"From: a@example.com\nSubject: hello\n\nno report\n")
    alone = mxproof("tlsrpt", "read", str(other))
    assert (alone.returncode, alone.stdout) == (UNKNOWN, b"")
    assert str(other) in one_line(alone.stderr)
    among = mxproof("tlsrpt", "read", str(other), str(GOOD))
    assert (among.returncode, str(other) in one_line(among.stderr)) == (DONE, False)


def test_the_lab_and_evidence_say_whether_it_is_so(tmp_path: Path) -> None:
    incident, fixed = tmp_path / "incident.json", tmp_path / "fixed.json"
    cases = Path(__file__).resolve().parents[2] / "cases"
    incident.write_bytes((cases / "incident.evidence.json").read_bytes())
    fixed.write_bytes((cases / "fixed.evidence.json").read_bytes())
    for arguments, standing in (
        (("--lab", "incident"), "confirmed"),
        (("--evidence", str(incident)), "confirmed"),
        (("--evidence", str(fixed)), "held"),
    ):
        (got,) = lines(str(INCIDENT), *arguments)
        failure = got["policies"][0]["failures"][0]  # type: ignore[index]  # as above
        assert (failure["standing"], failure["cause"]) == (standing, "mtasts_mx_mismatch")


def test_csv_has_a_row_for_each_failure() -> None:
    got = mxproof("tlsrpt", "read", "--format", "csv", str(INCIDENT), str(GOOD))
    rows = list(csv.DictReader(io.StringIO(got.stdout.decode(), newline="")))
    assert [(row["count"], row["cause"]) for row in rows] == [
        ("30", "mtasts_fetch"),
        ("12", "mtasts_cert_name"),
        ("", ""),
    ]


def test_text_from_a_report_steers_no_terminal(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.json"
    hostile.write_bytes(DATA.replace(b"Example Inc.", b"\\u001b[31mred"))
    for form in ("text", "json", "csv"):
        got = mxproof("tlsrpt", "read", "--format", form, str(hostile))
        assert b"\x1b" not in got.stdout


def test_text_fits_60_columns() -> None:
    got = mxproof("tlsrpt", "read", "--width", "60", str(SAMPLES))
    assert max(map(len, got.stdout.decode().splitlines())) <= 60


def test_a_repair_is_explained_and_all_are_listed() -> None:
    assert mxproof("tlsrpt", "repair").stdout.decode().split("\n\n")[0].count("\n") >= len(Repair)
    got = mxproof("tlsrpt", "repair", "sessions-twice")
    assert (got.returncode, b"RFC 8460 section 4" in got.stdout) == (DONE, True)
    wrong = mxproof("tlsrpt", "repair", "sessions-twce")
    assert (wrong.returncode, "sessions-twice" in one_line(wrong.stderr)) == (USAGE, True)


@pytest.mark.parametrize("arguments", [("nowhere.json",), ("--evidence", "nowhere.json", str(GOOD))])
def test_a_file_that_is_not_there_is_named(arguments: tuple[str, ...]) -> None:
    got = mxproof("tlsrpt", "read", *arguments)
    assert (got.returncode, "nowhere.json" in one_line(got.stderr)) == (USAGE, True)
