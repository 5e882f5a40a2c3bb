"""Where TLS reports go: whether senders deliver there, and the records at TLSA base domains."""

import pytest

from mxproof.evidence import Outcome
from mxproof.judge.checks.reports import check
from mxproof.judge.codes import Code
from mxproof.judge.value import Enforcing
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Publish
from mxproof.survey.check_set import CheckSet
from support_findings import codes, only
from support_world import Smtp, ZoneWorld, collect
from support_worlds import ADDRESSES, DANE, GOOD, INCIDENT, MX1, WORLDS, connect

SETS = (CheckSet.ARRIVAL, CheckSet.REPORTS)
ELSEWHERE = WORLDS[Code.TLSRPT_REFUSED].world
AT_BASE = f"_smtp._tls.{MX1} TXT"


def test_nothing_is_said_where_nobody_asked() -> None:
    assert codes(INCIDENT, check) == []


def test_reports_that_arrive_are_nothing_to_tell() -> None:
    assert codes(GOOD.but(sets=SETS), check) == []
    assert codes(ELSEWHERE.zone_with("_mta-sts.example.net TXT"), check) == []


def test_reports_on_a_domain_are_refused_with_its_mail() -> None:
    finding = only(INCIDENT.but(sets=SETS), Code.TLSRPT_REFUSED, check)
    refused = finding.params["refused"]
    assert finding.subject == "example.com"
    assert isinstance(refused, Enforcing)
    assert {code for one in refused.refusing for code in one.because} == {Code.MX_ALIAS}


def test_the_policy_of_a_destination_is_held_against_its_hosts() -> None:
    finding = only(ELSEWHERE, Code.TLSRPT_REFUSED, check)
    refused = finding.params["refused"]
    assert finding.subject == "example.net"
    assert isinstance(refused, Enforcing)
    assert {code for one in refused.refusing for code in one.because} == {Code.STS_MX_UNLISTED}
    assert not refused.unknown


def test_the_tlsa_records_of_a_destination_are_held_against_its_certificate() -> None:
    world = ELSEWHERE.zone_with(
        "_mta-sts.example.net TXT", "_25._tcp.new.example.net TLSA 3 1 1 @192.0.2.1"
    ).but(signed=("example.net",), smtp={"192.0.2.90": Smtp()})
    refused = only(world, Code.TLSRPT_REFUSED, check).params["refused"]
    assert isinstance(refused, Enforcing)
    assert {code for one in refused.refusing for code in one.because} == {Code.DANE_MISMATCH}


@pytest.mark.parametrize(
    "line",
    ["example.net MX !timeout", "new.example.net A !servfail", "example.net MX 0 ."],
)
def test_what_was_not_seen_or_takes_no_mail_is_not_told_as_refusal(line: str) -> None:
    assert codes(ELSEWHERE.zone_with(line), check) == []


@pytest.mark.parametrize(
    ("texts", "want"),
    [
        ((), []),
        (("v=TLSRPTv1; rua=mailto:a@example.com",), []),
        (("v=spf1 -all",), []),
        (("!timeout",), []),
        (("v=TLSRPTv1; rua=a@example.com",), [Code.TLSRPT_BASE_INVALID]),
        (
            ("v=TLSRPTv1; rua=mailto:a@example.com", "v=TLSRPTv1; rua=mailto:b@example.com"),
            [Code.TLSRPT_BASE_INVALID],
        ),
    ],
)
def test_a_record_at_a_base_domain_has_to_count(texts: tuple[str, ...], want: list[Code]) -> None:
    assert codes(_at_base(DANE, *texts), check) == want


def test_a_host_without_tlsa_records_is_no_base_domain() -> None:
    assert codes(_at_base(GOOD, "v=TLSRPTv1; rua=a@example.com"), check) == []


def test_one_record_takes_the_place_of_all_at_a_base_domain() -> None:
    finding = only(_at_base(DANE, "v=TLSRPTv1;", "v=TLSRPTv1; rua=b"), Code.TLSRPT_BASE_INVALID, check)
    assert [type(one) is Publish for one in finding.changes] == [False, False, True]


def _at_base(world: ZoneWorld, *texts: str) -> ZoneWorld:
    return world.but(sets=SETS).zone_with(*(f"{AT_BASE} {text}" for text in texts))


def test_nothing_is_said_of_a_destination_that_nothing_here_can_reach() -> None:
    """Its policy would have senders refuse, but what its hosts show is not known from here."""
    walled = ELSEWHERE.but(smtp=dict.fromkeys((*ADDRESSES, "192.0.2.90"), connect(Outcome.TIMEOUT)))
    domain = assemble(collect(walled), walled.at)
    assert domain.reports is not None
    assert [one.blocked for one in domain.reports.receivers] == [True]
    assert codes(walled, check) == []


def test_a_record_at_the_target_of_an_alias_rests_on_how_its_host_is_led_there() -> None:
    target = "smol.example.com"
    world = DANE.but(sets=SETS).zone_with(
        f"{MX1} CNAME {target}",
        f"{target} A 192.0.2.1",
        f"_25._tcp.{target} TLSA 3 1 1 @192.0.2.1",
        f"_smtp._tls.{target} TXT v=TLSRPTv1; rua=tls@example.com",
    )
    finding = only(world, Code.TLSRPT_BASE_INVALID, check)
    assert (finding.subject, finding.params["base"]) == (f"_smtp._tls.{target}", target)
    asked = [str(one) for one in finding.evidence]
    assert asked[0] == "MX example.com"
    assert {f"A {MX1}", f"TLSA _25._tcp.{target}"} <= {*asked}
    assert asked[-1] == f"TXT _smtp._tls.{target}"
