"""What is arranged on the pages: domains that are watched, and times of maintenance."""

from datetime import timedelta

import msgspec
from sqlalchemy import insert

from mxproof.judge.difference import Course
from mxproof.store.journal.arranging import (
    CHECKED_AGAIN_S,
    Arranged,
    ArrangedDomain,
    ArrangingJournal,
    KeptMaintenance,
)
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.schema import MAINTENANCE, WATCHED
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import Moot, WatchedDomain
from mxproof.store.journal.watching import new_row
from support_watch import HOUR, NOW, ONE, OTHER, checked, claim, finished, held_news

ADDED = WatchedDomain("added.example", 600.0)
WINDOW = KeptMaintenance(0, ("example.com",), NOW, NOW + HOUR, "new cables", "ada")


def domains_of(journal: Journal) -> dict[str, str | None]:
    return {one.domain: one.added_by for one in WatchJournal(journal).states()}


def test_the_configuration_leaves_the_domains_of_the_pages_alone(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE, OTHER], NOW)
    assert arranging.add(ADDED, "ada", NOW) is Arranged.DONE
    assert arranging.add(ADDED, "bob", NOW) is Arranged.KNOWN
    assert arranging.add(ONE, "ada", NOW) is Arranged.KNOWN
    watch.set_watched([ONE], NOW)
    assert domains_of(journal) == {ADDED.domain: "ada", ONE.domain: None}
    assert [one.domain for one in arranging.domains()] == [ADDED.domain]
    assert {one.domain for one in claim(watch, NOW, domains_max=9)} == {ADDED.domain, ONE.domain}


def test_a_domain_that_the_configuration_comes_to_name_is_its_own(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    arranging.add(ADDED, "ada", NOW)
    arranging.pause(ADDED.domain, "ada")
    watch.set_watched([WatchedDomain(ADDED.domain, 60.0)], NOW)
    (state,) = watch.states()
    assert (state.added_by, state.paused_by, state.interval_s) == (None, None, 60.0)
    assert arranging.remove(ADDED.domain) is Arranged.NOT_HERE
    assert arranging.pause(ADDED.domain, "ada") is Arranged.NOT_HERE
    watch.set_watched([], NOW)
    assert watch.states() == []


def test_a_domain_that_is_paused_is_in_nobodys_hands(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    arranging.add(ADDED, "ada", NOW)
    assert arranging.pause(ADDED.domain, "bob") is Arranged.DONE
    assert (claim(watch, NOW), watch.next_due()) == ([], None)
    assert arranging.check_now(ADDED.domain, NOW) is Arranged.TOO_SOON
    arranging.pause(ADDED.domain, None)
    assert watch.next_due() == NOW
    assert len(claim(watch, NOW)) == 1


def test_a_removed_domain_leaves_its_history(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    arranging.add(ONE, "ada", NOW)
    checked(watch, NOW)
    assert arranging.remove(ONE.domain) is Arranged.DONE
    assert watch.states() == []
    assert len(watch.checks(ONE.domain, NOW - HOUR, NOW + HOUR)) == 1


def test_a_check_now_is_due_at_once_and_not_twice_in_a_moment(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    (claimed,) = claim(watch, NOW)
    assert arranging.check_now(ONE.domain, NOW) is Arranged.TOO_SOON
    done = msgspec.structs.replace(finished(NOW), due_at=NOW + HOUR)
    assert watch.finish(claimed, done, NOW)
    soon, later = (NOW + timedelta(seconds=CHECKED_AGAIN_S + more) for more in (-1, 1))
    assert arranging.check_now(ONE.domain, soon) is Arranged.TOO_SOON
    assert arranging.check_now(ONE.domain, later) is Arranged.DONE
    assert watch.next_due() == later
    assert arranging.check_now("other.example", later) is Arranged.TOO_SOON


def test_a_check_now_waits_for_no_worker_whose_lease_is_over(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    (claimed,) = claim(watch, NOW)
    assert arranging.check_now(ONE.domain, claimed.leased_until - timedelta(seconds=1)) is Arranged.TOO_SOON
    assert arranging.check_now(ONE.domain, claimed.leased_until) is Arranged.DONE
    assert watch.next_due() is None, "it is still in its hands, and due as before"


def test_a_check_now_is_asked_for_when_the_last_one_is_long_enough_ago(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE, OTHER], NOW)
    for claimed in claim(watch, NOW):
        assert watch.finish(claimed, finished(NOW, domain=claimed.domain), NOW)
    second = timedelta(seconds=1)
    again = NOW + timedelta(seconds=CHECKED_AGAIN_S)
    assert arranging.check_now(ONE.domain, again - second) is Arranged.TOO_SOON
    assert arranging.check_now(ONE.domain, again) is Arranged.DONE
    assert watch.next_due() == again
    assert arranging.check_now(OTHER.domain, NOW) is Arranged.TOO_SOON
    # A clock that was set back: the last check seems to come yet.
    assert arranging.check_now(OTHER.domain, NOW - second) is Arranged.DONE


def test_a_check_that_is_overdue_is_put_off_by_nobody(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    assert arranging.check_now(ONE.domain, NOW + HOUR) is Arranged.DONE
    assert watch.next_due() == NOW


def test_a_domain_of_the_configuration_is_arranged_there_alone(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    assert arranging.add(ONE, "ada", NOW) is Arranged.KNOWN
    assert arranging.pause(ONE.domain, "ada") is Arranged.NOT_HERE
    assert arranging.remove(ONE.domain) is Arranged.NOT_HERE
    assert (arranging.domains(), len(watch.states())) == ([], 1)


def test_a_time_of_maintenance_is_there_until_it_is_over(journal: Journal) -> None:
    arranging = ArrangingJournal(journal)
    everything = msgspec.structs.replace(WINDOW, domains=(), ends=NOW + 2 * HOUR, why="")
    for one in (WINDOW, everything):
        assert arranging.begin_maintenance(one) is Arranged.DONE
    found = arranging.maintenance(NOW)
    assert [msgspec.structs.replace(one, number=0) for one in found] == [WINDOW, everything]
    assert [one.ends for one in arranging.maintenance(WINDOW.ends)] == [everything.ends]
    arranging.end_maintenance(found[1].number, NOW)
    assert arranging.maintenance(NOW) == found[:1]


def test_what_waited_for_an_end_is_told_when_it_comes_early(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    arranging.begin_maintenance(WINDOW)
    checked(watch, NOW, news=held_news(WINDOW.ends))
    (kept,) = arranging.maintenance(NOW)
    assert watch.claim_notices(["pager"], NOW, NOW + HOUR, 9) == []
    arranging.end_maintenance(kept.number, NOW)
    assert len(watch.claim_notices(["pager"], NOW, NOW + HOUR, 9)) == 1


def test_what_waits_for_something_else_goes_on_waiting(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    for one in (WINDOW, msgspec.structs.replace(WINDOW, domains=("other.example",), ends=NOW + 2 * HOUR)):
        arranging.begin_maintenance(one)
    checked(watch, NOW, news=held_news(NOW + 2 * HOUR))
    for one in arranging.maintenance(NOW):
        arranging.end_maintenance(one.number, NOW)
    assert watch.claim_notices(["pager"], NOW, NOW + HOUR, 9) == []


def test_what_is_arranged_of_a_domain_is_arranged_of_no_other(journal: Journal) -> None:
    arranging = ArrangingJournal(journal)
    for domain in (ADDED, ONE):
        assert arranging.add(domain, "ada", NOW) is Arranged.DONE
    arranging.pause(ONE.domain, "bob")
    assert arranging.domains() == [
        ArrangedDomain(ADDED.domain, ADDED.interval_s, "ada", NOW, None),
        ArrangedDomain(ONE.domain, ONE.interval_s, "ada", NOW, "bob"),
    ]
    assert arranging.remove(ADDED.domain) is Arranged.DONE
    assert arranging.remove(ADDED.domain) is Arranged.NOT_HERE
    assert arranging.pause(ADDED.domain, "bob") is Arranged.NOT_HERE
    assert [one.domain for one in arranging.domains()] == [ONE.domain]


def test_when_a_domain_may_be_checked_again_is_told_by_its_own_checks(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE, OTHER], NOW)
    for claimed in claim(watch, NOW):
        if claimed.domain == ONE.domain:
            assert watch.finish(claimed, finished(NOW), NOW)
        else:
            watch.give_back([claimed], NOW + HOUR)
    soon = NOW + timedelta(seconds=1)
    assert arranging.check_now(ONE.domain, soon) is Arranged.TOO_SOON
    assert arranging.check_now(OTHER.domain, soon) is Arranged.DONE
    assert [one.due_at for one in watch.states()] == [NOW + HOUR, soon]


def test_there_is_room_for_so_many_domains_of_the_pages(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    watch.set_watched([ONE], NOW)
    row = {**new_row(ADDED, NOW), "added_by": "ada"}
    rows = [{**row, "domain": f"{number}.example"} for number in range(9_999)]
    journal.writes(lambda connection: connection.execute(insert(WATCHED), rows))
    assert arranging.add(ADDED, "ada", NOW) is Arranged.DONE
    assert arranging.add(OTHER, "ada", NOW) is Arranged.FULL
    assert arranging.add(ADDED, "ada", NOW) is Arranged.KNOWN


def test_there_is_room_for_so_many_times_that_are_not_over(journal: Journal) -> None:
    arranging = ArrangingJournal(journal)
    row = {"domains": "", "begins": 0.0, "why": "", "added_by": ""}
    rows = [{**row, "ends": NOW.timestamp() + max(0, number)} for number in range(-5, 200)]
    journal.writes(lambda connection: connection.execute(insert(MAINTENANCE), rows))
    assert arranging.begin_maintenance(WINDOW) is Arranged.DONE
    assert arranging.begin_maintenance(WINDOW) is Arranged.FULL
    second = timedelta(seconds=1)
    later = msgspec.structs.replace(WINDOW, begins=WINDOW.begins + second)
    assert arranging.begin_maintenance(later) is Arranged.DONE


def test_the_end_of_one_time_is_told_to_those_alone_that_waited_for_it(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    for one in (
        WINDOW,
        msgspec.structs.replace(WINDOW, domains=(OTHER.domain,)),
        msgspec.structs.replace(WINDOW, domains=()),
    ):
        arranging.begin_maintenance(one)
    own, _, everything = arranging.maintenance(NOW)
    watch.keep_news(ONE.domain, held_news(WINDOW.ends), NOW)
    watch.keep_news(OTHER.domain, held_news(WINDOW.ends), NOW)
    watch.keep_news("example.org", held_news(WINDOW.ends + HOUR), NOW)
    arranging.end_maintenance(own.number, NOW)
    told = watch.claim_notices(["pager"], NOW, NOW + HOUR / 2, 9)
    assert [one.news.domain for one in told] == [ONE.domain]
    watch.settle_notice(told[0], NOW)
    arranging.end_maintenance(everything.number, NOW)
    assert [one.news.domain for one in watch.claim_notices(["pager"], NOW, NOW + HOUR, 9)] == [OTHER.domain]
    arranging.end_maintenance(everything.number, NOW)
    assert [one.domains for one in arranging.maintenance(NOW)] == [(OTHER.domain,)]


def test_what_was_mended_after_its_wait_was_ended_early_need_not_be_told_any_more(journal: Journal) -> None:
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    arranging.begin_maintenance(WINDOW)
    news = msgspec.structs.replace(held_news(WINDOW.ends), subject="tls")
    watch.keep_news(ONE.domain, news, NOW)
    arranging.end_maintenance(arranging.maintenance(NOW)[0].number, NOW)
    watch.keep_news(ONE.domain, msgspec.structs.replace(news, course=Course.BETTER, wanting=()), NOW)
    assert [one.moot for one in watch.claim_notices(["pager"], NOW, NOW + HOUR, 9)] == [Moot.OUTDATED]
