"""The meanings: every row has its sample, keeps off what is like it, and leads to a cause with words."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.knowledge.meaning import NOT_MEANT, Meaning
from mxproof.explain.match.meaning import MEANINGS, meant

ROWS = [pytest.param(one, id=f"{number}-{one.cause}") for number, one in enumerate(MEANINGS)]
COUNTER_SAMPLES_MIN = 2
SESSION = "smtp: "
"""A row that counts only in a session is tried in one."""


def _cause(text: str) -> str | None:
    found = meant(f"{SESSION}{text}", is_of_machine=True)
    return found.cause if found else None


@pytest.mark.parametrize("row", ROWS)
def test_the_sample_of_a_row_has_its_meaning(row: Meaning) -> None:
    assert row.cause in CATALOGUE
    assert _cause(row.sample) == row.cause


@pytest.mark.parametrize("row", ROWS)
def test_what_is_like_a_row_has_another_meaning(row: Meaning) -> None:
    assert len(set(row.unlike) - {row.sample}) >= COUNTER_SAMPLES_MIN
    assert [line for line in row.unlike if _cause(line) == row.cause] == []


@pytest.mark.parametrize("row", ROWS)
def test_words_are_spelled_as_they_are_compared(row: Meaning) -> None:
    for words in (*row.needs, row.unless, NOT_MEANT):
        for one in words.split("|") if words else []:
            assert one == " ".join(
                "".join(sign if sign.isalnum() or sign == "*" else " " for sign in one).split()
            )
            assert one == one.lower()
            assert "*" not in one[:-1]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_leaves_only_suspects_that_differ(row: Meaning) -> None:
    assert len(set(row.suspects)) == len(row.suspects)
    assert row.suspects != CATALOGUE[row.cause].suspects
