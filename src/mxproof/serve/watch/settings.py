"""What the configuration of the watch says, read once."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from mxproof.formats import ConfigError
from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.judge.news import LOUDEST_FIRST, Weight
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
from mxproof.serve.watch.config import AlertOptions, AskOptions, WatchConfig
from mxproof.serve.web.settings import WebSettings, web_settings
from mxproof.store.journal.watched import WatchedDomain, WatchRetention

WATCHED_DOMAINS_MAX = 100_000
ALERTS_MAX = 32
_MINUTE_S = 60.0
_TRUSTED = {"yes": True, "no": False, "find-out": None}


class Channel(msgspec.Struct, frozen=True):
    """Somebody who is told of news that are as loud as `least` or louder."""

    name: str
    command: tuple[str, ...]
    least: Weight
    timeout_s: float

    def wants(self, weight: Weight) -> bool:
        """Tell whether news of this weight are told here."""
        return LOUDEST_FIRST.index(weight) <= LOUDEST_FIRST.index(self.least)


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
    unix: UnixOptions = UnixOptions()
    http: Listener | None = None
    control: UnixPath | None = None
    log: LogLevel = "info"


def watch_settings(config: WatchConfig) -> WatchSettings:
    """Return what `config` says; raises ConfigError where a value is not what it has to be."""
    store = config.store
    asking, roots = _asking(config.ask)
    return WatchSettings(
        domains=_domains(config),
        jobs=config.jobs,
        store=store.url,
        retention=WatchRetention(store.evidence_days, store.daily_days, store.history_days),
        asking=asking,
        roots=roots,
        channels=tuple(_channels(config.alert)),
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


def _channels(alerts: tuple[AlertOptions, ...]) -> Iterator[Channel]:
    if len(alerts) > ALERTS_MAX:
        raise ConfigError(f"alert: {len(alerts)} where at most {ALERTS_MAX} are told")
    names = [one.name for one in alerts]
    for one in alerts:
        if names.count(one.name) > 1:
            raise ConfigError(f"alert.name: {one.name!r} stands twice")
        if not one.command or not one.command[0].startswith("/"):
            raise ConfigError(f"alert.command of {one.name!r}: the whole path of a program was expected")
        yield Channel(one.name, one.command, Weight(one.least), one.timeout_s)


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
