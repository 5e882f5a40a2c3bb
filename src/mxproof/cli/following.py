"""A log followed from the command line: until a signal, or once."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import msgspec

from mxproof.cli.evidence_source import Survey, observe
from mxproof.cli.exit import PROBLEM, RunError
from mxproof.cli.mail_logs import MailLogs
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.silence_alerts import SilenceAlerts
from mxproof.cli.silence_notice import FoundSilence, found_silence, notice
from mxproof.cli.streams import print_stderr, print_stdout
from mxproof.evidence import Kind, Question
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import Domain
from mxproof.judge.news import Weight
from mxproof.render.text.paper import Paper
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import Detector, FalseAlarms
from mxproof.serve.silence.command import told_by
from mxproof.serve.silence.daemon import catch_up, follow
from mxproof.serve.silence.follower import Follower
from mxproof.serve.silence.journald import Journald
from mxproof.serve.silence.log_file import LogFile
from mxproof.serve.silence.mail import AlarmMail, not_another_way, told_by_mail
from mxproof.serve.silence.reports import ReportWatch
from mxproof.serve.watch.channel import mail_only
from mxproof.serve.watch.settings import WatchSettings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import SilenceJournal
from mxproof.survey.reading import mx_set

_JOURNALD = "journald"


class Ways(msgspec.Struct, frozen=True):
    """By which ways an alarm is told; it is printed where there is none. `alerts` gives the settings of the watch as they are now."""

    command: Path | None = None
    mail: AlarmMail | None = None
    alerts: Callable[[], WatchSettings] | None = None

    def tell(self, found: FoundSilence, said: str, alerts: SilenceAlerts | None) -> bool:
        """Try every way; return whether one of them succeeded."""
        if self.command is None and self.mail is None and alerts is None:
            print_stdout(said)
            return True
        alarm = found.silence.alarm
        by_alerts = alerts is not None and alerts.tell(found)
        by_command = self.command is not None and told_by(self.command.absolute(), alarm, said)
        by_mail = self.mail is not None and told_by_mail(self.mail, alarm, said)
        return by_alerts or by_command or by_mail

    def warn(self, domain: Domain | None, asking: AskingOptions) -> None:
        """Say on stderr where the ways that were chosen may not lead to anybody; raises RunError where they cannot."""
        if self.alerts is not None and domain is not None:
            _warn_of_alerts(self.alerts, domain)
        if self.mail is None:
            return
        exchanges = _exchanges(domain, asking) if domain is not None else ()
        name = domain.name if domain is not None else ""
        if why := not_another_way(self.mail.server.host, name, exchanges):
            print_stderr(
                f"warning: {why}: when that mail system fails, this mail fails with it; name a server of another provider, or use --command"
            )


def _warn_of_alerts(alerts: Callable[[], WatchSettings], domain: Domain) -> None:
    try:
        settings = alerts()
    except ConfigError as error:
        raise RunError(str(error)) from None
    if not any(one.wants(Weight.ALARM) for one in settings.channels):
        raise RunError("--alerts: no [[alert]] of this configuration is told of alarms")
    if domain.name not in {one.domain for one in settings.domains}:
        print_stderr(f"warning: {domain} is not among the domains of the watch; its pages do not show it")
    if said := mail_only(settings.channels, [domain.name]):
        print_stderr(f"warning: {said}")


def _exchanges(domain: Domain, asking: AskingOptions) -> tuple[str, ...]:
    """Return the names of the MX hosts, none where they cannot be found out now."""
    question = Question(Kind.MX, domain.name)
    survey = Survey(lambda evidence: () if question in evidence.answers else (question,))
    try:
        found = mx_set(observe(domain, asking, survey).evidence)
    except RunError:
        return ()
    return tuple(one.name for one in found.exchanges)


class Following:
    """The log that is followed, and where it is kept; `log` is None for the journal of this machine."""

    def __init__(
        self,
        log: Path | None,
        store: str,
        hours_of_week: Callable[[int], int],
        false_alarms: float,
        zone: tzinfo | None,
        domain: Domain | None = None,
    ) -> None:
        self._zone = zone
        self._domain = domain
        self._store = store
        self._name = _JOURNALD if log is None else str(log.absolute())
        self._false_alarms = false_alarms
        self._journal = Journal(store)
        self._follower = Follower(
            Journald() if log is None else LogFile(log.absolute()),
            self._name,
            SilenceJournal(self._journal),
            Detector(hours_of_week, FalseAlarms(false_alarms)),
            zone,
            self._named,
        )

    @property
    def _named(self) -> str:
        return self._domain.name if self._domain is not None else ""

    def begin(self, history: tuple[str, ...]) -> None:
        """Go on from what was kept, or learn from `history` where there is nothing; raises RunError and JournalError."""
        if self._follower.begin() or not history:
            return
        read = MailLogs(self._zone, datetime.now(UTC))
        for one in history:
            read.read(one)
        read.told()
        self._follower.learn(read.arrivals())
        print_stderr(f"learnt from {read.mails} mails of {len(read.senders)} senders")

    def run(self, asking: AskingOptions, ways: Ways, *, once: bool) -> None:
        """Follow until a signal, or `once`; raises JournalError, and RunError where the log cannot be read."""
        alerts = self._alerts(ways)

        def tell(alarm: Alarm) -> bool:
            found = found_silence(alarm, self._domain, asking, self._journal)
            return ways.tell(found, notice(found, self._zone, Paper()), alerts)

        reports = ReportWatch(self._journal, self._named, self._false_alarms)

        def is_silent(alarm: Alarm) -> bool:
            of_mail = alarm.kind in (AlarmKind.SENDER, AlarmKind.EVERYTHING)
            return self._follower.is_silent(alarm) if of_mail else reports.is_silent(alarm)

        def look_at_ends() -> None:
            if alerts is not None:
                alerts.end(is_silent)

        if not once:
            follow(self._follower, reports, tell, look_at_ends)
            return
        try:
            catch_up(self._follower, reports, tell, look_at_ends)
        except OSError as error:
            raise RunError(f"the log cannot be read: {error.strerror or error}", PROBLEM) from None

    def _alerts(self, ways: Ways) -> SilenceAlerts | None:
        if ways.alerts is None or self._domain is None:
            return None
        store = ways.alerts().store
        journal = self._journal if store == self._store else Journal(store)
        return SilenceAlerts(ways.alerts, journal, self._domain, self._name)
