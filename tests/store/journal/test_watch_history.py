"""The history of domains that are watched: checks, news and evidence, and when they leave."""

import zlib
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import insert, select

from mxproof.mail.memory import Memory
from mxproof.store.journal import watch_history
from mxproof.store.journal.arranging import ArrangingJournal, KeptMaintenance
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.parts import release_parts
from mxproof.store.journal.schema import CHECK, PART, TURN
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
    """Two checks on each of twelve days: of old days one has its evidence, and the check that brought news."""
    begin, half = NOW.replace(hour=0), 12 * HOUR
    watch.set_watched([ONE], begin)
    for number in range(24):
        at = begin + number * half
        brought = news() if number == 3 else None
        checked(watch, at, check=check(at, banner=f"banner {number}"), due_at=at + half, news=brought)
    end = begin + 12 * DAY
    retention = WatchRetention(evidence_days=3, daily_days=6, history_days=365)
    while watch.sweep(retention, end):
        pass
    checks = watch.checks(ONE.domain, begin, end)
    held = [(one.observed_at - begin) // half for one in reversed(checks) if one.has_evidence]
    assert (len(checks), held) == (24, [3, 12, 14, 16, *range(18, 24)])
    for one in checks:
        assert (watch.evidence(one.number) is not None) == one.has_evidence
    while watch.sweep(retention, end + 400 * DAY):
        pass
    (left,) = watch.checks(ONE.domain, begin, end)
    assert (left.observed_at, watch.news()) == (end - half, [])
    assert watch.evidence(left.number) is not None


def test_news_are_read_page_by_page(watch: WatchJournal) -> None:
    numbers = [watch.keep_news(ONE.domain, news(), NOW + number * HOUR) for number in range(5)]
    first = watch.news(news_max=2)
    assert [one.number for one in first] == [numbers[4], numbers[3]]
    assert [one.number for one in watch.news(older_than=first[-1].number, news_max=2)] == [
        numbers[2],
        numbers[1],
    ]


YEAR = WatchRetention(evidence_days=365, daily_days=365, history_days=365)


def test_history_leaves_when_its_time_is_over_and_not_before(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    for hours in (0, 1, 2):
        checked(watch, NOW + hours * HOUR, check=check(NOW + hours * HOUR))
        watch.keep_news(ONE.domain, news(), NOW + hours * HOUR)
        ends = NOW + hours * HOUR
        arranging.begin_maintenance(KeptMaintenance(0, (), NOW - DAY, ends, str(hours), "ada"))
    assert watch.sweep(YEAR, NOW + 365 * DAY) == 0
    assert [one.why for one in arranging.maintenance(NOW - HOUR)] == ["0", "1", "2"]
    assert watch.sweep(YEAR, NOW + 365 * DAY + timedelta(seconds=1)) == 2, "a check and its news"
    assert [one.observed_at for one in watch.checks(ONE.domain, NOW, NOW + DAY)] == [
        NOW + 2 * HOUR,
        NOW + HOUR,
    ]
    assert [one.at for one in watch.news()] == [NOW + 2 * HOUR, NOW + HOUR]
    assert [one.why for one in arranging.maintenance(NOW - HOUR)] == ["1", "2"]


def test_the_check_that_later_ones_are_compared_with_stays(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    for hours in range(4):
        checked(watch, NOW + hours * HOUR, check=check(NOW + hours * HOUR), adopts=hours == 1)
    while watch.sweep(YEAR, NOW + 999 * DAY):
        pass
    left = watch.checks(ONE.domain, NOW, NOW + DAY)
    assert [one.observed_at for one in left] == [NOW + 3 * HOUR, NOW + HOUR]
    assert [watch.evidence(one.number) is not None for one in left] == [True, True]


def test_of_each_domain_the_first_check_of_an_old_day_keeps_its_evidence(watch: WatchJournal) -> None:
    begin = NOW.replace(hour=0)
    watch.set_watched([ONE, OTHER], begin)
    for hours in (0, 1, 25, 26):
        at = begin + hours * HOUR
        for claimed in watch.claim("one", at, at + HOUR / 4, 10):
            if (claimed.domain, hours) in {(OTHER.domain, 0), (OTHER.domain, 26)}:
                watch.give_back([claimed], at + HOUR)
            else:
                assert watch.finish(claimed, finished(at, domain=claimed.domain, banner=str(hours)), at)
    last = begin + 50 * HOUR
    for claimed in watch.claim("one", last, last + HOUR / 4, 10):
        assert watch.finish(claimed, finished(last, domain=claimed.domain), last)
    retention = WatchRetention(evidence_days=2, daily_days=400, history_days=400)

    def held() -> dict[str, list[tuple[float, bool]]]:
        return {
            domain: [
                ((one.observed_at - begin) / HOUR, one.has_evidence)
                for one in reversed(watch.checks(domain, begin, last))
            ]
            for domain in (ONE.domain, OTHER.domain)
        }

    before = held()
    assert watch.sweep(retention, begin + 2 * DAY) == 0
    assert held() == before
    assert watch.sweep(retention, begin + 3 * DAY) == 1
    assert held()[ONE.domain] == [(0.0, True), (1.0, False), (25.0, True), (26.0, True), (50.0, True)]
    assert held()[OTHER.domain] == [(1.0, True), (25.0, True), (50.0, True)]
    assert watch.sweep(retention, begin + 4 * DAY) == 1
    assert held()[ONE.domain] == [(0.0, True), (1.0, False), (25.0, True), (26.0, False), (50.0, True)]
    daily = WatchRetention(evidence_days=2, daily_days=2, history_days=400)
    assert [watch.sweep(daily, begin + days * DAY) for days in (2, 3)] == [0, 2]
    assert held()[OTHER.domain] == [(1.0, False), (25.0, True), (50.0, True)]


def test_evidence_of_which_a_part_is_lost_is_none(journal: Journal) -> None:
    watch = WatchJournal(journal)
    watch.set_watched([ONE], NOW)
    checked(watch, NOW)
    (kept,) = watch.checks(ONE.domain, NOW, NOW)
    lost = min(check().parts.parts)
    journal.writes(lambda connection: release_parts(connection, {lost: 1}))
    assert watch.evidence(kept.number) is None


def test_the_states_asked_for_are_those_of_the_domains_that_are_named(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    assert [one.domain for one in watch.states([OTHER.domain, "unknown.example"])] == [OTHER.domain]
    assert watch.states([]) == []


def test_so_much_is_read_and_swept_at_once_and_no_more(journal: Journal) -> None:
    watch = WatchJournal(journal)
    row = {
        "domain": "",
        "since": 0.0,
        "kind": "changed",
        "course": "worse",
        "weight": "",
        "packed": zlib.compress(b""),
    }
    rows = [{**row, "at": float(number)} for number in range(1001)]
    journal.writes(lambda connection: connection.execute(insert(TURN), rows))
    assert len(watch.news()) == 1000
    assert [watch.sweep(YEAR, NOW) for _ in range(4)] == [500, 500, 1, 0]


def test_a_domain_stands_as_its_own_newest_check_found_it(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    for hours in range(2):
        at = NOW + hours * HOUR
        for claimed in watch.claim("one", at, at + HOUR / 4, 10):
            assert watch.finish(claimed, finished(at, domain=claimed.domain, due_at=at + HOUR), at)
    (of_one, _), (of_other, _) = (watch.checks(one.domain, NOW, NOW + DAY) for one in (ONE, OTHER))
    assert [one.newest for one in watch.states()] == [of_one, of_other]


def test_of_evidence_that_is_let_go_nothing_is_left_and_of_the_rest_all(journal: Journal) -> None:
    """Its parts that other checks use stay, and what senders held goes with it; a check that is swept takes both along."""
    watch = WatchJournal(journal)
    watch.set_watched([ONE], NOW)
    memories = (Memory(b"version: STSv1", NOW, "1"),)
    for day in range(3):
        at = NOW + day * DAY
        seen = msgspec.structs.replace(check(at, banner=f"banner {day % 2}"), memories=memories)
        checked(watch, at, check=seen, due_at=at + DAY)
    of_first, of_second = (set(check(NOW, banner=f"banner {day}").parts.parts) for day in range(2))
    assert _parts(journal) == of_first | of_second
    last, _, first = watch.checks(ONE.domain, NOW, NOW + 3 * DAY)
    short = WatchRetention(evidence_days=0, daily_days=0, history_days=99)
    assert [watch.sweep(short, NOW + 3 * DAY), watch.sweep(short, NOW + 3 * DAY)] == [2, 0]
    held = select(CHECK.c.frame.is_not(None), CHECK.c.memories.is_not(None)).order_by(CHECK.c.id)
    rows = journal.reads(lambda connection: connection.execute(held).all())
    assert [tuple(one) for one in rows] == [(False, False), (False, False), (True, True)]
    assert _parts(journal) == of_first
    assert watch.evidence(first.number) is None
    kept = watch.evidence(last.number)
    assert kept is not None
    assert kept.memories == memories


def test_a_check_that_is_swept_lets_go_of_what_it_alone_had(journal: Journal) -> None:
    watch = WatchJournal(journal)
    watch.set_watched([ONE], NOW)
    for day in range(3):
        at = NOW + day * DAY
        checked(watch, at, check=check(at, banner=f"banner {day}"), due_at=at + DAY)
    assert watch.sweep(YEAR, NOW + 999 * DAY) == 2
    (left,) = watch.checks(ONE.domain, NOW, NOW + 3 * DAY)
    assert left.observed_at == NOW + 2 * DAY
    assert _parts(journal) == set(check(NOW, banner="banner 2").parts.parts)


def test_news_that_are_swept_are_told_to_nobody(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(channels=("pager", "mail")), NOW)
    watch.keep_news(OTHER.domain, news(), NOW + 2 * HOUR)
    late = NOW + 365 * DAY + HOUR
    assert watch.sweep(YEAR, late) == 1
    due = watch.claim_notices(["pager", "mail"], late, late + HOUR, 9)
    assert [(one.news.domain, one.channel) for one in due] == [(OTHER.domain, "pager")]


def test_evidence_goes_some_at_a_time_until_none_is_left_to_go(
    watch: WatchJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_history, "WATCH_SWEPT_AT_ONCE", 2)
    watch.set_watched([ONE], NOW)
    for hours in range(6):
        checked(watch, NOW + hours * HOUR, check=check(NOW + hours * HOUR))
    days = WatchRetention(evidence_days=1, daily_days=9, history_days=99)
    assert [watch.sweep(days, NOW + 5 * DAY) for _ in range(4)] == [2, 2, 0, 0]
    held = [one.has_evidence for one in watch.checks(ONE.domain, NOW, NOW + DAY)]
    assert held == [True, False, False, False, False, True]
    assert [watch.sweep(days, NOW + 99 * DAY) for _ in range(3)] == [1, 0, 0], "the first of its day goes too"
    assert [watch.sweep(days, NOW + 101 * DAY) for _ in range(4)] == [2, 2, 1, 0]


def held_of(watch: WatchJournal, domain: str) -> list[bool]:
    """Tell of each check of a domain whether its evidence is kept, the oldest first."""
    return [one.has_evidence for one in reversed(watch.checks(domain, NOW - DAY, NOW + 9 * DAY))]


def test_of_two_domains_each_keeps_the_first_of_a_day_whoever_was_looked_at_before(
    watch: WatchJournal,
) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    for hours, domains in ((0, [ONE]), (1, [OTHER]), (2, [ONE]), (3, [OTHER]), (48, [ONE, OTHER])):
        at = NOW.replace(hour=0) + hours * HOUR
        named = {one.domain for one in domains}
        for claimed in claim(watch, NOW + 9 * DAY):
            if claimed.domain in named:
                done = finished(at, domain=claimed.domain, due_at=NOW)
                assert watch.finish(claimed, done, at)
            else:
                watch.give_back([claimed])
    days = WatchRetention(evidence_days=1, daily_days=99, history_days=99)
    assert watch.sweep(days, NOW + 3 * DAY) == 2
    assert held_of(watch, ONE.domain) == held_of(watch, OTHER.domain) == [True, False, True]


def test_where_the_first_of_a_day_has_no_evidence_the_first_that_has_some_keeps_it(
    watch: WatchJournal,
) -> None:
    """As after the retention was made longer: what was in use when the rest of its day went is there still."""
    watch.set_watched([ONE], NOW)
    begin = NOW.replace(hour=0)
    for hours in range(3):
        checked(watch, begin + (12 + hours) * HOUR, adopts=hours == 1)
    assert watch.sweep(WatchRetention(0, 0, 99), NOW + 2 * DAY) == 1
    assert held_of(watch, ONE.domain) == [False, True, True]
    checked(watch, NOW + 3 * DAY)
    assert watch.sweep(WatchRetention(0, 99, 99), NOW + 4 * DAY) == 1
    assert held_of(watch, ONE.domain) == [False, True, False, True]


def test_history_is_read_from_its_end_as_far_as_it_was_asked_for(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    for hours in range(4):
        checked(watch, NOW + hours * HOUR)
    read = watch.checks(ONE.domain, NOW, NOW + 2 * HOUR, checks_max=2)
    assert [one.observed_at for one in read] == [NOW + 2 * HOUR, NOW + HOUR]
    numbers = [watch.keep_news(name, news(), NOW) for name in (ONE.domain, OTHER.domain, ONE.domain)]
    assert [one.number for one in watch.news()] == numbers[::-1], "of one moment the newest is first"
    assert [one.number for one in watch.news(news_max=1)] == numbers[2:]
    assert [one.number for one in watch.news(ONE.domain, older_than=numbers[2])] == numbers[:1]


def _parts(journal: Journal) -> set[bytes]:
    found = journal.reads(lambda connection: connection.execute(select(PART.c.digest)).scalars().all())
    return set(map(bytes, found))
