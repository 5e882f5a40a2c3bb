"""The configuration of the watch, as it stands in its file; every value has a default."""

from typing import Annotated, Literal

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, UnixOptions
from mxproof.serve.web.config import WebOptions

Days = Annotated[int, msgspec.Meta(ge=1, le=36_600)]
Interval = Annotated[int, msgspec.Meta(ge=1, le=10_080)]
"""Minutes, up to a week."""


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
    """Somebody who is told: `command` is run for each news of `least` or more, with the news as JSON on its stdin."""

    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,40}$")]
    command: tuple[str, ...]
    least: Literal["alarm", "warning", "good", "note"] = "warning"
    timeout_s: Annotated[float, msgspec.Meta(ge=1.0, le=600.0)] = 60.0


class WatchConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file. `domains` are checked every `interval_minutes`, `jobs` at once."""

    domains: tuple[str, ...] = ()
    interval_minutes: Interval = 60
    jobs: Annotated[int, msgspec.Meta(ge=1, le=200)] = 8
    store: WatchStoreOptions = WatchStoreOptions()
    ask: AskOptions = AskOptions()
    web: WebOptions = WebOptions()
    admin: AdminOptions = AdminOptions()
    unix: UnixOptions = UnixOptions()
    log: LogLevel = "info"
    domain: tuple[DomainGroup, ...] = ()
    alert: tuple[AlertOptions, ...] = ()
