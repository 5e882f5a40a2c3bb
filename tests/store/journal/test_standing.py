"""How a domain that is watched stands, from what is kept of it."""

from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.judge.difference import Course
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import Blindness, Candidate, SettledState, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WatchStatus
from mxproof.store.journal.standing import watch_status
from mxproof.store.journal.watched import KeptCheck, KeptNews, WatchedState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE = NOW + timedelta(hours=1)
UNCHECKED = WatchedState("example.com", 3600.0, DUE, SettledState(), None)
OUTCOMES = {"microsoft": Verdict.REFUSED, "google": Verdict.DELIVERS}
NEWEST = KeptCheck(1, NOW, 0.5, Verdict.REFUSED, "Microsoft refuses", OUTCOMES, has_evidence=False)
NEWS = DomainNews(
    1,
    "example.com",
    TurnKind.CHANGED,
    Weight.ALARM,
    Course.WORSE,
    NOW,
    NOW,
    "Microsoft refuses",
    (),
    (),
    is_flapping=False,
    difference=None,
)


def with_held(held: SettledState) -> WatchedState:
    return msgspec.structs.replace(UNCHECKED, held=held)


def test_of_a_domain_that_was_never_checked_only_its_next_check_is_known() -> None:
    assert watch_status(UNCHECKED) == WatchStatus(
        schema_version=1,
        domain="example.com",
        outcome=None,
        headline=None,
        observed_at=None,
        due_at=DUE,
        is_settled=True,
        blind_since=None,
        senders={},
        news=(),
        is_paused=False,
    )


def test_a_domain_stands_as_its_newest_check_found_it_with_its_news() -> None:
    kept = KeptNews(
        7, "example.com", NOW, NOW, TurnKind.CHANGED, Course.WORSE, "alarm", msgspec.json.encode(NEWS), 1
    )
    got = watch_status(msgspec.structs.replace(UNCHECKED, newest=NEWEST, paused_by="ada"), [kept])
    assert got == WatchStatus(
        schema_version=1,
        domain="example.com",
        outcome=Verdict.REFUSED,
        headline="Microsoft refuses",
        observed_at=NOW,
        due_at=DUE,
        is_settled=True,
        blind_since=None,
        senders=OUTCOMES,
        news=(NEWS,),
        is_paused=True,
    )


def test_what_was_seen_once_is_not_settled() -> None:
    seen_once = SettledState(candidates=(Candidate("a change", NOW, 3),))
    assert not watch_status(with_held(seen_once)).is_settled


def test_that_little_is_seen_is_said_once_it_was_told() -> None:
    blind = [SettledState(blindness=Blindness(NOW, 2, is_told=told)) for told in (False, True)]
    assert [watch_status(with_held(one)).blind_since for one in blind] == [None, NOW]
