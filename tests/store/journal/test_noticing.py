"""Whom news are told and when, what is moot, what was acknowledged, and digests."""

from datetime import timedelta

import msgspec
from sqlalchemy import select

from mxproof.judge.difference import Course
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.schema import NOTICE
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import (
    Moot,
    News,
    Wanting,
)
from support_watch import DAY, HOUR, NOW, ONE, OTHER, check, checked, claim, finished, held_news, news

LOG = "/var/log/mail.log"


def silent(sender: str = "Microsoft", *, held: bool = False) -> News:
    """Return news that a sender is silent, which have to wait where they are held."""
    wanting = (Wanting("pager", NOW + HOUR if held else None),)
    return News(TurnKind.SILENT, NOW, Course.WORSE, "alarm", b"{}", wanting, f"{LOG}: {sender}")


def heard(sender: str = "Microsoft") -> News:
    """Return news that a sender writes again, which nobody wants to be told."""
    subject = f"{LOG}: {sender}"
    return News(TurnKind.HEARD, NOW, Course.BETTER, "good", b"{}", (), subject)


def test_a_notice_is_due_until_it_was_delivered_or_given_up(watch: WatchJournal) -> None:
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


def test_a_notice_that_waits_is_due_when_its_time_has_come(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    assert watch.claim_notices(["pager"], NOW, NOW + HOUR, 10) == []
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is None


def test_of_notices_that_waited_the_newest_is_told(watch: WatchJournal) -> None:
    first = watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news(OTHER.domain, held_news(NOW + HOUR), NOW)
    second = watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    moot = {one.news.number: one.moot for one in due}
    assert (moot[first], moot[second]) == (Moot.OUTDATED, None)
    assert list(moot.values()).count(None) == 2


def test_what_is_mended_before_its_time_is_not_told_there(watch: WatchJournal) -> None:
    """Be it that the channel hears of alarms alone, so that the good news are not told there either."""
    watch.set_watched([ONE], NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    better = msgspec.structs.replace(news(), course=Course.BETTER, weight="good", wanting=())
    checked(watch, NOW, check=msgspec.structs.replace(check(), outcome=Verdict.DELIVERS), news=better)
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is Moot.OUTDATED


def test_what_is_better_and_not_well_is_told_in_its_time(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    better = msgspec.structs.replace(news(), course=Course.BETTER, weight="good", wanting=())
    checked(watch, NOW, news=better)
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is None


def test_a_notice_that_failed_is_told_whatever_came_after_it(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(), NOW)
    (notice,) = watch.claim_notices(["pager"], NOW, NOW + HOUR, 10)
    watch.settle_notice(notice, NOW, "no paper", NOW + HOUR)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [None, None]


def test_what_was_acknowledged_is_moot_and_says_by_whom(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news(OTHER.domain, news(), NOW)
    (taken,) = watch.acknowledge([ONE.domain], ["alarm"], "somebody", NOW)
    assert (taken.domain, taken.acknowledged_by) == (ONE.domain, "somebody")
    assert watch.acknowledge([ONE.domain], ["alarm"], "somebody else", NOW) == []
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert {one.news.domain: one.moot for one in due} == {ONE.domain: Moot.ACKNOWLEDGED, OTHER.domain: None}
    assert [one.domain for one in watch.acknowledge(None, ["alarm"], "all", NOW)] == [OTHER.domain]


def test_a_digest_is_of_the_time_since_the_last_one(watch: WatchJournal) -> None:
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


def test_a_digest_that_fell_due_while_nobody_worked_is_due(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW + HOUR}, NOW)
    watch.set_digests({"mail": NOW + DAY}, NOW + 2 * HOUR)
    assert [one.since for one in watch.claim_digests(NOW + 2 * HOUR, NOW + DAY)] == [NOW]


def test_a_digest_moves_with_the_configuration_and_goes_with_it(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW + HOUR, "chat": NOW + HOUR}, NOW)
    watch.set_digests({"mail": NOW + 2 * HOUR}, NOW)
    assert watch.claim_digests(NOW + HOUR, NOW + DAY) == []
    assert [one.channel for one in watch.claim_digests(NOW + 2 * HOUR, NOW + DAY)] == ["mail"]


def test_a_silence_is_news_once_and_its_end_once(watch: WatchJournal) -> None:
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


def test_news_of_mail_as_a_whole_have_no_subject(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(), NOW)
    assert watch.last_of_subjects(ONE.domain) == {}
    assert [one.subject for one in watch.news(ONE.domain)] == [""]


def test_a_silence_that_is_over_before_its_time_is_not_told(watch: WatchJournal) -> None:
    watch.keep_news_in_turn(ONE.domain, silent(held=True), NOW)
    watch.keep_news_in_turn(ONE.domain, silent("Google", held=True), NOW)
    watch.keep_news_in_turn(ONE.domain, heard(), NOW)
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [Moot.OUTDATED, None]


def test_what_checks_bring_and_silences_do_not_outdate_each_other(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news_in_turn(ONE.domain, silent(held=True), NOW)
    better = msgspec.structs.replace(heard("Google"), subject=f"{LOG}: other")
    watch.keep_news(ONE.domain, better, NOW)
    checked(watch, NOW, check=check())
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [None, None]


def test_what_nobody_takes_is_known_to_wait(watch: WatchJournal) -> None:
    assert watch.waiting_since(NOW) is None
    watch.keep_news_in_turn(ONE.domain, silent(), NOW)
    assert watch.waiting_since(NOW - timedelta(minutes=5)) is None
    assert watch.waiting_since(NOW + HOUR) == NOW
    watch.claim_notices(["pager"], NOW, NOW + 3 * HOUR, 10)
    assert watch.waiting_since(NOW + HOUR) is None


def test_who_was_told_on_one_channel_is_still_told_on_another_and_of_other_news(watch: WatchJournal) -> None:
    first = watch.keep_news(ONE.domain, news(channels=("pager", "mail")), NOW)
    second = watch.keep_news(OTHER.domain, news(), NOW)
    due = watch.claim_notices(["pager", "mail"], NOW, NOW + HOUR, 10)
    told = next(one for one in due if (one.news.number, one.channel) == (first, "pager"))
    watch.settle_notice(told, NOW)
    left = watch.claim_notices(["pager", "mail"], NOW + HOUR, NOW + DAY, 10)
    assert [(one.news.number, one.channel) for one in left] == [(first, "mail"), (second, "pager")]


def test_newer_news_of_another_channel_outdate_none_that_wait(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news(ONE.domain, news(channels=("mail",)), NOW)
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is None


def test_of_what_waits_only_newer_news_of_the_same_domain_tell(watch: WatchJournal) -> None:
    watch.set_watched([ONE, OTHER], NOW)
    for claimed in claim(watch):
        assert watch.finish(claimed, finished(domain=claimed.domain), NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    better = msgspec.structs.replace(news(), course=Course.BETTER, weight="good", wanting=())
    watch.keep_news(OTHER.domain, better, NOW)
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert notice.moot is None


def test_nothing_is_taken_note_of_where_nothing_is_of_this_weight(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(), NOW)
    assert watch.acknowledge(None, ["good"], "ada", NOW) == []
    assert [one.acknowledged_by for one in watch.news()] == [None]


def test_a_digest_that_is_due_is_moved_no_more_and_one_that_failed_neither(watch: WatchJournal) -> None:
    watch.set_digests({"chat": NOW + HOUR, "mail": NOW + HOUR}, NOW)
    (chat, _) = sorted(watch.claim_digests(NOW + HOUR, NOW + 9 * HOUR), key=lambda one: one.channel)
    watch.settle_digest(chat, NOW + 2 * HOUR, "no paper")
    later = dict.fromkeys(("chat", "mail"), NOW + DAY)
    watch.set_digests(later, NOW + HOUR)
    watch.set_digests(later, NOW + 2 * HOUR)
    (again,) = watch.claim_digests(NOW + 2 * HOUR, NOW + 9 * HOUR)
    assert (again.channel, again.tries) == ("chat", 1)
    watch.set_digests(later, NOW + 3 * HOUR)
    assert [one.channel for one in watch.claim_digests(NOW + DAY, NOW + 2 * DAY)] == ["chat", "mail"]


def test_a_digest_that_falls_due_now_is_due(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW + HOUR}, NOW)
    watch.set_digests({"mail": NOW + DAY}, NOW + HOUR)
    assert [one.channel for one in watch.claim_digests(NOW + HOUR, NOW + DAY)] == ["mail"]


def test_each_channel_has_its_digest_in_its_own_time(watch: WatchJournal) -> None:
    watch.set_digests({"chat": NOW + HOUR, "mail": NOW + 2 * HOUR}, NOW)
    (chat,) = watch.claim_digests(NOW + HOUR, NOW + 9 * HOUR)
    watch.settle_digest(chat, NOW + DAY)
    (mail,) = watch.claim_digests(NOW + 2 * HOUR, NOW + 9 * HOUR)
    assert (chat.channel, mail.channel, mail.since) == ("chat", "mail", NOW)


def test_a_notice_waits_since_it_is_due(watch: WatchJournal) -> None:
    watch.keep_news(ONE.domain, news(), NOW)
    assert watch.waiting_since(NOW) == NOW


def test_what_never_had_to_wait_is_told_whatever_came_after_it(watch: WatchJournal) -> None:
    for _ in range(2):
        watch.keep_news(ONE.domain, news(), NOW)
    assert [one.moot for one in watch.claim_notices(["pager"], NOW, NOW + HOUR, 10)] == [None, None]


def test_what_waited_and_could_not_be_told_is_told_whatever_came_after_it(watch: WatchJournal) -> None:
    first = watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    (notice,) = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    watch.settle_notice(notice, NOW + HOUR, "no paper", NOW + 3 * HOUR)
    watch.keep_news(ONE.domain, news(), NOW + 2 * HOUR)
    due = watch.claim_notices(["pager"], NOW + 3 * HOUR, NOW + 4 * HOUR, 10)
    assert {one.news.number == first: one.moot for one in due} == {True: None, False: None}


def test_when_somebody_was_told_is_kept_and_else_why_not(journal: Journal) -> None:
    watch = WatchJournal(journal)
    watch.keep_news(ONE.domain, news(channels=("mail", "pager")), NOW)
    for notice in watch.claim_notices(["mail", "pager"], NOW, NOW + HOUR, 10):
        watch.settle_notice(notice, NOW + HOUR, "" if notice.channel == "mail" else "no paper")
    told = select(NOTICE.c.channel, NOTICE.c.done_at, NOTICE.c.failure, NOTICE.c.tries)
    rows = journal.reads(lambda connection: connection.execute(told.order_by(NOTICE.c.channel)).all())
    assert [tuple(one) for one in rows] == [
        ("mail", (NOW + HOUR).timestamp(), "", 1),
        ("pager", None, "no paper", 1),
    ]


def test_notices_are_taken_in_the_order_in_which_they_are_due_and_of_these_channels(
    watch: WatchJournal,
) -> None:
    first = watch.keep_news(ONE.domain, held_news(NOW + 2 * HOUR), NOW)
    second = watch.keep_news(OTHER.domain, news(channels=("pager", "mail")), NOW)
    late = NOW + 3 * HOUR
    (one,) = watch.claim_notices(["pager"], late, NOW + 4 * HOUR, 1)
    (other,) = watch.claim_notices(["pager"], late, NOW + 5 * HOUR, 1)
    assert (one.news.number, other.news.number) == (second, first)
    watch.settle_notice(one, late, "no paper", NOW + 6 * HOUR)
    due = watch.claim_notices(["pager", "mail"], NOW + 6 * HOUR, NOW + DAY, 9)
    assert [(each.news.number, each.channel, each.tries) for each in due] == [
        (second, "mail", 0),
        (first, "pager", 0),
        (second, "pager", 1),
    ]


def test_the_end_of_a_silence_is_its_end_however_mail_stands(watch: WatchJournal) -> None:
    watch.set_watched([ONE], NOW)
    checked(watch, NOW)
    watch.keep_news(ONE.domain, held_news(NOW + HOUR), NOW)
    watch.keep_news_in_turn(ONE.domain, silent(held=True), NOW)
    watch.keep_news_in_turn(ONE.domain, heard(), NOW)
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [None, Moot.OUTDATED]


def test_news_that_are_acknowledged_are_so_by_the_first_and_those_after_by_nobody(
    watch: WatchJournal,
) -> None:
    first = watch.keep_news(ONE.domain, news(), NOW)
    other = watch.keep_news(OTHER.domain, news(), NOW)
    assert [one.number for one in watch.acknowledge([ONE.domain], ["alarm"], "ada\0", NOW)] == [first]
    second = watch.keep_news(ONE.domain, news(), NOW + HOUR)
    assert watch.acknowledge([], ["alarm"], "eve", NOW + HOUR) == []
    assert {one.number: one.acknowledged_by for one in watch.news()} == {
        first: "ada\N{REPLACEMENT CHARACTER}",
        other: None,
        second: None,
    }
    taken = watch.acknowledge(None, ["alarm", "good"], "eve", NOW + HOUR)
    assert {one.number for one in taken} == {other, second}
    due = watch.claim_notices(["pager"], NOW + HOUR, NOW + 2 * HOUR, 10)
    assert [one.moot for one in due] == [Moot.ACKNOWLEDGED] * 3


def test_a_digest_of_a_channel_that_comes_back_begins_anew(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW + HOUR}, NOW)
    (first,) = watch.claim_digests(NOW + HOUR, NOW + 2 * HOUR)
    watch.settle_digest(first, NOW + 2 * HOUR, "no paper")
    watch.set_digests({"chat": NOW + DAY}, NOW + HOUR)
    watch.set_digests({"mail": NOW + 3 * HOUR, "chat": NOW + DAY}, NOW + 2 * HOUR)
    assert watch.claim_digests(NOW + 2 * HOUR, NOW + DAY) == []
    (again,) = watch.claim_digests(NOW + 3 * HOUR, NOW + 4 * HOUR)
    assert (again.channel, again.since, again.until, again.tries) == (
        "mail",
        NOW + 2 * HOUR,
        NOW + 3 * HOUR,
        0,
    )
    watch.set_digests({}, NOW + 3 * HOUR)
    assert watch.claim_digests(NOW + 9 * DAY, NOW + 10 * DAY) == []


def test_tries_of_a_digest_add_up_until_it_is_delivered(watch: WatchJournal) -> None:
    watch.set_digests({"mail": NOW}, NOW)
    tries = []
    for hours, failure in enumerate(("no paper", "no ink", "", "")):
        at = NOW + hours * HOUR
        (due,) = watch.claim_digests(at, at + DAY)
        tries.append((due.tries, due.since))
        watch.settle_digest(due, at + HOUR, failure)
    assert tries == [(0, NOW), (1, NOW), (2, NOW), (0, NOW + 2 * HOUR)]


def test_of_one_news_each_channel_has_a_notice_of_its_own_and_the_oldest_says_since_when_any_waits(
    watch: WatchJournal,
) -> None:
    watch.keep_news(ONE.domain, news(channels=("pager", "mail")), NOW)
    watch.keep_news(OTHER.domain, news(channels=("pager", "mail")), NOW + HOUR)
    late = NOW + 2 * HOUR
    assert watch.waiting_since(late) == NOW
    (pager,) = watch.claim_notices(["pager"], NOW, NOW + 3 * HOUR, 9)
    assert watch.waiting_since(late) == NOW
    watch.settle_notice(pager, NOW, "out of paper", NOW + 3 * HOUR)
    mails = watch.claim_notices(["mail"], late, NOW + 3 * HOUR, 1)
    assert [(one.news.domain, one.channel, one.tries) for one in mails] == [(ONE.domain, "mail", 0)]
    assert watch.waiting_since(late) == NOW + HOUR
    left = watch.claim_notices(["mail", "pager"], late, NOW + 3 * HOUR, 9)
    assert sorted((one.news.domain, one.channel) for one in left) == [
        (OTHER.domain, "mail"),
        (OTHER.domain, "pager"),
    ]
    assert watch.waiting_since(late) is None
