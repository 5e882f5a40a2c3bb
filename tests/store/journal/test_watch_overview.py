"""What the pages show of many domains at once, and of one check."""

import msgspec
import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.store.journal import watch_overview
from mxproof.store.journal.days import day_of
from mxproof.store.journal.watch_journal import WatchJournal
from support_watch import DAY, HOUR, NOW, ONE, OTHER, check, checked, claim, finished


def test_the_newest_verdict_of_each_domain_is_read_at_once(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    checked(watch, NOW)
    one, other = watch.newest()
    assert (one.domain, one.outcome, one.observed_at) == (ONE.domain, Verdict.REFUSED, NOW)
    assert one.outcomes == {"microsoft": Verdict.REFUSED, "google": Verdict.DELIVERS}
    assert (other.domain, other.outcome, other.observed_at, other.outcomes) == (OTHER.domain, None, None, {})


def test_of_each_day_the_worst_verdict_is_told(watch: WatchJournal) -> None:
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


def test_a_check_is_found_by_its_number_with_those_beside_it(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    for number in range(3):
        checked(watch, NOW + number * HOUR)
    last, middle, first = watch.checks(ONE.domain, NOW, NOW + DAY)
    assert watch.check(middle.number) == (ONE.domain, middle)
    assert watch.check(last.number + 1) is None
    assert watch.beside(ONE.domain, middle.observed_at) == (first.number, last.number)
    assert watch.beside(ONE.domain, first.observed_at) == (None, middle.number)
    assert watch.beside(ONE.domain, last.observed_at) == (middle.number, None)


def test_a_day_is_told_by_the_worst_of_its_checks_whenever_that_was(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    begin = NOW.replace(hour=0)
    verdicts = (Verdict.REFUSED, Verdict.DELIVERS, Verdict.AT_RISK)
    for number, verdict in enumerate(verdicts):
        at = begin + number * HOUR
        checked(watch, NOW + number * HOUR, check=msgspec.structs.replace(check(at), outcome=verdict))
    day = day_of(NOW)
    assert watch.days([ONE.domain], day, day) == {ONE.domain: {day: Verdict.REFUSED}}
    assert watch.days([ONE.domain], day - 1, day - 1) == {ONE.domain: {}}
    assert watch.days([ONE.domain], day + 1, day + 1) == {ONE.domain: {}}


def test_a_domain_that_was_never_checked_has_no_headline(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    checked(watch, NOW)
    assert [(one.headline, one.due_at) for one in watch.newest()] == [
        ("Microsoft refuses", NOW + HOUR),
        ("", NOW),
    ]


def test_the_checks_beside_one_are_those_of_its_domain(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    for hours in range(3):
        at = NOW + hours * HOUR
        for claimed in watch.claim("one", at, at + HOUR / 4, 10):
            assert watch.finish(claimed, finished(at, domain=claimed.domain, due_at=at + HOUR), at)
    of_one = [one.number for one in watch.checks(ONE.domain, NOW, NOW + DAY)]
    assert watch.beside(ONE.domain, NOW + HOUR) == (of_one[2], of_one[0])


def test_days_of_more_domains_than_one_question_takes_are_told_of_all(
    watch: WatchJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_overview, "_DOMAINS_AT_ONCE", 1)
    watch.set_watched([ONE, OTHER], NOW)
    for claimed in claim(watch):
        assert watch.finish(claimed, finished(domain=claimed.domain), NOW)
    day = day_of(NOW)
    refused = {day: Verdict.REFUSED}
    names = ["unknown.example", OTHER.domain, ONE.domain]
    assert watch.days(names, day, day) == {names[0]: {}, OTHER.domain: refused, ONE.domain: refused}
    assert watch.days([], day, day) == {}
