"""What is told of TLSA records where addresses and names of one host show different certificates."""

from hashlib import sha256

from mxproof.evidence import Kind, Question
from mxproof.judge.checks.dane import check
from mxproof.judge.codes import Code
from mxproof.mail.change import (
    Awaited,
    Configure,
    MxValue,
    Publish,
    Service,
    Setting,
    TlsaValue,
    Wait,
    Withdraw,
)
from support_certificates import leaf
from support_findings import found, only, places
from support_world import Smtp
from support_worlds import DANE, INCIDENT, MX1, MX2, SIGNED, WORLDS

V4, V6, OF_MX2 = "192.0.2.1", "2001:db8::1", "192.0.2.2"
BASE1, BASE2 = f"_25._tcp.{MX1}", f"_25._tcp.{MX2}"
TARGET = "smol.example.com"
AT_TARGET = f"_25._tcp.{TARGET}"
UNMATCHED = TlsaValue(3, 1, 1, "00" * 32)
ALIASED = INCIDENT.but(signed=("example.com",))
BY_NAME = Smtp((MX1,), by_sni={TARGET: (TARGET,)})


def key_of(*names: str) -> TlsaValue:
    return TlsaValue(3, 1, 1, sha256(leaf(names).spki).hexdigest())


def line(name: str, *values: TlsaValue) -> tuple[str, ...]:
    return tuple(
        f"{name} TLSA {one.usage} {one.selector} {one.matching_type} {one.association}" for one in values
    )


def session(name: str, address: str) -> Question:
    return Question(Kind.SMTP, name, address)


def test_a_record_that_another_address_needs_stays_when_that_of_the_odd_one_is_published() -> None:
    """RFC 7671 section 8.1: until all addresses show the new key, the records of both are published."""
    odd = DANE.but(smtp={V6: Smtp(("other.example.com",))})
    mismatch = only(odd, Code.DANE_MISMATCH, check)
    new = Publish(BASE1, key_of("other.example.com"))
    wait = Wait(BASE1, Awaited.TTL, 300)
    assert (mismatch.params["addresses"], mismatch.params["live"], mismatch.params["old"]) == (
        (V6,),
        (new,),
        (),
    )
    assert (mismatch.changes, mismatch.way) == ((new, wait), "beside")
    assert mismatch.evidence == (Question(Kind.TLSA, BASE1), session(MX1, V6))
    beside = odd.zone_with(*line(BASE1, key_of(MX1), UNMATCHED))
    mismatch = only(beside, Code.DANE_MISMATCH, check)
    assert (mismatch.changes, mismatch.way) == ((new, wait, Withdraw(BASE1, UNMATCHED)), "")


def test_two_addresses_with_other_keys_are_one_mismatch_with_the_records_of_both() -> None:
    both = DANE.zone_with(*line(BASE1, UNMATCHED)).but(smtp={V6: Smtp(("other.example.com",))})
    mismatch = only(both, Code.DANE_MISMATCH, check)
    first, second = Publish(BASE1, key_of(MX1)), Publish(BASE1, key_of("other.example.com"))
    assert (mismatch.params["addresses"], mismatch.params["live"]) == ((V4, V6), (first, second))
    assert mismatch.changes == (
        first,
        second,
        Wait(BASE1, Awaited.TTL, 300),
        Withdraw(BASE1, UNMATCHED),
    )
    assert places(both, check) == [(Code.DANE_MISMATCH, MX1), (Code.DANE_OK, MX2)]


def test_a_record_is_left_over_only_where_no_address_needs_it() -> None:
    keys = (key_of(MX1), key_of("other.example.com"))
    needed = DANE.zone_with(*line(BASE1, *keys)).but(smtp={V6: Smtp(("other.example.com",))})
    assert places(needed, check) == [(Code.DANE_OK, MX1), (Code.DANE_OK, MX2)]
    spare = needed.zone_with(*line(BASE1, *keys, UNMATCHED))
    assert places(spare, check) == [
        (Code.DANE_OK, MX1),
        (Code.DANE_LEFTOVER, MX1),
        (Code.DANE_OK, MX2),
    ]
    assert only(spare, Code.DANE_LEFTOVER, check).params["old"] == (Withdraw(BASE1, UNMATCHED),)


def test_of_a_stale_digest_only_the_old_record_goes_and_nothing_is_waited_for() -> None:
    stale = only(WORLDS[Code.DANE_DIGEST_STALE].world, Code.DANE_DIGEST_STALE, check)
    old = Withdraw(BASE1, TlsaValue(3, 1, 2, "00" * 64))
    assert (stale.changes, stale.params["old"], stale.way) == ((old,), (old,), "")


def test_records_at_the_target_are_held_against_what_is_shown_to_who_asks_for_the_target() -> None:
    """RFC 7672 section 8.1: the TLSA base domain is the name in SNI."""
    world = ALIASED.but(smtp={**ALIASED.smtp, V4: BY_NAME, V6: BY_NAME})
    good = world.zone_with(*line(AT_TARGET, key_of(TARGET)))
    matched = only(good, Code.DANE_OK, check)
    assert (matched.subject, matched.params["base"], matched.params["at"]) == (MX1, TARGET, AT_TARGET)
    assert matched.evidence == (
        Question(Kind.TLSA, AT_TARGET),
        session(TARGET, V4),
        session(TARGET, V6),
    )
    of_alias = world.zone_with(*line(AT_TARGET, key_of(MX1)))
    wrong = next(
        one for one in found(of_alias, check) if one.subject == MX1 and one.code != Code.DANE_PARTIAL
    )
    assert wrong.params["live"] == (Publish(AT_TARGET, key_of(TARGET)),)
    assert wrong.params["old"] == (Withdraw(AT_TARGET, key_of(MX1)),)


def test_a_host_of_another_is_told_with_the_sessions_that_it_was_held_against() -> None:
    other = only(WORLDS[Code.DANE_OTHER_HOST].world, Code.DANE_OTHER_HOST, check)
    assert other.evidence == (
        Question(Kind.TLSA, BASE2),
        session(MX2, OF_MX2),
        session(MX1, V4),
        session(MX1, V6),
    )
    assert other.changes == (
        Publish(BASE2, key_of(MX2)),
        Wait(BASE2, Awaited.TTL, 300),
        Withdraw(BASE2, key_of(MX1)),
    )


def test_a_look_up_that_fails_is_mended_by_answers_and_one_that_is_bogus_by_signatures() -> None:
    world = SIGNED.zone_with(f"{BASE1} TLSA !bogus", f"{BASE2} TLSA !servfail")
    first, second = (one for one in found(world, check) if one.code == Code.DANE_LOOKUP_FAILED)
    assert (first.subject, first.way, first.changes) == (
        MX1,
        "bogus",
        (Configure(Service.DNS, BASE1, (), Setting.SIGNED),),
    )
    assert (second.subject, second.way, second.changes) == (
        MX2,
        "",
        (Configure(Service.DNS, BASE2, (), Setting.ANSWERING),),
    )
    unanswered = only(SIGNED.zone_with(f"{BASE1} TLSA !timeout"), Code.DANE_UNANSWERED, check)
    assert (unanswered.way, unanswered.changes) == ("", ())


def test_records_that_are_unusable_are_replaced_by_those_of_every_address() -> None:
    web = TlsaValue(1, 1, 1, "00" * 32)
    world = SIGNED.zone_with(*line(BASE1, web)).but(smtp={V6: Smtp(("other.example.com",))})
    unusable = only(world, Code.DANE_UNUSABLE, check)
    assert unusable.changes == (
        Publish(BASE1, key_of(MX1)),
        Publish(BASE1, key_of("other.example.com")),
        Wait(BASE1, Awaited.TTL, 300),
        Withdraw(BASE1, web),
    )
    assert unusable.params["addresses"] == (V4, V6)


def test_a_host_without_records_gets_those_of_its_keys_or_goes() -> None:
    partial = only(WORLDS[Code.DANE_PARTIAL].world, Code.DANE_PARTIAL, check)
    assert partial.changes == (Publish(BASE2, key_of(MX2)),)
    (gone,) = partial.others
    assert (gone.name, gone.changes) == ("retire", (Withdraw("example.com", MxValue(20, MX2)),))
    assert partial.evidence == (Question(Kind.TLSA, BASE1), Question(Kind.TLSA, BASE2))


def test_records_of_other_ports_are_told_host_by_host_before_the_records_of_those_behind_them() -> None:
    web = f"_443._tcp.{MX1}"
    world = SIGNED.zone_with(*line(web, UNMATCHED), *line(BASE2, key_of(MX2)))
    assert places(world, check) == [
        (Code.DANE_OTHER_PORT, MX1),
        (Code.DANE_OK, MX2),
        (Code.DANE_PARTIAL, "example.com"),
    ]
    port = only(world, Code.DANE_OTHER_PORT, check)
    assert (port.params["names"], port.changes) == ((web,), (Publish(BASE1, key_of(MX1)),))
    assert port.params["live"] == port.changes
    assert port.evidence == (Question(Kind.TLSA, BASE1), Question(Kind.TLSA, web))
