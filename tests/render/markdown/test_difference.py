"""Differences in Markdown: which way it went, for whom, what changed, and which findings are new or gone."""

import msgspec
import pytest

from mxproof.judge.difference import Course, Difference
from mxproof.render.markdown.difference import document
from support_told_difference import APPEARED, GONE, SAME, SUPPOSED, WORSE

HEAD = "# `example.com`: SAME\n\n= All deliver\n\n"
SPAN = "From 2026-06-01 12:00:00 UTC to 2026-06-01 13:00:00 UTC.\n\n"


def text_of(*several: Difference) -> str:
    return "".join(document(several))


def test_a_difference_says_who_fares_otherwise_what_changed_and_what_was_found() -> None:
    assert text_of(WORSE) == (
        "# `example.com`: WORSE\n\n"
        "✘ `Big_Sender` refuses\n\n"
        f"{SPAN}"
        "## Senders\n\n"
        "| Sender | Before | Now | What it writes now |\n"
        "| --- | --- | --- | --- |\n"
        "| `Big_Sender` (`big-sender`) | delivers, secured by MTA-STS | REFUSES | `451 later` |\n"
        "| Guessed (`guessed`, a guess that does not count) | unknown | delivers, secured by MTA-STS |  |\n\n"
        "## What changed\n\n"
        "MX example.com, matters to big-sender:\n\n"
        "```diff\n- 10 mx1.example.com.\n+ 10 mx2.example.com.\n```\n\n"
        "## Not looked at before\n\n"
        "- certificate of mx2.example.com (`192.0.2.2:25`): until 2026-07-01\n\n"
        "## Findings\n\n"
        "- new: error `mx-alias`: The `MX` is an alias.\n"
        "- gone: notice `ptr-missing`: No reverse name.\n"
    )


def test_where_nothing_changed_that_is_said() -> None:
    assert text_of(SAME) == f"{HEAD}{SPAN}Nothing changed.\n"


def test_what_is_planned_rests_on_what_is_supposed() -> None:
    assert text_of(msgspec.structs.replace(SAME, supposed=SUPPOSED)) == (
        f"{HEAD}"
        "From what was seen at 2026-06-01 12:00:00 UTC to what is planned.\n\n"
        "Supposed: the policy is served at 192.0.2.1.\n\n"
        "Not seen: TXT `_mta-sts.example.com`.\n\n"
        "Nothing changed.\n"
    )


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (
            msgspec.structs.replace(SAME, course=Course.BETTER, appeared=(APPEARED,)),
            "- new: error `mx-alias`: The `MX` is an alias.",
        ),
        (
            msgspec.structs.replace(SAME, course=Course.BETTER, gone=(GONE,)),
            "- gone: notice `ptr-missing`: No reverse name.",
        ),
    ],
)
def test_findings_are_told_whether_they_are_new_or_gone(found: Difference, line: str) -> None:
    assert text_of(found) == (f"# `example.com`: BETTER\n\n✔ All deliver\n\n{SPAN}## Findings\n\n{line}\n")


def test_of_several_differences_each_has_its_heading_behind_an_empty_line() -> None:
    assert text_of(SAME, SAME) == f"{HEAD}{SPAN}Nothing changed.\n\n{HEAD}{SPAN}Nothing changed.\n"
