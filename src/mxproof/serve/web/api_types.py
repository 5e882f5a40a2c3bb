"""What the API answers: version 1. Field names and order are the contract; the OpenAPI document is made of these."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from mxproof.explain.tlsrpt.sessions import Sessions
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.judge.news import DomainNews
from mxproof.judge.vocabulary import Verdict
from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.notice import KnownSender
from mxproof.store.journal.kept_reports import ReportedFailure
from mxproof.store.journal.publication import JournalledStep, PublicationKind, PublicationState

API_VERSION: Final = 1


class ApiDomain(msgspec.Struct, frozen=True):
    """A domain that is watched and what its newest check came to; None, and no senders, before there is one."""

    domain: str
    outcome: Verdict | None
    headline: str | None
    observed_at: datetime | None
    due_at: datetime
    senders: Mapping[str, Verdict]


class ApiDomains(msgspec.Struct, frozen=True):
    """All domains that are watched, in the order of their names."""

    schema_version: int
    domains: tuple[ApiDomain, ...]


class ApiCheck(msgspec.Struct, frozen=True):
    """A check; `has_evidence` tells whether there still is a report of it."""

    number: int
    domain: str
    observed_at: datetime
    took_s: float
    outcome: Verdict
    headline: str
    senders: Mapping[str, Verdict]
    has_evidence: bool


class ApiChecks(msgspec.Struct, frozen=True):
    """Checks of a domain, the newest first; `more` tells whether there are older ones in the period."""

    schema_version: int
    checks: tuple[ApiCheck, ...]
    more: bool


class ApiMemory(msgspec.Struct, frozen=True):
    """A policy that senders may have held from before when a domain was checked, as a file for `--memory` has it."""

    body: str
    fetched_at: datetime
    id: str | None


class ApiNewsItem(msgspec.Struct, frozen=True):
    """News, their number, and that of the check that brought them, None where none did."""

    number: int
    check: int | None
    news: DomainNews


class ApiNews(msgspec.Struct, frozen=True):
    """News, the newest first; `more` tells whether there are older ones than the last of these."""

    schema_version: int
    news: tuple[ApiNewsItem, ...]
    more: bool


class ApiReport(msgspec.Struct, frozen=True):
    """A TLS report: who made it, of what time, and what it counts for the domain that was asked for, or for all that it is about."""

    number: int
    reporter: str
    submitter: str | None
    report_id: str
    begin: datetime | None
    end: datetime | None
    received_at: datetime
    authenticated: Authenticated
    domains: tuple[str, ...]
    sessions: Sessions
    failures: tuple[ReportedFailure, ...]


class ApiReports(msgspec.Struct, frozen=True):
    """TLS reports, those that came last first; `more` tells whether there are some that came before the last of these."""

    schema_version: int
    reports: tuple[ApiReport, ...]
    more: bool


class ApiSilences(msgspec.Struct, frozen=True):
    """Silences that rang, the newest first; `more` tells whether there are older ones in the period."""

    schema_version: int
    silences: tuple[Alarm, ...]
    more: bool


class ApiPublication(msgspec.Struct, frozen=True):
    """A publication of a domain and its steps in the order in which they were begun.

    `forced` is the reason for which it was made in spite of what it does to mail, None where it was not; `ended_at` is None
    as long as it is under way.
    """

    number: int
    domain: str
    kind: PublicationKind
    state: PublicationState
    begun_at: datetime
    ended_at: datetime | None
    forced: str | None
    steps: tuple[JournalledStep, ...]


class ApiPublications(msgspec.Struct, frozen=True):
    """Publications, the newest first; `more` tells whether there are some that were begun before the last of these."""

    schema_version: int
    publications: tuple[ApiPublication, ...]
    more: bool


class ApiUsualSender(msgspec.Struct, frozen=True):
    """A sender that usually writes: its last mail, how many were due since, and whether that rang."""

    sender: KnownSender
    last_mail_at: datetime
    due: float
    is_silent: bool


class ApiLog(msgspec.Struct, frozen=True):
    """A log that is followed, whose mail it tells of, None for that of several domains, and its senders, who is silent first."""

    name: str
    domain: str | None
    senders: tuple[ApiUsualSender, ...]


class ApiLogs(msgspec.Struct, frozen=True):
    """All logs that are followed, in the order of their names."""

    schema_version: int
    logs: tuple[ApiLog, ...]


class ApiError(msgspec.Struct, frozen=True):
    """Why there is no answer."""

    error: str
