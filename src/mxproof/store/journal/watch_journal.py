"""The journal as the watch uses it: each method is one transaction, as those of `Journal` are, and raises JournalError."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mxproof.store.journal import noticing, watch_history, watch_overview, watching
from mxproof.store.journal.arranging import KeptMaintenance, maintenance_after
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_overview import DayVerdicts, NewestVerdict
from mxproof.store.journal.watched import (
    ClaimedDomain,
    DelayBounds,
    DueDigest,
    DueNotice,
    Finished,
    KeptCheck,
    KeptNews,
    News,
    WatchedDomain,
    WatchedEvidence,
    WatchedState,
    WatchRetention,
)


class WatchJournal:
    """The watch's part of a journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def set_watched(self, domains: Sequence[WatchedDomain], now: datetime) -> None:
        """Watch these domains and no others."""
        self._journal.writes(lambda connection: watching.set_watched(connection, domains, now))

    def claim(self, worker: str, now: datetime, until: datetime, domains_max: int) -> list[ClaimedDomain]:
        """Take domains that are due and in nobody's hands."""
        return self._journal.writes(
            lambda connection: watching.claim(connection, worker, now, until, domains_max)
        )

    def bring_forward(self, now: datetime, bounds: DelayBounds) -> int:
        """Undo what a clock that was wrong has left; return how many domains were due too late."""
        return self._journal.writes(lambda connection: watching.bring_forward(connection, now, bounds))

    def newest_moment(self) -> datetime | None:
        """Return when a domain was last checked, None before any was."""
        return self._journal.reads(watch_history.newest_moment)

    def next_due(self) -> datetime | None:
        """Return when the next domain that is in nobody's hands is due."""
        return self._journal.reads(watching.next_due)

    def give_back(self, claims: Sequence[ClaimedDomain], due_at: datetime | None = None) -> None:
        """Put domains back that were not checked."""
        self._journal.writes(lambda connection: watching.give_back(connection, claims, due_at))

    def finish(self, claimed: ClaimedDomain, done: Finished, now: datetime) -> bool:
        """Keep what a check leaves behind; False where the domain is not in these hands any more."""
        return self._journal.writes(lambda connection: watching.finish(connection, claimed, done, now))

    def keep_news(self, domain: str, news: News, now: datetime) -> int:
        """Keep news that no check brought; return their number."""
        return self._journal.writes(
            lambda connection: watching.keep_news(connection, domain, news, None, now)
        )

    def maintenance(self, now: datetime) -> list[KeptMaintenance]:
        """Return the times of maintenance of the pages that are not over."""
        return self._journal.reads(lambda connection: maintenance_after(connection, now))

    def keep_news_in_turn(self, domain: str, news: News, now: datetime) -> int | None:
        """Keep news of a subject of its own where they are no repetition; return their number, None where they are."""
        return self._journal.writes(lambda connection: noticing.news_in_turn(connection, domain, news, now))

    def last_of_subjects(self, domain: str) -> Mapping[str, KeptNews]:
        """Return the last news of each subject of its own of a domain."""
        return self._journal.reads(lambda connection: noticing.last_of_subjects(connection, domain))

    def waiting_since(self, now: datetime) -> datetime | None:
        """Return since when a notice is due that nobody has taken, None where none is."""
        return self._journal.reads(lambda connection: noticing.waiting_since(connection, now))

    def claim_notices(
        self, channels: Sequence[str], now: datetime, until: datetime, notices_max: int
    ) -> list[DueNotice]:
        """Take notices that are due."""
        return self._journal.writes(
            lambda connection: noticing.claim_notices(connection, channels, now, until, notices_max)
        )

    def settle_notice(
        self, notice: DueNotice, now: datetime, failure: str = "", again_at: datetime | None = None
    ) -> None:
        """Note that a notice was delivered, or why not and when it is tried again."""
        self._journal.writes(
            lambda connection: noticing.settle_notice(connection, notice, now, failure, again_at)
        )

    def acknowledge(
        self, domains: Sequence[str] | None, weights: Sequence[str], by: str, now: datetime
    ) -> list[KeptNews]:
        """Take note of news of these weights of `domains`, or of all; return those that nobody had taken note of."""
        return self._journal.writes(
            lambda connection: noticing.acknowledge(connection, domains, weights, by, now)
        )

    def set_digests(self, due: Mapping[str, datetime], now: datetime) -> None:
        """Have a digest made for these channels at these times, and for no others."""
        self._journal.writes(lambda connection: noticing.set_digests(connection, due, now))

    def claim_digests(self, now: datetime, until: datetime) -> list[DueDigest]:
        """Take the digests that are due."""
        return self._journal.writes(lambda connection: noticing.claim_digests(connection, now, until))

    def settle_digest(self, digest: DueDigest, due_at: datetime, failure: str = "") -> None:
        """Note that a digest was delivered, or why not, and when the next or the next try is due."""
        self._journal.writes(lambda connection: noticing.settle_digest(connection, digest, due_at, failure))

    def states(self, domains: Sequence[str] | None = None) -> list[WatchedState]:
        """Return how domains stand, all of them or those named."""
        return self._journal.reads(lambda connection: watch_history.watched_states(connection, domains))

    def checks(
        self, domain: str, since: datetime, until: datetime, *, checks_max: int = watch_history.HISTORY_MAX
    ) -> list[KeptCheck]:
        """Return the checks of a domain in a period, the newest first."""
        return self._journal.reads(
            lambda connection: watch_history.kept_checks(connection, domain, since, until, checks_max)
        )

    def newest(self) -> list[NewestVerdict]:
        """Return all domains that are watched and what their newest checks came to."""
        return self._journal.reads(watch_overview.newest_verdicts)

    def days(self, domains: Sequence[str], since: int, until: int) -> Mapping[str, DayVerdicts]:
        """Return for each domain the worst verdict of each day."""
        return self._journal.reads(
            lambda connection: watch_overview.day_verdicts(connection, domains, since, until)
        )

    def check(self, number: int) -> tuple[str, KeptCheck] | None:
        """Return the domain of a check and the check."""
        return self._journal.reads(lambda connection: watch_overview.check_numbered(connection, number))

    def beside(self, domain: str, observed_at: datetime) -> tuple[int | None, int | None]:
        """Return the numbers of the check before and of the one after a moment."""
        return self._journal.reads(
            lambda connection: watch_overview.checks_beside(connection, domain, observed_at)
        )

    def news(
        self,
        domain: str | None = None,
        since: datetime | None = None,
        *,
        until: datetime | None = None,
        older_than: int | None = None,
        news_max: int = watch_history.HISTORY_MAX,
    ) -> list[KeptNews]:
        """Return news of a domain or of all, the newest first."""
        return self._journal.reads(
            lambda connection: watch_history.kept_news(
                connection, domain=domain, since=since, until=until, older_than=older_than, news_max=news_max
            )
        )

    def evidence(self, check: int) -> WatchedEvidence | None:
        """Return the evidence of a check and what senders held then, None where it is kept no longer."""
        return self._journal.reads(lambda connection: watch_history.kept_evidence(connection, check))

    def sweep(self, retention: WatchRetention, now: datetime) -> int:
        """Take away some of what is kept no longer; nothing left to do where it returns zero."""
        return self._journal.writes(lambda connection: watch_history.sweep_watch(connection, retention, now))
