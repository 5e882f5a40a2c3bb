"""What is wanted of each sender: that it delivers, and no less protected than it is asked to now.

A domain that takes its policy back has every sender deliver, and that is no way out. So the goal `delivers` holds each
sender to the protection it insists on today, be it met or not; `secure` holds every sender that knows MTA-STS to a
verified session. How well mail is protected counts from delivery without TLS up to DANE.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from mxproof.formats.mtasts import Mode
from mxproof.judge.report import Delivery
from mxproof.judge.senders import Traits
from mxproof.judge.senders.dane import Demand, demands
from mxproof.judge.senders.policy_case import in_force, policy_cases
from mxproof.judge.vocabulary import WEAKEST_FIRST, Confidence, Security, Verdict
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import SenderMemory


class Goal(StrEnum):
    """What a plan is to reach for every sender that decides."""

    DELIVERS = "delivers"
    """It delivers, and no less protected than it insists on now."""
    SECURE = "secure"
    """It delivers in a verified session, if it knows how to ask for one."""


class Wanted(msgspec.Struct, frozen=True):
    """What is wanted of one sender: delivery at least so protected; `counts` is False for one that decides nothing."""

    sender: str
    security: Security | None
    counts: bool

    def is_met(self, delivery: Delivery) -> bool:
        """Tell whether the sender does what is wanted of it."""
        if not self.counts:
            return True
        protected = WEAKEST_FIRST.index(delivery.security) >= WEAKEST_FIRST.index(self.security)
        return delivery.outcome is Verdict.DELIVERS and protected


def wanted_of(
    domain: MailDomain,
    senders: Sequence[Traits],
    before: Sequence[Delivery],
    memories: tuple[SenderMemory, ...],
    goal: Goal,
) -> tuple[Wanted, ...]:
    """Return what is wanted of each sender, in their order; `before` is what they do now."""
    return tuple(
        Wanted(
            traits.id,
            max(_insisted(domain, traits, delivery, memories), _asked(traits, goal), key=WEAKEST_FIRST.index),
            traits.confidence is not Confidence.GUESS,
        )
        for traits, delivery in zip(senders, before, strict=True)
    )


def _asked(traits: Traits, goal: Goal) -> Security | None:
    return Security.MTA_STS if goal is Goal.SECURE and traits.mta_sts else None


def _insisted(
    domain: MailDomain, traits: Traits, before: Delivery, memories: tuple[SenderMemory, ...]
) -> Security | None:
    """Return the protection that a sender has now where it delivers, and else the least that it refuses for."""
    if before.outcome is Verdict.DELIVERS:
        return before.security
    cases = policy_cases(domain, traits, memories)
    policies = [in_force(case.policy, honours_testing=traits.honours_testing) for case in cases]
    if any(policy is not None and policy.mode is Mode.ENFORCE for policy in policies):
        return Security.MTA_STS
    kinds = {one.demand for host in domain.hosts for one in demands(domain, host, traits)}
    return Security.DANE if kinds == {Demand.AUTHENTICATION} else None
