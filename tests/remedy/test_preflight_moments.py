"""What a preflight tells of moments: why somebody fares worse for a while, what ends it, and who is protected less."""

import pytest

from mxproof.judge.vocabulary import Confidence, Security, Verdict
from mxproof.remedy.plan import Pause, Suffering
from mxproof.remedy.preflight import Weakening, _end, _weaker, _worsening
from support_moments import does, moment

REFUSED = Verdict.REFUSED
FINE = (does("rfc8461"), does("mox"))
FIRST = (does("rfc8461", REFUSED, because=("first", "both")), does("mox", REFUSED, because=("another",)))
SECOND = (does("rfc8461", REFUSED, because=("both", "second")), does("mox"))
OTHER = (does("rfc8461", Verdict.AT_RISK, because=("risk",)), does("mox"))
MADE = (
    moment(-1, FIRST),
    moment(0, FINE, FIRST),
    moment(300, FINE, SECOND, OTHER),
    moment(600, FIRST),
    moment(900, FINE, OTHER),
    moment(1200, FINE, SECOND),
)


@pytest.mark.parametrize(
    ("from_s", "until_s", "outcome", "because", "until"),
    [
        (0, 300, REFUSED, ("first", "both"), Pause.MAX_AGE),
        (0, 600, REFUSED, ("first", "both", "second"), Pause.TTL),
        (300, 600, REFUSED, ("both", "second"), Pause.TTL),
        (300, 900, REFUSED, ("both", "second", "first"), Pause.MAX_AGE),
        (300, 1200, Verdict.AT_RISK, ("risk",), Pause.MAX_AGE),
        (900, None, REFUSED, ("both", "second"), Pause.NONE),
    ],
)
def test_a_time_of_suffering_has_the_reasons_of_its_own_moments_and_what_ends_it(
    from_s: int, until_s: int | None, outcome: Verdict, because: tuple[str, ...], until: Pause
) -> None:
    one = Suffering("rfc8461", outcome, from_s, until_s)
    told = _worsening(one, MADE)
    assert (told.sender, told.name, told.outcome) == ("rfc8461", FINE[0].name, outcome)
    assert (told.from_s, told.until_s, told.because) == (from_s, until_s, because)
    assert told.until is until is _end(one, MADE)


def test_who_delivers_before_and_after_and_less_protected_is_told_of() -> None:
    dane, sts, plain = Security.DANE, Security.MTA_STS, None
    guess = Confidence.GUESS
    pairs = [
        (does("rfc8461", security=dane), does("rfc8461", security=sts)),
        (does("mox", security=sts), does("mox", security=dane)),
        (does("google", security=sts), does("google", security=sts)),
        (does("kumomta", security=sts), does("kumomta", REFUSED, security=plain)),
        (does("chasquid", REFUSED, security=sts), does("chasquid", security=plain)),
        (
            does("courier", security=sts, confidence=guess),
            does("courier", security=plain, confidence=guess),
        ),
        (does("stalwart", security=sts), does("stalwart", security=plain)),
    ]
    before, after = zip(*pairs, strict=True)
    assert list(_weaker(before, after)) == [
        Weakening("rfc8461", dane, sts),
        Weakening("stalwart", sts, plain),
    ]
