"""`mxproof check --only`, `--skip`, `--full` and `--selector`, as a process."""

import json
from pathlib import Path

import pytest

from mxproof.survey.check_set import DEFAULT_SETS, FULL_SETS, CheckSet
from support_cli import mxproof, one_line

SPF = ("check", "example.com", "--lab", "spf-two-records", "--only", "spf")
FORMS = ("text", "json", "html", "markdown", "csv", "junit", "nagios")


def test_one_set_alone_is_asked_and_the_report_says_what_was_not(tmp_path: Path) -> None:
    saved = tmp_path / "spf.json"
    got = mxproof(*SPF, "--format", "json", "--save", str(saved))
    report = json.loads(got.stdout)
    assert (got.returncode, got.stderr) == (0, b"")
    assert mxproof(*SPF, "--fail-on", "warning").returncode == 1
    assert [one["code"] for one in report["findings"]] == ["spf-multiple"]
    assert (report["senders"], report["unknowns"]) == ([], [])
    assert report["not_asked"] == [one for one in FULL_SETS if one is not CheckSet.SPF]
    assert report["vantage"]["sets"] == ["spf"]
    assert mxproof("replay", str(saved), "--format", "json").stdout == got.stdout


def test_a_set_alone_that_is_in_order_is_a_success() -> None:
    got = mxproof("check", "example.com", "--lab", "sending-clean", "--only", "spf", "--only", "dmarc")
    assert (got.returncode, got.stderr) == (0, b"")


def test_all_sets_are_asked_and_nothing_is_left_to_name() -> None:
    got = mxproof(
        "check", "example.com", "--lab", "sending-clean", "--full", "--selector", "s1", "--format", "json"
    )
    report = json.loads(got.stdout)
    fine = {one["code"] for one in report["findings"] if one["severity"] == "ok"}
    assert fine >= {"spf-ok", "dmarc-ok", "dkim-ok", "mx-ok"}
    assert "not_asked" not in report


def test_the_default_names_what_it_left_out() -> None:
    got = mxproof("check", "example.com", "--lab", "direct", "--format", "json")
    assert json.loads(got.stdout)["not_asked"] == [one for one in FULL_SETS if one not in DEFAULT_SETS]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_room_for_a_report_without_senders(form: str) -> None:
    got = mxproof(*SPF, "--format", form)
    assert got.stderr == b""
    assert b"spf-multiple" in got.stdout or b"SPF record" in got.stdout


def test_several_domains_are_asked_the_same_sets() -> None:
    got = mxproof(*SPF, "nothing.example.com", "--format", "json")
    reports = [json.loads(line) for line in got.stdout.splitlines()]
    assert [one["vantage"]["sets"] for one in reports] == [["spf"], ["spf"]]


@pytest.mark.parametrize(
    "options",
    [
        ("--only", "sfp"),
        ("--only", "spf", "--full"),
        ("--skip", "arrival"),
        ("--selector", "a b"),
        tuple(word for place in range(21) for word in ("--selector", f"s{place}")),
    ],
)
def test_what_names_no_set_or_no_selector_is_refused_in_one_line(options: tuple[str, ...]) -> None:
    got = mxproof("check", "example.com", "--lab", "direct", *options)
    assert (got.returncode, got.stdout) == (2, b"")
    assert one_line(got.stderr)


def test_a_collection_keeps_the_sets_and_the_selectors() -> None:
    got = mxproof("collect", "example.com", "--lab", "sending-clean", "--selector", "s1", "--only", "dkim")
    vantage = json.loads(got.stdout)["vantage"]
    assert (got.returncode, vantage["sets"], vantage["selectors"]) == (0, ["dkim"], ["s1"])
