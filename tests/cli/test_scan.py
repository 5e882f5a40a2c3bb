"""`mxproof scan`: a list to a folder, and the folder asked, as people do it."""

import json
from pathlib import Path

import pytest

from support_cli import mxproof, one_line
from support_long import EXHAUSTIVE

LAB = ("--lab", "incident", "--depth", "probe", "--workers", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("scan")
    (place / "list").write_text(
        "example.com\nno domain\nexample.com # again\nnothing.example\n", encoding="utf-8"
    )
    got = mxproof("scan", "run", str(place / "one"), "--file", str(place / "list"), *LAB)
    assert got.returncode == 0, got.stderr
    assert got.stdout == b""
    assert b"line 2" in got.stderr
    return place / "one"


@EXHAUSTIVE
def test_a_domain_is_shown_as_a_check_shows_it(folder: Path) -> None:
    shown = mxproof("scan", "show", str(folder), "example.com", "--format", "json")
    checked = mxproof("check", "example.com", "--lab", "incident", "--no-name-servers", "--format", "json")
    assert shown.returncode == checked.returncode == 1
    got, want = json.loads(shown.stdout), json.loads(checked.stdout)
    assert [(one["id"], one["outcome"], one["because"]) for one in got["senders"]] == [
        (one["id"], one["outcome"], one["because"]) for one in want["senders"]
    ]
    assert [one["code"] for one in got["findings"]] == [one["code"] for one in want["findings"]]


def test_the_evidence_of_a_domain_is_replayed(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    assert mxproof("scan", "export", str(folder), "example.com", "--output", str(file)).returncode == 0
    shown = mxproof("scan", "show", str(folder), "example.com")
    assert (
        mxproof("replay", str(file)).stdout.partition(b"Way out")[0] == shown.stdout.partition(b"Way out")[0]
    )


@EXHAUSTIVE
def test_a_list_from_a_query_is_one_to_scan(folder: Path, tmp_path: Path) -> None:
    listed = tmp_path / "again"
    got = mxproof(
        "scan",
        "query",
        str(folder),
        *("--sql", "SELECT domain, outcome FROM domains ORDER BY domain", "--format", "list"),
        *("--output", str(listed)),
    )
    assert got.returncode == 0, got.stderr
    assert listed.read_bytes() == b"example.com\nnothing.example\n"
    got = mxproof("scan", "run", str(tmp_path / "two"), "--file", str(listed), "--lab", "incident")
    assert (got.returncode, b"line" in got.stderr) == (0, False)


@EXHAUSTIVE
def test_a_depth_that_connects_to_nobody_counts_no_silence(folder: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "records")
    listed = str(folder.parent / "list")
    assert mxproof("scan", "run", place, "--file", listed, "--lab", "incident").returncode == 0
    silent = "SELECT code FROM findings WHERE code IN ('smtp-unanswered', 'sts-policy-timeout')"
    got = mxproof("scan", "query", place, "--sql", silent, "--format", "json")
    assert (got.returncode, got.stdout) == (0, b"")
    got = mxproof("scan", "show", place, "example.com")
    assert b"depth records" in got.stderr
    got = mxproof("scan", "show", str(folder), "example.com")
    assert b"depth" not in got.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("query", "{}", "--sql", "SELECT nothing"), 1),
        (("show", "{}", "example.net"), 1),
        (("show", "{}/nowhere", "example.com"), 1),
        (("judge", "{}/nowhere"), 1),
        (("run", "{}/nowhere", "--file", "{}/nothing"), 1),
        (("rehearse", "{}", "--domains", "100"), 2),
    ],
)
def test_what_cannot_be_is_said_in_a_line(folder: Path, arguments: tuple[str, ...], status: int) -> None:
    got = mxproof("scan", *(one.format(folder) for one in arguments))
    assert got.returncode == status
    one_line(got.stderr)


@EXHAUSTIVE
def test_whom_the_depth_does_not_ask_is_said_not_to_be_asked(tmp_path: Path) -> None:
    place = str(tmp_path / "shallow")
    begun = mxproof("scan", "rehearse", place, "--domains", "500", "--depth", "records")
    assert begun.returncode == 0, begun.stderr
    shown = mxproof("scan", "show", place, "d000001.example")
    assert shown.returncode == 3
    assert b"not asked" in shown.stdout
    assert b"does not answer" not in shown.stdout
    for shape in ("json", "html", "markdown", "csv", "junit", "nagios"):
        shown = mxproof("scan", "show", place, "d000001.example", "--format", shape)
        assert shown.returncode == 3, shape
        assert b"smtp-unanswered" not in shown.stdout, shape
    asked = mxproof("scan", "query", place, "--sql", "SELECT DISTINCT unnest(because) AS why FROM verdicts")
    assert b"not-asked" in asked.stdout
    assert b"unanswered" not in asked.stdout
