"""What is compared between two observations: values in words, absent apart from not found out."""

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    AssumedLeaf,
    Der,
    DnsData,
    Edns,
    Evidence,
    Kind,
    MxRecord,
    Outcome,
    Question,
    SmtpData,
    SmtpStage,
    TlsData,
    Vantage,
)
from mxproof.mail.assemble import assemble
from mxproof.mail.observed_fact import FactKind, FactName, ObservedFact, observed_facts
from support_answers import Said, told
from support_certificates import leaf
from support_world import Smtp, ZoneWorld, collect


def facts(world: ZoneWorld) -> dict[FactName, ObservedFact]:
    evidence = collect(world)
    return observed_facts(evidence, assemble(evidence, evidence.observed_at()))


FACTS = facts(ZoneWorld())


def test_every_kind_is_observed() -> None:
    assert {name.kind for name in FACTS} == set(FactKind)


def test_records_are_in_one_order() -> None:
    mx = FACTS[FactName(FactKind.RECORD, "example.com", "MX")]
    assert mx.lines == ("10 mx1.example.com", "20 mx2.example.com")


def test_what_is_absent_has_a_value_and_what_is_unknown_none() -> None:
    found = facts(ZoneWorld().zone_with("_smtp._tls.example.com TXT", "example.com MX !timeout"))
    absent = found[FactName(FactKind.RECORD, "_smtp._tls.example.com", "TXT")]
    unknown = found[FactName(FactKind.RECORD, "example.com", "MX")]
    assert (absent.lines, absent.why) == ((), "")
    assert (unknown.lines, unknown.why) == (None, "timeout")


def test_an_address_stands_with_its_port() -> None:
    places = {name.about for name in FACTS if name.kind is FactKind.SERVER}
    assert places == {"192.0.2.1:25", "192.0.2.2:25", "[2001:db8::1]:25"}


def test_of_no_evidence_only_the_place_is_known() -> None:
    evidence = Evidence("example.com")
    found = observed_facts(evidence, assemble(evidence, evidence.observed_at()))
    assert {name.kind for name in found} == {FactKind.VANTAGE}


def facts_of(answers: dict[Question, Said], *, validating: bool = False) -> dict[FactName, ObservedFact]:
    evidence = told(answers, vantage=Vantage(validating=validating))
    return observed_facts(evidence, assemble(evidence, evidence.observed_at()))


MX, A = Question(Kind.MX, "example.com"), Question(Kind.A, "mx.example.com")
SECURITY = FactName(FactKind.RECORD, "example.com", "DNSSEC")


@pytest.mark.parametrize(
    ("secure", "records", "validating", "want"),
    [
        (True, (MxRecord(10, "mx.example.com"),), True, ("secure",)),
        (False, (MxRecord(10, "mx.example.com"),), True, ("not secure",)),
        (True, (MxRecord(10, "mx.example.com"),), False, None),
        (True, (), True, None),
    ],
)
def test_whether_records_are_secure_is_observed_by_who_validates(
    secure: bool, records: tuple[MxRecord, ...], validating: bool, want: tuple[str, ...] | None
) -> None:
    found = facts_of({MX: DnsData("NOERROR", secure=secure, records=records)}, validating=validating)
    fact = found.get(SECURITY)
    assert (fact.lines if fact else None) == want


def test_a_name_that_is_asked_for_addresses_is_an_alias_or_none() -> None:
    chain = (Alias("mx.example.com", "mx.example.net"),)
    records = (AddressRecord("192.0.2.1"),)
    for links, want in ((chain, ("mx.example.net",)), ((), ())):
        found = facts_of({A: DnsData("NOERROR", secure=False, records=records, chain=links)})
        assert found[FactName(FactKind.RECORD, "mx.example.com", "CNAME")].lines == want
    alias = FactName(FactKind.RECORD, "example.com", "CNAME")
    assert alias not in facts_of({MX: DnsData("NOERROR", secure=False, chain=chain)})
    assert FactName(FactKind.RECORD, "mx.example.com", "CNAME") not in facts_of({A: Outcome.NXDOMAIN})


@pytest.mark.parametrize(
    ("assumed", "first", "is_supposed"),
    [
        (None, "for mx.example.com", False),
        (
            AssumedLeaf(("mx.example.com", "b.example.com"), keeps_key=True),
            "for mx.example.com, b.example.com",
            True,
        ),
    ],
)
def test_a_certificate_that_is_supposed_is_not_told_as_one_that_was_seen(
    assumed: AssumedLeaf | None, first: str, is_supposed: bool
) -> None:
    tls = TlsData("TLSv1.3", "", (Der(leaf(("mx.example.com",)).der),), assumed)
    found = facts_of(
        {
            MX: (MxRecord(10, "mx.example.com"),),
            A: (AddressRecord("192.0.2.1"),),
            Question(Kind.SMTP, "mx.example.com", "192.0.2.1"): SmtpData(SmtpStage.SECURED, tls=tls),
        }
    )
    lines = found[FactName(FactKind.CERTIFICATE, "mx.example.com", "192.0.2.1:25")].lines
    assert lines is not None
    assert (lines[0], "trusted, as is supposed" in lines, len(lines) > 4) == (
        first,
        is_supposed,
        not is_supposed,
    )


@pytest.mark.parametrize("place", ["192.0.2.1:25", "192.0.2.2:25", "[2001:db8::1]:25", "192.0.2.80:443"])
def test_the_certificate_of_each_server_is_observed_where_it_showed_one(place: str) -> None:
    def shown(found: dict[FactName, ObservedFact]) -> set[str]:
        return {name.about for name in found if name.kind is FactKind.CERTIFICATE}

    silent = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT)
    everywhere = dict.fromkeys(("192.0.2.1", "192.0.2.2", "2001:db8::1"), silent)
    assert place in shown(FACTS)
    assert (place in shown(facts(ZoneWorld(smtp=everywhere)))) is (place == "192.0.2.80:443")


def test_a_server_is_observed_by_how_far_it_goes_and_with_its_version_of_tls() -> None:
    def said(server: Smtp) -> ObservedFact:
        return facts(ZoneWorld(smtp={"192.0.2.2": server}))[
            FactName(FactKind.SERVER, "mx2.example.com", "192.0.2.2:25")
        ]

    assert said(Smtp(version="TLSv1.2")).lines == ("secured", "TLSv1.2")
    assert said(Smtp(stage=SmtpStage.EHLO)).lines == ("no-starttls",)
    unknown = said(Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT))
    assert (unknown.lines, unknown.why) == (None, "timeout")


def test_of_two_look_ups_that_show_the_same_fact_the_first_counts() -> None:
    """The server of AAAA records at the end of an alias may leave the alias out."""
    alias = (Alias("mx.example.com", "mx.example.net"),)
    of_family6 = Question(Kind.AAAA, "mx.example.com")
    said: dict[Question, Said] = {
        A: DnsData("NOERROR", secure=False, records=(AddressRecord("192.0.2.1"),), chain=alias),
        of_family6: DnsData("NOERROR", secure=False, records=(AddressRecord("2001:db8::1"),)),
    }
    cname = FactName(FactKind.RECORD, "mx.example.com", "CNAME")
    assert facts_of(said)[cname] == ObservedFact(("mx.example.net",), (A,))
    turned = dict(reversed(said.items()))
    assert facts_of(turned)[cname] == ObservedFact((), (of_family6,))


def test_the_order_in_which_records_come_is_no_fact_and_what_is_asked_in_another_way_is_none() -> None:
    records = MxRecord(20, "b.example.com"), MxRecord(10, "a.example.com")
    assert facts_of({MX: records}) == facts_of({MX: records[::-1]})
    apart = [
        msgspec.structs.replace(MX, edns=Edns.SIGNED),
        msgspec.structs.replace(MX, server="192.0.2.53"),
        Question(Kind.SOA, "example.com"),
    ]
    assert {name.kind for name in facts_of(dict.fromkeys(apart, records))} == {FactKind.VANTAGE}
