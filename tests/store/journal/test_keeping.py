"""What is kept of what arrives: each report once, the one that is from its sender before one that may not be, and what was refused."""

import zlib
from datetime import timedelta
from operator import methodcaller

import msgspec
import pytest
from sqlalchemy import delete, func, insert, select

from mxproof.explain.tlsrpt.period import Period, SenderCounts
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.formats.tlsrpt.report import FailureDetails
from mxproof.store.journal import keeping
from mxproof.store.journal.arrival import Kept, Refusal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.kept_reports import ReportJournal
from mxproof.store.journal.retention import Retention, Swept
from mxproof.store.journal.schema import FAILURE, POLICY, RAW, REFUSED, REPORT
from support_journal import (
    AT,
    DAY,
    EVER,
    altered,
    arrival,
    refused,
    report,
    signed_by_nobody_knows_whom,
    with_counts,
)
from support_long import EXHAUSTIVE
from support_tlsrpt import SOUND


def test_a_report_is_counted_once_whichever_way_it_comes(journal: Journal) -> None:
    assert journal.keep([arrival(report())]) == [(Kept.NEW,)]
    assert journal.keep([arrival(report(), data=b"other")]) == [(Kept.KNOWN,)]
    unsigned = report(authenticated=Authenticated.UNSIGNED)
    assert journal.keep([arrival(unsigned, unsigned)]) == [(Kept.KNOWN, Kept.KNOWN)]
    (sender,) = journal.counts(EVER).senders
    assert sender == SenderCounts("sender.example", "unknown", 1, 7, 3, 0, 0, ((DAY, 7, 3),))


def test_the_same_report_twice_at_once_is_counted_once(journal: Journal) -> None:
    got = journal.keep([arrival(report(), report()), arrival(report(), data=b"other")])
    assert sorted(one for many in got for one in many) == [Kept.KNOWN, Kept.KNOWN, Kept.NEW]
    assert journal.counts(EVER).senders[0].reports == 1


def test_reports_differ_by_submitter_id_domain_and_range(journal: Journal) -> None:
    assert SOUND.end is not None
    others = [
        SOUND,
        altered(id="other"),
        altered(contact="tls@other.example"),
        altered(end=SOUND.end + timedelta(hours=1)),
        with_counts(7, 3, "other.example"),
    ]
    got = journal.keep([arrival(*map(report, others))])
    assert got == [(Kept.NEW,) * len(others)]


def test_one_that_is_from_its_sender_takes_the_place_of_one_that_may_not_be(journal: Journal) -> None:
    forged = report(with_counts(1_000_000, 5))
    journal.keep([arrival(forged)])
    got = journal.keep([arrival(report(authenticated=Authenticated.VERIFIED))])
    assert got == [(Kept.REPLACED,)]
    counts = journal.counts(EVER)
    assert [(one.authenticated, one.success, one.failure) for one in counts.senders] == [("verified", 7, 3)]
    assert [one.count for one in counts.ways] == [3]
    assert journal.keep([arrival(forged)]) == [(Kept.KNOWN,)]
    assert journal.counts(EVER) == counts


def test_a_report_of_no_known_time_counts_for_the_day_it_came(journal: Journal) -> None:
    journal.keep([arrival(report(altered(begin=None, end=None)))])
    assert journal.counts(EVER).senders[0].days == ((DAY + 1, 7, 3),)


def test_what_was_refused_is_kept_until_it_can_be_read(journal: Journal) -> None:
    assert journal.keep([refused(b"raw"), refused(b"raw"), refused(b"other")]) == [(Kept.REFUSED,)] * 3
    pieces = journal.refused()
    assert {one.data for one in pieces} == {b"raw", b"other"}
    assert {(one.at, one.refusal.rule) for one in pieces} == {(AT, "no-json")}
    assert journal.refused(after=pieces[0].digest) == pieces[1:]
    journal.keep([arrival(report(), data=b"raw")])
    assert [one.data for one in journal.refused()] == [b"other"]


def test_of_a_piece_what_can_be_read_is_kept_and_the_rest_kept_aside(journal: Journal) -> None:
    both = msgspec.structs.replace(arrival(report()), refusal=Refusal("zip-damaged", "one file is damaged"))
    assert journal.keep([both]) == [(Kept.NEW, Kept.REFUSED)]
    assert journal.keep([both]) == [(Kept.KNOWN, Kept.REFUSED)]
    assert [one.refusal.rule for one in journal.refused()] == ["zip-damaged"]
    assert journal.keep([arrival(report())]) == [(Kept.KNOWN,)]
    assert journal.refused() == []


def test_one_whose_signature_is_to_be_verified_takes_the_place_of_one_without(journal: Journal) -> None:
    journal.keep([arrival(report(with_counts(1_000_000, 5)))])
    assert journal.keep([arrival(signed_by_nobody_knows_whom(), data=b"signed")]) == [(Kept.KNOWN,)]
    assert [one.success for one in journal.counts(EVER).senders] == [7]
    assert journal.keep([arrival(report(with_counts(1_000_000, 5)))]) == [(Kept.KNOWN,)]
    assert [one.data for one in journal.unverified(AT + timedelta(hours=1))] == [b"signed"]
    assert journal.keep([arrival(report(authenticated=Authenticated.VERIFIED))]) == [(Kept.REPLACED,)]
    assert journal.unverified(AT + timedelta(hours=1)) == []


def test_one_that_nobody_can_verify_takes_the_place_of_none_that_is_as_good(journal: Journal) -> None:
    """Who sends a report again with any signature at all must not replace what the sender itself has signed."""
    later = AT + timedelta(hours=1)
    signed, pending = altered(id="signed"), altered(id="pending")
    journal.keep([arrival(report(signed, Authenticated.VERIFIED), signed_by_nobody_knows_whom(pending))])
    again = [signed_by_nobody_knows_whom(signed), signed_by_nobody_knows_whom(pending)]
    assert journal.keep([arrival(*again, data=b"again")]) == [(Kept.KNOWN, Kept.KNOWN)]
    assert [one.data for one in journal.unverified(later)] == [b"one"]
    got = {one.authenticated: one.reports for one in journal.counts(EVER).senders}
    assert got == {"verified": 1, "unknown": 1}


def test_one_that_is_verified_stays_whoever_sends_it_again(journal: Journal) -> None:
    verified = report(authenticated=Authenticated.VERIFIED)
    journal.keep([arrival(verified)])
    assert journal.keep([arrival(verified, data=b"two")]) == [(Kept.KNOWN,)]
    assert journal.counts(EVER).senders[0].reports == 1


def test_any_text_and_any_count_is_kept(journal: Journal) -> None:
    odd = "nul \0, half \ud800, line\nbreak, Grüße \U0001f600"
    most = 2**53 - 1
    (policy,) = SOUND.policies
    details = FailureDetails(odd, most, odd, odd * 40, odd, odd, odd * 40, odd)
    policies = [
        msgspec.structs.replace(
            policy, strings=(odd, odd), mx_hosts=(odd,), success=most, failures=(details,)
        )
    ]
    for number in range(3):
        found = altered(
            organization=odd, id=odd + str(number), contact=f"{odd}@{odd}", policies=tuple(policies)
        )
        assert journal.keep([arrival(report(found))]) == [(Kept.NEW,)]
        verified = report(found, Authenticated.VERIFIED)
        assert journal.keep([arrival(verified)]) == [(Kept.REPLACED,)]
    assert journal.counts(EVER).senders[0].reports == 3
    nameless = altered(organization=odd, id="", policies=tuple(policies))
    assert journal.keep([arrival(report(nameless))]) == [(Kept.NEW,)]
    assert journal.keep([arrival(report(nameless))]) == [(Kept.KNOWN,)]


def test_nothing_is_kept_of_nothing(journal: Journal) -> None:
    assert journal.keep([]) == []
    assert journal.keep([arrival()]) == [()]
    assert journal.counts(EVER).senders == ()


@EXHAUSTIVE
def test_what_is_refused_is_bounded(journal: Journal) -> None:
    """Of the rule that holds most the first hundred leave, so that no flood of one kind ends another."""
    held_aside(journal, "no-json", 9_998)
    journal.keep([refused(b"damaged", AT - timedelta(days=1), "gzip-damaged"), refused(b"last")])
    assert refused_by_rule(journal) == {"gzip-damaged": (1, 0), "no-json": (9_999, 0)}
    journal.keep([arrival(report()), refused(b"too many")])
    assert refused_by_rule(journal) == {"gzip-damaged": (1, 0), "no-json": (9_900, 100)}


def test_the_bytes_of_what_is_refused_are_bounded(journal: Journal) -> None:
    """Beyond that the rule leaves whose pieces are the largest, however few they are."""
    most, last = 256 * 1024 * 1024, b"last"
    held_aside(journal, "gzip-damaged", 1, size=most // 2 - len(zlib.compress(last)))
    held_aside(journal, "too-large", 2, size=most // 4)
    held_aside(journal, "no-json", 5, size=0)
    journal.keep([refused(last)])
    assert refused_by_rule(journal) == {"gzip-damaged": (1, 0), "no-json": (6, 0), "too-large": (2, 0)}
    journal.keep([refused(b"a", rule="json-damaged")])
    assert refused_by_rule(journal) == {"gzip-damaged": (1, 0), "no-json": (6, 0), "json-damaged": (1, 0)}


def held_aside(journal: Journal, rule: str, pieces: int, size: int = 1, first: int = 0) -> None:
    """Have so many pieces in the journal that were refused, one a second, without going through all of them."""
    rows = [
        {
            "digest": f"{rule} {number}".encode(),
            "received_at": float(number),
            "tried_at": 0.0,
            "source": "",
            "rule": rule,
            "reason": "",
            "size": size,
            "packed": b"",
        }
        for number in range(first, first + pieces)
    ]
    journal.writes(lambda connection: connection.execute(insert(REFUSED), rows))


def refused_by_rule(journal: Journal) -> dict[str, tuple[int, int]]:
    """Return how many pieces are kept by rule, and of how many of them the first came, in seconds since 1970 up to a day."""
    counted = select(REFUSED.c.rule, func.count(), func.min(REFUSED.c.received_at)).group_by(REFUSED.c.rule)
    rows = journal.reads(lambda connection: connection.execute(counted).all())
    return {rule: (count, int(first) if first < 86_400 else 0) for rule, count, first in rows}


def test_what_gives_way_takes_nothing_of_another_report_with_it(journal: Journal) -> None:
    other = report(with_counts(9, 4, "other.example"))
    journal.keep([arrival(report(with_counts(5, 5))), arrival(other, data=b"other")])
    journal.keep([arrival(report(with_counts(7, 3), Authenticated.VERIFIED))])
    of_other = journal.counts(Period(0, 100_000, "other.example"))
    assert [(one.reports, one.success, one.failure) for one in of_other.senders] == [(1, 9, 4)]
    assert [way.details.count for way in journal.ways(Period(DAY, DAY, "other.example"))] == [4]
    of_one = journal.counts(Period(0, 100_000, "example.com"))
    assert [(one.authenticated, one.success, one.failure) for one in of_one.senders] == [("verified", 7, 3)]


def test_what_arrives_again_without_a_report_stays_refused(journal: Journal) -> None:
    journal.keep([refused(b"raw")])
    journal.keep([arrival(data=b"raw")])
    assert [one.data for one in journal.refused()] == [b"raw"]
    later = AT + timedelta(days=1)
    journal.keep([refused(b"raw", later, "json-damaged")])
    assert [(one.at, one.refusal.rule, one.refusal.reason) for one in journal.refused()] == [
        (AT, "json-damaged", "is no JSON\N{REPLACEMENT CHARACTER}")
    ]


def test_a_report_of_no_policy_is_kept(journal: Journal) -> None:
    assert journal.keep([arrival(report(altered(policies=())))]) == [(Kept.NEW,)]


def test_all_reports_of_one_piece_keep_what_they_came_in(journal: Journal) -> None:
    told = [signed_by_nobody_knows_whom(altered(id=str(number))) for number in range(2)]
    journal.keep([arrival(*told, data=b"one"), arrival(report(altered(id="2")), data=b"two")])
    pending = journal.unverified(AT + timedelta(hours=1))
    assert {one.fingerprint: one.data for one in pending} == {one.fingerprint: b"one" for one in told}
    assert journal.sweep(Retention(raw_days=1), AT + timedelta(days=2)) == Swept(2, 0, 0)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_refused_is_bounded_wherever_it_stands_among_what_arrives(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(keeping, "REFUSED_MAX", 1)
    arrivals = [arrival(report(altered(id=name)), data=name.encode()) for name in ("a", "b")]
    arrivals.insert(place, refused(b"second"))
    journal.keep([refused(b"first")])
    assert len(journal.refused()) == 1
    assert sorted(journal.keep(arrivals)) == sorted([(Kept.NEW,), (Kept.NEW,), (Kept.REFUSED,)])
    assert journal.refused() == []


def test_reports_are_kept_in_one_order_whichever_way_they_come(journal: Journal) -> None:
    """So that of two who keep the same ones at once, one waits for the other."""
    both = [report(altered(id=name)) for name in ("a", "b")]
    orders = []
    for several in ([arrival(*both)], [arrival(*reversed(both))], [arrival(one) for one in reversed(both)]):
        assert {kept for each in journal.keep(several) for kept in each} == {Kept.NEW}
        orders.append([one.report_id for one in ReportJournal(journal).lines()])
        for table in (FAILURE, POLICY, REPORT, RAW):
            journal.writes(methodcaller("execute", delete(table)))
    assert orders[1:] == orders[:-1]
