"""When a roll-out makes its next step, and when it does not."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.publish.rollout import (
    STAGE_POLICIES,
    Rollout,
    RolloutAim,
    RolloutReason,
    RolloutStage,
    decoded_rollout,
    encoded_rollout,
    stage_of,
)
from mxproof.publish.rollout_decision import (
    ReporterDays,
    RolloutEvidence,
    RolloutPace,
    _reported,
    decision,
    held_until,
)
from mxproof.publish.state import PublishedState, encoded
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.store.journal.publication import Publication, PublicationKind, PublicationState

DOMAIN = "example.com"
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEGAN_DAY = (BEGAN - EPOCH) // DAY
PACE = RolloutPace(days=7, silent_days=14)
LATE = 2
DUE = BEGAN + (PACE.days + LATE) * DAY
"""The first day on which seven whole days since the beginning are reported."""
TESTING = Rollout(DOMAIN, RolloutAim.ENFORCE, RolloutStage.TESTING, BEGAN)


def state(stage: RolloutStage = RolloutStage.TESTING, **more: object) -> PublishedState:
    has = STAGE_POLICIES[stage]
    text = f"version: STSv1\r\nmode: {has.mode}\r\nmx: mx.example.com\r\nmax_age: {has.max_age_s}\r\n"
    return msgspec.structs.replace(PublishedState(DOMAIN, text, "1"), **more)


def reporter(name: str, first: int, last: int, *failing: int) -> ReporterDays:
    """Return a reporter of every day from `first` to `last`, both counted from the beginning, with failures on some."""
    days = range(BEGAN_DAY + first, BEGAN_DAY + last + 1)
    return ReporterDays(name, tuple((day, 9, 2 if day - BEGAN_DAY in failing else 0) for day in days))


GOOGLE = reporter("google.com", -60, 30)
GOOD = RolloutEvidence(state(), reporters=(GOOGLE,))


def reason(rollout: Rollout, evidence: RolloutEvidence, now: datetime = DUE) -> tuple[bool, RolloutReason]:
    made = decision(rollout, evidence, now, PACE)
    return made.makes_step, made.reason


def test_the_step_is_made_once_every_day_of_its_pace_was_reported_without_failures() -> None:
    assert reason(TESTING, GOOD) == (True, RolloutReason.CLEAN)
    early = decision(TESTING, GOOD, DUE - DAY, PACE)
    assert (early.makes_step, early.reason) == (False, RolloutReason.DAYS)
    assert early.until == DUE.replace(hour=0)
    assert reason(TESTING, GOOD, early.until) == (True, RolloutReason.CLEAN)
    assert not decision(TESTING, GOOD, early.until - timedelta(seconds=1), PACE).makes_step


def test_a_failure_begins_the_days_anew_from_the_day_after_it() -> None:
    failed = RolloutEvidence(state(), reporters=(reporter("google.com", -60, 30, 3), GOOGLE))
    held = decision(TESTING, failed, DUE, PACE)
    assert (held.reason, held.names) == (RolloutReason.FAILURES, ("google.com",))
    assert held.until == (DUE + 3 * DAY).replace(hour=0)
    assert reason(TESTING, failed, DUE + 3 * DAY) == (True, RolloutReason.CLEAN)


@pytest.mark.parametrize("day", [-5, 0])
def test_failures_up_to_the_day_of_the_step_itself_do_not_count(day: int) -> None:
    before = RolloutEvidence(state(), reporters=(reporter("google.com", -60, 30, day),))
    assert reason(TESTING, before) == (True, RolloutReason.CLEAN)


def test_a_sender_that_fell_silent_counts_as_a_failure_of_that_day() -> None:
    alarm = Alarm(AlarmKind.SENDER, "bank.example", BEGAN, BEGAN + 3 * DAY, 9.0, 1e-6)
    silent = msgspec.structs.replace(GOOD, alarms=(alarm,))
    held = decision(TESTING, silent, DUE, PACE)
    assert (held.reason, held.names) == (RolloutReason.FAILURES, ("bank.example",))
    assert reason(TESTING, silent, DUE + 3 * DAY) == (True, RolloutReason.CLEAN)


def test_a_usual_reporter_that_has_not_reported_since_is_waited_for() -> None:
    missing = RolloutEvidence(state(), reporters=(GOOGLE, reporter("microsoft.com", -60, 0)))
    held = decision(TESTING, missing, DUE, PACE)
    assert (held.reason, held.names) == (RolloutReason.REPORTERS, ("microsoft.com",))
    seldom = RolloutEvidence(state(), reporters=(GOOGLE, reporter("once.example", -3, 0)))
    assert reason(TESTING, seldom) == (True, RolloutReason.CLEAN)


def test_reports_of_too_few_days_say_too_little() -> None:
    few = RolloutEvidence(state(), reporters=(reporter("google.com", 6, 7),))
    assert reason(TESTING, few) == (False, RolloutReason.REPORTERS)
    enough = RolloutEvidence(state(), reporters=(reporter("google.com", 5, 7),))
    assert reason(TESTING, enough) == (True, RolloutReason.CLEAN)


def test_without_any_report_for_too_long_it_is_stopped_unless_told_to_go_on_without() -> None:
    none = RolloutEvidence(state())
    assert reason(TESTING, none, BEGAN + 14 * DAY) == (False, RolloutReason.REPORTERS)
    assert reason(TESTING, none, BEGAN + 15 * DAY) == (False, RolloutReason.NO_REPORTS)
    stopped = RolloutEvidence(state(), reporters=(reporter("google.com", -60, 5),))
    assert reason(TESTING, stopped, BEGAN + 20 * DAY) == (False, RolloutReason.NO_REPORTS)
    without = msgspec.structs.replace(TESTING, without_reports=True)
    assert reason(without, none, DUE - DAY) == (True, RolloutReason.CLEAN)
    assert reason(without, none, DUE - 2 * DAY) == (False, RolloutReason.DAYS)
    failing = RolloutEvidence(state(), reporters=(reporter("google.com", 3, 3, 3),))
    assert reason(without, failing, DUE - DAY) == (False, RolloutReason.FAILURES)


def test_a_check_with_findings_holds_it() -> None:
    found = msgspec.structs.replace(GOOD, findings=("sts-mx-unlisted",))
    held = decision(TESTING, found, DUE, PACE)
    assert (held.makes_step, held.reason, held.names) == (False, RolloutReason.FINDINGS, ("sts-mx-unlisted",))


@pytest.mark.parametrize(
    ("rollout", "evidence", "expected"),
    [
        (msgspec.structs.replace(TESTING, since=None), GOOD, RolloutReason.UNPUBLISHED),
        (msgspec.structs.replace(TESTING, paused=True), GOOD, RolloutReason.PAUSED),
        (TESTING, RolloutEvidence(None), RolloutReason.ALTERED),
        (TESTING, RolloutEvidence(state(RolloutStage.NONE)), RolloutReason.ALTERED),
        (TESTING, RolloutEvidence(state(withdrawn=True)), RolloutReason.ALTERED),
        (TESTING, RolloutEvidence(state(RolloutStage.ENFORCE_DAY)), RolloutReason.ALTERED),
        (
            msgspec.structs.replace(TESTING, stage=RolloutStage.ENFORCE_MONTHS),
            RolloutEvidence(state(RolloutStage.ENFORCE_MONTHS)),
            RolloutReason.OVER,
        ),
    ],
)
def test_nothing_is_decided(rollout: Rollout, evidence: RolloutEvidence, expected: RolloutReason) -> None:
    assert reason(rollout, evidence) == (False, expected)


def test_the_way_out_waits_until_the_last_policy_is_forgotten_and_asks_for_nothing_else() -> None:
    leaving = Rollout(DOMAIN, RolloutAim.NONE, RolloutStage.NONE, BEGAN)
    held = RolloutEvidence(state(RolloutStage.NONE), BEGAN + 90 * DAY, findings=("any",))
    waits = decision(leaving, held, BEGAN + 90 * DAY - timedelta(seconds=1), PACE)
    assert (waits.reason, waits.until) == (RolloutReason.HELD, BEGAN + 90 * DAY)
    assert reason(leaving, held, BEGAN + 90 * DAY) == (True, RolloutReason.FORGOTTEN)
    away = msgspec.structs.replace(leaving, stage=RolloutStage.WITHDRAWN)
    gone = RolloutEvidence(state(RolloutStage.NONE, withdrawn=True, id=""), BEGAN + 90 * DAY)
    assert reason(away, gone, BEGAN + DAY - timedelta(seconds=1)) == (False, RolloutReason.HELD)
    assert reason(away, gone, BEGAN + DAY) == (True, RolloutReason.FORGOTTEN)
    assert reason(leaving, gone, BEGAN + 99 * DAY) == (False, RolloutReason.ALTERED)


def publication(
    number: int, before: PublishedState | None, after: PublishedState, hours: int, is_open: bool = False
) -> Publication:
    standing = PublicationState.OPEN if is_open else PublicationState.DONE
    ended = None if is_open else BEGAN + timedelta(hours=hours)
    return Publication(
        number, DOMAIN, PublicationKind.APPLY, encoded(before), encoded(after), "", standing, BEGAN, ended
    )


def test_an_older_policy_with_a_longer_max_age_is_held_longest() -> None:
    long, short, none = map(state, (RolloutStage.ENFORCE_MONTH, RolloutStage.ENFORCE_WEEK, RolloutStage.NONE))
    history = (
        publication(3, short, none, 48),
        publication(2, long, short, 24),
        publication(1, None, long, 0),
    )
    assert held_until(history, 300) == BEGAN + timedelta(hours=24, days=30, seconds=300)
    assert held_until(history[:1], 0) == BEGAN + timedelta(hours=48, days=7)
    assert held_until((publication(1, None, none, 0),), 0) is None


def test_a_policy_that_was_only_begun_counts_until_the_next_one_was_shown() -> None:
    week, none = state(RolloutStage.ENFORCE_WEEK), state(RolloutStage.NONE)
    undone = msgspec.structs.replace(publication(1, None, week, 1), state=PublicationState.UNDONE)
    assert held_until((publication(2, None, none, 24), undone), 0) == BEGAN + timedelta(hours=24, days=7)
    assert held_until((publication(2, week, none, 0, is_open=True),), 0) is None


@pytest.mark.parametrize("stage", [one for one in RolloutStage if STAGE_POLICIES[one].mode != "none"])
def test_a_stage_is_known_again_by_its_policy(stage: RolloutStage) -> None:
    assert stage_of(state(stage).policy_value()) is stage


def test_a_roll_out_is_read_back_as_it_was_kept() -> None:
    kept = msgspec.structs.replace(TESTING, said=decision(TESTING, GOOD, DUE, PACE), looked_at=DUE)
    assert decoded_rollout(encoded_rollout(kept)) == kept


def test_a_day_is_reported_by_sessions_after_the_one_on_which_the_stage_began() -> None:
    """A report of a day without mail tells nothing of how mail fares."""
    days = ((10, 1, 0), (11, 1, 0), (12, 0, 0), (13, 0, 2))
    assert _reported(
        [ReporterDays("google.com", days), ReporterDays("microsoft.com", ((14, 3, 0),))], 10
    ) == {
        11,
        13,
        14,
    }


def test_who_failed_is_named_the_latest_first_each_once_and_so_many_at_most() -> None:
    early, late = reporter("early.example", -60, 30, 1, 2), reporter("late.example", -60, 30, 3)
    held = decision(TESTING, RolloutEvidence(state(), reporters=(early, late)), DUE, PACE)
    assert held.names == ("late.example", "early.example")
    assert held.until == (DUE + 3 * DAY).replace(hour=0)
    many = tuple(reporter(f"{number}.example", -60, 30, 1) for number in range(12))
    assert len(decision(TESTING, RolloutEvidence(state(), reporters=many), DUE, PACE).names) == 10


def test_of_all_that_holds_a_roll_out_the_first_in_its_order_is_told() -> None:
    replace = msgspec.structs.replace
    failing = RolloutEvidence(
        state(RolloutStage.NONE), findings=("a-finding",), reporters=(reporter("x", 1, 2, 2),)
    )
    paused = replace(TESTING, paused=True, since=None)
    late = BEGAN + 60 * DAY
    assert reason(paused, failing, late)[1] is RolloutReason.PAUSED
    assert reason(replace(paused, paused=False), failing, late)[1] is RolloutReason.UNPUBLISHED
    assert reason(TESTING, failing, late)[1] is RolloutReason.ALTERED
    there = replace(failing, published=state())
    assert reason(TESTING, there, late)[1] is RolloutReason.FINDINGS
    assert reason(TESTING, replace(there, findings=()), late)[1] is RolloutReason.NO_REPORTS
    assert reason(TESTING, replace(there, findings=()))[1] is RolloutReason.FAILURES


def test_days_that_are_reported_ahead_of_the_last_failure_do_not_count_among_the_reported() -> None:
    days = reporter("google.com", 1, 4, 4).days + reporter("google.com", 10, 11).days
    few = RolloutEvidence(state(), reporters=(ReporterDays("google.com", days),))
    assert reason(TESTING, few, DUE + 4 * DAY) == (False, RolloutReason.REPORTERS)
    enough = (*days, (BEGAN_DAY + 9, 1, 0))
    more = RolloutEvidence(state(), reporters=(ReporterDays("google.com", enough),))
    assert reason(TESTING, more, DUE + 4 * DAY) == (True, RolloutReason.CLEAN)
