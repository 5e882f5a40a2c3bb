"""Reports whose signature could not be verified when they came, and what they count once it was."""

from datetime import timedelta

from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.store.journal.journal import Journal
from support_journal import AT, EVER, altered, arrival, report, signed_by_nobody_knows_whom


def test_a_signature_that_could_not_be_verified_is_verified_later(journal: Journal) -> None:
    later = AT + timedelta(hours=1)
    reports = [signed_by_nobody_knows_whom(altered(id=str(number))) for number in range(3)]
    journal.keep([arrival(one, data=str(number).encode()) for number, one in enumerate(reports)])
    pending = journal.unverified(later)
    assert {one.fingerprint: one.data for one in pending} == {
        one.fingerprint: str(number).encode() for number, one in enumerate(reports)
    }
    assert journal.unverified(AT) == []
    rows = [one.row for one in sorted(pending, key=lambda one: one.data)]
    verdicts = (Authenticated.VERIFIED, Authenticated.FAILED, Authenticated.UNKNOWN)
    for _ in range(2):
        journal.settle(dict(zip(rows, verdicts, strict=True)), later)
        got = {one.authenticated: (one.reports, one.success) for one in journal.counts(EVER).senders}
        assert got == {"verified": (1, 7), "failed": (1, 7), "unknown": (1, 7)}
    assert journal.unverified(later) == []
    assert [one.data for one in journal.unverified(later + timedelta(hours=1))] == [b"2"]
    assert {one.authenticated: one.count for one in journal.counts(EVER).ways} == {
        "verified": 3,
        "failed": 3,
        "unknown": 3,
    }


def test_what_is_there_no_more_or_was_settled_before_is_left_alone(journal: Journal) -> None:
    journal.keep([arrival(signed_by_nobody_knows_whom()), arrival(report(altered(id="other")), data=b"two")])
    (pending,) = journal.unverified(AT + timedelta(hours=1))
    journal.settle({pending.row + 99: Authenticated.VERIFIED}, AT)
    journal.settle({pending.row: Authenticated.VERIFIED}, AT)
    journal.settle({pending.row: Authenticated.FAILED}, AT)
    got = {one.authenticated: (one.reports, one.success) for one in journal.counts(EVER).senders}
    assert got == {"verified": (1, 7), "unknown": (1, 7)}


def test_those_tried_longest_ago_are_handed_out_first_and_so_many_at_once(journal: Journal) -> None:
    for number in range(3):
        told = signed_by_nobody_knows_whom(altered(id=str(number)))
        journal.keep([arrival(told, data=str(number).encode(), at=AT - timedelta(hours=number))])
    assert [one.data for one in journal.unverified(AT + timedelta(hours=1), 2)] == [b"2", b"1"]


def test_what_is_settled_or_stays_open_keeps_none_behind_it_from_being_settled(journal: Journal) -> None:
    later = AT + timedelta(hours=1)
    told = [signed_by_nobody_knows_whom(altered(id=str(number))) for number in range(4)]
    journal.keep([arrival(one, data=str(number).encode()) for number, one in enumerate(told)])
    first, second, third, fourth = sorted(one.row for one in journal.unverified(later))
    journal.settle({first: Authenticated.VERIFIED}, later)
    verdicts = {
        first: Authenticated.FAILED,
        second: Authenticated.UNKNOWN,
        third: Authenticated.FAILED,
        fourth: Authenticated.VERIFIED,
    }
    journal.settle(verdicts, later)
    got = {one.authenticated: (one.reports, one.success) for one in journal.counts(EVER).senders}
    assert got == {"verified": (2, 14), "failed": (1, 7), "unknown": (1, 7)}
    assert [one.row for one in journal.unverified(later + timedelta(seconds=1))] == [second]


def test_all_reports_of_one_piece_are_verified_by_what_they_came_in(journal: Journal) -> None:
    later = AT + timedelta(hours=1)
    told = [signed_by_nobody_knows_whom(altered(id=str(number))) for number in range(3)]
    journal.keep([arrival(*told), arrival(signed_by_nobody_knows_whom(), data=b"another")])
    pending = journal.unverified(later)
    want = {
        **{one.fingerprint: b"one" for one in told},
        signed_by_nobody_knows_whom().fingerprint: b"another",
    }
    assert {one.fingerprint: one.data for one in pending} == want
