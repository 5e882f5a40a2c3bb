"""What is kept of domains that are watched, to be put into a journal: checks, news, and whoever is at one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.evidence import Evidence
from mxproof.evidence.parts import parts_of
from mxproof.judge.difference import Course
from mxproof.judge.settling import Fate, SeenState, SettledState, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import (
    ClaimedDomain,
    DelayBounds,
    Finished,
    News,
    Wanting,
    WatchedCheck,
    WatchedDomain,
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


def at_once(*works: Callable[[], None]) -> None:
    """Do `works` in threads of their own; what one of them raises is raised."""
    with ThreadPoolExecutor(len(works)) as threads:
        for one in [threads.submit(work) for work in works]:
            one.result()
