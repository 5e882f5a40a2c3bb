"""The contract of the watch's journal, as functions that a journal in any back end is handed to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Thread

import msgspec

from mxproof.evidence import Evidence
from mxproof.evidence.parts import parts_of
from mxproof.judge.difference import Course
from mxproof.judge.settling import Fate, SeenState, SettledState, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory
from mxproof.store.journal.days import day_of
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import (
    CLOCKS_APART_S,
    ClaimedDomain,
    DelayBounds,
    Finished,
    Moot,
    News,
    Wanting,
    WatchedCheck,
    WatchedDomain,
    WatchRetention,
)
from support_evidence import small_evidence

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ONE = WatchedDomain("example.com", 3600.0)
OTHER = WatchedDomain("example.net", 7200.0)
BOUNDS = DelayBounds(lease_s=900.0, told_again_s=3600.0, check_s=lambda interval_s, _: interval_s)
HELD = SettledState(SeenState({"google": Fate(Verdict.DELIVERS, None, ())}, (), {"record": "0"}))


def evidence_of(domain: str = ONE.domain, at: datetime = NOW, banner: str = "") -> Evidence:
    """Return small evidence, its last answer as of `at`; `banner` sets it apart."""
    small = small_evidence()
    later = at - small.observed_at()
    return msgspec.structs.replace(small, domain=domain).with_answers(
        (question, msgspec.structs.replace(answer, at=answer.at + later, detail=banner or answer.detail))
        for question, answer in small.answers.items()
    )


def check(at: datetime = NOW, domain: str = ONE.domain, banner: str = "") -> WatchedCheck:
    return WatchedCheck(
        observed_at=at,
        took_s=0.5,
        outcome=Verdict.REFUSED,
        headline="Microsoft refuses",
        outcomes={"microsoft": Verdict.REFUSED, "google": Verdict.DELIVERS},
        parts=parts_of(evidence_of(domain, at, banner)),
    )


def finished(
    at: datetime = NOW,
    *,
    news: News | None = None,
    adopts: bool = True,
    due_at: datetime | None = None,
    domain: str = ONE.domain,
    banner: str = "",
) -> Finished:
    due = due_at or at + HOUR
    return Finished(check(at, domain, banner), HELD, adopts, due, 0, news)


def news(since: datetime = NOW, channels: tuple[str, ...] = ("pager",)) -> News:
    wanting = tuple(map(Wanting, channels))
    return News(TurnKind.CHANGED, since, Course.WORSE, "alarm", b'{"course":"worse"}', wanting)


def held_news(until: datetime) -> News:
    return msgspec.structs.replace(news(), wanting=(Wanting("pager", until),))


def claim(
    watch: WatchJournal, at: datetime = NOW, worker: str = "one", domains_max: int = 10
) -> list[ClaimedDomain]:
    return watch.claim(worker, at, at + HOUR / 4, domains_max)


def checked(watch: WatchJournal, at: datetime, **how: object) -> None:
    """Have the first domain that is due checked."""
    claimed, *_ = claim(watch, at)
    assert watch.finish(claimed, msgspec.structs.replace(finished(at), **how), at)


def a_new_domain_is_due_at_once_and_one_left_out_is_gone(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    assert [one.domain for one in claim(watch)] == [ONE.domain, OTHER.domain]
    watch.set_watched([OTHER], NOW)
    assert [one.domain for one in watch.states()] == [OTHER.domain]
    watch.set_watched([ONE, OTHER], NOW + HOUR)
    assert [(one.domain, one.due_at) for one in watch.states()] == [
        (ONE.domain, NOW + HOUR),
        (OTHER.domain, NOW),
    ]


def what_holds_of_a_domain_survives_a_start(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    checked(watch, NOW)
    watch.set_watched([ONE], NOW)
    (state,) = watch.states()
    assert (state.held, state.due_at, state.interval_s) == (HELD, NOW + HOUR, ONE.interval_s)
    assert state.newest is not None
    assert state.newest.outcomes == {"microsoft": Verdict.REFUSED, "google": Verdict.DELIVERS}


def a_shorter_interval_is_kept_from_now_on(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    checked(watch, NOW)
    watch.set_watched([msgspec.structs.replace(ONE, interval_s=60.0)], NOW)
    assert watch.next_due() == NOW + timedelta(seconds=60)


def a_domain_is_in_one_pair_of_hands(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    (first,) = claim(watch, domains_max=1)
    assert first.due_at == NOW
    (second,) = claim(watch, worker="two")
    assert {first.domain, second.domain} == {ONE.domain, OTHER.domain}
    assert claim(watch, worker="three") == []
    assert watch.next_due() is None


def the_domain_of_a_dead_worker_is_taken_over_and_checked_once(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    (lost,) = claim(watch)
    (taken,) = claim(watch, NOW + HOUR, worker="two")
    assert (taken.domain, taken.worker) == (lost.domain, "two")
    assert not watch.finish(lost, finished(), NOW + HOUR)
    assert watch.finish(taken, finished(NOW + HOUR), NOW + HOUR)
    assert not watch.finish(taken, finished(NOW + HOUR), NOW + HOUR)
    assert len(watch.checks(ONE.domain, NOW - DAY, NOW + DAY)) == 1


def of_two_sweeps_at_once_each_takes_others_and_no_evidence_is_lost(watch: WatchJournal) -> None:
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


def workers_with_the_same_list_in_another_order_do_not_stand_in_each_others_way(watch: WatchJournal) -> None:
    domains = [WatchedDomain(f"d{number}.example", 3600.0) for number in range(50)]
    other = [msgspec.structs.replace(one, interval_s=1800.0) for one in domains[:25]]
    watch.set_watched([], NOW)

    def keeps(turn: int) -> None:
        for number in range(10):
            wanted = domains if number % 2 else other
            watch.set_watched(wanted if turn % 2 else wanted[::-1], NOW)

    at_once(*(partial(keeps, turn) for turn in range(4)))
    watch.set_watched(domains, NOW)
    assert {one.interval_s for one in watch.states()} == {3600.0}


def at_once(*works: Callable[[], None]) -> None:
    """Do `works` in threads of their own; what one of them raises is raised."""
    with ThreadPoolExecutor(len(works)) as threads:
        for one in [threads.submit(work) for work in works]:
            one.result()


def what_a_clock_ahead_has_left_is_put_right(watch: WatchJournal) -> None:
    """Of two domains that were checked a year ahead of time one is in the hands of a worker that is gone."""
    year = NOW + 365 * DAY
    watch.set_watched([ONE, OTHER], year)
    one, other = claim(watch, year)
    assert watch.finish(one, finished(year, news=news()), year)
    assert claim(watch) == []
    assert watch.bring_forward(NOW, BOUNDS) == 2
    assert {each.domain for each in claim(watch, worker="two")} == {one.domain, other.domain}
    (notice,) = watch.claim_notices(["pager"], NOW, NOW + HOUR, 10)
    assert notice.tries == 0


def what_is_due_as_late_as_it_can_be_stays_so(watch: WatchJournal) -> None:
    """Nor does a worker take it for an error whose clock is a little behind."""
    watch.set_watched([ONE, OTHER], NOW)
    one, _ = claim(watch)
    assert watch.finish(one, finished(due_at=NOW + HOUR), NOW)
    watch.keep_news(OTHER.domain, held_news(NOW + 2 * DAY), NOW)
    behind = NOW - timedelta(seconds=30)
    assert watch.bring_forward(behind, BOUNDS) == 0
    assert claim(watch, worker="two") == []
    assert watch.next_due() == NOW + HOUR
    assert watch.claim_notices(["pager"], NOW + DAY, NOW + DAY, 10) == []


def what_is_due_later_than_a_right_clock_could_have_said_is_due_now(watch: WatchJournal) -> None:
    """Up to the second: the interval, and as much as the clocks of two machines differ by."""
    watch.set_watched([ONE, OTHER], NOW)
    one, other = claim(watch)
    apart = timedelta(seconds=CLOCKS_APART_S)
    late = NOW + 2 * HOUR + apart
    bounds = msgspec.structs.replace(
        BOUNDS, check_s=lambda interval_s, turned_away: interval_s * (1 + turned_away)
    )
    turned_away = msgspec.structs.replace(finished(due_at=late), turned_away=1)
    assert watch.finish(one, turned_away, NOW)
    assert watch.finish(other, finished(due_at=late, domain=OTHER.domain), NOW)
    assert watch.bring_forward(NOW, bounds) == 0
    assert watch.bring_forward(NOW - timedelta(seconds=1), bounds) == 2
    assert watch.next_due() == NOW - timedelta(seconds=1)


def the_hands_of_a_worker_whose_clock_was_ahead_are_empty(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    ahead = timedelta(seconds=BOUNDS.lease_s + CLOCKS_APART_S)
    assert watch.claim("ahead", NOW, NOW + ahead, 1) != []
    watch.bring_forward(NOW, BOUNDS)
    assert claim(watch) == []
    watch.bring_forward(NOW - timedelta(seconds=1), BOUNDS)
    assert [one.domain for one in claim(watch)] == [ONE.domain]


def checks_and_news_are_those_of_a_period(watch: WatchJournal) -> None:
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


def when_a_domain_was_last_checked_is_known(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    assert watch.newest_moment() is None
    checked(watch, NOW)
    assert watch.newest_moment() == NOW


def what_was_not_checked_is_given_back(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    one, other = claim(watch)
    watch.give_back([one])
    watch.give_back([other], NOW + HOUR)
    assert [again.domain for again in claim(watch, worker="two")] == [one.domain]
    assert [again.domain for again in claim(watch, NOW + HOUR, worker="two")] == [
        one.domain,
        other.domain,
    ]


def of_many_workers_at_once_each_domain_has_one(watch: WatchJournal) -> None:
    domains = [WatchedDomain(f"d{number}.example", 3600.0) for number in range(40)]
    watch.set_watched(domains, NOW)
    took: list[str] = []

    def work(name: str) -> None:
        while some := claim(watch, worker=name, domains_max=3):
            took.extend(one.domain for one in some)

    threads = [Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(took) == sorted(one.domain for one in domains)


def evidence_is_read_back_and_its_parts_are_kept_once(watch: WatchJournal) -> None:
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


def what_senders_held_is_read_back_with_the_evidence_and_goes_with_it(watch: WatchJournal) -> None:
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


def news_and_who_is_told_come_with_the_check(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    one, other = claim(watch)
    watch.finish(one, finished(news=news(channels=("pager", "mail", "pager"))), NOW)
    watch.finish(other, finished(domain=other.domain), NOW)
    (kept,) = watch.news()
    assert (kept.domain, kept.kind, kept.course, kept.told) == (
        one.domain,
        TurnKind.CHANGED,
        Course.WORSE,
        b'{"course":"worse"}',
    )
    assert watch.news(other.domain) == []
    assert watch.news(one.domain, NOW + HOUR) == []
    due = watch.claim_notices(["pager", "mail"], NOW, NOW + HOUR, 10)
    assert sorted(each.channel for each in due) == ["mail", "pager"]
    assert {each.news for each in due} == {kept}


def a_notice_is_due_until_it_was_delivered_or_given_up(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(), NOW)
    (notice,) = watch.claim_notices(["pager"], NOW, NOW + HOUR, 10)
    assert watch.claim_notices(["pager"], NOW, NOW + HOUR, 10) == []
    (again,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    watch.settle_notice(again, NOW, "the pager is out of paper", NOW + 3 * HOUR)
    assert watch.claim_notices(["pager"], NOW + 2 * HOUR, NOW + 3 * HOUR, 10) == []
    (once_more,) = watch.claim_notices(["pager"], NOW + 3 * HOUR, NOW + 4 * HOUR, 10)
    assert (notice.tries, once_more.tries) == (0, 1)
    watch.settle_notice(once_more, NOW)
    assert watch.claim_notices(["pager"], NOW + DAY, NOW + DAY, 10) == []
    assert watch.claim_notices(["other"], NOW + DAY, NOW + DAY, 10) == []


def a_notice_that_waits_is_due_when_its_time_has_come(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    assert watch.claim_notices(["pager"], NOW, NOW + HOUR, 10) == []
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is None


def of_notices_that_waited_the_newest_is_told(watch: WatchJournal) -> None:
    first = watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news(OTHER.domain, held_news(NOW + HOUR), NOW)
    second = watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    moot = {one.news.number: one.moot for one in due}
    assert (moot[first], moot[second]) == (Moot.OUTDATED, None)
    assert list(moot.values()).count(None) == 2


def what_is_mended_before_its_time_is_not_told_there(watch: WatchJournal) -> None:
    """Be it that the channel hears of alarms alone, so that the good news are not told there either."""
    watch.set_watched([ONE], NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    better = msgspec.structs.replace(news(), course=Course.BETTER, weight="good", wanting=())
    checked(watch, NOW, check=msgspec.structs.replace(check(), outcome=Verdict.DELIVERS), news=better)
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is Moot.OUTDATED


def what_is_better_and_not_well_is_told_in_its_time(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    better = msgspec.structs.replace(news(), course=Course.BETTER, weight="good", wanting=())
    checked(watch, NOW, news=better)
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is None


def a_notice_that_failed_is_told_whatever_came_after_it(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(), NOW)
    (notice,) = watch.claim_notices(["pager"], NOW, NOW + HOUR, 10)
    watch.settle_notice(notice, NOW, "no paper", NOW + HOUR)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [None, None]


def what_was_acknowledged_is_moot_and_says_by_whom(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news(OTHER.domain, news(), NOW)
    (taken,) = watch.acknowledge([ONE.domain], ["alarm"], "somebody", NOW)
    assert (taken.domain, taken.acknowledged_by) == (ONE.domain, "somebody")
    assert watch.acknowledge([ONE.domain], ["alarm"], "somebody else", NOW) == []
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert {one.news.domain: one.moot for one in due} == {ONE.domain: Moot.ACKNOWLEDGED, OTHER.domain: None}
    assert [one.domain for one in watch.acknowledge(None, ["alarm"], "all", NOW)] == [OTHER.domain]


def a_digest_is_of_the_time_since_the_last_one(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW + HOUR}, NOW)
    assert watch.claim_digests(NOW, NOW + HOUR) == []
    (first,) = watch.claim_digests(NOW + HOUR, NOW + 2 * HOUR)
    assert watch.claim_digests(NOW + HOUR, NOW + 2 * HOUR) == []
    assert (first.channel, first.since, first.until) == ("mail", NOW, NOW + HOUR)
    watch.settle_digest(first, NOW + 3 * HOUR, "no paper")
    (again,) = watch.claim_digests(NOW + 3 * HOUR, NOW + 4 * HOUR)
    assert (again.since, again.tries) == (NOW, 1)
    watch.settle_digest(again, NOW + DAY)
    (second,) = watch.claim_digests(NOW + DAY, NOW + 2 * DAY)
    assert (second.since, second.tries) == (NOW + 3 * HOUR, 0)


def a_digest_that_fell_due_while_nobody_worked_is_due(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW + HOUR}, NOW)
    watch.set_digests({"mail": NOW + DAY}, NOW + 2 * HOUR)
    assert [one.since for one in watch.claim_digests(NOW + 2 * HOUR, NOW + DAY)] == [NOW]


def a_digest_moves_with_the_configuration_and_goes_with_it(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW + HOUR, "chat": NOW + HOUR}, NOW)
    watch.set_digests({"mail": NOW + 2 * HOUR}, NOW)
    assert watch.claim_digests(NOW + HOUR, NOW + DAY) == []
    assert [one.channel for one in watch.claim_digests(NOW + 2 * HOUR, NOW + DAY)] == ["mail"]


def evidence_leaves_before_the_history_and_what_brought_news_stays(watch: WatchJournal) -> None:
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


def the_newest_verdict_of_each_domain_is_read_at_once(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    checked(watch, NOW)
    one, other = watch.newest()
    assert (one.domain, one.outcome, one.observed_at) == (ONE.domain, Verdict.REFUSED, NOW)
    assert one.outcomes == {"microsoft": Verdict.REFUSED, "google": Verdict.DELIVERS}
    assert (other.domain, other.outcome, other.observed_at, other.outcomes) == (OTHER.domain, None, None, {})


def of_each_day_the_worst_verdict_is_told(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    verdicts = (Verdict.DELIVERS, Verdict.AT_RISK, Verdict.UNKNOWN, Verdict.DELIVERS)
    for number, verdict in enumerate(verdicts):
        at = NOW + number * 8 * HOUR
        checked(watch, at, check=msgspec.structs.replace(check(at), outcome=verdict), due_at=at + 8 * HOUR)
    day = day_of(NOW)
    assert watch.days([ONE.domain, OTHER.domain], day, day + 1) == {
        ONE.domain: {day: Verdict.AT_RISK, day + 1: Verdict.UNKNOWN},
        OTHER.domain: {},
    }
    assert watch.days([ONE.domain], day + 2, day + 9) == {ONE.domain: {}}


def a_check_is_found_by_its_number_with_those_beside_it(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    for number in range(3):
        checked(watch, NOW + number * HOUR)
    last, middle, first = watch.checks(ONE.domain, NOW, NOW + DAY)
    assert watch.check(middle.number) == (ONE.domain, middle)
    assert watch.check(last.number + 1) is None
    assert watch.beside(ONE.domain, middle.observed_at) == (first.number, last.number)
    assert watch.beside(ONE.domain, first.observed_at) == (None, middle.number)
    assert watch.beside(ONE.domain, last.observed_at) == (middle.number, None)


def news_are_read_page_by_page(watch: WatchJournal) -> None:
    numbers = [watch.keep_news(ONE.domain, news(), NOW + number * HOUR) for number in range(5)]
    first = watch.news(news_max=2)
    assert [one.number for one in first] == [numbers[4], numbers[3]]
    assert [one.number for one in watch.news(older_than=first[-1].number, news_max=2)] == [
        numbers[2],
        numbers[1],
    ]


WATCH_CONTRACT: tuple[Callable[[WatchJournal], None], ...] = (
    a_new_domain_is_due_at_once_and_one_left_out_is_gone,
    what_holds_of_a_domain_survives_a_start,
    a_shorter_interval_is_kept_from_now_on,
    a_domain_is_in_one_pair_of_hands,
    the_domain_of_a_dead_worker_is_taken_over_and_checked_once,
    what_was_not_checked_is_given_back,
    of_two_sweeps_at_once_each_takes_others_and_no_evidence_is_lost,
    workers_with_the_same_list_in_another_order_do_not_stand_in_each_others_way,
    what_a_clock_ahead_has_left_is_put_right,
    what_is_due_as_late_as_it_can_be_stays_so,
    what_is_due_later_than_a_right_clock_could_have_said_is_due_now,
    the_hands_of_a_worker_whose_clock_was_ahead_are_empty,
    checks_and_news_are_those_of_a_period,
    when_a_domain_was_last_checked_is_known,
    of_many_workers_at_once_each_domain_has_one,
    evidence_is_read_back_and_its_parts_are_kept_once,
    what_senders_held_is_read_back_with_the_evidence_and_goes_with_it,
    news_and_who_is_told_come_with_the_check,
    a_notice_is_due_until_it_was_delivered_or_given_up,
    a_notice_that_waits_is_due_when_its_time_has_come,
    of_notices_that_waited_the_newest_is_told,
    what_is_mended_before_its_time_is_not_told_there,
    what_is_better_and_not_well_is_told_in_its_time,
    a_notice_that_failed_is_told_whatever_came_after_it,
    what_was_acknowledged_is_moot_and_says_by_whom,
    a_digest_is_of_the_time_since_the_last_one,
    a_digest_that_fell_due_while_nobody_worked_is_due,
    a_digest_moves_with_the_configuration_and_goes_with_it,
    evidence_leaves_before_the_history_and_what_brought_news_stays,
    the_newest_verdict_of_each_domain_is_read_at_once,
    of_each_day_the_worst_verdict_is_told,
    a_check_is_found_by_its_number_with_those_beside_it,
    news_are_read_page_by_page,
)
