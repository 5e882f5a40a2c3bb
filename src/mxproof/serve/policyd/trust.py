"""Whether the resolvers may be believed about DNSSEC: they have to be declared trusted, and be seen to validate.

The AD bit says that the resolver checked; whether somebody changed it on the way is for the operator to know (RFC 6840
section 5.8, RFC 7672 section 2.1.1). That the bit is set for the root zone, which is signed, shows that it checks.
They are asked also where nobody declared anything: from a resolver that says nothing no policy is learnt either.
"""

from enum import StrEnum
from typing import NamedTuple

from mxproof.evidence import ANSWERED, Outcome
from mxproof.net.asking import Asking
from mxproof.net.dns.lookup import root_answers, sets_ad
from mxproof.net.dns.udp import DatagramSockets


class Belief(StrEnum):
    """What is known of the resolvers."""

    VALIDATING = "validating"
    ABSENT = "absent"
    """Not declared trusted, or seen not to validate: no DANE."""
    UNKNOWN = "unknown"
    """Declared trusted and silent so far: believed, for silence decides nothing, and asked again."""

    @property
    def trust_ad(self) -> bool:
        """Tell whether the AD bit of their answers counts."""
        return self is not Belief.ABSENT


class Look(NamedTuple):
    """What a look at the resolvers came to, in a word and in words; `silent` tells that none of them answers."""

    belief: Belief
    because: str
    silent: bool = False

    @property
    def is_validating(self) -> bool:
        """Tell whether DANE can be had."""
        return self.belief is Belief.VALIDATING


def unseen(*, trust_ad: bool) -> Look:
    """Return what goes before a look: silence of resolvers that are declared to validate decides nothing."""
    return Look(Belief.UNKNOWN if trust_ad else Belief.ABSENT, "")


async def believed(asking: Asking, *, trust_ad: bool) -> Look:
    """Return what can be said of the resolvers; `trust_ad` tells whether they are declared to validate."""
    with DatagramSockets() as sockets:
        answers = await root_answers(asking, sockets)
    outcomes = {peer: answer.outcome for peer, answer in answers.items()}
    silent = not any(outcome in ANSWERED for outcome in outcomes.values())
    nothing = "no answer about the root zone from " + ", ".join(
        f"{peer} ({outcome})" for peer, outcome in outcomes.items()
    )
    if not trust_ad:
        undeclared = "the resolver is not declared trusted (dns.trust_ad), so TLSA records are not used"
        return Look(Belief.ABSENT, f"{undeclared}; {nothing}" if silent else undeclared, silent)
    for peer, answer in answers.items():
        if answer.outcome is Outcome.FOUND and not sets_ad(answer):
            because = f"{peer} does not set the AD bit for the root zone, which is signed: TLSA records are not used"
            return Look(Belief.ABSENT, because)
    if Outcome.FOUND not in outcomes.values():
        return Look(Belief.UNKNOWN, f"{nothing}; asked again soon", silent)
    return Look(Belief.VALIDATING, "declared trusted, and seen to set the AD bit for the root zone")
