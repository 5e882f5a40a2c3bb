"""What is said of the chain of signatures, and of the TLSA records of what is shown."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.checks import dane_lines, dnssec_chain
from mxproof.judge.codes import BOGUS_CAUSES, Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Finding
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.signing_setup import DsSetup, SigningFault, SigningSetup
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Configure, Publish, TlsaValue
from support_dnssec import BARE, DNSSEC_WORLDS, NS2, UNSIGNED, WHOLE, at_second_server, faulty, signed_so
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD

ALONG = {
    Code.DNSSEC_SERVER_DIFFERS: [Code.DNSSEC_OK],
    Code.DNSSEC_SIGNATURE_ENDING: [Code.DNSSEC_OK],
    Code.DNSSEC_ALGORITHM_OLD: [Code.DNSSEC_OK],
    Code.DNSSEC_DIGEST_OLD: [Code.DNSSEC_OK],
    Code.DNSSEC_KEY_SHORT: [Code.DNSSEC_OK],
    Code.DNSSEC_ITERATIONS: [Code.DNSSEC_OK],
    Code.DNSSEC_ITERATIONS_MANY: [Code.DNSSEC_OK],
}
"""What is said beside, where no mail hangs on what is wrong."""


def chain_codes(world: ZoneWorld) -> list[str]:
    return [one.code for one in dnssec_chain.check(assemble(collect(world), world.at))]


def lines(world: ZoneWorld) -> list[Finding]:
    return list(dane_lines.check(assemble(collect(world), world.at)))


@pytest.mark.parametrize("code", [one for one in DNSSEC_WORLDS if one.startswith("dnssec-")])
def test_a_bad_world_has_its_fault_and_no_other(code: Code) -> None:
    assert chain_codes(DNSSEC_WORLDS[code]) == [code, *ALONG.get(code, [])]


def test_nothing_is_said_where_signatures_were_not_asked_for() -> None:
    assert chain_codes(GOOD) == []
    assert lines(GOOD) == []


def test_a_signature_is_told_to_end_by_its_own_lifetime() -> None:
    for days_left, age_days, ending in (
        (1.0, 1.0, False),
        (0.5, 7.0, True),
        (1.5, 14.0, False),
        (1.0, 14.0, True),
    ):
        world = signed_so(days_left=days_left, age_days=age_days)
        assert (Code.DNSSEC_SIGNATURE_ENDING in chain_codes(world)) is ending


def test_what_is_wrong_with_the_top_level_domain_alone_is_not_said_here() -> None:
    old = SigningSetup(algorithm=8, key_bits=1024, nsec3_iterations=10)
    assert chain_codes(WHOLE.but(signing={**WHOLE.signing, "com": old})) == [Code.DNSSEC_OK]


def test_a_zone_that_is_bogus_everywhere_is_no_matter_of_one_server() -> None:
    assert chain_codes(faulty(SigningFault.EXPIRED)) == [Code.DNSSEC_SIGNATURE_EXPIRED]


def test_the_server_at_fault_is_named_with_its_address() -> None:
    world = at_second_server(SigningFault.MISSING)
    found = next(dnssec_chain.check(assemble(collect(world), world.at)))
    assert (found.code, found.subject) == (Code.DNSSEC_SERVER_DIFFERS, "ns2.example.com")
    assert [one.addresses for one in found.changes if isinstance(one, Configure)] == [(NS2,)]


def test_the_resolvers_own_anchor_stands_for_a_missing_ds_record() -> None:
    assert chain_codes(signed_so(ds=DsSetup.NONE)) == []


@pytest.mark.parametrize("code", BOGUS_CAUSES)
def test_a_cause_concerns_the_senders_that_refuse_for_what_is_bogus(code: Code) -> None:
    world = DNSSEC_WORLDS[code].zone_with("example.com MX !bogus")
    report = report_on(collect(world), now=world.at)
    bogus = next(one for one in report.findings if one.code == Code.DNSSEC_BOGUS)
    cause = [one for one in report.findings if one.code == code]
    refusing = {one.id for one in report.senders if one.outcome is Verdict.REFUSED}
    assert refusing >= {"microsoft", "postfix-dane"}
    assert all(one.affects == bogus.affects for one in cause)
    unknown = {one.id for one in report.senders if one.outcome is Verdict.UNKNOWN}
    assert unknown >= {"rfc8461", "google", "opportunistic"}


def test_a_signed_host_without_records_gets_the_lines_of_what_it_shows() -> None:
    first, second = lines(BARE)
    assert [one.code for one in (first, second)] == [Code.DANE_ABSENT] * 2
    assert [one.name for one in first.changes if isinstance(one, Publish)] == ["_25._tcp.mx1.example.com"]
    kinds = [
        (one.record.usage, one.record.selector, one.record.matching_type)
        for one in (*first.changes, *first.others[0].changes)
        if isinstance(one, Publish) and isinstance(one.record, TlsaValue)
    ]
    assert kinds == [(3, 1, 1), (2, 1, 1)]


def test_the_lines_are_those_that_match() -> None:
    published = BARE.zone_with(
        *(
            f"{one.name} TLSA {one.record.usage} {one.record.selector} {one.record.matching_type} {one.record.association}"
            for found in lines(BARE)
            for one in found.changes
            if isinstance(one, Publish) and isinstance(one.record, TlsaValue)
        )
    )
    report = report_on(collect(published), now=published.at)
    codes = [one.code for one in report.findings]
    assert (codes.count(Code.DANE_OK), codes.count(Code.DANE_LINES)) == (2, 2)


def test_an_unsigned_host_is_told_what_comes_first_and_gets_no_line() -> None:
    unsigned = lines(UNSIGNED)
    assert unsigned
    for found in unsigned:
        assert (found.code, found.way) == (Code.DANE_ABSENT, "unsigned")
        assert not any(isinstance(one, Publish) for one in found.changes)
        assert "live" not in found.params


def test_no_line_is_given_where_the_way_is_bogus_or_unknown() -> None:
    assert lines(signed_so(BARE, fault=SigningFault.EXPIRED)) == []
    assert lines(BARE.zone_with("com NS !servfail")) == []


def test_no_line_is_given_of_a_certificate_that_was_not_seen_at_each_address() -> None:
    closed = BARE.but(smtp={"2001:db8::1": Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)})
    assert [one.subject for one in lines(closed)] == ["mx2.example.com"]


def test_records_are_told_apart_by_the_key_that_they_are_for() -> None:
    other = "11" * 32
    world = WHOLE.zone_with(
        "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1", "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2"
    ).but(zone=WHOLE.zone + f"\n_25._tcp.mx1.example.com TLSA 3 1 1 {other}\n")
    first = lines(world)[0]
    assert (first.code, first.params["matched"], first.params["waiting"]) == (Code.DANE_LINES, 1, 1)


def test_a_host_in_a_zone_that_is_not_signed_gets_no_line_though_the_domain_is_signed() -> None:
    world = BARE.zone_with("example.com MX 10 mx.other.example", "mx.other.example A 192.0.2.1")
    (found,) = lines(world)
    assert (found.code, found.subject, found.way) == (Code.DANE_ABSENT, "mx.other.example", "unsigned")
    assert not any(isinstance(one, Publish) for one in found.changes)


def test_a_host_gets_its_lines_whatever_is_not_signed_of_another() -> None:
    world = BARE.zone_with(
        "example.com MX 10 mx1.example.com",
        "example.com MX 20 mx.other.example",
        "mx.other.example A 192.0.2.2",
    )
    own, other = lines(world)
    assert (own.subject, own.way) == ("mx1.example.com", "")
    assert any(isinstance(one, Publish) for one in own.changes)
    assert (other.subject, other.way) == ("mx.other.example", "unsigned")
