"""Reports made of what was met on a day that is over, and put into the queue before anybody is asked where they go.

A day is closed CLOSING_GRACE after it ended, when what collects has long written the last of it. Its reports are made in the
order of the domains, REPORTS_AT_ONCE in a transaction; one that is there already is left as it is, so that whoever is killed
in between goes on where it was.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.report import TlsReport
from mxproof.formats.tlsrpt.report_mail import packed_report
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.serve.sending.settings import SendSettings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal
from mxproof.store.journal.outgoing import NewReport
from mxproof.store.journal.outgoing_journal import OutgoingJournal

CLOSING_GRACE: Final = timedelta(minutes=10)
REPORTS_AT_ONCE: Final = 500

_TOKEN_DIGITS: Final = 13

_log = logging.getLogger("mxproof.tlsrpt")

Chance = Callable[[], float]
"""A number from 0 up to 1, another one each time."""


class MadeReport(msgspec.Struct, frozen=True):
    """A report, and the policy domain that it is for."""

    domain: str
    report: TlsReport


class ClosedDay(msgspec.Struct, frozen=True):
    """A day whose reports are made: how many, and of how many domains none could be printed."""

    day: date
    reports: int
    unprintable: int


def close_days(journal: Journal, settings: SendSettings, now: datetime, chance: Chance) -> list[ClosedDay]:
    """Make the reports of all days that are over; raises JournalError."""
    outgoing = OutgoingJournal(journal)
    over = (now - CLOSING_GRACE).astimezone(UTC).date()
    return [_close(journal, outgoing, settings, day, now, chance) for day in outgoing.open_days(over)]


def made_reports(met: Iterable[MetDay], settings: SendSettings, chance: Chance) -> Iterator[MadeReport]:
    """Yield the reports of what was met, with a new id each."""
    for one in met:
        if one.sessions and (not settings.allow or settings.allow.has_domain(one.domain)):
            report_id = f"{one.day:%Y%m%d}.{_token(chance)}@{settings.submitter}"
            report = TlsReport(
                settings.organization, one.begin, one.end, settings.contact, report_id, one.policies
            )
            yield MadeReport(one.domain, report)


def met_pages(met: MetJournal, day: date) -> Iterator[list[MetDay]]:
    """Yield what was met on a day, REPORTS_AT_ONCE domains at a time."""
    after = ""
    while page := met.met_on(day, after, REPORTS_AT_ONCE):
        after = page[-1].domain
        yield page


def _close(
    journal: Journal,
    outgoing: OutgoingJournal,
    settings: SendSettings,
    day: date,
    now: datetime,
    chance: Chance,
) -> ClosedDay:
    made = unprintable = 0
    for page in met_pages(MetJournal(journal), day):
        new = []
        for one in made_reports(page, settings, chance):
            try:
                new.append(_new_report(one, day, now + chance() * settings.spread))
            except FormatError as error:
                unprintable += 1
                _log.error("day=%s domain=%s no report can be printed: %s", day, one.domain, error)
        outgoing.add(new, now)
        made += len(new)
    outgoing.close(day, now)
    return ClosedDay(day, made, unprintable)


def _new_report(made: MadeReport, day: date, due_at: datetime) -> NewReport:
    packed = packed_report(print_report(made.report))
    success = sum(one.success for one in made.report.policies)
    failure = sum(one.failure for one in made.report.policies)
    return NewReport(day, made.domain, made.report.id, packed, success, failure, due_at)


def _token(chance: Chance) -> str:
    """Return what tells the ids of a day apart, those of other machines that report for the same domain too."""
    return f"{int(chance() * 16**_TOKEN_DIGITS):0{_TOKEN_DIGITS}x}"
