"""What an exit status means is said alike wherever it is said: in the help of every command, in README and guides."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from mxproof.cli.program import NAME, program

ROOT = Path(__file__).resolve().parents[2]
WRONG_USAGE = "wrong usage"
JUDGED = ("check", "replay")
PAGES = {
    "README.md": "check",
    "docs/guides/check-a-domain.md": "check",
    "docs/guides/check-in-ci.md": "check",
    "docs/guides/check-every-night.md": "diff",
    "docs/guides/check-a-zone-change.md": "preflight",
    "docs/guides/turn-enforce-on.md": "whatif",
    "docs/guides/send-a-test-mail.md": "deliver-test",
    "docs/guides/read-tls-reports.md": "tlsrpt read",
    "docs/guides/watch-your-domains.md": "watch status",
}
"""The pages that say what the status of a command means."""
SAID_ONCE = re.compile(r"\bexit status is 0 (?:where|if|for)\b|\bStatus 0:|^\| 0 \|", re.MULTILINE)


def _help(words: str) -> dict[str, str]:
    """Return the help of each command, its line breaks and indents aside, by the words that call it."""
    group: click.Command = program
    for word in words.split():
        assert isinstance(group, click.Group)
        found = group.get_command(click.Context(group), word)
        assert found is not None
        group = found
    text = " ".join((group.help or "").split())
    if not isinstance(group, click.Group):
        return {words: text}
    inner = group.list_commands(click.Context(group))
    return {words: text} | {
        key: value for name in inner for key, value in _help(f"{words} {name}".strip()).items()
    }


HELP = _help("")


def statuses(text: str) -> list[dict[int, str]]:
    """Return what each status means, for each set of them that a help has: with this option, and with that one."""
    found = []
    for part in re.split(r"(?:Exit status[^:]*|With --[a-z-]+): (?=0 )", text)[1:]:
        ended = part.split(". ")[0].removesuffix(".")
        found.append({int(one[: one.index(" ")]): one[one.index(" ") + 1 :] for one in ended.split("; ")})
    return found


def test_help_names_each_status_once_and_in_order() -> None:
    said = {words: statuses(text) for words, text in HELP.items() if "xit status" in text}
    assert {
        *JUDGED,
        "plan",
        "preflight",
        "whatif",
        "explain",
        "diff",
        "collect",
        *PAGES.values(),
    } <= said.keys()
    for words, sets in said.items():
        assert sets, f"{NAME} {words}: what each status means could not be read"
        for one in sets:
            assert all(first < second for first, second in pairwise(one)), f"{NAME} {words}"


def test_every_command_calls_wrong_usage_so() -> None:
    for words, text in HELP.items():
        for one in statuses(text):
            pipe = one.keys() - {DONE, PROBLEM, USAGE, UNKNOWN}
            assert pipe or one[USAGE] == WRONG_USAGE, f"{NAME} {words}"


def test_commands_that_judge_a_domain_mean_the_same() -> None:
    first, second = (statuses(HELP[one]) for one in JUDGED)
    assert first == second


@pytest.mark.parametrize(("page", "command"), PAGES.items())
def test_a_page_says_what_the_help_of_its_command_says(page: str, command: str) -> None:
    text = " ".join((ROOT / page).read_text(encoding="utf-8").replace("`", "").split())
    said = statuses(HELP[command])[0]
    lacking = {number: words for number, words in said.items() if words not in text and number != USAGE}
    assert lacking == {}


def test_no_other_page_says_it_in_words_of_its_own() -> None:
    assert {page for page in _pages() if SAID_ONCE.search((ROOT / page).read_text(encoding="utf-8"))} <= {
        *PAGES
    }


def _pages() -> Iterator[str]:
    for pattern in ("README.md", "docs/guides/*.md", "docs/concepts/*.md"):
        yield from (path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))
