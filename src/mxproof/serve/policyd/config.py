"""The configuration of the policy daemon as it is written: one TOML file, every value with its default.

What of it has to be read further, `settings` reads once.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, UnixOptions

LISTEN = ("inet:127.0.0.1:8461",)
RESOLVERS = ("127.0.0.1",)

Positive = Annotated[float, msgspec.Meta(gt=0, le=86_400)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class AnswerOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How answers are found.

    `grace_s` is how long an answer is given again without a look at DNS; `patience_s` how long Postfix waits for a new
    one where an old one may stand in; `allow_private` allows policy hosts at addresses that are not public.
    """

    grace_s: Positive = 60.0
    patience_s: Positive = 3.0
    domains_max: Count = 100_000
    report_testing: bool = False
    mixed_dane_only: bool = False
    allow_private: bool = False


class DnsOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The resolvers, and whether they validate DNSSEC over a way that nobody can tamper with.

    Without `trust_ad` there is no DANE. Even with it the resolvers have to be seen to validate.
    """

    resolvers: tuple[str, ...] = RESOLVERS
    trust_ad: bool = False
    timeout_s: Positive = 8.0


class HttpsOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How policies are fetched: trusted roots (PEM; empty for those of the machine), and detours for tests."""

    ca_file: str = ""
    connect_to: tuple[str, ...] = ()
    timeout_s: Positive = 10.0
    domain_timeout_s: Positive = 30.0
    families: Annotated[tuple[Literal[4, 6], ...], msgspec.Meta(min_length=1)] = (4, 6)


class StoreOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where policies outlive the process: `memory:`, `sqlite:PATH`, `postgresql://...` or `redis://...`."""

    url: str = "memory:"


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reply that is given for a domain whatever it publishes: `policy` as in a policy table, or `default`.

    `reason` is for whoever reads this next year, `until` the moment from which it is passed over.
    """

    domain: str
    policy: str
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    until: datetime


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file; `collector` is the socket of `mxproof tlsrpt collectd`, told what Postfix cannot see: `unix:/PATH`."""

    listen: tuple[str, ...] = LISTEN
    collector: str = ""
    unix: UnixOptions = UnixOptions()
    answers: AnswerOptions = AnswerOptions()
    dns: DnsOptions = DnsOptions()
    https: HttpsOptions = HttpsOptions()
    store: StoreOptions = StoreOptions()
    admin: AdminOptions = AdminOptions()
    override: tuple[Override, ...] = ()
    log: LogLevel = "info"
