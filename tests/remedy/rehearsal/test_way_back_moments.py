"""The way back from each step, tried at each moment after it: since when it is safe for good, and who suffers before."""

from collections.abc import Mapping, Sequence

import pytest

from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change, Ipv4Value, Publish, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.plan import Pause, PlannedStep
from mxproof.remedy.rehearsal import way_back
from mxproof.remedy.rehearsal.edit import GONE_RANK, NEW_RANK, TimedEdit
from mxproof.remedy.rehearsal.timeline import Timeline
from mxproof.remedy.rehearsal.way_back import TIMES_MAX, WayBack, ways_back
from support_moments import does, moment
from support_world import collect
from support_worlds import GOOD

FINE = (does("rfc8461"), does("mox"))
FIRST = (does("rfc8461", Verdict.REFUSED), does("mox"))
SECOND = (does("rfc8461"), does("mox", Verdict.REFUSED))
RECORDS = [Ipv4Value(f"192.0.2.{number}") for number in range(3)]
MADE: list[tuple[Change, ...]] = [(Publish("www.example.com", one),) for one in RECORDS]
BACK: list[tuple[Change, ...]] = [(Withdraw("www.example.com", one),) for one in RECORDS]
JUDGE = Judge(collect(GOOD), GOOD.at, (), SENDERS)
Schedule = tuple[tuple[int, int, tuple[Change, ...]], ...]
States = Mapping[int, tuple[Delivery, ...]]


def step(at_s: int, changes: tuple[Change, ...]) -> PlannedStep:
    return PlannedStep(at_s, changes, at_s, Pause.NONE, ())


def rehearsed_with(monkeypatch: pytest.MonkeyPatch, moments: Sequence[int], undone: States) -> list[Schedule]:
    """Have schedules have these moments, and one that goes back what senders do from then on; return all of them."""
    asked: list[Schedule] = []

    def timeline(_: Judge, schedule: Sequence[TimedEdit]) -> Timeline:
        asked.append(tuple((one.at_s, one.edit.rank, one.edit.changes) for one in schedule))
        last = schedule[-1]
        then = undone.get(last.at_s, FINE) if last.edit.rank == GONE_RANK else FINE
        return moment(-1, FINE), *(
            moment(at_s, then if at_s >= last.at_s else SECOND) for at_s in sorted({*moments, last.at_s})
        )

    monkeypatch.setattr(way_back, "timeline", timeline)
    return asked


@pytest.mark.parametrize(
    ("undone", "want"),
    [
        ({}, WayBack(0, ())),
        ({1000: FIRST}, WayBack(300, ("rfc8461",))),
        ({1000: FIRST, 1300: SECOND}, WayBack(900, ("rfc8461", "mox"))),
        ({1300: SECOND}, WayBack(900, ("mox",))),
        ({1000: SECOND, 1900: FIRST}, WayBack(None, ("mox", "rfc8461"))),
        ({1900: FIRST}, WayBack(None, ("rfc8461",))),
    ],
)
def test_it_is_safe_since_the_first_moment_after_the_last_at_which_somebody_suffers(
    monkeypatch: pytest.MonkeyPatch, undone: States, want: WayBack
) -> None:
    rehearsed_with(monkeypatch, (0, 500, 1000, 1300, 1900), undone)
    assert ways_back(JUDGE, [step(1000, MADE[0])], BACK[:1]) == (want,)


def test_a_step_is_undone_where_it_and_all_before_it_are_made_and_none_that_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = rehearsed_with(monkeypatch, (0, 100), {})
    steps = [step(place * 100, changes) for place, changes in enumerate(MADE)]
    assert ways_back(JUDGE, steps, [BACK[0], (), BACK[2]]) == (WayBack(0, ()),) * 3
    new: Schedule = tuple((place * 100, NEW_RANK, changes) for place, changes in enumerate(MADE))
    assert asked == [
        new[:1],
        (*new[:1], (0, GONE_RANK, BACK[0])),
        (*new[:1], (100, GONE_RANK, BACK[0])),
        new,
        (*new, (200, GONE_RANK, BACK[2])),
    ]


def test_no_more_moments_are_tried_than_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = rehearsed_with(monkeypatch, range(0, 10_000, 100), {TIMES_MAX * 100: FIRST})
    assert ways_back(JUDGE, [step(0, MADE[0])], BACK[:1]) == (WayBack(0, ()),)
    assert [one[-1][0] for one in asked[1:]] == [number * 100 for number in range(TIMES_MAX)]


def test_of_each_step_there_is_a_way_back_to_be_told() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ways_back(JUDGE, [step(0, MADE[0]), step(1, MADE[1])], [()])
