"""What is said of SPF, and of whom."""

import pytest

from mxproof.evidence import Kind, Outcome, Question
from mxproof.judge.acting import duties
from mxproof.judge.checks import spf
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.value import FailingServer, ServersAtFault
from mxproof.judge.vocabulary import Actor, Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.survey.check_set import FULL_SETS, CheckSet
from support_findings import codes, only
from support_name_servers import At
from support_sending import SENDING, SILENT_SERVER, SPF_WORLDS
from support_sending import spf as with_record
from support_world import collect

FAILED = SPF_WORLDS[Code.SPF_LOOKUP_FAILED]
ALONE = (CheckSet.SPF,)


@pytest.mark.parametrize("code", SPF_WORLDS)
def test_each_bad_world_has_its_fault_alone(code: Code) -> None:
    beside = {Code.SPF_OK, Code.SPF_MX_UNCOVERED}
    assert {*codes(SPF_WORLDS[code], spf.check)} - beside == {code} - beside


def test_nothing_is_said_where_nobody_asked() -> None:
    assert codes(SENDING.but(sets=()), spf.check) == []


@pytest.mark.parametrize(
    ("server", "want"),
    [
        (SILENT_SERVER, Outcome.TIMEOUT),
        (At(rcode="SERVFAIL"), Outcome.SERVFAIL),
        (At(rcode="REFUSED"), Outcome.REFUSED),
        (At(udp=Outcome.CLOSED, tcp=Outcome.REFUSED), Outcome.CLOSED),
    ],
)
def test_the_server_at_fault_is_named(server: At, want: Outcome) -> None:
    found = only(FAILED.at_servers(["203.0.113.53"], server), Code.SPF_LOOKUP_FAILED, spf.check)
    assert found.subject == "_spf.example.net"
    assert found.params["servers"] == ServersAtFault(
        (FailingServer("ns.example.net", "203.0.113.53", want),), 1
    )


def test_a_server_that_answers_is_cleared() -> None:
    zone = SENDING.zone
    found = only(FAILED.at_servers(["203.0.113.53"], At(zone=zone)), Code.SPF_LOOKUP_FAILED, spf.check)
    assert found.params["servers"] == ServersAtFault((), 1)


def test_where_the_servers_are_not_told_nobody_is_blamed() -> None:
    world = FAILED.zone_with("example.net NS !timeout", "_spf.example.net NS !timeout")
    assert only(world, Code.SPF_LOOKUP_FAILED, spf.check).params["servers"] == ServersAtFault((), 0)


def test_a_failed_look_up_hides_no_error_before_it_and_makes_none() -> None:
    world = with_record("v=spf1 include:_spf.example.net oops -all", "_spf.example.net TXT !servfail")
    assert codes(world, spf.check)[0] == Code.SPF_INVALID
    assert Code.SPF_INCLUDE_MISSING not in codes(FAILED, spf.check)


def test_the_error_of_an_included_record_is_said_of_its_domain() -> None:
    world = SENDING.zone_with("_spf.example.net TXT v=spf1 oops -all")
    found = only(world, Code.SPF_INVALID, spf.check)
    assert (found.subject, found.params["term"]) == ("_spf.example.net", "oops")
    (duty,) = duties(assemble(collect(world), world.at), found)
    assert (duty.actor, duty.at) == (Actor.MX_OWNER, "_spf.example.net")


def test_hosts_without_ipv6_are_void_for_clients_of_ipv6_alone() -> None:
    """RFC 7208 section 4.6.4."""
    names = ("x", "y", "z")
    addresses = (f"{name}.example.com A 192.0.2.1" for name in names)
    world = with_record("v=spf1 a:x.example.com a:y.example.com a:z.example.com -all", *addresses)
    found = only(world, Code.SPF_VOIDS_MANY, spf.check)
    assert found.params["voids"] == tuple(Question(Kind.AAAA, f"{name}.example.com") for name in names)


def test_a_report_of_spf_alone_judges_no_sender_and_names_what_it_left_out() -> None:
    evidence = collect(SPF_WORLDS[Code.SPF_MULTIPLE].but(sets=ALONE))
    report = report_on(evidence, now=evidence.observed_at())
    assert report.senders == ()
    assert report.summary.outcome is Verdict.UNKNOWN
    assert report.unknowns == ()
    assert [(one.code, one.severity) for one in report.findings] == [(Code.SPF_MULTIPLE, Severity.WARNING)]
    assert report.not_asked == tuple(one for one in FULL_SETS if one is not CheckSet.SPF)


def test_what_could_not_be_asked_is_unknown() -> None:
    evidence = collect(SENDING.zone_with("_spf.example.net TXT !unasked").but(sets=ALONE))
    report = report_on(evidence, now=evidence.observed_at())
    assert [one.question for one in report.unknowns] == ["TXT _spf.example.net"]
    assert [one.code for one in report.findings] == []


def test_a_domain_that_sends_and_takes_no_bounces_is_told() -> None:
    null = SENDING.zone_with("example.com MX 0 .")
    assert Code.MX_NULL_SENDER in codes(null, spf.check)
    nobody = null.zone_with("example.com TXT v=spf1 -all")
    assert Code.MX_NULL_SENDER not in codes(nobody, spf.check)
    assert Code.MX_NULL_SENDER not in codes(SENDING, spf.check)
