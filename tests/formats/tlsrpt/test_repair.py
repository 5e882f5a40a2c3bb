"""Repairs: codes that are words of their own, each with what it means and what was made of it."""

import re

import pytest

from mxproof.formats.tlsrpt.repair import REMARKS, Repair
from mxproof.formats.tlsrpt.repair_words import REPAIRS


def test_every_repair_has_words() -> None:
    assert list(REPAIRS) == list(Repair)
    assert set(Repair) >= REMARKS


@pytest.mark.parametrize("repair", Repair)
def test_a_repair_says_what_was_found_what_was_made_of_it_and_where_the_rule_stands(repair: Repair) -> None:
    words = REPAIRS[repair]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", repair)
    assert re.fullmatch(r"RFC \d{4} section [\d.]+", words.rfc)
    assert words.made.endswith(".")
    assert not words.title.endswith(".")
