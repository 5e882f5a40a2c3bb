"""What is made from the code is up to date; the pages of findings are held so beside the catalogue."""

import sys
from importlib import import_module
from types import ModuleType

import pytest

import generated
from keeping import ROOT, is_current

TOOLS = (
    "architecture",
    "rfc",
    "requirements",
    "schema",
    "senders",
    "predictions",
    "scenarios",
    "check_sets",
    "commands",
    "picture",
    "explain_accuracy",
    "explain_systems",
    "forms",
    "repairs",
    "tlsrpt_daemon",
    "policyd_daemon",
    "policyd_figures",
    "silence_scores",
    "silence_times",
    "who_notices",
    "manuals",
)


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_makes_is_up_to_date(tool: str) -> None:
    files = import_module(tool).files()
    stale = [path.relative_to(ROOT).as_posix() for path, text in files.items() if not is_current(path, text)]
    assert files
    assert stale == [], f"run python tools/{tool}.py"


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


def test_where_all_is_as_it_is_made_nothing_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    assert generated.main(["rfc"]) == 0
    assert capfd.readouterr() == ("", "")
