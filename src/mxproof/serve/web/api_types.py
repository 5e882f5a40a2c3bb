"""What the API answers: version 1. Field names and order are the contract; the OpenAPI document is made of these."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from mxproof.judge.news import DomainNews
from mxproof.judge.vocabulary import Verdict

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


class ApiError(msgspec.Struct, frozen=True):
    """Why there is no answer."""

    error: str
