"""What is wanted of each sender: delivery, no less protected than it insists on today."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.codes import Code
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Confidence, Security, Verdict
from mxproof.mail.memory import Memory
from mxproof.remedy.judgement import Judge
from mxproof.remedy.search.goal import Goal, Wanted, wanted_of
from support_world import ZoneWorld, collect
from support_worlds import DANE, GOOD, WORLDS, policy


def wanted(world: ZoneWorld, goal: Goal = Goal.DELIVERS) -> dict[str, Wanted]:
    judge = Judge(collect(world), world.at, (), SENDERS)
    before = judge.after(())
    return {one.sender: one for one in wanted_of(before.domain, SENDERS, before.deliveries, (), goal)}


def delivery(outcome: Verdict, security: Security | None) -> Delivery:
    return Delivery("a", "A", outcome, Confidence.DOCUMENTED, security, (), None, ())


def test_who_delivers_is_wanted_to_do_so_as_protected_as_now() -> None:
    assert wanted(DANE)["postfix-dane"].security is Security.DANE
    assert wanted(GOOD)["google"].security is Security.MTA_STS


def test_who_refuses_for_a_policy_is_wanted_to_deliver_by_it_and_not_without() -> None:
    refused = GOOD.but(policy=policy("nowhere.example.com"))
    assert wanted(refused)["google"].security is Security.MTA_STS


def test_who_refuses_for_dane_is_wanted_to_deliver_by_it() -> None:
    mismatch = WORLDS[Code.DANE_MISMATCH].world
    assert wanted(mismatch)["postfix-dane"].security is Security.DANE


def test_a_policy_in_testing_is_insisted_on_by_nobody_unless_a_verified_session_is_the_goal() -> None:
    testing = GOOD.but(policy=policy("nowhere.example.com", mode="testing"))
    assert wanted(testing)["google"].security is not Security.MTA_STS
    assert wanted(testing, Goal.SECURE)["google"].security is Security.MTA_STS


def test_nothing_more_is_asked_of_a_sender_without_mta_sts() -> None:
    assert wanted(GOOD, Goal.SECURE)["opportunistic"].security is not Security.MTA_STS


def test_a_sender_that_rests_on_a_guess_counts_for_nothing() -> None:
    guess = wanted(GOOD)["microsoft-ptr"]
    assert not guess.counts
    assert guess.is_met(delivery(Verdict.REFUSED, None))


@pytest.mark.parametrize(
    ("outcome", "security", "met"),
    [
        (Verdict.DELIVERS, Security.MTA_STS, True),
        (Verdict.DELIVERS, Security.DANE, True),
        (Verdict.DELIVERS, Security.OPPORTUNISTIC, False),
        (Verdict.AT_RISK, Security.MTA_STS, False),
        (Verdict.UNKNOWN, None, False),
        (Verdict.REFUSED, None, False),
    ],
)
def test_it_is_met_by_a_delivery_at_least_so_protected(
    outcome: Verdict, security: Security | None, met: bool
) -> None:
    assert Wanted("a", Security.MTA_STS, counts=True).is_met(delivery(outcome, security)) is met


def test_a_verified_session_as_the_goal_takes_nothing_of_the_protection_by_dane() -> None:
    secure = wanted(DANE, Goal.SECURE)
    assert secure["postfix-dane"].security is Security.DANE
    assert secure["rfc8461"].security is Security.MTA_STS


@pytest.mark.parametrize("mode", ["enforce", "testing", "none"])
def test_who_refuses_is_held_to_a_policy_that_it_holds_still_if_that_is_enforced(mode: str) -> None:
    judge = Judge(collect(GOOD), GOOD.at, (), SENDERS)
    domain = judge.after(()).domain
    traits = tuple(one for one in SENDERS if one.id == "rfc8461")
    bare = msgspec.structs.replace(
        domain, policy_host=msgspec.structs.replace(domain.policy_host, fetches=())
    )
    held = Memory(policy("nowhere.example.com", mode=mode), GOOD.at - timedelta(days=1), "1")
    refused = (delivery(Verdict.REFUSED, None),)
    (one,) = wanted_of(bare, traits, refused, (held,), Goal.DELIVERS)
    assert one == Wanted("rfc8461", Security.MTA_STS if mode == "enforce" else None, counts=True)
    (none,) = wanted_of(bare, traits, refused, (), Goal.DELIVERS)
    assert none.security is None
