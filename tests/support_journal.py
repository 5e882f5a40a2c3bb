"""The contract of the journal, as functions that a journal in any back end is handed to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.explain.tlsrpt.counted import CountedReport, counted
from mxproof.explain.tlsrpt.period import Period, SenderCounts
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport
from mxproof.formats.tlsrpt.reading import ReadReport
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.store.journal.arrival import Arrival, Kept, ReadUpTo, Refusal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.keeping import REFUSED_MAX
from mxproof.store.journal.kept_reports import ReportJournal
from mxproof.store.journal.retention import Retention
from support_tlsrpt import SOUND

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
DAY = (SOUND.begin or AT).toordinal() - datetime(1970, 1, 1, tzinfo=UTC).toordinal()
EVER = Period(0, 100_000)


def report(
    found: TlsReport = SOUND,
    authenticated: Authenticated = Authenticated.UNKNOWN,
    domain: str = "",
) -> CountedReport:
    """Return a report as it is kept, whichever domains it is about; `domain` is that of its message."""
    return counted(FoundReport(ReadReport(found), "", domain, authenticated), lambda _: True)


def arrival(*reports: CountedReport, data: bytes = b"one", at: datetime = AT) -> Arrival:
    """Return what came with these reports."""
    return Arrival(data, "a test", at, reports)


def refused(data: bytes, at: datetime = AT, rule: str = "no-json") -> Arrival:
    """Return what came and could not be read."""
    return Arrival(data, "a test", at, refusal=Refusal(rule, "is no JSON\0"))


def altered(**fields: object) -> TlsReport:
    """Return the sound report with other fields."""
    return msgspec.structs.replace(SOUND, **fields)


def with_counts(success: int, failure: int, domain: str = "example.com", **fields: object) -> TlsReport:
    """Return the sound report of another domain with other counts, and one way for all failures."""
    (policy,) = SOUND.policies
    failures = (FailureDetails("certificate-expired", failure),) if failure else ()
    changed = msgspec.structs.replace(
        policy, domain=domain, success=success, failure=failure, failures=failures
    )
    return altered(policies=(changed,), **fields)


def a_report_is_counted_once_whichever_way_it_comes(journal: Journal) -> None:
    assert journal.keep([arrival(report())]) == [(Kept.NEW,)]
    assert journal.keep([arrival(report(), data=b"other")]) == [(Kept.KNOWN,)]
    unsigned = report(authenticated=Authenticated.UNSIGNED)
    assert journal.keep([arrival(unsigned, unsigned)]) == [(Kept.KNOWN, Kept.KNOWN)]
    (sender,) = journal.counts(EVER).senders
    assert sender == SenderCounts("sender.example", "unknown", 1, 7, 3, 0, 0, ((DAY, 7, 3),))


def the_same_report_twice_at_once_is_counted_once(journal: Journal) -> None:
    got = journal.keep([arrival(report(), report()), arrival(report(), data=b"other")])
    assert sorted(one for many in got for one in many) == [Kept.KNOWN, Kept.KNOWN, Kept.NEW]
    assert journal.counts(EVER).senders[0].reports == 1


def reports_differ_by_submitter_id_domain_and_range(journal: Journal) -> None:
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


def one_that_is_from_its_sender_takes_the_place_of_one_that_may_not_be(journal: Journal) -> None:
    forged = report(with_counts(1_000_000, 5))
    journal.keep([arrival(forged)])
    got = journal.keep([arrival(report(authenticated=Authenticated.VERIFIED))])
    assert got == [(Kept.REPLACED,)]
    counts = journal.counts(EVER)
    assert [(one.authenticated, one.success, one.failure) for one in counts.senders] == [("verified", 7, 3)]
    assert [one.count for one in counts.ways] == [3]
    assert journal.keep([arrival(forged)]) == [(Kept.KNOWN,)]
    assert journal.counts(EVER) == counts


def each_domain_and_all_of_them_have_their_counts(journal: Journal) -> None:
    journal.keep(
        [arrival(report(with_counts(5, 2, f"d{number}.example", id=str(number)))) for number in range(3)]
    )
    whole = journal.counts(EVER)
    assert [(one.reports, one.success, one.failure) for one in whole.senders] == [(3, 15, 6)]
    assert [(one.domain, one.failure) for one in whole.domains] == [(f"d{n}.example", 2) for n in range(3)]
    one = journal.counts(Period(0, 100_000, "d1.example"))
    assert [(sender.success, sender.failure) for sender in one.senders] == [(5, 2)]
    assert (one.domains, [way.count for way in one.ways]) == ((), [2])


def sessions_that_two_policies_count_are_counted_once(journal: Journal) -> None:
    (policy,) = SOUND.policies
    dane = ReportedPolicy("tlsa", "mx.example.net", 7, 3)
    journal.keep([arrival(report(altered(policies=(policy, dane))))])
    (sender,) = journal.counts(Period(0, 100_000, "example.com")).senders
    assert (sender.success, sender.failure, sender.overlapping) == (7, 3, 1)
    assert not journal.knows("mx.example.net")
    assert journal.knows("example.com")


def the_newest_row_stands_for_a_way(journal: Journal) -> None:
    assert SOUND.begin is not None
    assert SOUND.end is not None
    (policy,) = SOUND.policies
    for number in range(3):
        more = timedelta(days=number)
        moved = altered(
            begin=SOUND.begin + more,
            end=SOUND.end + more,
            policies=(msgspec.structs.replace(policy, strings=(*policy.strings, f"x: {number}")),),
        )
        journal.keep([arrival(report(moved))])
    (way,) = journal.ways(Period(DAY, DAY + 1, "example.com"))
    assert (way.submitter, way.authenticated, way.cause) == (
        "sender.example",
        "unknown",
        "mtasts_cert_invalid",
    )
    assert (way.policy.strings[-1], way.details) == ("x: 1", policy.failures[0])
    assert way.end == SOUND.end + timedelta(days=1)
    assert journal.ways(Period(DAY + 3, DAY + 9, "example.com")) == ()
    assert journal.ways(Period(DAY, DAY + 9, "other.example")) == ()


def a_period_has_its_days_alone(journal: Journal) -> None:
    assert SOUND.begin is not None
    assert SOUND.end is not None
    for number in range(4):
        more = timedelta(days=number)
        moved = with_counts(number, 1, begin=SOUND.begin + more, end=SOUND.end + more)
        journal.keep([arrival(report(moved))])
    (sender,) = journal.counts(Period(DAY + 1, DAY + 2)).senders
    assert sender.days == ((DAY + 1, 1, 1), (DAY + 2, 2, 1))
    assert [(one.count, one.last_day) for one in journal.counts(Period(DAY + 1, DAY + 2)).ways] == [
        (2, DAY + 2)
    ]


def a_report_of_no_known_time_counts_for_the_day_it_came(journal: Journal) -> None:
    journal.keep([arrival(report(altered(begin=None, end=None)))])
    assert journal.counts(EVER).senders[0].days == ((DAY + 1, 7, 3),)


def what_was_refused_is_kept_until_it_can_be_read(journal: Journal) -> None:
    assert journal.keep([refused(b"raw"), refused(b"raw"), refused(b"other")]) == [(Kept.REFUSED,)] * 3
    pieces = journal.refused()
    assert {one.data for one in pieces} == {b"raw", b"other"}
    assert {(one.at, one.refusal.rule) for one in pieces} == {(AT, "no-json")}
    assert journal.refused(after=pieces[0].digest) == pieces[1:]
    journal.keep([arrival(report(), data=b"raw")])
    assert [one.data for one in journal.refused()] == [b"other"]


def of_a_piece_what_can_be_read_is_kept_and_the_rest_kept_aside(journal: Journal) -> None:
    both = msgspec.structs.replace(arrival(report()), refusal=Refusal("zip-damaged", "one file is damaged"))
    assert journal.keep([both]) == [(Kept.NEW, Kept.REFUSED)]
    assert journal.keep([both]) == [(Kept.KNOWN, Kept.REFUSED)]
    assert [one.refusal.rule for one in journal.refused()] == ["zip-damaged"]
    assert journal.keep([arrival(report())]) == [(Kept.KNOWN,)]
    assert journal.refused() == []


def signed_by_nobody_knows_whom(found: TlsReport = SOUND) -> CountedReport:
    """Return a report with a signature that could not be verified."""
    unknown = FoundReport(ReadReport(found), "", "", Authenticated.UNKNOWN, b"DKIM-Signature: a\r\n\r\n")
    return counted(unknown, lambda _: True)


def a_signature_that_could_not_be_verified_is_verified_later(journal: Journal) -> None:
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


def one_whose_signature_is_to_be_verified_takes_the_place_of_one_without(journal: Journal) -> None:
    journal.keep([arrival(report(with_counts(1_000_000, 5)))])
    assert journal.keep([arrival(signed_by_nobody_knows_whom(), data=b"signed")]) == [(Kept.KNOWN,)]
    assert [one.success for one in journal.counts(EVER).senders] == [7]
    assert journal.keep([arrival(report(with_counts(1_000_000, 5)))]) == [(Kept.KNOWN,)]
    assert [one.data for one in journal.unverified(AT + timedelta(hours=1))] == [b"signed"]
    assert journal.keep([arrival(report(authenticated=Authenticated.VERIFIED))]) == [(Kept.REPLACED,)]
    assert journal.unverified(AT + timedelta(hours=1)) == []


def one_that_nobody_can_verify_takes_the_place_of_none_that_is_as_good(journal: Journal) -> None:
    """Who sends a report again with any signature at all must not replace what the sender itself has signed."""
    later = AT + timedelta(hours=1)
    signed, pending = altered(id="signed"), altered(id="pending")
    journal.keep([arrival(report(signed, Authenticated.VERIFIED), signed_by_nobody_knows_whom(pending))])
    again = [signed_by_nobody_knows_whom(signed), signed_by_nobody_knows_whom(pending)]
    assert journal.keep([arrival(*again, data=b"again")]) == [(Kept.KNOWN, Kept.KNOWN)]
    assert [one.data for one in journal.unverified(later)] == [b"one"]
    got = {one.authenticated: one.reports for one in journal.counts(EVER).senders}
    assert got == {"verified": 1, "unknown": 1}


def one_that_is_verified_stays_whoever_sends_it_again(journal: Journal) -> None:
    verified = report(authenticated=Authenticated.VERIFIED)
    journal.keep([arrival(verified)])
    assert journal.keep([arrival(verified, data=b"two")]) == [(Kept.KNOWN,)]
    assert journal.counts(EVER).senders[0].reports == 1


def what_is_still_to_be_verified_leaves_with_what_it_came_in(journal: Journal) -> None:
    journal.keep([arrival(signed_by_nobody_knows_whom())])
    journal.sweep(Retention(raw_days=10, report_days=100, count_days=1000), AT + timedelta(days=11))
    assert journal.unverified(AT + timedelta(days=11)) == []
    assert journal.counts(EVER).senders[0].reports == 1


def a_folder_is_known_by_how_far_it_was_read(journal: Journal) -> None:
    assert journal.read_up_to("a") is None
    journal.mark_read("a", ReadUpTo(7, 40))
    journal.mark_read("b", ReadUpTo(8, 1))
    journal.mark_read("a", ReadUpTo(9, 2**32 - 1))
    assert (journal.read_up_to("a"), journal.read_up_to("b")) == (ReadUpTo(9, 2**32 - 1), ReadUpTo(8, 1))


def what_is_refused_is_bounded(journal: Journal) -> None:
    more = [
        refused(str(number).encode(), AT + timedelta(seconds=number)) for number in range(REFUSED_MAX + 1)
    ]
    damaged = refused(b"damaged", AT - timedelta(days=1), "gzip-damaged")
    journal.keep([damaged, *more])
    pieces = journal.refused(pieces_max=2 * REFUSED_MAX)
    assert len(pieces) <= REFUSED_MAX
    assert {damaged.data, more[-1].data} <= {one.data for one in pieces}


def any_text_and_any_count_is_kept(journal: Journal) -> None:
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


def each_kind_leaves_after_its_own_time(journal: Journal) -> None:
    retention = Retention(raw_days=10, report_days=100, count_days=1000)
    journal.keep([arrival(report()), refused(b"refused")])
    days = [journal.sweep(retention, AT + timedelta(days=number)) for number in (9, 11, 11, 99, 102, 102)]
    assert [(one.raws, one.refused, one.reports) for one in days] == [
        (0, 0, 0),
        (1, 1, 0),
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 1),
        (0, 0, 0),
    ]
    assert journal.counts(EVER).senders[0].success == 7
    journal.sweep(retention, AT + timedelta(days=1002))
    assert journal.counts(EVER).senders == ()


def nothing_is_kept_of_nothing(journal: Journal) -> None:
    assert journal.keep([]) == []
    assert journal.keep([arrival()]) == [()]
    assert journal.counts(EVER).senders == ()


def works_again_after_it_was_closed(journal: Journal) -> None:
    journal.keep([arrival(report())])
    journal.close()
    assert journal.counts(EVER).senders[0].reports == 1


def any_text_may_be_searched_for(journal: Journal) -> None:
    journal.keep([arrival(report())])
    for text in ("\0", "%", "\ud800", "\N{PILE OF POO}", "x" * 10_000):
        assert ReportJournal(journal).named(text, 5) == []


CONTRACT: tuple[Callable[[Journal], None], ...] = (
    any_text_may_be_searched_for,
    a_report_is_counted_once_whichever_way_it_comes,
    the_same_report_twice_at_once_is_counted_once,
    reports_differ_by_submitter_id_domain_and_range,
    one_that_is_from_its_sender_takes_the_place_of_one_that_may_not_be,
    each_domain_and_all_of_them_have_their_counts,
    sessions_that_two_policies_count_are_counted_once,
    the_newest_row_stands_for_a_way,
    a_period_has_its_days_alone,
    a_report_of_no_known_time_counts_for_the_day_it_came,
    what_was_refused_is_kept_until_it_can_be_read,
    of_a_piece_what_can_be_read_is_kept_and_the_rest_kept_aside,
    a_signature_that_could_not_be_verified_is_verified_later,
    one_whose_signature_is_to_be_verified_takes_the_place_of_one_without,
    one_that_nobody_can_verify_takes_the_place_of_none_that_is_as_good,
    one_that_is_verified_stays_whoever_sends_it_again,
    what_is_still_to_be_verified_leaves_with_what_it_came_in,
    a_folder_is_known_by_how_far_it_was_read,
    what_is_refused_is_bounded,
    any_text_and_any_count_is_kept,
    each_kind_leaves_after_its_own_time,
    nothing_is_kept_of_nothing,
    works_again_after_it_was_closed,
)
