"""What the configuration of the watch says, read once."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from mxproof.formats import ConfigError
from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.net.asking import (
    COMPARING_TIMEOUT_S,
    DNS_PORT,
    Asking,
    Detours,
    parse_connect_to,
    parse_peer,
    system_resolvers,
    trusted_resolvers,
)
from mxproof.net.roots import SYSTEM_ROOTS, roots_from, system_roots
from mxproof.serve.daemon.config import (
    Listener,
    LogLevel,
    UnixOptions,
    UnixPath,
    about,
    control_listener,
    page_listener,
    read_config,
)
from mxproof.serve.watch.channel import Channel, channels_of
from mxproof.serve.watch.config import AskOptions, MaintenanceOptions, WatchConfig
from mxproof.serve.watch.hours import Maintenance
from mxproof.serve.web.settings import WebSettings, web_settings
from mxproof.store.journal.watched import WatchedDomain, WatchRetention

WATCHED_DOMAINS_MAX = 100_000
_MINUTE_S = 60.0
_TRUSTED = {"yes": True, "no": False, "find-out": None}


class WatchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes by; `roots` are the trust anchors (DER)."""

    domains: tuple[WatchedDomain, ...]
    jobs: int
    store: str
    retention: WatchRetention
    asking: Asking
    roots: tuple[bytes, ...]
    channels: tuple[Channel, ...] = ()
    web: WebSettings | None = None
    maintenance: tuple[Maintenance, ...] = ()
    zone: tzinfo | None = None
    unix: UnixOptions = UnixOptions()
    http: Listener | None = None
    control: UnixPath | None = None
    log: LogLevel = "info"


def watch_settings(config: WatchConfig) -> WatchSettings:
    """Return what `config` says; raises ConfigError where a value is not what it has to be."""
    store = config.store
    zone = _zone(config.time_zone)
    asking, roots = _asking(config.ask)
    return WatchSettings(
        domains=_domains(config),
        jobs=config.jobs,
        store=store.url,
        retention=WatchRetention(store.evidence_days, store.daily_days, store.history_days),
        asking=asking,
        roots=roots,
        channels=tuple(channels_of(config.alert)),
        maintenance=tuple(_maintenance(config.maintenance, zone)),
        zone=zone,
        web=web_settings(config.web),
        unix=config.unix,
        http=page_listener(config.admin),
        control=control_listener(config.admin),
        log=config.log,
    )


def read_watch_settings(path: Path | None) -> tuple[WatchConfig, WatchSettings]:
    """Return what stands in the file, as written and as read; raises ConfigError that names the file and the key."""
    config = read_config(path, WatchConfig)
    with about(str(path)):
        return config, watch_settings(config)


def _domains(config: WatchConfig) -> tuple[WatchedDomain, ...]:
    """Return each domain once; where one is named twice, the shorter interval counts."""
    found: dict[str, float] = {}
    groups = [("domains", config.domains, config.interval_minutes)]
    groups += [("domain.names", one.names, one.interval_minutes) for one in config.domain]
    for key, names, minutes in groups:
        for name in names:
            with about(key):
                domain = _domain(name)
            found[domain] = min(found.get(domain, minutes * _MINUTE_S), minutes * _MINUTE_S)
    if len(found) > WATCHED_DOMAINS_MAX:
        raise ConfigError(f"domains: {len(found)} domains where at most {WATCHED_DOMAINS_MAX} are watched")
    return tuple(WatchedDomain(domain, interval_s) for domain, interval_s in found.items())


def _domain(name: str) -> str:
    try:
        return parse_domain(name).name
    except FormatError as error:
        raise ConfigError(f"{name!r}: {error.objections[0].message}") from None


def _maintenance(windows: tuple[MaintenanceOptions, ...], zone: tzinfo | None) -> Iterator[Maintenance]:
    for one in windows:
        begins, ends = _in_zone(one.begins, zone), _in_zone(one.ends, zone)
        if ends <= begins:
            raise ConfigError(f"maintenance: it ends at {one.ends}, which is not after {one.begins}")
        with about("maintenance.domains"):
            domains = frozenset(map(_domain, one.domains))
        yield Maintenance(domains, begins, ends)


def _in_zone(at: datetime, zone: tzinfo | None) -> datetime:
    if at.tzinfo is not None:
        return at
    return at.astimezone() if zone is None else at.replace(tzinfo=zone)


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"time_zone: {name!r}; the name of a time zone was expected, as Europe/Berlin"
        ) from None


def _asking(ask: AskOptions) -> tuple[Asking, tuple[bytes, ...]]:
    with about("ask.resolvers"):
        resolvers = tuple(parse_peer(text, DNS_PORT) for text in ask.resolvers) or system_resolvers()
    with about("ask.ca_file"):
        roots = roots_from(Path(ask.ca_file)) if ask.ca_file else system_roots()
    with about("ask.connect_to"):
        detours: Detours = dict(map(parse_connect_to, ask.connect_to))
    asking = Asking(
        resolvers=resolvers,
        connect_to=detours,
        families=(4, 6) if ask.ipv6 else (4,),
        timeout_s=ask.timeout_s,
        server_timeout_s=COMPARING_TIMEOUT_S,
        trust_ad=_TRUSTED[ask.trust_ad],
        trusted=trusted_resolvers(),
        roots=ask.ca_file or SYSTEM_ROOTS,
    )
    return asking, roots
