"""Who fares worse, and who is protected less."""

import pytest

from mxproof.judge.faring import is_less_sure, is_protected_more, is_worse
from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Confidence, Security, Verdict


def sender(outcome: Verdict, security: Security | None = None) -> Delivery:
    return Delivery("a", "A", outcome, Confidence.DOCUMENTED, security, (), None, ())


@pytest.mark.parametrize(
    ("before", "after", "want"),
    [
        (sender(Verdict.DELIVERS), sender(Verdict.REFUSED), True),
        (sender(Verdict.AT_RISK), sender(Verdict.REFUSED), True),
        (sender(Verdict.REFUSED), sender(Verdict.AT_RISK), False),
        (sender(Verdict.DELIVERS), sender(Verdict.UNKNOWN), False),
        (sender(Verdict.UNKNOWN), sender(Verdict.REFUSED), False),
        (sender(Verdict.DELIVERS, Security.DANE), sender(Verdict.DELIVERS, Security.MTA_STS), True),
        (sender(Verdict.DELIVERS, Security.MTA_STS), sender(Verdict.DELIVERS, Security.DANE), False),
        (sender(Verdict.REFUSED, None), sender(Verdict.REFUSED, None), False),
    ],
)
def test_worse_is_less_delivery_or_less_protection(before: Delivery, after: Delivery, want: bool) -> None:
    assert is_worse(before, after) is want


def test_nothing_protects_least() -> None:
    assert is_protected_more(sender(Verdict.DELIVERS), sender(Verdict.DELIVERS, Security.NONE))


def test_what_is_unknown_is_less_sure_than_a_delivery_and_surer_than_a_risk() -> None:
    surest_first = (Verdict.DELIVERS, Verdict.UNKNOWN, Verdict.AT_RISK, Verdict.REFUSED)
    for place, one in enumerate(surest_first):
        got = [is_less_sure(one, other) for other in surest_first]
        assert got == [number > place for number in range(len(surest_first))]
