"""What a decision about a roll-out rests on, put together: the journal, a check of the domain, TLS reports and silences."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from mxproof.explain.tlsrpt.period import Period, PeriodCounts
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.publish.publishing import Looks
from mxproof.publish.rollout import Rollout, RolloutAim
from mxproof.publish.rollout_decision import ReporterDays, RolloutEvidence, held_until
from mxproof.publish.state import PublishedState, decoded
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication_journal import PUBLICATIONS_KEPT_MAX, PublicationJournal
from mxproof.store.journal.silence import SilenceJournal

LEARNT_FROM_DAYS: Final = 365
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


class RolloutSources(msgspec.Struct, frozen=True):
    """Where evidence is taken from; `reports` is the journal with TLS reports and silences, `ttl_s` that of records."""

    publications: PublicationJournal
    reports: Journal
    looks: Looks
    ttl_s: int
    senders: Sequence[Traits] = SENDERS

    def published(self, domain: str) -> PublishedState | None:
        """Return what was published of a domain last, None for nothing."""
        last = self.publications.published(domain)
        return decoded(last[0].after) if last else None

    def is_open(self, domain: str) -> bool:
        """Tell whether a publication of a domain was begun and is not over."""
        return self.publications.opened(domain) is not None

    def newest(self, domain: str) -> int:
        """Return the number of the newest publication of a domain, however it ended, 0 for none."""
        history = self.publications.history(domain, 1)
        return history[0].number if history else 0

    def evidence(self, rollout: Rollout, now: datetime) -> RolloutEvidence:
        """Return what the roll-out of a domain is decided by; raises JournalError."""
        domain, state = rollout.domain, self.published(rollout.domain)
        if rollout.aim is RolloutAim.NONE or rollout.is_over or state is None or rollout.since is None:
            history = self.publications.history(domain, PUBLICATIONS_KEPT_MAX)
            return RolloutEvidence(state, held_until(history, self.ttl_s))
        today = (now - _EPOCH) // _DAY
        counts = self.reports.counts(Period(max(0, today - LEARNT_FROM_DAYS), today, domain))
        alarms = SilenceJournal(self.reports).alarms(domain, rollout.since, now)
        return RolloutEvidence(
            state, None, self._findings(state), reporter_days(counts), tuple(reversed(alarms))
        )

    def _findings(self, state: PublishedState) -> tuple[str, ...]:
        seen = self.looks.arriving(state, self.looks.published(state.domain))
        return hindrances(report_on(seen, now=seen.observed_at(), senders=self.senders))


def hindrances(report: Report) -> tuple[str, ...]:
    """Return the codes of findings that make a sender refuse, and those senders by their ids of which none says why they might."""
    codes = [str(one.code) for one in report.findings if one.severity is Severity.ERROR]
    others = [
        one.id
        for one in report.senders
        if one.decides and one.outcome is not Verdict.DELIVERS and not set(codes) & {*one.because}
    ]
    return tuple(dict.fromkeys((*codes, *others)))


def reporter_days(counts: PeriodCounts) -> tuple[ReporterDays, ...]:
    """Return by day what was reported that is known to be from its sender."""
    days: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for one in counts.senders:
        if one.submitter and one.authenticated == Authenticated.VERIFIED:
            days[one.submitter] += one.days
    return tuple(ReporterDays(name, tuple(sorted(every))) for name, every in sorted(days.items()))
