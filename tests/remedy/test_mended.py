"""Every finding of weight error has changes that mend it: the best plan of a world with the fault is judged anew."""

import pytest

from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Severity
from mxproof.remedy.judgement import Judge
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import SearchOptions
from support_world import collect
from support_worlds import WORLDS

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
    **dict.fromkeys(
        (
            Code.NS_ANSWER_CUT,
            Code.NS_KEY_ABSENT,
            Code.NS_LAME,
            Code.NS_LOOKUP_FAILED,
            Code.NS_RECORD_MISSING,
            Code.NS_RECORDS_DIFFER,
            Code.NS_UDP_SILENT,
        ),
        "every sender delivers all the same: it is what the mail of the domain itself is trusted for",
    ),
}
"""Errors that no plan mends, and why."""


@pytest.mark.parametrize("code", WORLDS)
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
        assert not [one.code for one in then.findings if one.severity is Severity.ERROR]
