"""Whether changes mend is said only after every sender was asked."""

from functools import cache

import pytest

from mxproof.judge.checks import earlier, findings, memory
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.vocabulary import Remedied, Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Change, MxValue, ServePolicy, TlsaValue, TxtValue, Withdraw
from mxproof.remedy.verify import Verified, verified
from support_long import some
from support_world import ZoneWorld, collect
from support_worlds import DANE, GOOD, INCIDENT, MX1, MX2, WORLDS


def remedied(world: ZoneWorld, *changes: Change) -> Verified:
    return verified(changes, collect(world), now=world.at)


@cache
def advised(code: Code) -> tuple[Change, ...]:
    """Return the changes of every finding with this code in its bad world."""
    bad = WORLDS[code]
    domain = assemble(collect(bad.world), bad.world.at)
    found = (*findings(domain), *earlier.check(domain, bad.memories), *memory.check(domain, bad.memories))
    return tuple(change for finding in found if finding.code == code for change in finding.changes)


@cache
def standing(code: Code) -> Remedied:
    bad = WORLDS[code]
    return verified(advised(code), collect(bad.world), now=bad.world.at, memories=bad.memories).standing


def test_addresses_in_place_of_the_aliases_mend_the_incident() -> None:
    assert standing(Code.MX_ALIAS) is Remedied.MENDS


def test_the_policy_alone_does_not_mend_the_incident() -> None:
    """What the administrator of the incident did first: the targets into the policy, and nothing else."""
    domain = assemble(collect(INCIDENT), INCIDENT.at)
    policy = domain.policy_host.fetches[0].examination
    assert policy is not None
    assert policy.strict is not None
    listed = policy.strict.__class__(
        policy.strict.mode,
        policy.strict.max_age_s,
        (*policy.strict.mx, "smol.example.com", "tol.example.com"),
    )
    got = remedied(INCIDENT, ServePolicy("example.com", listed))
    assert got.standing is Remedied.IDLE
    assert {one.outcome for one in got.after if one.id == "microsoft"} == {Verdict.REFUSED}


def test_taking_every_host_out_harms() -> None:
    got = remedied(GOOD, Withdraw("example.com", MxValue(10, MX1)), Withdraw("example.com", MxValue(20, MX2)))
    assert got.standing in {Remedied.HARMS, Remedied.UNKNOWN}


def test_less_protection_is_harm() -> None:
    record = next(
        change
        for change in (
            Withdraw(
                f"_25._tcp.{host}",
                TlsaValue(one.usage, one.selector, one.matching_type, one.association.hex()),
            )
            for host, one in (
                (host.name, record)
                for host in assemble(collect(DANE), DANE.at).hosts
                for record in host.tlsa_target.records
            )
        )
    )
    got = remedied(DANE, record)
    assert got.standing is Remedied.HARMS
    assert "postfix-dane" in got.worse()


def test_a_record_that_announces_the_policy_secures() -> None:
    assert standing(Code.STS_RECORD_MISSING) is Remedied.SECURES


def test_nothing_done_is_idle() -> None:
    assert remedied(INCIDENT).standing is Remedied.IDLE
    assert remedied(GOOD).standing is Remedied.IDLE


def test_a_record_that_is_not_there_takes_nothing_away() -> None:
    assert remedied(GOOD, Withdraw("example.com", TxtValue("v=spf1 -all"))).standing is Remedied.IDLE


@cache
def stops_mail(code: Code) -> bool:
    """Return whether the finding is an error that keeps a sender from delivering, and advises changes."""
    bad = WORLDS[code]
    report = report_on(collect(bad.world), now=bad.world.at, memories=bad.memories)
    return bool(advised(code)) and any(
        one.code == code and one.severity is Severity.ERROR and one.affects for one in report.findings
    )


OPEN = {
    Code.SMTP_BROKEN: "what a repaired server shows is not seen",
    Code.SMTP_EHLO_REJECTED: "what a repaired server shows is not seen",
    Code.TLS_VERSION_OLD: "what a newer version shows is not seen",
    Code.DNSSEC_BOGUS: "what stands behind a broken signature is not seen",
    Code.DANE_LOOKUP_FAILED: "what stands behind a failing look-up is not seen",
}
"""Faults whose repair has to be looked at before anything can be said, and why."""


def test_faults_that_stop_mail_are_among_those_judged() -> None:
    known = (Code.MX_ALIAS, Code.STS_MX_UNLISTED, Code.CERT_EXPIRED, Code.DANE_MISMATCH)
    assert [code for code in known if not stops_mail(code)] == []


@pytest.mark.parametrize("code", some(WORLDS, 6))
def test_the_changes_of_a_finding_that_stops_mail_mend_it(code: Code) -> None:
    if not stops_mail(code):
        return
    got = standing(code)
    assert got is Remedied.MENDS or (code in OPEN and got in {Remedied.UNKNOWN, Remedied.IDLE})


@pytest.mark.parametrize("code", some(WORLDS, 6))
def test_no_advice_harms_any_sender(code: Code) -> None:
    assert standing(code) is not Remedied.HARMS
