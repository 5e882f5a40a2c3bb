"""Every finding of weight error has changes that mend it: the best plan of a world with the fault is judged anew."""

import pytest

from mxproof.judge.catalogue import CATALOGUE
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.lab.scenario import load, scenarios
from mxproof.remedy.apply import apply
from mxproof.remedy.judgement import Judge
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import SearchOptions
from support_long import EXHAUSTIVE, some
from support_scenarios import seen
from support_world import collect
from support_worlds import WORLDS, Bad

UNMENDED = {
    Code.DOMAIN_MISSING: "a domain is registered and delegated elsewhere",
    Code.MX_NULL: "whether the domain should take mail is not seen",
    Code.MX_NO_ADDRESS: "nothing that was seen could take the mail",
    Code.MX_LOCALHOST: "no other host takes mail, and the name that the server should have is not seen",
    Code.MX_DANGLING: "no other host takes mail, and the address of this one is not seen",
    Code.MX_ADDRESS_NOT_PUBLIC: "the public address of the only host is not seen",
    Code.STS_POLICY_HOST_MISSING: "which machine is to serve the policy is not seen",
    Code.STS_POLICY_ADDRESS_NOT_PUBLIC: "the public address of the policy host is not seen",
    Code.DNSSEC_BOGUS: "what stands behind a broken signature is not seen",
    Code.DNSSEC_DS_UNMATCHED: "what stands behind a broken signature is not seen",
    Code.DNSSEC_SIGNATURE_EXPIRED: "what stands behind a broken signature is not seen",
    Code.DNSSEC_SIGNATURE_EARLY: "what stands behind a broken signature is not seen",
    Code.DNSSEC_SIGNATURE_WRONG: "what stands behind a broken signature is not seen",
    Code.DNSSEC_SIGNATURE_MISSING: "what stands behind a broken signature is not seen",
    Code.DNSSEC_KEY_MISSING: "what stands behind a broken signature is not seen",
    Code.DNSSEC_DENIAL_UNPROVEN: "what stands behind a broken signature is not seen",
    Code.NS_KEY_ABSENT: "the key is not seen: whoever signs the mail has it",
    Code.NS_EDNS_SILENT: "what drops the queries, the server or a firewall before it, is not seen",
    Code.NS_ANSWER_LOST: "what drops the answers, the server or a firewall before it, is not seen",
    Code.NS_LOOKUP_FAILED: "why a resolver fails where the name servers answer is not seen",
}
"""Errors that no change mends which follows from what was seen, and why."""
ITS_OWN = frozenset(
    {
        Code.NS_ANSWER_CUT,
        Code.NS_LAME,
        Code.NS_RECORD_MISSING,
        Code.NS_RECORDS_DIFFER,
        Code.NS_UDP_SILENT,
    }
)
"""Errors that keep no sender from delivering, so that no plan is made for them: what mends them is in the finding."""

NEEDS_SOCKETS = frozenset({"hostile-banner", "hostile-drip", "reset"})
"""Scenarios that only bytes and time show."""
STOPPING = [
    name
    for name in scenarios()
    if name not in NEEDS_SOCKETS and {*load(name).expect.senders.values()} - {Verdict.DELIVERS}
]
ELSEWHERE = {Code.SMTP_UNREACHABLE: "one-mx-down", Code.NS_MAIL_DIFFERS: "ns-stale-mx"}
"""Errors whose own world has no sender that suffers, and a scenario in which one does."""


def errors(report: Report) -> set[Code]:
    return {Code(one.code) for one in report.findings if one.severity is Severity.ERROR}


@EXHAUSTIVE
def test_every_code_that_is_an_error_anywhere_is_one_in_a_world_of_these_tests() -> None:
    own = {code for code, bad in WORLDS.items() if code in errors(report_in(bad))}
    weighty = {code for code in Code if CATALOGUE[code].severity is Severity.ERROR}
    scenes = {
        code for name in scenarios() if name not in NEEDS_SOCKETS for code in errors(seen(name).report())
    }
    assert (weighty | scenes) - own == ELSEWHERE.keys() - own == ELSEWHERE.keys()
    assert UNMENDED.keys() | ITS_OWN <= own


def report_in(bad: Bad) -> Report:
    return report_on(collect(bad.world), now=bad.world.at, memories=bad.memories)


@pytest.mark.parametrize(("code", "scenario"), ELSEWHERE.items())
def test_an_error_of_a_scenario_is_gone_after_the_best_plan(code: Code, scenario: str) -> None:
    evidence, memories, at = seen(scenario)
    assert code in errors(report_on(evidence, now=at, memories=memories))
    plan = plan_for(evidence, now=at, memories=memories)
    after = Judge(evidence, at, memories, SENDERS).after(plan.ways[0].changes)
    assert errors(report_on(after.applied.evidence, now=after.domain.at, memories=memories)) == set()
    assert {one.outcome for one in after.deliveries if one.decides} == {Verdict.DELIVERS}


@pytest.mark.parametrize("code", sorted(ITS_OWN))
def test_an_error_that_stops_no_sender_is_gone_after_what_it_advises(code: Code) -> None:
    bad = WORLDS[code]
    evidence, at = collect(bad.world), bad.world.at
    report = report_on(evidence, now=at, memories=bad.memories)
    changes = [change for one in report.findings if one.code == code for change in one.changes]
    assert changes
    after = apply(changes, evidence).evidence
    then = report_on(after, now=at, memories=bad.memories)
    assert [one.code for one in then.findings if one.severity is Severity.ERROR] == []
    assert [one.outcome for one in then.senders] == [one.outcome for one in report.senders]


@pytest.mark.parametrize("code", some(sorted(WORLDS.keys() - ITS_OWN), 6))
def test_an_error_is_gone_after_the_best_plan(code: Code) -> None:
    bad = WORLDS[code]
    evidence, at = collect(bad.world), bad.world.at
    report = report_on(evidence, now=at, memories=bad.memories)
    if not any(one.code == code and one.severity is Severity.ERROR for one in report.findings):
        return
    plan = plan_for(evidence, now=at, memories=bad.memories)
    if plan.reached:
        plan = plan_for(evidence, now=at, memories=bad.memories, options=SearchOptions(Goal.SECURE))
    assert bool(plan.ways) == (code not in UNMENDED), plan.impossible
    if plan.ways:
        after = Judge(evidence, at, bad.memories, SENDERS).after(plan.ways[0].changes)
        then = report_on(after.applied.evidence, now=after.domain.at, memories=bad.memories)
        assert errors(then) == set()
        assert {one.outcome for one in after.deliveries if one.decides} == {Verdict.DELIVERS}
