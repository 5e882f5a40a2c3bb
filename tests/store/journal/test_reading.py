"""What was reported of a period, by sender, domain and way, and the newest row of each way."""

from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.explain.tlsrpt.counted import CountedDomain
from mxproof.explain.tlsrpt.period import Period
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.store.journal.days import DayCounts
from mxproof.store.journal.journal import Journal
from support_journal import DAY, EVER, altered, arrival, report, with_counts
from support_tlsrpt import SOUND


def test_each_domain_and_all_of_them_have_their_counts(journal: Journal) -> None:
    journal.keep(
        [arrival(report(with_counts(5, 2, f"d{number}.example", id=str(number)))) for number in range(3)]
    )
    whole = journal.counts(EVER)
    assert [(one.reports, one.success, one.failure) for one in whole.senders] == [(3, 15, 6)]
    assert [(one.domain, one.failure) for one in whole.domains] == [(f"d{n}.example", 2) for n in range(3)]
    one = journal.counts(Period(0, 100_000, "d1.example"))
    assert [(sender.success, sender.failure) for sender in one.senders] == [(5, 2)]
    assert (one.domains, [way.count for way in one.ways]) == ((), [2])


def test_sessions_that_two_policies_count_are_counted_once(journal: Journal) -> None:
    (policy,) = SOUND.policies
    dane = ReportedPolicy("tlsa", "mx.example.net", 7, 3)
    journal.keep([arrival(report(altered(policies=(policy, dane))))])
    (sender,) = journal.counts(Period(0, 100_000, "example.com")).senders
    assert (sender.success, sender.failure, sender.overlapping) == (7, 3, 1)
    assert not journal.knows("mx.example.net")
    assert journal.knows("example.com")


def test_the_newest_row_stands_for_a_way(journal: Journal) -> None:
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


def test_a_period_has_its_days_alone(journal: Journal) -> None:
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


def failed(journal: Journal, *numbers: int) -> None:
    """Have a sender of its own and a domain of its own fail for each number."""
    counts = DayCounts()
    for number in numbers:
        domain = CountedDomain(f"{number:03}.example", 1, 1, 0, at_least=False, ways=())
        counts.add(DAY, f"{number:03}.sender.example", "verified", [domain])
    journal.writes(counts.write)


def test_so_many_senders_and_domains_are_shown_and_whether_there_are_more(journal: Journal) -> None:
    failed(journal, *range(100))
    whole = journal.counts(EVER)
    assert (len(whole.senders), whole.senders_more) == (100, False)
    assert (len(whole.domains), whole.domains_more) == (100, False)
    failed(journal, 100)
    cut = journal.counts(EVER)
    assert (cut.senders, cut.senders_more) == (whole.senders, True)
    assert (cut.domains, cut.domains_more) == (whole.domains, True)


def test_a_period_begins_and_ends_at_midnight(journal: Journal) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    for number, begin in enumerate((midnight - timedelta(seconds=1), midnight)):
        told = with_counts(1, number + 1, begin=begin, end=begin + timedelta(days=1), id=str(number))
        journal.keep([arrival(report(told))])
    found = [journal.ways(Period(day, day, "example.com")) for day in (DAY - 1, DAY, DAY + 1, DAY + 2)]
    assert [[way.details.count for way in ways] for ways in found] == [[], [1], [2], []]


def test_the_newest_row_of_a_report_of_no_known_time_has_no_end(journal: Journal) -> None:
    journal.keep([arrival(report(altered(begin=None, end=None)))])
    assert [way.end for way in journal.ways(Period(DAY + 1, DAY + 1, "example.com"))] == [None]


def test_the_newest_row_is_that_of_the_latest_time_whichever_came_last(journal: Journal) -> None:
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    for number, day in ((1, 2), (2, 3), (3, 0), (4, 1)):
        since = begin + timedelta(days=day)
        journal.keep([arrival(report(with_counts(1, number, begin=since, end=since + timedelta(hours=24))))])
    (way,) = journal.ways(Period(DAY, DAY + 9, "example.com"))
    assert (way.details.count, way.end) == (2, begin + timedelta(days=4))
    (way,) = journal.ways(Period(DAY, DAY + 1, "example.com"))
    assert (way.details.count, way.end) == (4, begin + timedelta(days=2))
