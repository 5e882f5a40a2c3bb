"""What DANE asks of a host, which of its records a sender looks at first, and what meets that, one record beside another."""

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsa import Tlsa, association_for
from mxproof.judge.codes import Code
from mxproof.judge.senders.dane import (
    NOTHING,
    DaneDemand,
    Demand,
    dane_problem,
    demands,
    doubted_date,
    doubted_digest,
)
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import JudgedName, Library, Traits
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Host, MailDomain
from support_certificates import INTERMEDIATE, ROOT, Defect, Made, leaf
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, MX1, SIGNED

TARGET = "box.example.com"
OTHER = "other.example.net"
WRONG = "3 1 1 " + "00" * 32
RIGHT = "3 1 1 @192.0.2.1"
LEAF1 = leaf((MX1,))
STRANGE = Tlsa(3, 1, 1, bytes(32))
ANCHOR = Tlsa(2, 1, 1, association_for(INTERMEDIATE.der, 1, 1))


def sender(**traits: object) -> Traits:
    """Return a sender that uses DANE by the book, with other traits."""
    return msgspec.structs.replace(RFC8461, **{"dane": True, **traits})


def tlsa(made: Made, usage: int = 3, matching_type: int = 1) -> Tlsa:
    return Tlsa(usage, 1, matching_type, association_for(made.der, 1, matching_type))


def aliased(at_target: str, at_mx: str) -> ZoneWorld:
    """Return a world whose first host is an alias, with these records at the two names; empty for none."""
    return SIGNED.zone_with(
        f"{MX1} CNAME {TARGET}",
        f"{TARGET} A 192.0.2.1",
        f"_25._tcp.{TARGET} TLSA {at_target}",
        f"_25._tcp.{MX1} TLSA {at_mx}",
    )


def asked(world: ZoneWorld, traits: Traits) -> list[tuple[Demand, str]]:
    """Return what DANE asks of the first host."""
    domain = assemble(collect(world), world.at)
    return [(one.demand, one.base) for one in demands(domain, domain.hosts[0], traits)]


FIRST_AT = {
    (JudgedName.TARGET, JudgedName.MX): [TARGET, MX1],
    (JudgedName.MX, JudgedName.TARGET): [MX1, TARGET],
}


@pytest.mark.parametrize("tlsa_at", FIRST_AT)
def test_of_two_names_with_records_the_one_counts_that_the_sender_looks_at_first(
    tlsa_at: tuple[JudgedName, JudgedName],
) -> None:
    """RFC 7672 section 2.2.2."""
    traits, (first, second) = sender(tlsa_at=tlsa_at), FIRST_AT[tlsa_at]
    assert asked(aliased(RIGHT, WRONG), traits) == [(Demand.AUTHENTICATION, first)]
    at = {TARGET: "", MX1: ""}
    only_second = aliased(at_target=(at | {second: RIGHT})[TARGET], at_mx=(at | {second: RIGHT})[MX1])
    assert asked(only_second, traits) == [(Demand.AUTHENTICATION, second)]
    failing = at | {first: "!servfail", second: RIGHT}
    assert asked(aliased(failing[TARGET], failing[MX1]), traits) == [(Demand.REFUSAL, first)]
    silent = at | {first: "!timeout", second: RIGHT}
    assert asked(aliased(silent[TARGET], silent[MX1]), traits) == [(Demand.UNKNOWN, first)]
    unusable = at | {first: "0 0 1 " + "00" * 32, second: RIGHT}
    assert asked(aliased(unusable[TARGET], unusable[MX1]), traits) == [(Demand.ENCRYPTION, first)]


def test_records_at_a_name_that_a_sender_does_not_look_at_ask_for_nothing() -> None:
    world = aliased(RIGHT, "")
    assert asked(world, sender(tlsa_at=(JudgedName.MX,))) == [(Demand.NOTHING, "")]
    assert asked(world, sender(tlsa_at=(JudgedName.TARGET,))) == [(Demand.AUTHENTICATION, TARGET)]
    assert asked(world, sender(dane=False)) == [(Demand.NOTHING, "")]


def test_records_that_no_secure_answer_leads_to_ask_for_nothing() -> None:
    """RFC 7672 section 2.2.2: below an alias that leads out of what is signed only the MX name counts."""
    elsewhere = SIGNED.zone_with(
        f"{MX1} CNAME box.example.net",
        "box.example.net A 192.0.2.1",
        f"_25._tcp.box.example.net TLSA {RIGHT}",
    )
    assert asked(elsewhere, sender()) == [(Demand.NOTHING, "")]
    at_alias = elsewhere.zone_with(f"_25._tcp.{MX1} TLSA {RIGHT}")
    assert asked(at_alias, sender()) == [(Demand.AUTHENTICATION, MX1)]


def test_records_are_not_looked_for_where_the_addresses_are_not_secure() -> None:
    """RFC 7672 section 2.2.2: signed or not, no record below such a host is tried."""
    host = "mx.example.net"
    world = SIGNED.zone_with(
        f"example.com MX 10 {host}", f"{host} A 192.0.2.1", f"_25._tcp.{host} TLSA {WRONG}"
    ).but(signed=("example.com", f"_25._tcp.{host}"))
    assert asked(world, sender()) == [(Demand.NOTHING, "")]
    assert asked(world.but(signed=("example.com", host, f"_25._tcp.{host}")), sender()) == [
        (Demand.AUTHENTICATION, host)
    ]


def test_from_a_place_that_does_not_validate_both_are_held_open_whatever_the_sender_needs() -> None:
    """That the MX answer is not secure cannot be known there either."""
    world = aliased(WRONG, "").but(validating=False)
    for needs in (True, False):
        traits = sender(dane_needs_secure_mx=needs)
        assert asked(world, traits) == [(Demand.AUTHENTICATION, TARGET), (Demand.NOTHING, "")]
    unusable = aliased("", "0 0 1 " + "00" * 32).but(validating=False)
    assert asked(unusable, sender()) == [(Demand.ENCRYPTION, MX1), (Demand.NOTHING, "")]
    assert asked(GOOD.but(validating=False), sender()) == [(Demand.NOTHING, "")]


def test_where_the_mx_answer_is_not_secure_it_depends_on_what_the_sender_needs() -> None:
    world = SIGNED.but(signed=("mx1.example.com", f"_25._tcp.{MX1}")).zone_with(
        f"_25._tcp.{MX1} TLSA {RIGHT}"
    )
    assert asked(world, sender()) == [(Demand.NOTHING, "")]
    assert asked(world, sender(dane_needs_secure_mx=False)) == [(Demand.AUTHENTICATION, MX1)]


@cache
def met(names: tuple[str, ...] = (MX1,), defect: Defect = Defect.NONE) -> tuple[MailDomain, Host]:
    """Return a signed domain whose first host shows a certificate for these names."""
    world = SIGNED.but(smtp={"192.0.2.1": Smtp(names=names, defect=defect)})
    domain = assemble(collect(world), world.at)
    return domain, domain.hosts[0]


def problem(
    records: tuple[Tlsa, ...],
    traits: Traits,
    names: tuple[str, ...] = (MX1,),
    defect: Defect = Defect.NONE,
    base: str = MX1,
) -> Code | None:
    """Return why that certificate does not meet the records."""
    domain, host = met(names, defect)
    session = host.endpoints[0].sessions[0]
    found = dane_problem(domain, host, session, DaneDemand(Demand.AUTHENTICATION, base, records), traits)
    return None if found is None else found.code


def test_one_record_that_is_met_is_enough_wherever_it_stands() -> None:
    """An anchor that is met by a certificate for another name says nothing against the key that is named itself."""
    key = tlsa(leaf((OTHER,)))
    for records in ((ANCHOR, key), (key, ANCHOR), (STRANGE, ANCHOR, STRANGE, key), (key, STRANGE)):
        assert problem(records, sender(), names=(OTHER,)) is None
    assert problem((ANCHOR, STRANGE), sender(), names=(OTHER,)) is Code.DANE_CERT_NAME
    assert problem((STRANGE, ANCHOR), sender(), names=(OTHER,)) is Code.DANE_CERT_NAME
    assert problem((ANCHOR, STRANGE), sender(anchored_names=False), names=(OTHER,)) is None


@pytest.mark.parametrize(
    ("names", "passes"),
    [
        ((TARGET,), True),
        ((MX1,), True),
        (("example.com",), True),
        (("*.example.com",), True),
        ((OTHER,), False),
        (("com",), False),
    ],
)
def test_below_an_anchor_the_base_the_mx_name_and_the_domain_are_names_of_the_host(
    names: tuple[str, ...], *, passes: bool
) -> None:
    """RFC 7672 section 3.2.3."""
    assert problem((ANCHOR,), sender(), names=names, base=TARGET) is (None if passes else Code.DANE_CERT_NAME)


def test_an_anchor_is_told_by_its_date_where_one_of_the_records_fits_and_the_date_alone_is_wrong() -> None:
    for records in ((ANCHOR,), (STRANGE, ANCHOR), (ANCHOR, STRANGE)):
        assert problem(records, sender(), defect=Defect.EXPIRED) is Code.CERT_EXPIRED
        assert problem(records, sender(), defect=Defect.NOT_YET_VALID) is Code.CERT_NOT_YET_VALID
    assert problem((STRANGE,), sender(), defect=Defect.EXPIRED) is Code.DANE_MISMATCH
    named = tlsa(leaf((MX1,), Defect.EXPIRED))
    assert problem((named,), sender(), defect=Defect.EXPIRED) is None


def test_the_library_has_its_say_below_an_anchor_and_none_of_a_key_that_is_named() -> None:
    for library, refuses in ((Library.OPENSSL, True), (Library.GO, False)):
        traits = sender(library=library)
        assert (problem((ANCHOR,), traits, defect=Defect.KEY_USAGE) is not None) is refuses
        named = tlsa(leaf((MX1,), Defect.KEY_USAGE))
        assert problem((named,), traits, defect=Defect.KEY_USAGE) is None


def test_of_what_is_sent_up_to_the_anchor_all_counts_for_whoever_leaves_out_what_is_behind() -> None:
    assert problem((ANCHOR,), sender(anchors_last=True)) is None
    assert problem((tlsa(ROOT, usage=2),), sender(anchors_last=True)) is Code.DANE_AUTHORITY_UNSENT


def test_that_only_a_weaker_digest_fits_is_told_as_that_and_with_the_name_of_the_records() -> None:
    weak, strong = tlsa(LEAF1), Tlsa(3, 1, 2, bytes(64))
    domain, host = met()
    session = host.endpoints[0].sessions[0]
    demand = DaneDemand(Demand.AUTHENTICATION, MX1, (strong, weak))
    found = dane_problem(domain, host, session, demand, sender(strongest_digest=True))
    assert found is not None
    assert (found.result_type, found.code) == (ResultType.TLSA_INVALID, Code.DANE_DIGEST_STALE)
    assert f"_25._tcp.{MX1}" in found.detail
    assert dane_problem(domain, host, session, demand, sender()) is None
    unsure, sure = (sender(library=library) for library in (Library.UNKNOWN, Library.OPENSSL))
    assert doubted_digest(domain, host, session, demand, unsure) == found
    assert doubted_digest(domain, host, session, demand, sure) is None
    encrypting = msgspec.structs.replace(demand, demand=Demand.ENCRYPTION)
    assert doubted_digest(domain, host, session, encrypting, unsure) is None
    only_wrong = msgspec.structs.replace(demand, records=(strong,))
    assert doubted_digest(domain, host, session, only_wrong, unsure) is None


def test_why_none_of_the_strongest_fits_is_looked_for_among_all_of_them() -> None:
    strong, of_second = Tlsa(3, 1, 2, bytes(64)), tlsa(leaf(("mx2.example.com",)))
    assert problem((strong, of_second), sender(strongest_digest=True)) is Code.DANE_OTHER_HOST


def test_a_date_is_doubted_only_where_dane_vouches_and_from_the_second_on_that_follows_it() -> None:
    domain, host = met()
    session = host.endpoints[0].sessions[0]
    assert session.chain is not None
    assert session.chain.leaf is not None
    end = session.chain.leaf.not_after
    demand = DaneDemand(Demand.AUTHENTICATION, MX1, (tlsa(LEAF1),))
    late = msgspec.structs.replace(domain, at=end + timedelta(seconds=1))
    found = doubted_date(late, session, demand)
    assert found is not None
    assert (found.result_type, found.code) == (ResultType.CERTIFICATE_EXPIRED, Code.CERT_EXPIRED)
    assert doubted_date(msgspec.structs.replace(domain, at=end), session, demand) is None
    assert doubted_date(late, session, msgspec.structs.replace(demand, demand=Demand.ENCRYPTION)) is None
    assert doubted_date(late, session, NOTHING) is None
    assert doubted_date(late, msgspec.structs.replace(session, chain=None), demand) is None


def test_where_encryption_alone_is_asked_for_no_record_is_compared() -> None:
    domain, host = met()
    session = host.endpoints[0].sessions[0]
    assert (
        dane_problem(domain, host, session, DaneDemand(Demand.ENCRYPTION, MX1, (STRANGE,)), sender()) is None
    )
