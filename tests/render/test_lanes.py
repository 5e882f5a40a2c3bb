"""Lanes in columns: when they begin, who shares one, and which steps stand above them."""

import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Lane, Rehearsal, Span
from mxproof.render.lanes import SharedLane, columns, short_time, steps_in

NO, YES = Verdict.REFUSED, Verdict.DELIVERS
TROUBLED = (Span(-1, 60, NO), Span(60, None, YES))
REHEARSAL = Rehearsal(
    (0, 30, 60),
    (Lane("a", TROUBLED), Lane("b", TROUBLED), Lane("c", (Span(-1, None, YES),)), Lane("guess", TROUBLED)),
    (),
)
DECIDES = frozenset({"a", "b", "c"})


def test_a_column_begins_with_each_step_and_each_change() -> None:
    assert columns(REHEARSAL, DECIDES, 8).times == (-1, 0, 30, 60)


def test_senders_with_the_same_lane_share_it_and_who_delivers_throughout_needs_none() -> None:
    got = columns(REHEARSAL, DECIDES, 8)
    assert got.lanes == (SharedLane(("a", "b"), (NO, NO, NO, YES)),)
    assert got.others == ("c",)


def test_steps_without_a_change_between_share_a_column_where_room_is_short() -> None:
    got = columns(REHEARSAL, DECIDES, 3)
    assert got.times == (-1, 0, 60)
    assert [steps_in(got, place) for place in range(3)] == ["", "1-2", "3"]
    assert not got.more


def test_it_is_told_where_more_follows() -> None:
    assert columns(REHEARSAL, DECIDES, 2).more


@pytest.mark.parametrize(
    ("seconds", "width", "short"),
    [(0, 6, "0"), (59, 6, "59s"), (3660, 6, "1h1m"), (604_860, 6, "7d1m"), (90_061, 3, "1d+")],
)
def test_a_time_is_short(seconds: int, width: int, short: str) -> None:
    assert short_time(seconds, width) == short
