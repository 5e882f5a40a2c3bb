"""Which words tell where a chain of signatures breaks: the records, the keys and the time that the fault is about."""

from datetime import datetime, timedelta, timezone

import pytest

from mxproof.evidence import Kind, Question
from mxproof.formats.dnssec import DS, MX
from mxproof.judge.catalogue.dnssec_words import broken_link
from mxproof.mail.broken_link import BrokenLink, ChainFault

AT = datetime(2026, 6, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
"""Half past noon in UTC."""


def said(fault: ChainFault, *, type_: int = MX, served: tuple[int, ...] = ()) -> str:
    asked = Question(Kind.MX, "example.com")
    return broken_link(BrokenLink(fault, "example.com", type_, asked, (1, 22), served, AT))


def test_every_fault_of_a_chain_is_told_in_other_words() -> None:
    assert len({said(fault) for fault in ChainFault}) == len(ChainFault)


@pytest.mark.parametrize("fault", sorted(set(ChainFault) - {ChainFault.DS_UNMATCHED}))
def test_the_records_that_a_signature_is_over_are_named_with_their_type(fault: ChainFault) -> None:
    assert "MX example.com" in said(fault)
    assert "DS example.com" in said(fault, type_=DS)


def test_when_a_signature_ended_or_begins_is_told_in_utc() -> None:
    assert said(ChainFault.EXPIRED).endswith(" ended on 2026-06-01 12:30 UTC")
    assert said(ChainFault.EARLY).endswith(" begins on 2026-06-01 12:30 UTC")


def test_a_fault_without_a_time_tells_of_none() -> None:
    asked = Question(Kind.MX, "example.com")
    timeless = BrokenLink(ChainFault.MISSING, "example.com", MX, asked)
    assert broken_link(timeless) == said(ChainFault.MISSING)


def test_the_keys_that_are_named_stand_beside_those_that_the_zone_serves() -> None:
    unmatched = said(ChainFault.DS_UNMATCHED, type_=DS, served=(7,))
    assert unmatched == "the DS records of example.com name keys 1, 22, and example.com serves key 7"
    assert said(ChainFault.KEY_MISSING, served=(7, 9)).endswith(
        " is made with keys 1, 22, and the zone serves keys 7, 9"
    )
    assert said(ChainFault.WRONG, served=(7,)).endswith(" does not verify with keys 1, 22")


@pytest.mark.parametrize("fault", [ChainFault.DS_UNMATCHED, ChainFault.KEY_MISSING])
def test_a_zone_without_keys_is_told_as_one(fault: ChainFault) -> None:
    assert said(fault).endswith(" serves no key")
