"""Which domains are watched, who is at which until when, and what a check leaves behind."""

from datetime import timedelta
from functools import partial
from threading import Thread

import msgspec

from mxproof.judge.difference import Course
from mxproof.judge.settling import SettledState, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory
from mxproof.store.journal.arranging import ArrangingJournal
from mxproof.store.journal.days import day_of
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import (
    CLOCKS_APART_S,
    Wanting,
    WatchedDomain,
)
from support_watch import (
    BOUNDS,
    DAY,
    HELD,
    HOUR,
    NOW,
    ONE,
    OTHER,
    at_once,
    check,
    checked,
    claim,
    finished,
    held_news,
    news,
)


def test_a_new_domain_is_due_at_once_and_one_left_out_is_gone(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    assert [one.domain for one in claim(watch)] == [ONE.domain, OTHER.domain]
    watch.set_watched([OTHER], NOW)
    assert [one.domain for one in watch.states()] == [OTHER.domain]
    watch.set_watched([ONE, OTHER], NOW + HOUR)
    assert [(one.domain, one.due_at) for one in watch.states()] == [
        (ONE.domain, NOW + HOUR),
        (OTHER.domain, NOW),
    ]


def test_what_holds_of_a_domain_survives_a_start(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    checked(watch, NOW)
    watch.set_watched([ONE], NOW)
    (state,) = watch.states()
    assert (state.held, state.due_at, state.interval_s) == (HELD, NOW + HOUR, ONE.interval_s)
    assert state.newest is not None
    assert state.newest.outcomes == {"microsoft": Verdict.REFUSED, "google": Verdict.DELIVERS}


def test_a_shorter_interval_is_kept_from_now_on(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    checked(watch, NOW)
    watch.set_watched([msgspec.structs.replace(ONE, interval_s=60.0)], NOW)
    assert watch.next_due() == NOW + timedelta(seconds=60)


def test_a_domain_is_in_one_pair_of_hands(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    (first,) = claim(watch, domains_max=1)
    assert first.due_at == NOW
    (second,) = claim(watch, worker="two")
    assert {first.domain, second.domain} == {ONE.domain, OTHER.domain}
    assert claim(watch, worker="three") == []
    assert watch.next_due() is None


def test_the_domain_of_a_dead_worker_is_taken_over_and_checked_once(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    (lost,) = claim(watch)
    (taken,) = claim(watch, NOW + HOUR, worker="two")
    assert (taken.domain, taken.worker) == (lost.domain, "two")
    assert not watch.finish(lost, finished(), NOW + HOUR)
    assert watch.finish(taken, finished(NOW + HOUR), NOW + HOUR)
    assert not watch.finish(taken, finished(NOW + HOUR), NOW + HOUR)
    assert len(watch.checks(ONE.domain, NOW - DAY, NOW + DAY)) == 1


def test_workers_with_the_same_list_in_another_order_do_not_stand_in_each_others_way(
    watch: WatchJournal,
) -> None:
    domains = [WatchedDomain(f"d{number}.example", 3600.0) for number in range(30)]
    other = [msgspec.structs.replace(one, interval_s=1800.0) for one in domains[:15]]
    watch.set_watched([], NOW)

    def keeps(turn: int) -> None:
        for number in range(6):
            wanted = domains if number % 2 else other
            watch.set_watched(wanted if turn % 2 else wanted[::-1], NOW)

    at_once(*(partial(keeps, turn) for turn in range(4)))
    watch.set_watched(domains, NOW)
    assert {one.interval_s for one in watch.states()} == {3600.0}


def test_what_a_clock_ahead_has_left_is_put_right(watch: WatchJournal) -> None:
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


def test_what_is_due_as_late_as_it_can_be_stays_so(watch: WatchJournal) -> None:
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


def test_what_is_due_later_than_a_right_clock_could_have_said_is_due_now(watch: WatchJournal) -> None:
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


def test_the_hands_of_a_worker_whose_clock_was_ahead_are_empty(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    ahead = timedelta(seconds=BOUNDS.lease_s + CLOCKS_APART_S)
    assert watch.claim("ahead", NOW, NOW + ahead, 1) != []
    watch.bring_forward(NOW, BOUNDS)
    assert claim(watch) == []
    watch.bring_forward(NOW - timedelta(seconds=1), BOUNDS)
    assert [one.domain for one in claim(watch)] == [ONE.domain]


def test_what_was_not_checked_is_given_back(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    one, other = claim(watch)
    watch.give_back([one])
    watch.give_back([other], NOW + HOUR)
    assert [again.domain for again in claim(watch, worker="two")] == [one.domain]
    assert [again.domain for again in claim(watch, NOW + HOUR, worker="two")] == [
        one.domain,
        other.domain,
    ]


def test_of_many_workers_at_once_each_domain_has_one(watch: WatchJournal) -> None:
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


def test_news_and_who_is_told_come_with_the_check(watch: WatchJournal) -> None:
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


def test_a_longer_interval_puts_nothing_off_and_is_that_of_one_domain_alone(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    checked(watch, NOW)
    watch.set_watched([msgspec.structs.replace(ONE, interval_s=9000.0), OTHER], NOW)
    assert [(one.interval_s, one.due_at) for one in watch.states()] == [(9000.0, NOW + HOUR), (7200.0, NOW)]


def test_a_domain_of_the_pages_stays_and_is_the_configurations_once_it_names_it(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    for domain in (ONE, OTHER):
        arranging.add(domain, "ada", NOW)
        arranging.pause(domain.domain, "ada")
    watch.set_watched([OTHER], NOW)
    assert [(one.domain, one.added_by, one.paused_by) for one in watch.states()] == [
        (ONE.domain, "ada", "ada"),
        (OTHER.domain, None, None),
    ]
    assert [one.domain for one in claim(watch)] == [OTHER.domain]


def test_a_lease_is_over_at_the_moment_that_it_names(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    (lost,) = claim(watch)
    assert claim(watch, lost.leased_until - timedelta(seconds=1), worker="two") == []
    assert [one.worker for one in claim(watch, lost.leased_until, worker="two")] == ["two"]


def test_a_check_is_that_of_its_domain_alone_and_leaves_behind_what_it_says(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    one, other = claim(watch)
    memories = (Memory(b"version: STSv1", NOW - DAY, "1"),)
    done = msgspec.structs.replace(finished(), check=msgspec.structs.replace(check(), memories=memories))
    assert watch.finish(one, msgspec.structs.replace(done, turned_away=3), NOW)
    kept, waiting = watch.states()
    assert kept.newest is not None
    assert (kept.held, kept.due_at, kept.leased_until) == (HELD, NOW + HOUR, None)
    assert (waiting.held, waiting.newest, waiting.leased_until) == (SettledState(), None, other.leased_until)
    evidence = watch.evidence(kept.newest.number)
    assert evidence is not None
    assert evidence.memories == memories
    (again,) = claim(watch, NOW + HOUR, domains_max=1)[:1]
    assert (again.domain, again.turned_away) == (OTHER.domain, 0)


def test_later_checks_are_compared_with_the_last_that_was_adopted(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    settled = []
    for hours, adopts in ((0, True), (1, False), (2, True), (3, True)):
        (claimed,) = claim(watch, NOW + hours * HOUR)
        settled.append(claimed.settled)
        assert watch.finish(claimed, finished(NOW + hours * HOUR, adopts=adopts), NOW + hours * HOUR)
    third, _, first = [one.number for one in watch.checks(ONE.domain, NOW, NOW + 2 * HOUR)]
    assert settled == [None, first, first, third]


def test_only_what_is_due_too_late_is_brought_forward(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    one, other = claim(watch)
    assert watch.finish(one, finished(due_at=NOW + 9 * DAY), NOW)
    assert watch.finish(other, finished(due_at=NOW + HOUR, domain=OTHER.domain), NOW)
    assert watch.bring_forward(NOW, BOUNDS) == 1
    assert [state.due_at for state in watch.states()] == [NOW, NOW + HOUR]


def test_a_notice_that_is_tried_again_later_than_can_be_is_due_now(watch: WatchJournal) -> None:
    apart = timedelta(seconds=BOUNDS.told_again_s + CLOCKS_APART_S)
    watch.keep_news(ONE.domain, news(), NOW)
    (notice,) = watch.claim_notices(["pager"], NOW, NOW + HOUR, 10)
    watch.settle_notice(notice, NOW, "no paper", NOW + apart)
    watch.bring_forward(NOW, BOUNDS)
    assert watch.claim_notices(["pager"], NOW + apart - timedelta(seconds=1), NOW + DAY, 10) == []
    watch.bring_forward(NOW - timedelta(seconds=1), BOUNDS)
    assert len(watch.claim_notices(["pager"], NOW, NOW + DAY, 10)) == 1


def test_who_has_a_domain_gives_back_that_one_alone(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    one, _ = claim(watch)
    watch.give_back([msgspec.structs.replace(one, worker="two")])
    watch.give_back([msgspec.structs.replace(one, leased_until=one.leased_until + HOUR)])
    assert claim(watch, worker="three") == []
    watch.give_back([one])
    assert [again.domain for again in claim(watch, worker="three")] == [ONE.domain]


def test_news_that_nobody_wants_to_be_told_are_kept(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(channels=()), NOW)
    assert [one.domain for one in watch.news()] == [ONE.domain]
    assert watch.claim_notices(["pager"], NOW, NOW + HOUR, 10) == []


def test_nobody_waits_for_a_domain_that_is_paused_or_in_hands(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    for domain in (ONE, OTHER):
        arranging.add(domain, "ada", NOW)
    (one,) = claim(watch, domains_max=1)
    watch.give_back([one], NOW + HOUR)
    assert watch.next_due() == NOW
    arranging.pause(OTHER.domain, "ada")
    assert watch.next_due() == NOW + HOUR
    assert claim(watch) == []
    assert [each.domain for each in claim(watch, NOW + HOUR)] == [ONE.domain]
    assert watch.next_due() is None


def test_news_say_since_when_it_is_so_and_which_check_brought_them(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    (one,) = claim(watch)
    begun = msgspec.structs.replace(news(NOW - DAY), subject="a log: Google")
    assert watch.finish(one, finished(news=begun), NOW + HOUR)
    (check_of_it,) = watch.checks(ONE.domain, NOW, NOW)
    of_none = watch.keep_news(OTHER.domain, news(NOW - 2 * DAY, ()), NOW + 2 * HOUR)
    second, first = watch.news()
    assert (first.at, first.since, first.check) == (NOW + HOUR, NOW - DAY, check_of_it.number)
    assert (first.weight, first.subject, first.acknowledged_by) == ("alarm", "a log: Google", None)
    assert (second.number, second.at, second.since, second.check, second.subject) == (
        of_none,
        NOW + 2 * HOUR,
        NOW - 2 * DAY,
        None,
        "",
    )


def test_what_is_held_is_due_when_it_may_be_told_and_the_rest_at_once(watch: WatchJournal) -> None:
    both = (Wanting("pager", NOW + HOUR), Wanting("mail"))
    watch.keep_news(ONE.domain, msgspec.structs.replace(news(), wanting=both), NOW)
    wanted = ["pager", "mail"]
    assert [one.channel for one in watch.claim_notices(wanted, NOW, NOW + DAY, 9)] == ["mail"]
    assert watch.claim_notices(wanted, NOW + HOUR - timedelta(seconds=1), NOW + DAY, 9) == []
    assert [one.channel for one in watch.claim_notices(wanted, NOW + HOUR, NOW + DAY, 9)] == ["pager"]


def test_how_often_a_server_turned_us_away_is_counted_by_each_check_anew(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    seen = []
    for hours, turned_away in enumerate((1, 2, 0, 5)):
        (one,) = claim(watch, NOW + hours * HOUR)
        seen.append(one.turned_away)
        done = msgspec.structs.replace(finished(NOW + hours * HOUR), turned_away=turned_away)
        assert watch.finish(one, done, NOW + hours * HOUR)
    assert seen == [0, 1, 2, 0]


def test_who_lost_a_domain_leaves_nothing_of_the_check_behind(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    (lost,) = claim(watch)
    (again,) = claim(watch, NOW + HOUR)
    late = msgspec.structs.replace(
        finished(NOW, news=news(), due_at=NOW + DAY, banner="late"), held=SettledState(), turned_away=7
    )
    assert not watch.finish(lost, late, NOW + HOUR)
    assert (watch.checks(ONE.domain, NOW - DAY, NOW + DAY), watch.news()) == ([], [])
    (state,) = watch.states()
    assert (state.due_at, state.newest, state.leased_until) == (NOW, None, again.leased_until)
    assert watch.finish(again, finished(NOW + HOUR), NOW + HOUR)
    (state,) = watch.states()
    assert state.newest is not None
    assert (state.due_at, state.held, state.newest.observed_at) == (NOW + 2 * HOUR, HELD, NOW + HOUR)


def test_a_lease_of_a_clock_ahead_is_nobodys_and_who_had_it_finishes_nothing(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    (ahead,) = watch.claim("ahead", NOW, NOW + DAY, 1)
    assert watch.next_due() is None
    assert watch.bring_forward(NOW, BOUNDS) == 0
    assert watch.next_due() == NOW
    (state,) = watch.states()
    assert state.leased_until is None
    assert not watch.finish(ahead, finished(), NOW)


def test_a_check_is_of_the_day_on_which_it_saw_the_domain(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    (one,) = claim(watch)
    night = NOW.replace(hour=23, minute=59)
    assert watch.finish(one, finished(night), night + HOUR)
    day = day_of(night)
    assert watch.days([ONE.domain], day - 1, day + 1) == {ONE.domain: {day: Verdict.REFUSED}}
