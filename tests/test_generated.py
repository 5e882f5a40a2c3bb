"""What is made from the code is up to date; the pages of findings are held so beside the catalogue."""

from importlib import import_module

import pytest

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
    "mutant_scores",
)


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_makes_is_up_to_date(tool: str) -> None:
    files = import_module(tool).files()
    stale = [path.relative_to(ROOT).as_posix() for path, text in files.items() if not is_current(path, text)]
    assert files
    assert stale == [], f"run python tools/{tool}.py"
