"""What a sender does where the name servers of a domain differ: each time it meets the version of the one it asks.

| the versions come to | the sender |
|---|---|
| the same | does that, protected as in the worse of them |
| something that fails in one, and another outcome in the next | puts the mail at risk |
| delivery in one, and what was not seen in another | is unknown; delivers, where only addresses differ |

Addresses differ by design where a provider leads each client to what is near to it.
"""

from collections.abc import Sequence

import msgspec

from mxproof.judge.codes import Code
from mxproof.judge.report import Attempt, Delivery
from mxproof.judge.vocabulary import WEAKEST_FIRST, WORST_FIRST, Verdict
from mxproof.mail.domain import OtherVersion
from mxproof.survey.served import ComparedZone

_FAILING = (Verdict.REFUSED, Verdict.AT_RISK)


def over_versions(alone: Delivery, others: Sequence[tuple[OtherVersion, Delivery]]) -> Delivery:
    """Return what a sender does that meets what the resolver says, or any of the `others`."""
    if not others:
        return alone
    counted = [
        (other, delivery)
        for other, delivery in others
        if delivery.outcome is not Verdict.UNKNOWN or not other.zone.differs_in_addresses_only
    ]
    worst = min([alone, *(one for _, one in counted)], key=lambda one: WORST_FIRST.index(one.outcome))
    outcomes = {alone.outcome, *(one.outcome for _, one in counted)}
    if len(outcomes) == 1:
        everyone = [alone, *(one for _, one in counted)]
        return min(everyone, key=lambda one: WEAKEST_FIRST.index(one.security)) if counted else alone
    outcome = Verdict.AT_RISK if outcomes & {*_FAILING} else Verdict.UNKNOWN
    differing = [other for other, one in counted if one.outcome is not alone.outcome]
    codes = dict.fromkeys(differing_code(other.zone) for other in differing)
    return msgspec.structs.replace(
        worst,
        outcome=outcome,
        because=tuple(dict.fromkeys((*codes, *alone.because))),
        attempts=tuple(_at_times(one) for one in worst.attempts),
    )


def differing_code(zone: ComparedZone) -> Code:
    """Return the code of the finding that tells of the versions of this zone."""
    return Code.NS_ADDRESSES_DIFFER if zone.differs_by_design else Code.NS_MAIL_DIFFERS


def _at_times(attempt: Attempt) -> Attempt:
    """Return an attempt that ends so for some only; where a server is not met at all, another is."""
    if attempt.outcome is not Verdict.REFUSED:
        return attempt
    return msgspec.structs.replace(attempt, outcome=Verdict.AT_RISK)
