"""Destinations that refuse once more, by whatever way, and what of old reports is taken away at once."""

from datetime import datetime, timedelta

import pytest

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import AttemptOutcome, DeliveryAttempt, OutgoingState, Settled
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from mxproof.store.journal.outgoing_queue import AVOIDED, REFUSALS_MAX
from support_outgoing import AT, DAY, HOUR, PLACE, _sent, claimed, new


def refuse(outgoing: OutgoingJournal, domain: str, at: datetime) -> None:
    """Have PLACE refuse the report to a domain, which is given up."""
    outgoing.add([new(domain, due_at=at)], at)
    refusal = DeliveryAttempt(at, PLACE, AttemptOutcome.REFUSED, f"550 {domain}")
    outgoing.settle(claimed(outgoing, at), Settled(OutgoingState.GIVEN_UP, (refusal,)), at)


def test_a_destination_that_is_tried_again_and_refuses_is_avoided_again_each_time(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    for number in range(REFUSALS_MAX):
        assert outgoing.avoided(AT + HOUR) == []
        refuse(outgoing, f"{number}.example", AT + HOUR)
    at = AT + HOUR
    for again in range(3):
        (avoided,) = outgoing.avoided(at + AVOIDED - timedelta(seconds=1))
        assert (avoided.destination, avoided.refusals, avoided.avoided_until) == (
            PLACE,
            REFUSALS_MAX + again,
            at + AVOIDED,
        )
        at += AVOIDED
        assert outgoing.avoided(at) == []
        refuse(outgoing, f"{again}.later.example", at)
        assert [one.said for one in outgoing.avoided(at)] == [f"550 {again}.later.example"]
    _sent(outgoing, "taken.example", at + AVOIDED)
    refuse(outgoing, "last.example", at + AVOIDED)
    assert outgoing.avoided(at + AVOIDED) == []


def test_what_came_back_before_one_that_stayed_does_not_count_with_a_refusal_behind_it(
    journal: Journal,
) -> None:
    outgoing = OutgoingJournal(journal)
    first, _, third = (_sent(outgoing, f"{number}.example", AT + number * HOUR) for number in range(3))
    for report_id in (first, third):
        outgoing.returned(report_id, "550 nobody", AT + 4 * HOUR)
    refuse(outgoing, "3.example", AT + 5 * HOUR)
    assert outgoing.avoided(AT + 5 * HOUR) == []
    refuse(outgoing, "4.example", AT + 6 * HOUR)
    assert [one.refusals for one in outgoing.avoided(AT + 6 * HOUR)] == [REFUSALS_MAX]


@pytest.mark.parametrize("place", ["mailto:tls@a.example", "MAILTO:tls@a.example"])
def test_a_report_comes_back_in_whichever_letters_its_destination_is_written(
    journal: Journal, place: str
) -> None:
    outgoing = OutgoingJournal(journal)
    back = outgoing.returned(_sent(outgoing, "a.example", AT, place), "550 nobody", AT + HOUR)
    assert back is not None
    assert (back.state, back.destination) == (OutgoingState.GIVEN_UP, place)


def test_old_reports_are_taken_away_many_at_once_and_those_of_the_day_stay(journal: Journal) -> None:
    outgoing = OutgoingJournal(journal)
    outgoing.add([new(f"{number}.example") for number in range(5)], AT)
    outgoing.add([new(day=DAY + timedelta(days=1))], AT)
    assert [outgoing.remove_before(DAY), outgoing.remove_before(DAY + timedelta(days=1))] == [0, 5]
    assert outgoing.remove_before(DAY + timedelta(days=1)) == 0
    assert [one.day for one in outgoing.reports(DAY, list(OutgoingState))] == [DAY + timedelta(days=1)]
