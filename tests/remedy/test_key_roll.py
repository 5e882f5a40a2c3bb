"""The TLSA records that go along with another certificate."""

import pytest

from mxproof.evidence import Der
from mxproof.formats.tlsa import association_for
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Change, Publish, TlsaValue, Withdraw
from mxproof.remedy.key_roll import rolled
from support_certificates import INTERMEDIATE, chain
from support_world import ZoneWorld, collect
from support_worlds import DANE, MX1, SIGNED

OWNER = f"_25._tcp.{MX1}"
NEXT = tuple(map(Der, chain((MX1, "next.example.com"))))


def roll(world: ZoneWorld, new: tuple[Der, ...] = NEXT, *, is_said: bool = False) -> tuple[Change, ...]:
    return rolled({MX1: new}, assemble(collect(world), world.at), lambda _: is_said)


def kinds(changes: tuple[Change, ...]) -> list[tuple[type, int, int, int]]:
    return [
        (type(one), one.record.usage, one.record.selector, one.record.matching_type)
        for one in changes
        if isinstance(one, Publish | Withdraw) and isinstance(one.record, TlsaValue)
    ]


@pytest.mark.parametrize(("selector", "matching_type"), [(1, 1), (0, 1), (1, 2)])
def test_a_record_for_the_new_one_is_like_the_old_one(selector: int, matching_type: int) -> None:
    world = SIGNED.zone_with(f"{OWNER} TLSA 3 {selector} {matching_type} @192.0.2.1")
    changes = roll(world)
    assert kinds(changes) == [
        (Publish, 3, selector, matching_type),
        (Withdraw, 3, selector, matching_type),
    ]
    want = association_for(NEXT[0], selector, matching_type).hex()
    assert isinstance(changes[0], Publish)
    assert changes[0].record == TlsaValue(3, selector, matching_type, want)


def test_a_record_that_names_the_new_one_already_is_left_and_only_the_old_one_goes() -> None:
    announced = association_for(NEXT[0], 1, 1).hex()
    world = SIGNED.but(zone=f"{SIGNED.zone}\n{OWNER} TLSA 3 1 1 @192.0.2.1\n{OWNER} TLSA 3 1 1 {announced}")
    assert kinds(roll(world)) == [(Withdraw, 3, 1, 1)]


def test_the_same_certificate_needs_nothing() -> None:
    same = tuple(map(Der, chain((MX1,))))
    assert roll(DANE, same) == ()


def test_the_authority_above_is_named_where_the_old_record_named_one() -> None:
    world = SIGNED.zone_with(f"{OWNER} TLSA 2 1 1 @192.0.2.1")
    assert roll(world) == ()  # the same authority issued it
    other = (NEXT[0], Der(chain(("other.example.com",))[0]))
    assert kinds(roll(world, other)) == [(Publish, 2, 1, 1), (Withdraw, 2, 1, 1)]


def test_of_a_chain_without_an_authority_the_key_is_named() -> None:
    world = SIGNED.zone_with(f"{OWNER} TLSA 2 1 1 {association_for(INTERMEDIATE.der, 1, 1).hex()}")
    assert kinds(roll(world, NEXT[:1])) == [(Publish, 3, 1, 1), (Withdraw, 2, 1, 1)]


def test_what_a_planned_zone_says_is_left_to_it() -> None:
    assert roll(DANE, is_said=True) == ()


def test_records_that_name_nothing_shown_get_one_of_the_new_key_beside_them() -> None:
    world = SIGNED.zone_with(f"{OWNER} TLSA 3 1 1 {'00' * 32}")
    assert kinds(roll(world)) == [(Publish, 3, 1, 1)]


def test_a_host_without_records_gets_none() -> None:
    assert roll(SIGNED) == ()
