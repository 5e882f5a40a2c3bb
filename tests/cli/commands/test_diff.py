"""`mxproof diff`: what changed, by its exit status, in each form, and for two folders."""

import json
import shutil
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, USAGE
from support_cli import mxproof, one_line
from support_forms import hold_html, hold_markdown

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
