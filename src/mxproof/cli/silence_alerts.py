"""A silence told by the alerts of the watch: put down as news in its store, from which the watch tells whoever wants to know.

What holds of other news holds of these: quiet hours, maintenance, acknowledging, digests. A silence is told once, and its end once;
both stand beside the news of checks, which do not replace them.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.cli.silence_notice import FoundSilence
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import Domain
from mxproof.judge.difference import Course
from mxproof.judge.news import DomainNews, heard_news, silence_news
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.watch.teller import wanting_of
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import News

TAKEN_WITHIN = timedelta(minutes=5)
"""A watch that runs takes what is due within seconds."""
SAID_AGAIN = timedelta(hours=1)

_log = logging.getLogger("mxproof.silence")


class SilenceAlerts:
    """The alerts of a watch; `read` returns its settings as they are now, `log` is the name of the log that is followed."""

    def __init__(self, read: Callable[[], WatchSettings], journal: Journal, domain: Domain, log: str) -> None:
        self._read = read
        self._settings = read()
        self._watch = WatchJournal(journal)
        self._domain = domain.name
        self._log = log
        self._said_at = datetime.min.replace(tzinfo=UTC)

    def tell(self, found: FoundSilence) -> bool:
        """Have the watch tell of a silence; return whether it is in its store."""
        now = datetime.now(UTC)
        news = silence_news(self._domain, found.silence, now, found.report)
        return self._keep(news, self._subject(found.silence.alarm), now)

    def end(self, is_silent: Callable[[Alarm], bool]) -> None:
        """Have the watch tell of silences that are over, and say where it does not take what it has to tell."""
        now = datetime.now(UTC)
        try:
            last = self._watch.last_of_subjects(self._domain)
            waiting_since = self._watch.waiting_since(now - TAKEN_WITHIN)
        except JournalError as error:
            _log.error("alerts: %s", error)
            return
        for subject, kept in last.items():
            if kept.course is Course.BETTER:
                continue
            news = msgspec.json.decode(kept.told, type=DomainNews)
            silence = news.silence
            if silence is None or subject != self._subject(silence.alarm) or is_silent(silence.alarm):
                continue
            self._keep(heard_news(news, now), subject, now)
        if waiting_since is not None and now - self._said_at > SAID_AGAIN:
            self._said_at = now
            _log.warning("alerts wait since %s; is `mxproof watch serve` running?", waiting_since.isoformat())

    def _keep(self, news: DomainNews, subject: str, now: datetime) -> bool:
        settings = self._renewed()
        try:
            wanting = tuple(wanting_of(news, settings, self._watch.maintenance(now), now))
            kept = News(
                news.kind, news.since, news.course, news.weight, msgspec.json.encode(news), wanting, subject
            )
            self._watch.keep_news_in_turn(self._domain, kept, now)
        except JournalError as error:
            _log.error("alerts: %s; told again later", error)
            return False
        return True

    def _renewed(self) -> WatchSettings:
        """Return the settings as they are now, or those before where they are wrong just now."""
        try:
            self._settings = self._read()
        except ConfigError as error:
            _log.error("alerts: %s; those before count on", error)
        return self._settings

    def _subject(self, alarm: Alarm) -> str:
        """Return what tells a silence from another one: the log, or TLS reports, and who is silent in it."""
        source = "TLS reports" if alarm.kind in (AlarmKind.REPORTER, AlarmKind.REPORTS) else self._log
        return f"{source}: {alarm.sender or alarm.kind}"
