"""The history of domains that are watched: checks, news and evidence, and when they leave."""

from datetime import timedelta

import msgspec

from mxproof.mail.memory import Memory
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import (
    WatchRetention,
)
from support_watch import (
    DAY,
    HOUR,
    NOW,
    ONE,
    OTHER,
    at_once,
    check,
    checked,
    claim,
    evidence_of,
    finished,
    news,
)


def test_of_two_sweeps_at_once_each_takes_others_and_no_evidence_is_lost(watch: WatchJournal) -> None:
    """Were a check let go of twice, its parts would be gone that others of the same evidence still use."""
    watch.set_watched([ONE], NOW)
    for number in range(12):
        checked(
            watch, NOW + number * HOUR, check=check(NOW + number * HOUR), due_at=NOW + (number + 1) * HOUR
        )
    retention = WatchRetention(evidence_days=1, daily_days=400, history_days=1830)

    def sweep() -> None:
        while watch.sweep(retention, NOW + 2 * DAY):
            pass

    at_once(*[sweep] * 4)
    left = watch.checks(ONE.domain, NOW, NOW + DAY)
    assert [one.has_evidence for one in left] == [True, *[False] * 10, True]
    assert all(watch.evidence(one.number) is not None for one in left if one.has_evidence)


def test_checks_and_news_are_those_of_a_period(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    numbers = []
    for hours in range(3):
        at = NOW + hours * HOUR
        for claimed in watch.claim("one", at, at + HOUR / 4, 10):
            assert watch.finish(claimed, finished(at, domain=claimed.domain), at)
        numbers.append(watch.keep_news(ONE.domain, news(at), at))
    second = timedelta(seconds=1)
    last = NOW + 2 * HOUR
    assert [one.observed_at for one in watch.checks(ONE.domain, NOW, last)] == [last, NOW + HOUR, NOW]
    assert [one.observed_at for one in watch.checks(ONE.domain, NOW + second, last - second)] == [NOW + HOUR]
    assert [one.number for one in watch.news(domain=ONE.domain, since=NOW, until=last)] == numbers[1::-1]
    assert [one.number for one in watch.news(since=NOW + second)] == numbers[:0:-1]
    assert watch.news(domain=OTHER.domain) == []


def test_when_a_domain_was_last_checked_is_known(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    assert watch.newest_moment() is None
    checked(watch, NOW)
    assert watch.newest_moment() == NOW


def test_evidence_is_read_back_and_its_parts_are_kept_once(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    checked(watch, NOW)
    checked(watch, NOW + HOUR)
    newest, oldest = watch.checks(ONE.domain, NOW, NOW + DAY)
    assert (newest.observed_at, oldest.observed_at) == (NOW + HOUR, NOW)
    found = watch.evidence(oldest.number)
    assert found is not None
    assert {question: answer.at for question, answer in found.evidence.answers.items()} == {
        question: answer.at for question, answer in evidence_of(at=NOW).answers.items()
    }
    assert watch.evidence(newest.number) != found
    assert watch.evidence(newest.number + 1) is None


def test_what_senders_held_is_read_back_with_the_evidence_and_goes_with_it(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    memories = (Memory(b"version: STSv1\n\xff", NOW - DAY, "1"), Memory(b"", NOW, None))
    (one,) = claim(watch)
    done = finished()
    done = msgspec.structs.replace(done, check=msgspec.structs.replace(done.check, memories=memories))
    assert watch.finish(one, done, NOW)
    for day in range(1, 3):
        checked(watch, NOW + day * DAY)
    newest, *_, oldest = watch.checks(ONE.domain, NOW, NOW + 3 * DAY)
    held = [watch.evidence(one.number) for one in (oldest, newest)]
    assert [one.memories for one in held if one is not None] == [memories, ()]
    while watch.sweep(WatchRetention(0, 0, 100), NOW + 3 * DAY):
        pass
    assert watch.evidence(oldest.number) is None


def test_evidence_leaves_before_the_history_and_what_brought_news_stays(watch: WatchJournal) -> None:
    """Four checks on each of twelve days: of old days one has its evidence, and the check that brought news."""
    begin = NOW.replace(hour=0)
    watch.set_watched([ONE], begin)
    for number in range(48):
        at = begin + number * 6 * HOUR
        brought = news() if number == 5 else None
        checked(watch, at, check=check(at, banner=f"banner {number}"), due_at=at + 6 * HOUR, news=brought)
    end = begin + 12 * DAY
    retention = WatchRetention(evidence_days=3, daily_days=6, history_days=365)
    while watch.sweep(retention, end):
        pass
    checks = watch.checks(ONE.domain, begin, end)
    held = [(one.observed_at - begin) // (6 * HOUR) for one in reversed(checks) if one.has_evidence]
    assert (len(checks), held) == (48, [5, 24, 28, 32, *range(36, 48)])
    for one in checks:
        assert (watch.evidence(one.number) is not None) == one.has_evidence
    while watch.sweep(retention, end + 400 * DAY):
        pass
    (left,) = watch.checks(ONE.domain, begin, end)
    assert (left.observed_at, watch.news()) == (end - 6 * HOUR, [])
    assert watch.evidence(left.number) is not None


def test_news_are_read_page_by_page(watch: WatchJournal) -> None:
    numbers = [watch.keep_news(ONE.domain, news(), NOW + number * HOUR) for number in range(5)]
    first = watch.news(news_max=2)
    assert [one.number for one in first] == [numbers[4], numbers[3]]
    assert [one.number for one in watch.news(older_than=first[-1].number, news_max=2)] == [
        numbers[2],
        numbers[1],
    ]
