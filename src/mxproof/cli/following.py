"""A log followed from the command line: until a signal, or once."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import msgspec

from mxproof.cli.evidence_source import Survey, observe
from mxproof.cli.exit import PROBLEM, RunError
from mxproof.cli.mail_logs import MailLogs
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.silence_notice import notice
from mxproof.cli.streams import print_stderr, print_stdout
from mxproof.evidence import Kind, Question
from mxproof.formats.names import Domain
from mxproof.render.text.paper import Paper
from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.detector import Detector, FalseAlarms
from mxproof.serve.silence.command import told_by
from mxproof.serve.silence.daemon import catch_up, follow
from mxproof.serve.silence.follower import Follower
from mxproof.serve.silence.journald import Journald
from mxproof.serve.silence.log_file import LogFile
from mxproof.serve.silence.mail import AlarmMail, not_another_way, told_by_mail
from mxproof.serve.silence.reports import ReportWatch
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import SilenceJournal
from mxproof.survey.reading import mx_set

_JOURNALD = "journald"


class Ways(msgspec.Struct, frozen=True):
    """By which ways an alarm is told; it is printed where there is none."""

    command: Path | None = None
    mail: AlarmMail | None = None

    def tell(self, alarm: Alarm, said: str) -> bool:
        """Try every way; return whether one of them succeeded."""
        if self.command is None and self.mail is None:
            print_stdout(said)
            return True
        by_command = self.command is not None and told_by(self.command.absolute(), alarm, said)
        by_mail = self.mail is not None and told_by_mail(self.mail, alarm, said)
        return by_command or by_mail

    def warn(self, domain: Domain | None, asking: AskingOptions) -> None:
        """Say on stderr where mail would go through the mail system that the alarm is about."""
        if self.mail is None:
            return
        exchanges = _exchanges(domain, asking) if domain is not None else ()
        name = domain.name if domain is not None else ""
        if why := not_another_way(self.mail.server.host, name, exchanges):
            print_stderr(
                f"warning: {why}: when that mail system fails, this mail fails with it; name a server of another provider, or use --command"
            )


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
        self._false_alarms = false_alarms
        self._journal = Journal(store)
        self._follower = Follower(
            Journald() if log is None else LogFile(log.absolute()),
            _JOURNALD if log is None else str(log.absolute()),
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

        def tell(alarm: Alarm) -> bool:
            said = notice(alarm, self._domain, asking, self._journal, self._zone, Paper())
            return ways.tell(alarm, said)

        reports = ReportWatch(self._journal, self._named, self._false_alarms)
        if not once:
            follow(self._follower, reports, tell)
            return
        try:
            catch_up(self._follower, reports, tell)
        except OSError as error:
            raise RunError(f"the log cannot be read: {error.strerror or error}", PROBLEM) from None
