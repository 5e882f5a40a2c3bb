"""What is made from the code is held to it by `make lint`, whatever is named there: a file that is out of date is told."""

import re
import sys
from types import ModuleType

import pytest

import generated
from keeping import ROOT


def test_every_tool_that_makes_files_is_asked() -> None:
    (line,) = re.findall(r"^GENERATED := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    making = {path.stem for path in (ROOT / "tools").glob("*.py") if "def files() -> " in path.read_text()}
    assert len(making) > 20
    assert making == set(line.split())


def test_what_is_out_of_date_is_named_with_the_tool_that_makes_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    made = ModuleType("makes_pages")
    made.files = lambda: {ROOT / "README.md": "other", ROOT / "absent": ""}  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, made.__name__, made)
    assert generated.main(["rfc", made.__name__]) == 1
    assert capfd.readouterr().err.splitlines() == [
        f"{name} is out of date; run python tools/makes_pages.py" for name in ("README.md", "absent")
    ]


def test_a_tool_that_makes_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    idle = ModuleType("makes_nothing")
    idle.files = dict  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, idle.__name__, idle)
    assert generated.main([idle.__name__]) == 1
    assert capfd.readouterr().err == "tools/makes_nothing.py makes no file\n"


def test_where_all_is_as_it_is_made_nothing_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    assert generated.main(["rfc"]) == 0
    assert capfd.readouterr() == ("", "")
