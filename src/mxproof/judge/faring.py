"""Whether a sender fares worse or better in one state of a domain than in another, and is better or less protected."""

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import WEAKEST_FIRST, Verdict

_BEST_FIRST = (Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED)


def is_worse(before: Delivery, after: Delivery) -> bool:
    """Tell whether a sender fares worse; what is unknown before or after is neither better nor worse."""
    if Verdict.UNKNOWN in (before.outcome, after.outcome):
        return False
    if before.outcome is after.outcome is Verdict.DELIVERS:
        return is_protected_more(after, before)
    return _BEST_FIRST.index(after.outcome) > _BEST_FIRST.index(before.outcome)


def is_protected_more(before: Delivery, after: Delivery) -> bool:
    """Tell whether mail is protected more after than before."""
    return WEAKEST_FIRST.index(after.security) > WEAKEST_FIRST.index(before.security)
