"""What is kept of domains that are watched, as values; `watching` and `watch_history` keep and read them.

| rule | why |
|---|---|
| a domain belongs to one worker until its lease ends | no domain is checked twice at once, and that of a dead worker is taken over |
| a check, what holds after it, its news and who is to be told are kept in one transaction, if the lease is still held | none is lost or doubled, whenever a process is killed |
| a notice is due until it was delivered or given up | one that was told and not noted is told once more |
| one that had to wait is told if it still matters | nobody is woken in the morning by what was over at midnight |
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence.evidence import Evidence
from mxproof.evidence.parts import Parts
from mxproof.judge.difference import Course
from mxproof.judge.settling import SettledState, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory


class WatchedDomain(msgspec.Struct, frozen=True):
    """A domain to watch, and how often it is checked."""

    domain: str
    interval_s: float


class ClaimedDomain(msgspec.Struct, frozen=True):
    """A domain that is due, in the hands of `worker` until its lease ends.

    `settled` is the number of the check that later ones are compared with, None before there is one; `turned_away` counts
    the last checks in which a server would not talk to us.
    """

    domain: str
    interval_s: float
    due_at: datetime
    worker: str
    leased_until: datetime
    held: SettledState
    settled: int | None
    turned_away: int


CLOCKS_APART_S = 120.0
"""How far the clocks of two workers may be apart before one takes what the other has written for an error."""


class DelayBounds(msgspec.Struct, frozen=True):
    """How far ahead a time in the store can be that a right clock put there: of a lease, of another try to tell, and of a check.

    `check_s` says that of a domain by its interval and how often we were turned away.
    """

    lease_s: float
    told_again_s: float
    check_s: Callable[[float, int], float]


class WatchedCheck(msgspec.Struct, frozen=True):
    """One check: when, how long it took, what it came to for each sender, its evidence in parts, and the policies that some hold from before."""

    observed_at: datetime
    took_s: float
    outcome: Verdict
    headline: str
    outcomes: Mapping[str, Verdict]
    parts: Parts
    memories: tuple[Memory, ...] = ()


class WatchedEvidence(msgspec.Struct, frozen=True):
    """The evidence of a check, and the policies that senders held then from before."""

    evidence: Evidence
    memories: tuple[Memory, ...]


class News(msgspec.Struct, frozen=True):
    """News of a domain as it is kept; `weight` says how loudly it is told, and `told` is JSON: what changed and for whom.

    `wanting` are those that have to be told. `subject` is empty for news of the domain's mail as a whole; news of another subject
    stand beside these, and only those of the same one replace them.
    """

    kind: TurnKind
    since: datetime
    course: Course
    weight: str
    told: bytes
    wanting: tuple["Wanting", ...] = ()
    subject: str = ""


class Wanting(msgspec.Struct, frozen=True):
    """A channel that has to be told of news: at once, or when `held_until` has come and it still matters."""

    channel: str
    held_until: datetime | None = None


class Finished(msgspec.Struct, frozen=True):
    """What a worker leaves behind: the check, what holds now, and when it is due again.

    `adopts`: this check is what later ones are compared with.
    """

    check: WatchedCheck
    held: SettledState
    adopts: bool
    due_at: datetime
    turned_away: int
    news: News | None = None


class KeptCheck(msgspec.Struct, frozen=True):
    """A check in the history of a domain; `has_evidence` tells whether its evidence is still kept."""

    number: int
    observed_at: datetime
    took_s: float
    outcome: Verdict
    headline: str
    outcomes: Mapping[str, Verdict]
    has_evidence: bool


class KeptNews(msgspec.Struct, frozen=True):
    """News in the history of a domain; `check` is the number of the check that brought it, `acknowledged_by` who took note of it."""

    number: int
    domain: str
    at: datetime
    since: datetime
    kind: TurnKind
    course: Course
    weight: str
    told: bytes
    check: int | None
    acknowledged_by: str | None = None
    subject: str = ""


class WatchedState(msgspec.Struct, frozen=True):
    """How a domain stands: what holds, its newest check, and when the next is due.

    `added_by` is who added it on the pages, None for one of the configuration, `paused_by` who had it checked no more, and
    `leased_until` until when somebody is at it.
    """

    domain: str
    interval_s: float
    due_at: datetime
    held: SettledState
    newest: KeptCheck | None
    added_by: str | None = None
    paused_by: str | None = None
    leased_until: datetime | None = None


class Moot(StrEnum):
    """Why nobody is told of news any more."""

    ACKNOWLEDGED = "acknowledged"
    """Somebody has taken note of them."""
    OUTDATED = "outdated"
    """They had to wait, and meanwhile mail is well again, or there are newer ones."""


class DueNotice(msgspec.Struct, frozen=True):
    """A channel that has to be told of news, how often that was tried, and why it is moot now, None where it is not."""

    news: KeptNews
    channel: str
    tries: int
    moot: Moot | None = None


class DueDigest(msgspec.Struct, frozen=True):
    """A channel whose digest is due, of the time from `since` to `until`, and how often that was tried."""

    channel: str
    since: datetime
    until: datetime
    tries: int


class WatchRetention(msgspec.Struct, frozen=True):
    """For how many days: the evidence of every check, that of one check a day, and the checks themselves with their news.

    The evidence of a check that brought news is kept as long as the news.
    """

    evidence_days: int = 14
    daily_days: int = 400
    history_days: int = 1830
