"""How the words of a fix become one text: steps numbered where there are several, other ways as paragraphs, nothing behind a pasted line."""

import pytest

from mxproof.judge.block import INDENT
from mxproof.judge.catalogue import CATALOGUE, joined, paragraph
from mxproof.judge.codes import Code
from mxproof.judge.report import WordedWay


@pytest.mark.parametrize(
    ("steps", "otherwise", "text"),
    [
        ((), (), ""),
        (("Do this.",), (), "Do this."),
        (("Do this.", "Then that."), (), "1. Do this.\n2. Then that."),
        (("Do this.",), ("Or: do nothing.",), "Do this.\nOr: do nothing."),
        (
            ("Do this.", "Then that."),
            ("Or: do nothing.", "Or: wait."),
            "1. Do this.\n2. Then that.\nOr: do nothing.\nOr: wait.",
        ),
        ((), ("Or: wait.",), "Or: wait."),
    ],
)
def test_steps_are_numbered_where_there_are_several_and_other_ways_never(
    steps: tuple[str, ...], otherwise: tuple[str, ...], text: str
) -> None:
    assert joined(steps, otherwise) == text


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ((), "Or: "),
        (("Take it away.",), "Or: take it away."),
        (("Take it away", "Then wait."), "Or: take it away. Then wait."),
        (("Take it away.", "Then wait"), "Or: take it away. Then wait."),
        (("MTA-STS goes.",), "Or: MTA-STS goes."),
        (("already small.",), "Or: already small."),
        ((f"Run:\n{INDENT}postfix reload", "Then wait."), f"Or: run:\n{INDENT}postfix reload\nThen wait."),
    ],
)
def test_another_way_is_a_paragraph_whose_first_word_is_small_unless_it_is_an_abbreviation(
    steps: tuple[str, ...], text: str
) -> None:
    assert paragraph(WordedWay(steps, (), (), "")) == text


def test_the_words_of_a_code_are_those_under_which_it_stands() -> None:
    assert [one for one in Code if CATALOGUE[one].code != one] == []
    assert len(CATALOGUE) == len(list(CATALOGUE)) == len(Code)
