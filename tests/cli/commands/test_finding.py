"""`mxproof finding`: every code has its page, and a slip is met with the nearest codes."""

import pytest

from mxproof.cli.main import main
from mxproof.judge.codes import Code
from mxproof.render.markdown.finding_page import page
from support_cli import mxproof, one_line


def test_without_a_code_all_are_listed() -> None:
    got = mxproof("finding")
    listed = [line.split()[0] for line in got.stdout.decode().splitlines() if not line.startswith(" ")]
    assert (got.returncode, got.stderr) == (0, b"")
    assert sorted(listed) == sorted(Code)


def test_a_code_may_be_typed_in_capitals(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["finding", " MX-Alias "]) == 0
    assert capsys.readouterr().out == page(Code.MX_ALIAS)


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_page(code: Code, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["finding", code]) == 0
    assert capsys.readouterr().out.startswith(f"# {code}: ")


@pytest.mark.parametrize(("typed", "hint"), [("mx-alia", "mx-alias"), ("\x1b[2J", "lists all")])
def test_a_code_that_is_none_is_answered_in_one_line(typed: str, hint: str) -> None:
    got = mxproof("finding", typed)
    line = one_line(got.stderr)
    assert hint in line
    assert line.isprintable()
    assert (got.returncode, got.stdout) == (2, b"")
