"""What is said of the chain of signatures."""

import pytest

from mxproof.judge.checks import dnssec_chain
from mxproof.judge.codes import BOGUS_CAUSES, Code
from mxproof.judge.judging import report_on
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.signing_setup import DsSetup, SigningFault, SigningSetup
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Configure
from support_dnssec import DNSSEC_WORLDS, NS2, WHOLE, at_second_server, faulty, signed_so
from support_world import ZoneWorld, collect
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


@pytest.mark.parametrize("code", [one for one in DNSSEC_WORLDS if one.startswith("dnssec-")])
def test_a_bad_world_has_its_fault_and_no_other(code: Code) -> None:
    assert chain_codes(DNSSEC_WORLDS[code]) == [code, *ALONG.get(code, [])]


def test_nothing_is_said_where_signatures_were_not_asked_for() -> None:
    assert chain_codes(GOOD) == []


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
