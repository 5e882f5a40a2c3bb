"""What DANE makes of several digests, and of anchors that are not sent or out of order."""

import pytest

from mxproof.formats.tlsa import association_for
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from support_certificates import ROOT
from support_senders import those
from support_world import ZoneWorld

PLAIN = ZoneWorld(signed=("example.com", "in-addr.arpa", "ip6.arpa")).zone_with("_mta-sts.example.com TXT")
AT = {"mx1.example.com": "@192.0.2.1", "mx2.example.com": "@192.0.2.2"}
DANE = {traits.id for traits in SENDERS if traits.dane}
STRONGEST = {traits.id for traits in SENDERS if traits.strongest_digest}


def with_tlsa(*data: str) -> ZoneWorld:
    """Return a signed world with these records at each host, `@` for its own address."""
    return PLAIN.zone_with(
        *(f"_25._tcp.{host} TLSA {one.replace('@', at)}" for host, at in AT.items() for one in data)
    )


def test_a_weaker_digest_does_not_count_where_the_library_knows_the_stronger() -> None:
    """observed: Sendmail 8.18.1 defers, Exim 4.98.2 delivers; RFC 7671 section 9."""
    refused = those(Verdict.REFUSED, with_tlsa("3 1 1 @", "3 1 2 " + "00" * 64))
    assert refused == STRONGEST - {"postfix-sts"}  # which may be set up without DANE
    assert {"postfix-dane", "sendmail-dane"} <= refused


def test_of_a_sender_that_nobody_ran_it_is_open() -> None:
    at_risk = those(Verdict.AT_RISK, with_tlsa("3 1 1 @", "3 1 2 " + "00" * 64))
    assert at_risk == {"microsoft", "postfix-sts"}


@pytest.mark.parametrize("data", ["3 1 2 @", "3 1 0 @"])
def test_the_strongest_digest_and_full_data_are_enough(data: str) -> None:
    delivered = those(Verdict.DELIVERS, with_tlsa(data, "3 1 1 " + "00" * 32))
    assert delivered == {traits.id for traits in SENDERS}


@pytest.mark.parametrize(
    ("selector", "able"),
    [
        (0, {traits.id for traits in SENDERS if traits.whole_anchors}),
        (1, {traits.id for traits in SENDERS if traits.whole_keys}),
    ],
)
def test_an_anchor_in_the_record_need_not_be_sent_to_those_who_read_it_there(
    selector: int, able: set[str]
) -> None:
    """observed: Sendmail delivers, Exim does not; RFC 7671 section 5.2.2."""
    world = with_tlsa(f"2 {selector} 0 {association_for(ROOT.der, selector, 0).hex()}")
    assert those(Verdict.DELIVERS, world) & DANE == DANE & able
