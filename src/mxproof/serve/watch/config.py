"""The configuration of the watch, as it stands in its file; every value has a default."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, UnixOptions

Days = Annotated[int, msgspec.Meta(ge=1, le=36_600)]
Interval = Annotated[int, msgspec.Meta(ge=1, le=10_080)]
"""Minutes, up to a week."""
LeastWeight: TypeAlias = Literal["alarm", "warning", "good", "note", "nothing"]


class DomainGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Domains with an interval of their own."""

    names: tuple[str, ...]
    interval_minutes: Interval = 60


class WatchStoreOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where checks are kept, `sqlite:/PATH` or `postgresql://...`, and for how many days.

    Evidence is kept of every check at first, later of one check a day and of those that brought news.
    """

    url: str = ""
    evidence_days: Days = 14
    daily_days: Days = 400
    history_days: Days = 1830


class AskOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How is asked: nobody named means the resolvers of this machine, and whether they validate is found out where it is not said."""

    resolvers: tuple[str, ...] = ()
    trust_ad: Literal["yes", "no", "find-out"] = "find-out"
    timeout_s: Annotated[float, msgspec.Meta(ge=0.1, le=60.0)] = 10.0
    ca_file: str = ""
    connect_to: tuple[str, ...] = ()
    """`ADDRESS:PORT=ADDRESS:PORT`: a connection meant for the one is made to the other, as to a lab."""
    ipv6: bool = True


class AlertOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody who is told of each news of `least` or more, by one of `command`, `url` and `url_file`.

    `command` is run with the news as JSON on its stdin. `url` is one that apprise knows, `url_file` a file with such URLs, a
    line each, for what is secret. `quiet` are hours in which only what is as loud as `despite_quiet` is told; the rest waits,
    and is told if it still matters. `after_minutes`: only what nobody has acknowledged by then, and still stands.
    """

    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,40}$")]
    command: tuple[str, ...] = ()
    url: str = ""
    url_file: str = ""
    least: LeastWeight = "warning"
    timeout_s: Annotated[float, msgspec.Meta(ge=1.0, le=600.0)] = 60.0
    quiet: tuple[str, ...] = ()
    despite_quiet: LeastWeight = "alarm"
    after_minutes: Annotated[int, msgspec.Meta(ge=0, le=10_080)] = 0
    digest: Literal["no", "daily", "weekly"] = "no"
    digest_at: str = "07:00"


class MaintenanceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A time in which trouble of `domains`, or of all, is expected: nobody is told before it `ends`."""

    begins: datetime
    ends: datetime
    domains: tuple[str, ...] = ()
    why: str = ""


class WatchConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file. `domains` are checked every `interval_minutes`, `jobs` at once.

    `time_zone` is that of quiet hours, digests and times of maintenance without one; none means that of this machine.
    """

    domains: tuple[str, ...] = ()
    interval_minutes: Interval = 60
    jobs: Annotated[int, msgspec.Meta(ge=1, le=200)] = 8
    store: WatchStoreOptions = WatchStoreOptions()
    ask: AskOptions = AskOptions()
    admin: AdminOptions = AdminOptions()
    unix: UnixOptions = UnixOptions()
    log: LogLevel = "info"
    domain: tuple[DomainGroup, ...] = ()
    alert: tuple[AlertOptions, ...] = ()
    maintenance: tuple[MaintenanceOptions, ...] = ()
    time_zone: str = ""
