"""Whether the resolvers are believed about DNSSEC: declared trusted, seen to validate, silent or none of these."""

from collections.abc import Sequence
from contextlib import AsyncExitStack

import dns.flags
import dns.rcode
import pytest

from mxproof.net.asking import Asking, Peer
from mxproof.serve.policyd.trust import Belief, Look, believed, unseen
from support_clock import run
from support_dns import Respond, dns_server, reply

SOA = ". 60 IN SOA a.root.test. nobody.root.test. 1 1800 900 604800 86400"
UNDECLARED = "the resolver is not declared trusted (dns.trust_ad), so TLSA records are not used"


def validating(wire: bytes, _: str) -> list[bytes]:
    return [reply(wire, SOA, flags=dns.flags.AD)]


def passing(wire: bytes, _: str) -> list[bytes]:
    """Answer without having checked anything."""
    return [reply(wire, SOA)]


def empty(wire: bytes, _: str) -> list[bytes]:
    """Answer that there is nothing."""
    return [reply(wire, flags=dns.flags.AD)]


def failing(wire: bytes, _: str) -> list[bytes]:
    return [reply(wire, rcode=dns.rcode.SERVFAIL)]


def seen(*resolvers: Respond, trust_ad: bool = True) -> tuple[Look, Sequence[Peer]]:
    """Return what a look at these resolvers comes to, and where they are."""

    async def look() -> tuple[Look, Sequence[Peer]]:
        async with AsyncExitStack() as stack:
            peers = [await stack.enter_async_context(dns_server(one)) for one in resolvers]
            asking = Asking(tuple(peers), timeout_s=2.0, trust_ad=trust_ad)
            return await believed(asking, trust_ad=trust_ad), peers

    return run(look())


def test_resolvers_that_are_declared_and_seen_to_validate_are_believed() -> None:
    look, _ = seen(validating, validating)
    assert look == Look(
        Belief.VALIDATING, "declared trusted, and seen to set the AD bit for the root zone", silent=False
    )
    assert look.is_validating
    assert look.belief.trust_ad


def test_where_one_of_them_is_seen_not_to_validate_none_is_believed() -> None:
    look, (_, other) = seen(validating, passing)
    assert look == Look(
        Belief.ABSENT,
        f"{other} does not set the AD bit for the root zone, which is signed: TLSA records are not used",
        silent=False,
    )
    assert not look.is_validating
    assert not look.belief.trust_ad


def test_where_one_validates_and_another_fails_they_are_believed() -> None:
    look, _ = seen(validating, failing)
    assert look.belief is Belief.VALIDATING


def test_while_no_answer_came_that_decides_they_are_believed_and_asked_again() -> None:
    look, (one, other) = seen(failing, empty)
    assert look == Look(
        Belief.UNKNOWN,
        f"no answer about the root zone from {one} (servfail), {other} (empty); asked again soon",
        silent=False,
    )
    assert not look.is_validating
    assert look.belief.trust_ad
    look, (one,) = seen(failing)
    assert look == Look(
        Belief.UNKNOWN, f"no answer about the root zone from {one} (servfail); asked again soon", silent=True
    )


def test_what_is_not_declared_trusted_is_not_believed_and_its_silence_is_told() -> None:
    """Also where it validates: who could change the bit on the way is for the operator to know (RFC 6840 section 5.8)."""
    assert seen(validating, trust_ad=False)[0] == Look(Belief.ABSENT, UNDECLARED, silent=False)
    look, (one,) = seen(failing, trust_ad=False)
    assert look == Look(
        Belief.ABSENT, f"{UNDECLARED}; no answer about the root zone from {one} (servfail)", silent=True
    )


@pytest.mark.parametrize(("trust_ad", "belief"), [(True, Belief.UNKNOWN), (False, Belief.ABSENT)])
def test_before_a_look_silence_decides_nothing_of_what_is_declared(*, trust_ad: bool, belief: Belief) -> None:
    assert unseen(trust_ad=trust_ad) == Look(belief, "", silent=False)
