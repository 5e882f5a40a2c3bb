"""Reports that go out: made, claimed, settled, returned and taken away, and destinations that are avoided."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import (
    AttemptOutcome,
    DeliveryAttempt,
    OutgoingState,
    Settled,
)
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from mxproof.store.journal.outgoing_queue import AVOIDED, REFUSALS_MAX, RETURNS_LOOKED_AT
from support_outgoing import AT, DAY, HOUR, PLACE, _sent, attempt, claimed, met_on, new


def test_a_day_with_sessions_is_open_until_it_is_closed(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    met_on(journal, DAY, "a.example")
    met_on(journal, DAY + timedelta(days=1), "a.example")
    assert outgoing.open_days(DAY) == []
    assert outgoing.open_days(DAY + timedelta(days=1)) == [DAY]
    outgoing.close(DAY, AT)
    outgoing.close(DAY, AT)
    assert outgoing.open_days(DAY + timedelta(days=2)) == [DAY + timedelta(days=1)]


def test_a_report_that_is_there_stays_as_it_is(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    outgoing.add([msgspec.structs.replace(new(), report_id="another", packed=b"other"), new("b.example")], AT)
    found = outgoing.claim(AT, AT + HOUR, 10)
    assert [(one.domain, one.report_id, one.packed) for one in found] == [
        ("a.example", new().report_id, b"packed"),
        ("b.example", new("b.example").report_id, b"packed"),
    ]


def test_what_is_claimed_is_due_again_once_its_lease_ends(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    first = claimed(outgoing)
    assert outgoing.claim(AT, AT + HOUR, 10) == []
    assert outgoing.next_due() == AT + HOUR
    second = claimed(outgoing, AT + HOUR)
    assert (second.report_id, second.first_at) == (first.report_id, AT)
    # Whoever held it before has nothing to say any more.
    sent = Settled(OutgoingState.SENT, (attempt(AttemptOutcome.DELIVERED),))
    assert not outgoing.settle(first, sent, AT + HOUR)
    assert outgoing.settle(second, sent, AT + HOUR)
    assert not outgoing.settle(second, sent, AT + HOUR)
    assert outgoing.next_due() is None


def test_a_report_was_first_claimed_when_it_was_however_often_it_is_claimed_again(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    found = [claimed(outgoing, AT + hours * HOUR).first_at for hours in range(4)]
    assert found == [None, AT, AT, AT]


def test_what_waits_for_its_first_turn_can_be_taken_early(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new(due_at=AT + HOUR)], AT)
    assert outgoing.claim(AT, AT + 2 * HOUR, 10) == []
    (found,) = outgoing.claim(AT, AT + 2 * HOUR, 10, early=True)
    assert outgoing.claim(AT, AT + 2 * HOUR, 10, early=True) == []
    outgoing.settle(found, Settled(OutgoingState.WAITING, (), AT + HOUR, "later"), AT)
    assert outgoing.claim(AT, AT + 2 * HOUR, 10, early=True) == []


def test_a_report_that_nobody_was_asked_about_was_not_tried(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    outgoing.settle(claimed(outgoing), Settled(OutgoingState.WAITING, (), AT, "busy", is_try=False), AT)
    again = claimed(outgoing)
    assert (again.tries, again.first_at) == (0, AT)


def test_what_became_of_reports_is_told(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    failed = Settled(
        OutgoingState.WAITING, (attempt(AttemptOutcome.FAILED, said="a\0b"),), AT + HOUR, "451 later"
    )
    outgoing.settle(claimed(outgoing), failed, AT)
    (waiting,) = outgoing.reports(DAY, [OutgoingState.WAITING])
    assert (waiting.tries, waiting.due_at, waiting.done_at, waiting.said) == (
        1,
        AT + HOUR,
        None,
        "451 later",
    )
    sent = Settled(OutgoingState.SENT, (attempt(AttemptOutcome.DELIVERED, AT + HOUR),))
    outgoing.settle(claimed(outgoing, AT + HOUR), sent, AT + HOUR)
    (done,) = outgoing.reports(DAY, list(OutgoingState), "a.example")
    assert (done.state, done.tries, done.due_at, done.done_at, done.destination) == (
        OutgoingState.SENT,
        2,
        None,
        AT + HOUR,
        PLACE,
    )
    assert outgoing.states(DAY) == {DAY: {OutgoingState.SENT: 1}}
    assert outgoing.states(DAY + timedelta(days=1)) == {}
    assert outgoing.delivered_since(AT) == {PLACE: 1}
    assert outgoing.delivered_since(AT + 2 * HOUR) == {}


def test_a_destination_that_refuses_again_and_again_is_avoided_for_a_while(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    refused = Settled(OutgoingState.GIVEN_UP, (attempt(AttemptOutcome.REFUSED),), None, "550 nobody")
    for number in range(REFUSALS_MAX):
        assert outgoing.avoided(AT) == []
        outgoing.add([new(f"{number}.example")], AT)
        outgoing.settle(claimed(outgoing), refused, AT)
    (avoided,) = outgoing.avoided(AT)
    assert (avoided.destination, avoided.avoided_until, avoided.said) == (PLACE, AT + AVOIDED, "550 nobody")
    assert outgoing.avoided(AT + AVOIDED) == []
    for number, at in enumerate((AT, AT + AVOIDED)):
        outgoing.add([new(f"again{number}.example", due_at=at)], at)
        took = attempt(AttemptOutcome.DELIVERED, at)
        outgoing.settle(claimed(outgoing, at), Settled(OutgoingState.SENT, (took,)), at)
        # What was on its way when it refused says nothing; what it takes once it is tried again does.
        assert [one.destination for one in outgoing.avoided(AT)] == ([PLACE] if at == AT else [])


def test_a_report_that_comes_back_is_given_up(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    report_id = _sent(outgoing, "a.example", AT)
    assert outgoing.returned("another@sender.example", "550 nobody", AT + HOUR) is None
    back = outgoing.returned(report_id, "550 nobody", AT + HOUR)
    assert back is not None
    assert (back.domain, back.state, back.destination, back.done_at, back.due_at) == (
        "a.example",
        OutgoingState.GIVEN_UP,
        PLACE,
        AT + HOUR,
        None,
    )
    assert "550 nobody" in back.said
    assert outgoing.reports(DAY, [OutgoingState.GIVEN_UP]) == [back]
    assert outgoing.returned(report_id, "550 nobody", AT + HOUR) is None


def test_only_what_a_mail_server_took_comes_back(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    posted = _sent(outgoing, "a.example", AT, "https://a.example/v1")
    outgoing.add([new("b.example")], AT)
    assert outgoing.returned(posted, "550 nobody", AT) is None
    on_its_way = outgoing.returned(new("b.example").report_id, "550 nobody", AT)
    assert on_its_way is not None
    assert [on_its_way] == outgoing.reports(DAY, [OutgoingState.WAITING])


def test_a_mailbox_from_which_reports_come_back_in_a_row_is_avoided(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    day = timedelta(days=1)
    # Each comes back days later, when further ones were taken already.
    sent = [_sent(outgoing, f"{number}.example", AT + number * day) for number in range(REFUSALS_MAX + 2)]
    for number in range(REFUSALS_MAX):
        assert outgoing.avoided(AT + 5 * day) == []
        outgoing.returned(sent[number], "550 nobody", AT + 5 * day)
    assert [one.destination for one in outgoing.avoided(AT + 5 * day)] == [PLACE]
    # Once it is tried again, one more is enough.
    later = AT + 5 * day + AVOIDED
    assert outgoing.avoided(later) == []
    outgoing.returned(sent[REFUSALS_MAX], "550 nobody", later)
    assert [one.destination for one in outgoing.avoided(later)] == [PLACE]


def test_one_report_that_stays_ends_the_row(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    sent = [_sent(outgoing, f"{number}.example", AT + number * HOUR) for number in range(REFUSALS_MAX + 1)]
    for number in (0, *range(2, REFUSALS_MAX + 1)):
        outgoing.returned(sent[number], "550 nobody", AT + 24 * HOUR)
    assert outgoing.avoided(AT + 24 * HOUR) == []


def test_a_refusal_counts_once_a_report_is_given_up(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    for _ in range(REFUSALS_MAX + 1):
        refused = Settled(OutgoingState.WAITING, (attempt(AttemptOutcome.REFUSED),), AT, "404")
        outgoing.settle(claimed(outgoing), refused, AT)
    assert outgoing.avoided(AT) == []


def test_days_before_are_taken_away(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    sent = Settled(OutgoingState.SENT, (attempt(AttemptOutcome.DELIVERED),))
    outgoing.settle(claimed(outgoing), sent, AT)
    outgoing.add([new(day=DAY + timedelta(days=1))], AT)
    assert outgoing.remove_before(DAY) == 0
    assert outgoing.remove_before(DAY + timedelta(days=1)) == 1
    assert outgoing.remove_before(DAY + timedelta(days=1)) == 0
    assert [one.day for one in outgoing.reports(DAY, list(OutgoingState))] == [DAY + timedelta(days=1)]


def test_what_went_out_since_a_moment_is_counted_by_destination(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    tries = (
        attempt(AttemptOutcome.FAILED),
        attempt(AttemptOutcome.REFUSED),
        attempt(AttemptOutcome.DELIVERED),
    )
    outgoing.settle(claimed(outgoing), Settled(OutgoingState.SENT, tries), AT)
    assert outgoing.delivered_since(AT) == {PLACE: 1}
    assert outgoing.delivered_since(AT + timedelta(seconds=1)) == {}


def test_of_a_report_so_many_attempts_are_kept_and_no_more(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    many = (*[attempt(AttemptOutcome.FAILED)] * 99, *[attempt(AttemptOutcome.DELIVERED)] * 2)
    outgoing.settle(claimed(outgoing), Settled(OutgoingState.WAITING, many, AT), AT)
    outgoing.settle(claimed(outgoing), Settled(OutgoingState.SENT, many[-1:]), AT)
    assert outgoing.delivered_since(AT) == {PLACE: 1}


def refused_in_a_row(outgoing: OutgoingJournal, place: str, at: datetime) -> None:
    """Have a destination refuse so many reports in a row that it is avoided."""
    for number in range(REFUSALS_MAX):
        outgoing.add([new(f"{number}.{at.timestamp()}.example")], AT)
        refusal = DeliveryAttempt(at, place, AttemptOutcome.REFUSED, "550 nobody")
        outgoing.settle(claimed(outgoing), Settled(OutgoingState.GIVEN_UP, (refusal,)), at)


def test_who_refused_on_the_days_before_is_tried_as_anybody(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    refused_in_a_row(outgoing, "mailto:before@a.example", midnight - timedelta(seconds=1))
    refused_in_a_row(outgoing, "mailto:after@a.example", midnight)
    outgoing.remove_before(midnight.date())
    assert [one.destination for one in outgoing.avoided(AT)] == ["mailto:after@a.example"]


def test_what_came_back_long_before_is_in_no_row_with_what_comes_back_now(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    for name, first_at in (("long", AT), ("lately", AT + timedelta(seconds=1))):
        place = f"mailto:{name}@a.example"
        times = (first_at, AT + HOUR, AT + RETURNS_LOOKED_AT)
        for report_id in [_sent(outgoing, f"{name}{at.day}{at.hour}.example", at, place) for at in times]:
            outgoing.returned(report_id, "550 nobody", AT + RETURNS_LOOKED_AT + HOUR)
    avoided = outgoing.avoided(AT + RETURNS_LOOKED_AT + HOUR)
    assert [(one.destination, one.refusals) for one in avoided] == [("mailto:lately@a.example", 3)]


def test_a_report_with_the_id_of_another_is_an_error(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([], AT)
    outgoing.add([new()], AT)
    with pytest.raises(JournalError):
        outgoing.add([msgspec.structs.replace(new("b.example"), report_id=new().report_id)], AT)


def test_what_is_due_longest_is_taken_first_whenever_it_was_made(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    due = {"late.example": 2, "first.example": 0, "second.example": 1}
    outgoing.add([new(name, due_at=AT + hours * HOUR) for name, hours in due.items()], AT)
    now = AT + 3 * HOUR
    taken = [[one.domain for one in outgoing.claim(now, now + HOUR, 2)] for _ in range(3)]
    assert taken == [["first.example", "second.example"], ["late.example"], []]


def test_whoever_lost_a_report_to_another_leaves_no_trace_of_what_it_did(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    lost = claimed(outgoing)
    held = claimed(outgoing, AT + HOUR)
    before = outgoing.reports(DAY, list(OutgoingState))
    refused = Settled(OutgoingState.GIVEN_UP, (attempt(AttemptOutcome.REFUSED),), None, "550 nobody")
    took = Settled(OutgoingState.SENT, (attempt(AttemptOutcome.DELIVERED),), None, "took it")
    for settled in (took, *[refused] * REFUSALS_MAX):
        assert not outgoing.settle(lost, settled, AT + HOUR)
    assert (outgoing.delivered_since(AT), outgoing.avoided(AT)) == ({}, [])
    assert outgoing.reports(DAY, list(OutgoingState)) == before
    assert outgoing.settle(held, took, AT + HOUR)
    assert outgoing.delivered_since(AT) == {PLACE: 1}


def test_what_was_taken_and_stayed_before_a_row_ends_no_row_behind_it(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    ids = [_sent(outgoing, f"{number}.example", AT + number * HOUR) for number in range(REFUSALS_MAX + 2)]
    for report_id in ids[2:]:
        assert outgoing.avoided(AT + 24 * HOUR) == []
        outgoing.returned(report_id, "550 nobody", AT + 24 * HOUR)
    (avoided,) = outgoing.avoided(AT + 24 * HOUR)
    assert (avoided.destination, avoided.refusals) == (PLACE, REFUSALS_MAX)


def test_what_another_destination_refused_is_no_return_from_the_one_that_took_it(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new()], AT)
    elsewhere = DeliveryAttempt(AT, "https://a.example/v1", AttemptOutcome.REFUSED, "404")
    tries = (elsewhere, attempt(AttemptOutcome.DELIVERED))
    outgoing.settle(claimed(outgoing), Settled(OutgoingState.SENT, tries, None, PLACE), AT)
    ids = [_sent(outgoing, f"{number}.example", AT + number * HOUR) for number in range(1, REFUSALS_MAX)]
    for report_id in ids:
        outgoing.returned(report_id, "550 nobody", AT + 24 * HOUR)
    assert outgoing.avoided(AT + 24 * HOUR) == []


def test_reports_are_those_of_the_domain_that_is_asked_about_the_newest_day_first(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    days = [DAY + timedelta(days=number) for number in range(3)]
    outgoing.add([new(name, day) for day in days for name in ("b.example", "a.example")], AT)
    waiting = [OutgoingState.WAITING]
    assert [one.day for one in outgoing.reports(days[1], waiting, "a.example")] == [days[2], days[1]]
    assert [(one.day, one.domain) for one in outgoing.reports(DAY, waiting, reports_max=3)] == [
        (days[2], "a.example"),
        (days[2], "b.example"),
        (days[1], "a.example"),
    ]
    assert outgoing.reports(DAY, [OutgoingState.SENT], "a.example") == []
