"""A detector over what befalls a daemon: it ends and goes on, its clock is set, the log was dead, a sender has moved and moves on."""

from collections.abc import Callable, Iterator, Sequence
from math import isclose
from typing import NamedTuple

import msgspec
import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import Detector
from mxproof.rhythm.sender import SenderRhythm
from support_learnt import LEARNT_DAYS, LEARNT_S, MAILS, evidence, going_on, learnt, told
from support_rhythm import BEGIN_S, DAY_S, HOUR_S, Mails, gap, steady, utc_hour_of_week, without

LOCAL_BACK_AT = int(LEARNT_S // HOUR_S) + 26


def back_in_autumn(hour: int) -> int:
    """Return the hour of the week where local time goes back by an hour on the second day."""
    return (utc_hour_of_week(hour) - (hour >= LOCAL_BACK_AT)) % 168


class Event(NamedTuple):
    """A mail of `name`; without one time that passes until `at_s`, or to which the clock is set."""

    at_s: float
    name: str = ""
    is_set: bool = False


def mails_of(mails: Mails) -> list[Event]:
    return [Event(*one) for one in mails if one[0] >= LEARNT_S]


def begun_again(detector: Detector, stored: dict[str, bytes], local_hour: Callable[[int], int]) -> Detector:
    """Return another detector that goes on from what was stored of this one."""
    kept, changed = detector.kept()
    stored |= {one.name: msgspec.msgpack.encode(one) for one in changed}
    again = Detector(local_hour)
    again.go_on(
        msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=type(kept)),
        [msgspec.msgpack.decode(one, type=SenderRhythm) for one in stored.values()],
    )
    return again


def lived(
    events: Sequence[Event], ends_every: int = 0, local_hour: Callable[[int], int] = utc_hour_of_week
) -> tuple[list[Alarm], dict[str, float]]:
    """Return the alarms of a detector that ends after so many events each, and all that it knows in the end."""
    detector = learnt(local_hour)
    stored = {one.name: msgspec.msgpack.encode(one) for one in detector.kept()[1]}
    stored |= {name: msgspec.msgpack.encode(one) for name, one in detector.senders.items()}
    alarms: list[Alarm] = []
    for number, event in enumerate(events, 1):
        if event.is_set:
            detector.set_clock(event.at_s)
        elif event.name:
            alarms += detector.feed([(event.at_s, event.name)])
        else:
            alarms += detector.until(event.at_s)
        if ends_every and number % ends_every == 0:
            detector = begun_again(detector, stored, local_hour)
    kept = detector.kept()[0]
    detector._settle(kept.clock + kept.now_s / HOUR_S - kept.hour)
    senders = {name: msgspec.to_builtins(one) for name, one in sorted(detector.senders.items())}
    return alarms, dict(leaves("", {"kept": msgspec.to_builtins(kept), "senders": senders}))


def leaves(path: str, value: object) -> Iterator[tuple[str, float]]:
    """Yield every number by where it stands, and every word as a place of its own; of expectations the sums say all."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in {"by_hour", "free_by_hour"}:
                yield from leaves(f"{path}/{name}", one)
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from leaves(f"{path}/{place}", one)
    elif isinstance(value, float | int):
        yield path, value
    else:
        yield f"{path}/{value}", 0.0


TWO_DAYS = [one for one in MAILS if one[0] >= LEARNT_S]
STORIES: dict[str, tuple[list[Event], Callable[[int], int]]] = {
    "a sender falls silent": (mails_of(without(MAILS, "busy", LEARNT_DAYS)), utc_hour_of_week),
    "the log is dead for some hours": (
        mails_of(gap(MAILS, LEARNT_DAYS + 0.5, LEARNT_DAYS + 0.8)),
        utc_hour_of_week,
    ),
    "everything falls silent": (
        [Event(LEARNT_S + 1800 * number) for number in range(30)],
        utc_hour_of_week,
    ),
    "local time goes back": (mails_of(MAILS), back_in_autumn),
    "the clock is set ahead": (
        [
            *mails_of(MAILS)[:40],
            Event(LEARNT_S + 12 * HOUR_S),
            Event(LEARNT_S + 4 * DAY_S + 900, is_set=True),
            *(Event(at_s + 4 * DAY_S + 900, name) for at_s, name in TWO_DAYS[:40]),
        ],
        utc_hour_of_week,
    ),
    "another begins to write": (
        mails_of(
            sorted([*MAILS, *((at_s + LEARNT_S - BEGIN_S, name) for at_s, name in steady({"new": 9.0}, 2))])
        ),
        utc_hour_of_week,
    ),
}


TOLD = {
    "a sender falls silent": [(AlarmKind.SENDER, "busy")],
    "the log is dead for some hours": [(AlarmKind.EVERYTHING, "")],
    "everything falls silent": [(AlarmKind.EVERYTHING, "")],
}


@pytest.mark.parametrize("story", STORIES)
def test_a_daemon_that_ends_and_goes_on_knows_what_one_knows_that_never_ended(story: str) -> None:
    events, local_hour = STORIES[story]
    alarms, known = lived(events, 0, local_hour)
    again, known_again = lived(events, 3, local_hour)
    assert [(one.kind, one.sender) for one in alarms] == TOLD.get(story, [])
    assert again == alarms
    assert known_again.keys() == known.keys()
    differing = {
        name: (one, known_again[name])
        for name, one in known.items()
        if not isclose(one, known_again[name], rel_tol=1e-6, abs_tol=1e-6)
    }
    assert differing == {}


REST = ("usual", "other", "small")


def elsewhere(days: float) -> Mails:
    """Return mails of a new sender that takes up at once what the busy one wrote, for so many days."""
    last_s = max(at_s for at_s, name in MAILS if name == "busy" and at_s < LEARNT_S)
    new = steady({"elsewhere": 48.0}, 3, seed=5)
    new = [(at_s - BEGIN_S + last_s + 1800, name) for at_s, name in new]
    return [one for one in new if LEARNT_S <= one[0] < LEARNT_S + days * DAY_S]


def test_who_has_moved_is_silent_without_a_word_and_stays_so_whatever_becomes_of_it_elsewhere() -> None:
    detector = learnt()
    assert told(detector, sorted([*going_on(36, *REST), *elsewhere(1.5)])) == []
    busy = detector.senders["busy"]
    assert busy.alarmed, "it has no vote on the day, and nobody waits for it"
    later = [one for one in going_on(24 * 8, *REST) if one[0] >= LEARNT_S + 1.5 * DAY_S]
    assert told(detector, later) == []
    assert busy.alarmed
    back = [(LEARNT_S + 8 * DAY_S + 300 * number, "busy") for number in range(48)]
    assert told(detector, back) == []
    assert not busy.alarmed


def test_what_was_due_before_the_clock_was_set_is_due_after_it() -> None:
    detector, twin = learnt(), learnt()
    list(detector.until(LEARNT_S + 3.5 * HOUR_S))
    detector.set_clock(LEARNT_S + 3 * DAY_S)
    kept, changed = detector.kept()
    assert {one.name for one in changed} == set(detector.senders)
    assert evidence(detector, 72.0) == pytest.approx(evidence(twin, 3.5))
    since = {one.name: one.expected_since for one in detector.watched}
    assert since == pytest.approx({one.name: one.expected_since for one in twin.watched})
    assert (kept.now_s, kept.everybody.since_s, kept.everybody.pending) == (
        LEARNT_S + 3 * DAY_S,
        LEARNT_S + 3 * DAY_S,
        0.0,
    )


@pytest.mark.parametrize("by_s", [-DAY_S, 5 * DAY_S])
def test_a_silence_that_is_due_is_told_however_the_clock_is_set_meanwhile(by_s: float) -> None:
    detector = learnt()
    first = [one for one in going_on(24, *REST) if one[0] < LEARNT_S + 2 * HOUR_S]
    assert told(detector, first) == []
    detector.set_clock(LEARNT_S + by_s)
    later = [(at_s + by_s, name) for at_s, name in going_on(48, *REST)]
    assert [one.sender for one in told(detector, later)] == ["busy"]


def test_of_a_day_on_which_the_log_was_dead_nothing_is_learnt_and_of_the_next_again() -> None:
    detector = learnt()
    every = [one for one in MAILS if one[0] >= LEARNT_S]
    dead = [one for one in every if not 6 * HOUR_S <= one[0] - LEARNT_S < 13 * HOUR_S]
    before = {one.name: one.learnt_days for one in detector.watched}
    list(detector.feed(one for one in dead if one[0] < LEARNT_S + DAY_S))
    assert detector.kept()[0].outage_today
    list(detector.until(LEARNT_S + DAY_S))
    assert not detector.kept()[0].outage_today
    assert {one.name: one.learnt_days for one in detector.watched} == before
    list(detector.feed(one for one in dead if one[0] >= LEARNT_S + DAY_S))
    list(detector.until(LEARNT_S + 2 * DAY_S))
    assert {one.name: one.learnt_days for one in detector.watched} == {
        name: days + 1 for name, days in before.items()
    }


JUMP_AT = int(LEARNT_S // HOUR_S) + 3


@pytest.mark.parametrize("by", [1, -1])
def test_what_lies_between_where_local_time_jumps_is_expected_of_nobody(by: int) -> None:
    def local_hour(hour: int) -> int:
        return (utc_hour_of_week(hour) + by * (hour >= JUMP_AT)) % 168

    detector = learnt(local_hour)
    before = {one.name: (one.expected_since, one.day_expected) for one in detector.watched}
    list(detector.until(LEARNT_S + 5 * HOUR_S))
    kept, changed = detector.kept()
    detector._settle(kept.clock)
    hours = [local_hour(JUMP_AT - 3 + passed) for passed in range(5)]
    assert hours == [0, 1, 2, 3 + by, 4 + by]
    due = {one.name: sum(one.expectation.by_hour[hour] for hour in hours) for one in detector.watched}
    assert {one.name: one.expected_since - before[one.name][0] for one in detector.watched} == pytest.approx(
        due
    )
    assert {one.name: one.day_expected - before[one.name][1] for one in detector.watched} == pytest.approx(
        due
    )
    assert (kept.clock % 168, kept.week_hour) == (5 + by, 5 + by)
    assert {one.name for one in changed} == set(detector.senders)


def test_what_could_not_be_kept_of_a_sender_is_to_be_kept_once_more() -> None:
    detector = learnt()
    detector.kept()
    list(detector.feed([(LEARNT_S + 60, "small")]))
    changed = detector.kept()[1]
    assert [one.name for one in changed] == ["small"]
    detector.keep_again(changed)
    assert (detector.kept()[1], detector.kept()[1]) == (changed, [])
