"""The contract of news that have a subject of their own, as functions that a journal in any back end is handed to."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from mxproof.judge.difference import Course
from mxproof.judge.settling import TurnKind
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import Moot, News, Wanting
from support_watch import HOUR, NOW, ONE, OTHER, check, checked, held_news, news

LOG = "/var/log/mail.log"


def silent(sender: str = "Microsoft", *, held: bool = False) -> News:
    """Return news that a sender is silent, which have to wait where they are held."""
    wanting = (Wanting("pager", NOW + HOUR if held else None),)
    return News(TurnKind.SILENT, NOW, Course.WORSE, "alarm", b"{}", wanting, f"{LOG}: {sender}")


def heard(sender: str = "Microsoft") -> News:
    """Return news that a sender writes again, which nobody wants to be told."""
    subject = f"{LOG}: {sender}"
    return News(TurnKind.HEARD, NOW, Course.BETTER, "good", b"{}", (), subject)


def a_silence_is_news_once_and_its_end_once(watch: WatchJournal) -> None:
    domain = ONE.domain
    assert watch.keep_news_in_turn(domain, heard(), NOW) is None
    assert watch.keep_news_in_turn(domain, silent(), NOW) is not None
    assert watch.keep_news_in_turn(domain, silent(), NOW) is None
    assert watch.keep_news_in_turn(domain, silent("Google"), NOW) is not None
    assert watch.keep_news_in_turn(OTHER.domain, silent(), NOW) is not None
    assert watch.keep_news_in_turn(domain, heard(), NOW + HOUR) is not None
    assert watch.keep_news_in_turn(domain, heard(), NOW + HOUR) is None
    assert {
        subject.rpartition(" ")[2]: one.kind for subject, one in watch.last_of_subjects(domain).items()
    } == {
        "Microsoft": TurnKind.HEARD,
        "Google": TurnKind.SILENT,
    }
    assert watch.keep_news_in_turn(domain, silent(), NOW + 2 * HOUR) is not None
    assert len(watch.news(domain)) == 4


def news_of_mail_as_a_whole_have_no_subject(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(), NOW)
    assert watch.last_of_subjects(ONE.domain) == {}
    assert [one.subject for one in watch.news(ONE.domain)] == [""]


def a_silence_that_is_over_before_its_time_is_not_told(watch: WatchJournal) -> None:
    watch.keep_news_in_turn(ONE.domain, silent(held=True), NOW)
    watch.keep_news_in_turn(ONE.domain, silent("Google", held=True), NOW)
    watch.keep_news_in_turn(ONE.domain, heard(), NOW)
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [Moot.OUTDATED, None]


def what_checks_bring_and_silences_do_not_outdate_each_other(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news_in_turn(ONE.domain, silent(held=True), NOW)
    better = msgspec.structs.replace(heard("Google"), subject=f"{LOG}: other")
    watch.keep_news(ONE.domain, better, NOW)
    checked(watch, NOW, check=check())
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [None, None]


def what_nobody_takes_is_known_to_wait(watch: WatchJournal) -> None:
    assert watch.waiting_since(NOW) is None
    watch.keep_news_in_turn(ONE.domain, silent(), NOW)
    assert watch.waiting_since(NOW - timedelta(minutes=5)) is None
    assert watch.waiting_since(NOW + HOUR) == NOW
    watch.claim_notices(["pager"], NOW, NOW + 3 * HOUR, 10)
    assert watch.waiting_since(NOW + HOUR) is None


SILENCE_NEWS_CONTRACT: tuple[Callable[[WatchJournal], None], ...] = (
    a_silence_is_news_once_and_its_end_once,
    news_of_mail_as_a_whole_have_no_subject,
    a_silence_that_is_over_before_its_time_is_not_told,
    what_checks_bring_and_silences_do_not_outdate_each_other,
    what_nobody_takes_is_known_to_wait,
)
