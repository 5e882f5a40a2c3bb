"""The configuration of the watch, as it stands in its file; every value has a default and its words."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, UnixOptions, told
from mxproof.serve.web.config import WebOptions

LeastWeight: TypeAlias = Literal["alarm", "warning", "good", "note", "nothing"]


def _days(words: str) -> msgspec.Meta:
    return msgspec.Meta(ge=1, le=36_600, description=words)


def _minutes(words: str) -> msgspec.Meta:
    """Return what is said of an interval, up to a week."""
    return msgspec.Meta(ge=1, le=10_080, description=words)


class DomainGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Domains with an interval of their own."""

    names: Annotated[tuple[str, ...], told("Domains with an interval of their own.")]
    interval_minutes: Annotated[int, _minutes("How often these are checked.")] = 60


class WatchStoreOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where checks are kept, and for how many days.

    Evidence is kept of every check at first, later of one check a day and of those that brought news.
    """

    url: Annotated[
        str,
        told("`sqlite:/PATH` or `postgresql://...`; empty for a file of the user who runs the command."),
    ] = ""
    evidence_days: Annotated[int, _days("How long the evidence of every check is kept.")] = 14
    daily_days: Annotated[int, _days("How long the evidence of one check a day is kept.")] = 400
    history_days: Annotated[
        int, _days("How long is kept what checks came to, and news with their evidence.")
    ] = 1830


class AskOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How is asked: nobody named means the resolvers of this machine, and whether they validate is found out where it is not said."""

    resolvers: Annotated[
        tuple[str, ...],
        told("`ADDR` or `ADDR:PORT` of each; none for those of the machine (/etc/resolv.conf)."),
    ] = ()
    trust_ad: Annotated[
        Literal["yes", "no", "find-out"],
        told("Whether the resolvers are believed about DNSSEC."),
    ] = "find-out"
    timeout_s: Annotated[
        float, msgspec.Meta(ge=0.1, le=60.0, description="How long one question may take in all.")
    ] = 10.0
    ca_file: Annotated[str, told("Trust these certificates (PEM) alone; empty for those of the machine.")] = (
        ""
    )
    connect_to: Annotated[
        tuple[str, ...],
        told(
            "`ADDRESS:PORT=ADDRESS:PORT`: a connection meant for the one is made to the other, as to a lab."
        ),
    ] = ()
    ipv6: Annotated[bool, told("Whether servers are asked over IPv6, too.")] = True


class AlertOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody who is told of each news of `least` or more, by one of `command`, `url` and `url_file`.

    `command` is run with the news as JSON on its stdin. `url` is one that apprise knows, `url_file` a file with such URLs, a
    line each, for what is secret. `quiet` are hours in which only what is as loud as `despite_quiet` is told; the rest waits,
    and is told if it still matters. `after_minutes`: only what nobody has acknowledged by then, and still stands.
    """

    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,40}$", description="Its name, one of its own.")]
    command: Annotated[
        tuple[str, ...],
        told("The program with its whole path and its arguments; the news are on its stdin."),
    ] = ()
    url: Annotated[str, told("Instead of a command, a URL that apprise knows.")] = ""
    url_file: Annotated[
        str, told("Instead of both, a file with such URLs, a line each, for what is secret.")
    ] = ""
    least: Annotated[LeastWeight, told("The least weight of news that it is told of.")] = "warning"
    timeout_s: Annotated[float, msgspec.Meta(ge=1.0, le=600.0, description="How long telling may take.")] = (
        60.0
    )
    quiet: Annotated[tuple[str, ...], told("Hours in which it is told only of what is loud enough.")] = ()
    despite_quiet: Annotated[LeastWeight, told("The least weight of news that do not wait for that.")] = (
        "alarm"
    )
    after_minutes: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=10_080,
            description="Told only of what nobody has acknowledged by then, and still stands.",
        ),
    ] = 0
    digest: Annotated[Literal["no", "daily", "weekly"], told("Whether it gets a digest, and how often.")] = (
        "no"
    )
    digest_at: Annotated[str, told("When the digest is sent.")] = "07:00"


class MaintenanceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A time in which trouble of `domains`, or of all, is expected: nobody is told before it `ends`."""

    begins: Annotated[datetime, told("When trouble begins to be expected.")]
    ends: Annotated[datetime, told("When nobody expects it any more; until then nobody is told.")]
    domains: Annotated[tuple[str, ...], told("Of which domains; none for all.")] = ()
    why: Annotated[str, told("What is done then, for whoever reads this.")] = ""


class WatchConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file. `domains` are checked every `interval_minutes`, `jobs` at once.

    `time_zone` is that of quiet hours, digests and times of maintenance without one; none means that of this machine.
    """

    domains: Annotated[tuple[str, ...], told("The domains that are watched.")] = ()
    interval_minutes: Annotated[int, _minutes("How often they are checked.")] = 60
    jobs: Annotated[int, msgspec.Meta(ge=1, le=200, description="How many are checked at once.")] = 8
    store: WatchStoreOptions = WatchStoreOptions()
    ask: AskOptions = AskOptions()
    web: WebOptions = WebOptions()
    admin: AdminOptions = AdminOptions()
    unix: UnixOptions = UnixOptions()
    log: Annotated[LogLevel, told("What is worth a line of the log.")] = "info"
    domain: tuple[DomainGroup, ...] = ()
    alert: tuple[AlertOptions, ...] = ()
    maintenance: tuple[MaintenanceOptions, ...] = ()
    time_zone: Annotated[
        str,
        told(
            "That of quiet hours, digests and times of maintenance without one; empty for that of this machine."
        ),
    ] = ""
