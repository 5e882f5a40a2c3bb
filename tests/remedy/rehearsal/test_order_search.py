"""How an order is looked for: which edit is next, from when on, after how many trials, and what is left where none is safe."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from mxproof.evidence import Evidence, Vantage
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal import order as orders
from mxproof.remedy.rehearsal.edit import (
    GONE_RANK,
    MX_RANK,
    NEW_RANK,
    POLICY_RANK,
    RECORD_RANK,
    SERVER_RANK,
    Edit,
    TimedEdit,
)
from mxproof.remedy.rehearsal.order import SERVER_GAP_S, naive, ordered
from mxproof.remedy.rehearsal.timeline import Moment, Timeline

JUDGE = Judge(Evidence("example.com", Vantage()), datetime(2026, 11, 1, tzinfo=UTC), (), ())
HELD_S = 300
"""How long after an edit that is no server's something of it is still held here."""
Made = tuple[tuple[int, Edit], ...]
Rule = Callable[[Made], bool]


def edit(rank: int, name: str = "a") -> Edit:
    return Edit(rank, (Publish(f"{name}.example.com", Ipv4Value("192.0.2.9")),))


def made(schedule: Sequence[TimedEdit]) -> Made:
    return tuple((one.at_s, one.edit) for one in schedule)


@pytest.fixture
def safe_where(monkeypatch: pytest.MonkeyPatch) -> Callable[[Rule], list[Made]]:
    """Have a schedule be safe where a rule says so; return the list of those that are asked about."""

    def replaced(rule: Rule) -> list[Made]:
        schedules: dict[int, Made] = {}
        asked: list[Made] = []
        kept: list[Timeline] = []

        def timeline(_: Judge, schedule: Sequence[TimedEdit]) -> Timeline:
            ends = {one.at_s for one in schedule}
            ends |= {one.at_s + HELD_S for one in schedule if one.edit.rank != SERVER_RANK}
            found = (Moment(-1, ()), *(Moment(one, ()) for one in sorted(ends)))
            kept.append(found)
            schedules[id(found)] = made(schedule)
            return found

        def is_safe(_: Judge, rehearsed: Timeline) -> bool:
            asked.append(schedules[id(rehearsed)])
            return rule(asked[-1])

        monkeypatch.setattr(orders, "timeline", timeline)
        monkeypatch.setattr(orders, "is_safe", is_safe)
        return asked

    return replaced


Safe = Callable[[Rule], list[Made]]


def test_what_is_safe_at_once_is_made_at_once_and_servers_one_after_the_other(safe_where: Safe) -> None:
    safe_where(lambda _: True)
    one, other, new, third = edit(SERVER_RANK), edit(SERVER_RANK, "b"), edit(NEW_RANK), edit(SERVER_RANK, "c")
    got = ordered(JUDGE, [one, other, new, third])
    assert got.is_safe
    gap_s = SERVER_GAP_S
    assert made(got.schedule) == ((0, one), (gap_s, other), (gap_s, new), (gap_s, third))
    assert [one.from_s for one in got.timeline] == [-1, 0, gap_s, gap_s + HELD_S]


def test_an_edit_that_is_not_safe_yet_is_waited_for_and_the_next_one_not_made_before_it(
    safe_where: Safe,
) -> None:
    new, mx, gone = edit(NEW_RANK), edit(MX_RANK), edit(GONE_RANK)
    safe_where(lambda way: all(at_s >= HELD_S or one is new for at_s, one in way))
    assert made(ordered(JUDGE, [new, mx, gone]).schedule) == ((0, new), (HELD_S, mx), (HELD_S, gone))


def test_another_edit_that_is_safe_now_goes_before_one_that_is_only_later(safe_where: Safe) -> None:
    mx, new = edit(MX_RANK), edit(NEW_RANK)
    safe_where(lambda way: all(at_s >= HELD_S or one is new for at_s, one in way))
    assert made(ordered(JUDGE, [mx, new]).schedule) == ((0, new), (HELD_S, mx))


def test_the_record_waits_for_the_policy_that_it_announces_and_no_edit_else(safe_where: Safe) -> None:
    asked = safe_where(lambda _: True)
    record, policy, mx = edit(RECORD_RANK), edit(POLICY_RANK), edit(MX_RANK)
    assert made(ordered(JUDGE, [record, mx, policy]).schedule) == ((0, mx), (0, policy), (0, record))
    assert asked[0] == ((0, mx),)
    assert made(ordered(JUDGE, [record, mx]).schedule) == ((0, record), (0, mx))


def test_what_was_made_before_stays_and_nothing_is_made_earlier(safe_where: Safe) -> None:
    safe_where(lambda _: True)
    before, new = TimedEdit(5000, edit(MX_RANK)), edit(NEW_RANK)
    assert made(ordered(JUDGE, [new], (before,)).schedule) == ((5000, before.edit), (5000, new))
    assert ordered(JUDGE, [], (before,)).schedule == (before,)


def test_where_none_is_safe_each_edit_that_is_left_is_made_when_nothing_old_is_held(safe_where: Safe) -> None:
    first, server, other = edit(NEW_RANK), edit(SERVER_RANK), edit(SERVER_RANK, "b")
    mx, policy, record = edit(MX_RANK), edit(POLICY_RANK), edit(RECORD_RANK)
    safe_where(lambda way: [one for _, one in way] == [first])
    got = ordered(JUDGE, [mx, first, server, other, policy, record])
    assert not got.is_safe
    assert made(got.schedule) == (
        (0, first),
        (HELD_S, mx),
        (2 * HELD_S, server),
        (2 * HELD_S + SERVER_GAP_S, other),
        (2 * HELD_S + SERVER_GAP_S, policy),
        (2 * HELD_S + SERVER_GAP_S, record),
    )


@pytest.mark.parametrize(("trials_max", "is_safe"), [(2, False), (3, True)])
def test_the_trials_of_all_edits_are_bounded_together(
    safe_where: Safe, monkeypatch: pytest.MonkeyPatch, trials_max: int, is_safe: bool
) -> None:
    monkeypatch.setattr(orders, "TRIALS_MAX", trials_max)
    asked = safe_where(lambda _: True)
    every = [edit(NEW_RANK, name) for name in "abc"]
    got = ordered(JUDGE, every)
    assert (got.is_safe, len(asked)) == (is_safe, trials_max)
    assert [one.edit for one in got.schedule] == every


def test_who_thinks_of_no_cache_begins_with_the_mail_and_ends_with_the_policy_an_hour_each(
    safe_where: Safe,
) -> None:
    safe_where(lambda _: False)
    every = [edit(rank) for rank in range(7)]
    got = naive(JUDGE, every)
    ranks = [MX_RANK, 4, NEW_RANK, GONE_RANK, SERVER_RANK, POLICY_RANK, RECORD_RANK]
    assert made(got.schedule) == tuple((place * 3600, every[rank]) for place, rank in enumerate(ranks))
    assert not got.is_safe
