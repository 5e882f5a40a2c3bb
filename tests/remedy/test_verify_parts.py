"""What changes come to for all senders together, from what each does before and after: harm first, and guesses for nothing."""

import pytest

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Confidence, Remedied, Security, Verdict
from mxproof.remedy.verify import Verified, _standing
from support_moments import does

FINE, REFUSED, AT_RISK, UNKNOWN = (
    does("rfc8461", one) for one in (Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN)
)
OPEN, DANE = (does("rfc8461", security=one) for one in (Security.OPPORTUNISTIC, Security.DANE))
MOX, MOX_REFUSED = does("mox"), does("mox", Verdict.REFUSED)
GUESS, GUESS_REFUSED = (
    does("courier", one, confidence=Confidence.GUESS) for one in (Verdict.DELIVERS, Verdict.REFUSED)
)


@pytest.mark.parametrize(
    ("before", "after", "standing"),
    [
        ((REFUSED, MOX), (FINE, MOX), Remedied.MENDS),
        ((UNKNOWN, MOX), (FINE, MOX), Remedied.MENDS),
        ((REFUSED, MOX_REFUSED), (FINE, MOX_REFUSED), Remedied.HELPS),
        ((REFUSED, MOX), (AT_RISK, MOX), Remedied.HELPS),
        ((REFUSED, MOX), (REFUSED, MOX), Remedied.IDLE),
        ((FINE, MOX), (FINE, MOX), Remedied.IDLE),
        ((OPEN, MOX), (DANE, MOX), Remedied.SECURES),
        ((OPEN, MOX_REFUSED), (DANE, MOX_REFUSED), Remedied.IDLE),
        ((OPEN, MOX_REFUSED), (DANE, MOX), Remedied.MENDS),
        ((DANE, MOX), (OPEN, MOX), Remedied.HARMS),
        ((FINE, MOX_REFUSED), (REFUSED, MOX), Remedied.HARMS),
        ((AT_RISK, MOX), (REFUSED, MOX), Remedied.HARMS),
        ((FINE, MOX_REFUSED), (UNKNOWN, MOX), Remedied.UNKNOWN),
        ((REFUSED, MOX), (UNKNOWN, MOX), Remedied.UNKNOWN),
        ((FINE, MOX), (UNKNOWN, MOX_REFUSED), Remedied.HARMS),
        ((UNKNOWN, MOX), (UNKNOWN, MOX), Remedied.IDLE),
        ((UNKNOWN, MOX_REFUSED), (UNKNOWN, MOX), Remedied.HELPS),
        ((UNKNOWN, MOX), (REFUSED, MOX), Remedied.HELPS),
        ((REFUSED, GUESS), (FINE, GUESS_REFUSED), Remedied.MENDS),
        ((FINE, GUESS_REFUSED), (FINE, GUESS), Remedied.IDLE),
    ],
)
def test_changes_come_to_the_gravest_that_they_do_to_a_sender_that_decides(
    before: tuple[Delivery, ...], after: tuple[Delivery, ...], standing: Remedied
) -> None:
    assert _standing(before, after) is standing


def test_senders_that_fare_worse_are_named_in_their_order_and_those_that_are_unknown_are_not() -> None:
    before = (MOX, FINE, GUESS)
    made = Verified((), Remedied.HARMS, before, (MOX_REFUSED, OPEN, GUESS_REFUSED), (), ())
    assert made.worse() == ("mox", "rfc8461", "courier")
    assert Verified((), Remedied.IDLE, before, (MOX, UNKNOWN, GUESS), (), ()).worse() == ()
