"""Whether a sender fares worse or better in one state of a domain than in another, and is better or less protected.

| law | what counts | what is unknown |
|---|---|---|
| `is_worse` | the outcome, and of two deliveries how well they are protected | neither better nor worse: blame falls on what was seen |
| `is_less_sure` | the outcome alone, step by step through time | less sure than a delivery, and surer than what may be refused |

Both go by one order of outcomes, the reverse of `WORST_FIRST`.
"""

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import WEAKEST_FIRST, WORST_FIRST, Verdict


def is_worse(before: Delivery, after: Delivery) -> bool:
    """Tell whether a sender fares worse; what is unknown before or after is neither better nor worse."""
    if Verdict.UNKNOWN in (before.outcome, after.outcome):
        return False
    if before.outcome is after.outcome is Verdict.DELIVERS:
        return is_protected_more(after, before)
    return is_less_sure(before.outcome, after.outcome)


def is_less_sure(before: Verdict, after: Verdict) -> bool:
    """Tell whether mail arrives less surely after than before."""
    return WORST_FIRST.index(after) < WORST_FIRST.index(before)


def is_protected_more(before: Delivery, after: Delivery) -> bool:
    """Tell whether mail is protected more after than before."""
    return WEAKEST_FIRST.index(after.security) > WEAKEST_FIRST.index(before.security)
