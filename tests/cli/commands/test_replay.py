"""`mxproof replay`: one file and several, judged as of when they were observed or of another time."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, UNKNOWN, USAGE
from mxproof.evidence.codec import encode
from support_certificates import NOW
from support_cli import mxproof
from support_world import ZoneWorld, collect

LATER = "2026-07-31 12:00:00 UTC"
SINCE_ONE = "--since is about one domain; expected one FILE"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with evidence of a domain with nothing wrong, as it was observed on two days."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "first").write_bytes(encode(collect(ZoneWorld())))
    (folder / "second").write_bytes(encode(collect(ZoneWorld(at=NOW + timedelta(days=1)))))
    return folder


def judged_at(*arguments: str) -> list[str]:
    """Return the time of each report in order, by its first row, which is about the domain."""
    got = mxproof("replay", *arguments, "--format", "csv")
    rows = csv.DictReader(got.stdout.decode().splitlines())
    return [row["judged_at"] for row in rows if row["kind"] == "domain"]


def test_evidence_is_judged_as_of_when_it_was_observed(folder: Path) -> None:
    first, second = str(folder / "first"), str(folder / "second")
    assert judged_at(first) == ["2026-06-01 12:00:00 UTC"]
    assert judged_at(first, second) == ["2026-06-01 12:00:00 UTC", "2026-06-02 12:00:00 UTC"]


def test_evidence_is_judged_as_of_another_time_where_one_is_named(folder: Path) -> None:
    first, second = str(folder / "first"), str(folder / "second")
    assert judged_at(first, "--at", "2026-07-31T12:00:00Z") == [LATER]
    assert judged_at(first, second, "--at", "2026-07-31T12:00:00Z") == [LATER, LATER]


def test_one_file_is_told_whole_and_several_as_a_table(folder: Path) -> None:
    file = str(folder / "first")
    one, two = mxproof("replay", file), mxproof("replay", file, file)
    assert one.stdout.decode().splitlines()[0].endswith(" modelled senders deliver to example.com.")
    assert two.stdout.decode() == (
        "2 domains: 2 DELIVERS\n\n"
        "\N{HEAVY CHECK MARK} DELIVERS  example.com\n\N{HEAVY CHECK MARK} DELIVERS  example.com\n"
    )


def test_earlier_evidence_is_of_one_domain(folder: Path) -> None:
    file = str(folder / "first")
    got = mxproof("replay", file, file, "--since", file)
    assert (got.returncode, got.stdout) == (USAGE, b"")
    assert SINCE_ONE in got.stderr.decode()


def test_a_file_without_evidence_is_told_and_spoils_the_status_alone(folder: Path, tmp_path: Path) -> None:
    file, none = str(folder / "first"), str(tmp_path / "none")
    want = mxproof("replay", file, file, "--brief", "--format", "text")
    assert (want.returncode, want.stderr) == (DONE, b"")
    got = mxproof("replay", file, none, file, "--brief")
    assert got.stderr.decode() == f"mxproof: {none}: cannot be read (No such file or directory)\n"
    assert (got.returncode, got.stdout) == (USAGE, want.stdout)
    monitored = mxproof("replay", file, none, "--format", "nagios")
    assert monitored.returncode == UNKNOWN
