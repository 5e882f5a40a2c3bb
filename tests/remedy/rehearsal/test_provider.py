"""A policy that a provider serves by way of aliases (RFC 8461 section 8.2), and one's own in its place."""

from mxproof.judge.checks.mending import address_record
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change, CnameValue, Publish, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import OWNER_RANK, edits
from mxproof.remedy.rehearsal.order import ordered
from support_scenarios import seen


def test_moving_the_policy_host_away_from_a_provider_is_one_edit_and_safe() -> None:
    evidence, memories, at = seen("policy-delegated")
    judge = Judge(evidence, at, memories, SENDERS)
    host = judge.after(()).domain.policy_host
    assert host.aliases
    own: tuple[Change, ...] = (
        Withdraw(host.name, CnameValue(host.aliases[0])),
        *(address_record(host.name, one.address) for one in host.fetches),
    )
    order = ordered(judge, edits(own))
    assert [one.edit.rank for one in order.schedule] == [OWNER_RANK]
    assert order.is_safe
    last = order.timeline[-1].states[0].deliveries
    assert {one.outcome for one in last if one.decides} == {Verdict.DELIVERS}
    assert judge.after(own).domain.policy_host.aliases == ()


def test_moving_it_to_a_provider_that_was_not_seen_is_not_guessed() -> None:
    evidence, memories, at = seen("fixed")
    judge = Judge(evidence, at, memories, SENDERS)
    host = judge.after(()).domain.policy_host
    addresses = (address_record(host.name, one.address) for one in host.fetches)
    there: tuple[Change, ...] = (
        *(Withdraw(host.name, one.record) for one in addresses),
        Publish(host.name, CnameValue("mta-sts.provider.example")),
    )
    assert judge.after(there).applied.unseen
