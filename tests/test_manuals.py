"""The manual pages: one of each command, and roff in which no text is taken for a request."""

import re
from pathlib import Path

import pytest

from keeping import ROOT
from manuals import CONFIGURATIONS, MANUALS, files
from roff import example, tagged, text

COMMANDS = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
REQUESTS = {".TH", ".SH", ".PP", ".TP", ".nf", ".fi", ".RS", ".RE", ".nh", ".ad"}
PAGES = files()


def test_every_command_and_every_configuration_has_a_page() -> None:
    commands = [words.replace(" ", "-") for words in re.findall(r"^## (mxproof.*)$", COMMANDS, re.MULTILINE)]
    assert len(commands) > 1
    for name in ("mxproof", *commands):
        assert MANUALS / "man1" / f"{name}.1" in PAGES
    for one in CONFIGURATIONS:
        assert MANUALS / "man5" / f"{one.manual}.5" in PAGES


def test_every_page_that_is_kept_is_made() -> None:
    kept = set(MANUALS.glob("man*/*"))
    assert kept == set(PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_holds_no_request_that_nobody_meant(path: Path) -> None:
    controls = [line.split()[0] for line in PAGES[path].splitlines() if line[:1] in {".", "'"}]
    assert controls[0] == ".TH"
    assert set(controls) <= REQUESTS


def test_words_are_themselves() -> None:
    assert (
        text(".profile has `--option` and C:\\path") == "\\&.profile has \\fB\\-\\-option\\fR and C:\\epath"
    )
    assert tagged("--width COLUMNS", "How wide.") == ".TP\n\\fB\\-\\-width COLUMNS\\fR\nHow wide.\n"
    assert "\\&'quoted'\n" in example(["'quoted'"])
