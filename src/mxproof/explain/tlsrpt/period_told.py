"""What senders reported of a period: version 1 of the contract that `tlsrpt show --format json` prints.

Sessions of several senders are others, so that they are added up: those of reports that are known to be from their senders
apart from all others, which anybody may have written (RFC 8460 section 3).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Final

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.enforced import enforced_words
from mxproof.explain.tlsrpt.period import ALL_DOMAINS, Period, PeriodCounts, SenderCounts, WayCounts
from mxproof.explain.tlsrpt.reporting_sender import reporting_sender
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.tlsrpt.found import Authenticated

PERIOD_VERSION: Final = 1

_EPOCH: Final = date(1970, 1, 1)


class PeriodSessions(msgspec.Struct, frozen=True):
    """Sessions that passed and failed; `at_least` where some may be counted under two policies and so are not told apart."""

    success: int
    failure: int
    reports: int
    at_least: bool


class PeriodDay(msgspec.Struct, frozen=True):
    """Sessions that one sender reports of one day."""

    day: date
    success: int
    failure: int


class PeriodWay(msgspec.Struct, frozen=True):
    """Sessions that failed in one way. `cause` is an id of `mxproof explain`, None for what is not known.

    `title` says in a few words what it means, `check` what to look at, `next` the command to run, empty for none. Where it was
    held against evidence, `standing` says whether it is so now, `finding` is a code of `mxproof finding`, and `words` and `fix`
    say what was seen and what the finding advises.
    """

    result_type: str
    reason: str | None
    receiving_mx: str | None
    count: int
    last_day: date
    cause: str | None
    title: str = ""
    check: str = ""
    next: str = ""
    standing: RowStanding | None = None
    finding: str | None = None
    words: str = ""
    fix: str = ""


class PeriodSender(msgspec.Struct, frozen=True):
    """What one sender reports. `sender` is the id of its model, None without one.

    `tested` of the sessions that failed did so under a policy in mode testing: of `sessions_a_day` on a day with a report,
    `would_refuse_a_day` would be refused under mode enforce, which `words` say; both are None where none was tested.
    """

    submitter: str
    sender: str | None
    authenticated: Authenticated
    sessions: PeriodSessions
    tested: int
    days: tuple[PeriodDay, ...]
    failures: tuple[PeriodWay, ...]
    sessions_a_day: int | None = None
    would_refuse_a_day: int | None = None
    words: str = ""


class PeriodDomain(msgspec.Struct, frozen=True):
    """Sessions of a domain on the days on which some of them failed."""

    domain: str
    success: int
    failure: int


class ToldPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A look at a period. `domain` is None for all of them; then `domains` are those with failures, the most first.

    `authenticated` sums the reports that are known to be from their senders, `unauthenticated` all others. Senders and
    domains beyond a bound are left out, which `more` tells.
    """

    schema_version: int = PERIOD_VERSION
    domain: str | None
    since: date
    until: date
    authenticated: PeriodSessions
    unauthenticated: PeriodSessions
    senders: tuple[PeriodSender, ...]
    domains: tuple[PeriodDomain, ...]
    more: bool


def told_period(period: Period, counts: PeriodCounts) -> ToldPeriod:
    """Return what is said of the counts of a period."""
    ways: dict[tuple[str, str], list[WayCounts]] = {}
    for one in counts.ways:
        ways.setdefault((one.submitter, one.authenticated), []).append(one)
    known = [one for one in counts.senders if one.authenticated == Authenticated.VERIFIED]
    return ToldPeriod(
        domain=period.domain if period.domain != ALL_DOMAINS else None,
        since=day_named(period.first),
        until=day_named(period.last),
        authenticated=_sessions(known),
        unauthenticated=_sessions(one for one in counts.senders if one not in known),
        senders=tuple(
            _sender(one, ways.get((one.submitter, one.authenticated), []), period.domain)
            for one in counts.senders
        ),
        domains=tuple(PeriodDomain(one.domain, one.success, one.failure) for one in counts.domains),
        more=counts.senders_more or counts.domains_more,
    )


def day_named(number: int) -> date:
    """Return the day of this number, counted from 1970-01-01."""
    return _EPOCH + timedelta(days=number)


def period_of(days: int, now: datetime, domain: str = ALL_DOMAINS) -> Period:
    """Return the `days` up to today, as UTC has it."""
    today = (now.astimezone(UTC).date() - _EPOCH).days
    return Period(max(0, today - days + 1), today, domain)


def _sessions(senders: Iterable[SenderCounts]) -> PeriodSessions:
    every = tuple(senders)
    return PeriodSessions(
        sum(one.success for one in every),
        sum(one.failure for one in every),
        sum(one.reports for one in every),
        any(one.overlapping for one in every),
    )


def _sender(one: SenderCounts, ways: list[WayCounts], domain: str) -> PeriodSender:
    told = PeriodSender(
        one.submitter,
        reporting_sender(one.submitter, "") or None,
        Authenticated(one.authenticated),
        _sessions([one]),
        one.tested,
        tuple(PeriodDay(day_named(day), success, failure) for day, success, failure in one.days),
        (),
    )
    return with_ways(told, tuple(_way(way, domain) for way in ways))


def with_ways(one: PeriodSender, ways: tuple[PeriodWay, ...]) -> PeriodSender:
    """Return a sender with these ways, and what mode enforce would do for their causes."""
    refused = sessions = None
    words = ""
    if one.tested:
        days = max(1, len(one.days))
        refused, sessions = (
            ceil(one.tested / days),
            ceil((one.sessions.success + one.sessions.failure) / days),
        )
        titles = tuple(dict.fromkeys(way.title for way in ways if way.title))
        words = enforced_words(refused, sessions, one.submitter or "this sender", titles)
    return msgspec.structs.replace(
        one, failures=ways, sessions_a_day=sessions, would_refuse_a_day=refused, words=words
    )


def _way(way: WayCounts, domain: str) -> PeriodWay:
    cause = CATALOGUE.get(way.cause)
    command = cause.next if cause is not None else ""
    for name, value in (("{domain}", domain), ("{host}", way.receiving_mx)):
        command = command.replace(name, value) if value else command
    return PeriodWay(
        way.result_type,
        way.reason or None,
        way.receiving_mx or None,
        way.count,
        day_named(way.last_day),
        cause.id if cause is not None else None,
        cause.title if cause is not None else "",
        cause.check if cause is not None else "",
        command if "{" not in command else "",
    )
