"""What reports count by day: sessions of each domain and of all, bounded, and taken away again."""

from datetime import UTC, datetime, timedelta, timezone

from mxproof.explain.tlsrpt.counted import CountedDomain, CountedWay
from mxproof.explain.tlsrpt.period import Period, PeriodCounts, SenderCounts, WayCounts
from mxproof.store.journal.days import SESSIONS_COUNTED_MAX, DayCounts, day_of
from mxproof.store.journal.journal import Journal

EVER = Period(0, 100_000)
DAY = 20_000
MOST = SESSIONS_COUNTED_MAX
WAY = CountedWay("certificate-expired", "a reason", "a_cause", "mx.example.com", 3)
DOMAIN = CountedDomain("example.com", 7, 3, 2, at_least=True, ways=(WAY,))


def added(journal: Journal, *domains: CountedDomain, times: int = 1, day: int = DAY) -> None:
    counts = DayCounts()
    counts.add(day, "sender.example", "verified", domains, times)
    journal.writes(counts.write)


def test_a_day_is_that_in_utc_wherever_the_time_was_written() -> None:
    assert day_of(datetime(1970, 1, 2, tzinfo=UTC)) == 1
    assert day_of(datetime(1970, 1, 1, 23, 59, 59, tzinfo=UTC)) == 0
    assert day_of(datetime(1970, 1, 2, 1, tzinfo=timezone(timedelta(hours=2)))) == 0


def test_a_report_counts_for_its_domain_and_once_for_all_of_them(journal: Journal) -> None:
    other = CountedDomain("example.net", 10, 0, 0, at_least=False, ways=())
    added(journal, DOMAIN, other)
    sender = SenderCounts("sender.example", "verified", 1, 7, 3, 2, 1, ((DAY, 7, 3),))
    way = WayCounts(
        "sender.example", "verified", "certificate-expired", "a reason", "a_cause", "mx.example.com", 3, DAY
    )
    of_domain = journal.counts(Period(DAY, DAY, "example.com"))
    assert (of_domain.senders, of_domain.ways) == ((sender,), (way,))
    of_all = journal.counts(EVER)
    assert of_all.senders == (SenderCounts("sender.example", "verified", 1, 17, 3, 2, 1, ((DAY, 17, 3),)),)
    assert [(one.receiving_mx, one.count) for one in of_all.ways] == [("", 3)]


def test_what_is_taken_away_leaves_nothing(journal: Journal) -> None:
    added(journal, DOMAIN)
    added(journal, DOMAIN, times=-1)
    assert journal.counts(EVER) == PeriodCounts((), (), ())


def test_of_sessions_no_report_counts_more_than_a_column_can_add_up(journal: Journal) -> None:
    way = CountedWay("certificate-expired", "", "", "", MOST + 1)
    for number, more in ((0, 0), (1, 1)):
        claimed = MOST + more
        told = CountedDomain("example.com", claimed, claimed, claimed, at_least=False, ways=(way,))
        added(journal, told, day=DAY + number)
    (sender,) = journal.counts(EVER).senders
    assert (sender.success, sender.failure, sender.tested) == (2 * MOST, 2 * MOST, 2 * MOST)
    assert sender.days == ((DAY, MOST, MOST), (DAY + 1, MOST, MOST))
    assert [one.count for one in journal.counts(EVER).ways] == [2 * MOST]


def test_nothing_is_written_of_nothing(journal: Journal) -> None:
    journal.writes(DayCounts().write)
    assert journal.counts(EVER) == PeriodCounts((), (), ())


def test_what_claimed_too_many_sessions_is_taken_away_as_it_was_counted(journal: Journal) -> None:
    way = CountedWay("certificate-expired", "", "", "", MOST + 1)
    boaster = CountedDomain("example.com", MOST + 1, MOST + 1, MOST + 1, at_least=True, ways=(way,))
    for domain in (DOMAIN, boaster):
        added(journal, domain)
    before = journal.counts(EVER)
    added(journal, boaster)
    added(journal, boaster, times=-1)
    assert journal.counts(EVER) == before
