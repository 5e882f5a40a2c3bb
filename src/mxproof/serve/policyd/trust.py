"""Whether the resolvers may be believed about DNSSEC: they have to be declared trusted, and be seen to validate.

The AD bit says that the resolver checked; whether somebody changed it on the way is for the operator to know (RFC 6840
section 5.8, RFC 7672 section 2.1.1). That the bit is set for the root zone, which is signed, shows that it checks.
"""

from enum import StrEnum

from mxproof.evidence import Outcome
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


async def believed(asking: Asking, *, trust_ad: bool) -> tuple[Belief, str]:
    """Return what can be said of the resolvers, and why; `trust_ad` tells whether they are declared to validate."""
    if not trust_ad:
        return (
            Belief.ABSENT,
            "the resolver is not declared trusted (dns.trust_ad), so TLSA records are not used",
        )
    with DatagramSockets() as sockets:
        answers = await root_answers(asking, sockets)
    for peer, answer in answers.items():
        if answer.outcome is Outcome.FOUND and not sets_ad(answer):
            because = f"{peer} does not set the AD bit for the root zone, which is signed: TLSA records are not used"
            return Belief.ABSENT, because
    silent = [str(peer) for peer, answer in answers.items() if answer.outcome is not Outcome.FOUND]
    if len(silent) == len(answers):
        return Belief.UNKNOWN, f"no answer about the root zone from {', '.join(silent)}; asked again soon"
    return Belief.VALIDATING, "declared trusted, and seen to set the AD bit for the root zone"
