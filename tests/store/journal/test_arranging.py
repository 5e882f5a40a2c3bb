"""What is arranged on the pages: domains that are watched, and times of maintenance."""

from datetime import timedelta

import msgspec

from mxproof.store.journal.arranging import CHECKED_AGAIN_S, Arranged, ArrangingJournal, KeptMaintenance
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedDomain
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
