"""What the journal holds of a period, asked for as people say it."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.memory import MemoryOptions
from mxproof.cli.streams import print_stderr
from mxproof.explain.tlsrpt.period import ReportedWay
from mxproof.explain.tlsrpt.period_told import ToldPeriod, period_of, told_period
from mxproof.store.journal.journal import Journal

SHOWN_DAYS_MAX = 3660


class Against(msgspec.Struct, frozen=True):
    """What a look is held against: evidence from files, and with `asking` a live check of the domain."""

    files: tuple[Path, ...] = ()
    asking: AskingOptions | None = None
    memory: MemoryOptions = MemoryOptions()


def shown(store: str, domain: str, since: str, against: Against) -> ToldPeriod:
    """Return what was reported of a domain, empty for all, from `since` on: a day, or how many days up to today."""
    now = datetime.now(UTC)
    file = store.removeprefix("sqlite:")
    if file != store and not Path(file).exists():
        raise RunError(f"{file}: nothing is kept there yet; `mxproof tlsrpt import` keeps reports", UNKNOWN)
    period = period_of(_days(since, now), now, domain)
    journal = Journal(store)
    try:
        told = told_period(period, journal.counts(period))
        if domain and not told.senders and not journal.knows(domain):
            print_stderr(f"{domain}: no report about it was ever kept here")
        if not against.files and against.asking is None:
            return told
        return _held(told, journal.ways(period), against)
    finally:
        journal.close()


def _held(told: ToldPeriod, ways: tuple[ReportedWay, ...], against: Against) -> ToldPeriod:
    """Return a look held against evidence; nobody is asked where nothing failed."""
    from mxproof.cli.seen_domains import SeenDomains  # noqa: PLC0415 - loads what judging needs
    from mxproof.explain.tlsrpt.period_joined import joined_period  # noqa: PLC0415 - as above

    seen = SeenDomains(against.files, against.asking, against.memory.memories())
    name = told.domain or ""
    if ways and against.asking is None and seen.about(name, None) is None:
        raise RunError(f"{name}: none of the evidence is about this domain")
    return joined_period(told, ((one, seen.about(name, one.end)) for one in ways))


def status_of_period(told: ToldPeriod) -> int:
    """Return UNKNOWN where there is no report, PROBLEM where sessions failed, else DONE."""
    if not told.senders:
        return UNKNOWN
    return PROBLEM if told.authenticated.failure or told.unauthenticated.failure else DONE


def _days(since: str, now: datetime) -> int:
    text = since.strip()
    if text.isascii() and text.isdigit() and len(text) < len("00000"):
        days = int(text)
    else:
        try:
            days = (now.date() - date.fromisoformat(text)).days + 1
        except ValueError:
            raise RunError(
                f"--since {since!r}: a day such as 2026-03-01, or a number of days, was expected"
            ) from None
    if not 1 <= days <= SHOWN_DAYS_MAX:
        raise RunError(f"--since {since!r}: from 1 to {SHOWN_DAYS_MAX} days up to today can be shown")
    return days
