"""From when on mode testing relieves all whom it helps: since the last moment after the first at which one of them fails."""

import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.rehearsal.timeline import Timeline
from mxproof.remedy.relief import _from_s
from support_moments import does, moment

FINE = (does("rfc8461"), does("mox"))
FIRST = (does("rfc8461", Verdict.REFUSED), does("mox"))
SECOND = (does("rfc8461"), does("mox", Verdict.AT_RISK))
BEFORE = moment(-1, FIRST)


@pytest.mark.parametrize(
    ("timeline", "both_s", "first_s"),
    [
        ((BEFORE,), None, None),
        ((moment(-1, FINE),), None, None),
        ((BEFORE, moment(0, FINE)), 0, 0),
        ((BEFORE, moment(0, FINE), moment(60, FINE), moment(300, FINE)), 0, 0),
        ((BEFORE, moment(0, FINE, FIRST), moment(60, FINE), moment(300, FINE)), 60, 60),
        ((BEFORE, moment(0, FINE), moment(60, FIRST, FINE), moment(300, FINE)), 300, 300),
        ((BEFORE, moment(0, FINE), moment(60, SECOND), moment(300, FINE)), 300, 0),
        ((BEFORE, moment(0, FINE), moment(60, FINE, SECOND)), None, 0),
        ((BEFORE, moment(0, FIRST), moment(60, SECOND), moment(300, FIRST)), None, None),
    ],
)
def test_it_relieves_from_the_last_moment_on_before_which_one_that_it_helps_fails(
    timeline: Timeline, both_s: int | None, first_s: int | None
) -> None:
    assert _from_s(timeline, frozenset({"rfc8461", "mox"})) == both_s
    assert _from_s(timeline, frozenset({"rfc8461"})) == first_s
