"""`mxproof diff`: what changed, by its exit status, in each form, and for two folders."""

import json
import shutil
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, USAGE
from support_cli import mxproof, one_line
from support_forms import hold_html, hold_markdown
from support_long import EXHAUSTIVE

CASES = Path(__file__).parents[2] / "cases"
FIXED, INCIDENT = (CASES / f"{name}.evidence.json" for name in ("fixed", "incident"))


@pytest.mark.parametrize(
    ("old", "new", "status", "course"),
    [
        (FIXED, INCIDENT, PROBLEM, "worse"),
        (INCIDENT, FIXED, DONE, "better"),
        (FIXED, FIXED, DONE, "same"),
    ],
)
def test_the_status_says_which_way_it_went(old: Path, new: Path, status: int, course: str) -> None:
    got = mxproof("diff", str(old), str(new), "--format", "json")
    assert (got.returncode, got.stderr) == (status, b"")
    assert json.loads(got.stdout)["course"] == course


def test_the_new_one_can_be_piped() -> None:
    got = mxproof("diff", str(FIXED), "-", stdin=INCIDENT.read_bytes())
    assert got.returncode == PROBLEM
    assert b"451 4.4.8" in got.stdout


def test_forms_hold_their_rules() -> None:
    for form, hold in (("html", hold_html), ("markdown", hold_markdown)):
        hold(mxproof("diff", str(FIXED), str(INCIDENT), "--format", form).stdout.decode())


def test_of_two_folders_the_domains_that_changed_are_told(tmp_path: Path) -> None:
    for folder, second in (("old", FIXED), ("new", INCIDENT)):
        (tmp_path / folder).mkdir()
        shutil.copy(FIXED, tmp_path / folder / "same.json")
        shutil.copy(second, tmp_path / folder / "other.json")
    shutil.copy(FIXED, tmp_path / "new" / "alone.json")
    got = mxproof("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--format", "json")
    assert [json.loads(line)["course"] for line in got.stdout.splitlines()] == ["worse"]
    assert "alone.json" in one_line(got.stderr)
    assert got.returncode == PROBLEM
    same = mxproof("diff", str(tmp_path / "old"), str(tmp_path / "old"))
    assert (same.returncode, same.stdout, same.stderr) == (DONE, b"", b"")


MENDING = ("--set", "mxi1 A 192.0.2.25", "--set", "mxi2 A 198.51.100.25")


@pytest.mark.parametrize(
    ("options", "status", "course"),
    [
        (MENDING, DONE, "better"),
        (("--unset", "_mta-sts TXT"), PROBLEM, "worse"),
        (("--set", "@ MX 10 mx9", "--set", "mx9 A 192.0.2.99"), PROBLEM, "worse"),
        (("--set", "mxi1 CNAME smol"), DONE, "same"),
    ],
)
def test_what_is_planned_stands_in_place_of_the_new_one(
    options: tuple[str, ...], status: int, course: str
) -> None:
    got = mxproof("diff", str(INCIDENT), *options, "--format", "json")
    told = json.loads(got.stdout)
    assert (got.returncode, got.stderr, told["course"]) == (status, b"", course)
    assert told["supposed"] is not None


@EXHAUSTIVE
def test_each_way_of_a_plan_stands_there_as_well(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_bytes(mxproof("plan", "--from", str(INCIDENT), "--format", "json").stdout)
    kinds = []
    for way in ("1", "2"):
        got = mxproof("diff", str(INCIDENT), "--plan", str(plan), "--way", way, "--format", "json")
        assert got.returncode == DONE
        kinds.append({one["kind"] for one in json.loads(got.stdout)["shifts"]})
    assert "certificate" in kinds[1] - kinds[0]
    page = mxproof("diff", str(INCIDENT), "--plan", str(plan), "--way", "2", "--format", "html")
    hold_html(page.stdout.decode())
    hold_markdown(mxproof("diff", str(INCIDENT), "--plan", str(plan), "--format", "markdown").stdout.decode())


@pytest.mark.parametrize(
    "arguments",
    [
        (str(INCIDENT),),
        (str(INCIDENT), str(FIXED), *MENDING),
        (str(INCIDENT), "--plan", "nowhere.json"),
        (str(INCIDENT), "--plan", str(FIXED)),
        (str(INCIDENT), "--set", "mxi1 A nowhere"),
    ],
)
def test_a_planned_state_that_cannot_be_compared_is_refused(arguments: tuple[str, ...]) -> None:
    got = mxproof("diff", *arguments)
    assert one_line(got.stderr)
    assert (got.returncode, got.stdout) == (USAGE, b"")


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(FIXED.read_bytes().replace(b'"domain":"example.com"', b'"domain":"example.net"', 1))
    for arguments in (
        ("-", "-"),
        (str(FIXED), str(other)),
        (str(FIXED), str(tmp_path)),
        ("/nowhere", str(FIXED)),
    ):
        got = mxproof("diff", *arguments)
        assert one_line(got.stderr)
        assert (got.returncode, got.stdout) == (USAGE, b"")
