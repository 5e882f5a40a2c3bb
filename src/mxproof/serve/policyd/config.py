"""The configuration of the policy daemon as it is written: one TOML file, every value with its default.

What of it has to be read further, `settings` reads once.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, UnixOptions, told, within

LISTEN = ("inet:127.0.0.1:8461",)
RESOLVERS = ("127.0.0.1",)

WAIT_S_MAX = 86_400
DESTINATIONS_KEPT_MAX = 10_000_000


def _seconds(words: str) -> msgspec.Meta:
    return msgspec.Meta(gt=0, le=WAIT_S_MAX, description=words)


class AnswerOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How answers are found."""

    grace_s: Annotated[
        float, _seconds("For how many seconds an answer is given again without a look at DNS.")
    ] = 60.0
    patience_s: Annotated[
        float, _seconds("For how many seconds Postfix waits for a new answer where an old one may stand in.")
    ] = 3.0
    domains_max: Annotated[
        int, within(1, DESTINATIONS_KEPT_MAX, "How many destinations are kept in memory.")
    ] = 100_000
    report_testing: Annotated[
        bool, told("Whether Postfix is given the policy of a domain in mode testing, for TLS reports.")
    ] = False
    mixed_dane_only: Annotated[
        bool,
        told(
            "Where only some MX hosts have TLSA records and a policy says enforce: whether the others are closed, "
            "and not sent to by opportunistic TLS."
        ),
    ] = False
    allow_private: Annotated[bool, told("Whether a policy host may be at an address that is not public.")] = (
        False
    )


class DnsOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The resolvers, and whether they validate DNSSEC over a way that nobody can tamper with."""

    resolvers: Annotated[tuple[str, ...], told("`ADDR` or `ADDR:PORT` of each.")] = RESOLVERS
    trust_ad: Annotated[
        bool,
        told(
            "Whether the resolvers validate, over a way that nobody can tamper with; without it there is no DANE, "
            "and with it they have to be seen to."
        ),
    ] = False
    timeout_s: Annotated[float, _seconds("How long one question may take in all, in seconds.")] = 8.0


class HttpsOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How policies are fetched: trusted roots, and detours for tests."""

    ca_file: Annotated[str, told("The trusted roots in PEM; empty for those of the machine.")] = ""
    connect_to: Annotated[
        tuple[str, ...],
        told("Detours for tests: `ADDR:PORT=ADDR:PORT`, the first is meant and the second met."),
    ] = ()
    timeout_s: Annotated[float, _seconds("How long one fetch may take, in seconds.")] = 10.0
    domain_timeout_s: Annotated[float, _seconds("How long all that one destination needs may take.")] = 30.0
    families: Annotated[
        tuple[Literal[4, 6], ...],
        msgspec.Meta(min_length=1, description="The address families over which policy hosts are asked."),
    ] = (4, 6)


class StoreOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where policies outlive the process."""

    url: Annotated[str, told("`memory:`, `sqlite:PATH`, `postgresql://...` or `redis://...`.")] = "memory:"


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reply that is given for a domain whatever it publishes."""

    domain: Annotated[str, told("The destination.")]
    policy: Annotated[
        str, told("What Postfix is told, as an entry of smtp_tls_policy_maps has it, or `default`.")
    ]
    reason: Annotated[
        str,
        msgspec.Meta(min_length=1, max_length=500, description="Why, for whoever reads this next year."),
    ]
    until: Annotated[datetime, told("The moment from which the exception is passed over.")]


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    listen: Annotated[
        tuple[str, ...],
        told("Where Postfix asks: `inet:ADDR:PORT` or `unix:/PATH`; a socket of systemd takes their place."),
    ] = LISTEN
    collector: Annotated[
        str,
        told(
            "The socket of `mxproof tlsrpt collectd`, told what Postfix cannot see: `unix:/PATH`; empty for none."
        ),
    ] = ""
    unix: UnixOptions = UnixOptions()
    answers: AnswerOptions = AnswerOptions()
    dns: DnsOptions = DnsOptions()
    https: HttpsOptions = HttpsOptions()
    store: StoreOptions = StoreOptions()
    admin: AdminOptions = AdminOptions()
    override: tuple[Override, ...] = ()
    log: Annotated[LogLevel, told("The least that is logged.")] = "info"
