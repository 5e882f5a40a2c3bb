"""What the configuration says, read once: nobody reads a listener, an address or a URL of it again."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from mxproof.formats import ConfigError
from mxproof.judge.senders.protection import Rules
from mxproof.net.asking import DNS_PORT, Asking, Peer, parse_connect_to, parse_peer
from mxproof.serve.daemon.config import (
    Listener,
    LogLevel,
    UnixOptions,
    UnixPath,
    about,
    control_listener,
    listener,
    page_listener,
    read_config,
)
from mxproof.serve.policyd.config import Config
from mxproof.serve.policyd.override import ReadyOverride, ready_overrides
from mxproof.serve.policyd.store import StorePlace, store_place

LISTENERS_MAX = 16


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All that the daemon and its commands go by.

    `asking` is how questions are asked before the resolvers were looked at, and `trust_ad` whether they are declared
    to validate; `ca_file` is None for the root certificates of the machine; `overrides` are by destination; `collector` is None
    where nobody collects what Postfix meets.
    """

    listen: tuple[Listener, ...]
    unix: UnixOptions
    http: Listener | None
    control: UnixPath | None
    store: StorePlace
    domains_max: int
    overrides: Mapping[str, ReadyOverride]
    asking: Asking
    trust_ad: bool
    ca_file: Path | None
    rules: Rules
    grace_s: float
    patience_s: float
    log: LogLevel
    collector: UnixPath | None = None


def settings(config: Config) -> Settings:
    """Return what `config` says; raises ConfigError where a value is not what it has to be."""
    answers, https = config.answers, config.https
    return Settings(
        listen=_listeners(config.listen),
        unix=config.unix,
        http=page_listener(config.admin),
        control=control_listener(config.admin),
        store=store_place(config.store.url),
        domains_max=answers.domains_max,
        overrides=ready_overrides(config.override),
        asking=_asking(config),
        trust_ad=config.dns.trust_ad,
        ca_file=Path(https.ca_file) if https.ca_file else None,
        rules=Rules(answers.report_testing, answers.mixed_dane_only),
        grace_s=answers.grace_s,
        patience_s=answers.patience_s,
        log=config.log,
        collector=_collector(config.collector),
    )


def read_settings(path: Path | None) -> tuple[Config, Settings]:
    """Return what stands in the file, as written and as read; raises ConfigError that names the file and the key."""
    config = read_config(path, Config)
    with about(str(path)):
        return config, settings(config)


def _listeners(texts: tuple[str, ...]) -> tuple[Listener, ...]:
    if len(texts) > LISTENERS_MAX:
        raise ConfigError(f"listen: {len(texts)} listeners where at most {LISTENERS_MAX} are served")
    with about("listen"):
        found = tuple(listener(text) for text in texts)
    for place, one in enumerate(found):
        if one in found[:place]:
            raise ConfigError(f"listen: {texts[place]!r} is given twice")
    return found


def _collector(text: str) -> UnixPath | None:
    if not text:
        return None
    with about("collector"):
        found = listener(text)
        if not isinstance(found, UnixPath):
            raise ConfigError(f"{text!r}: the socket of mxproof tlsrpt collectd was expected, unix:/PATH")
    return found


def _asking(config: Config) -> Asking:
    https = config.https
    return Asking(
        resolvers=_resolvers(config.dns.resolvers),
        connect_to=_detours(https.connect_to),
        families=https.families,
        timeout_s=https.timeout_s,
        dns_timeout_s=config.dns.timeout_s,
        domain_timeout_s=https.domain_timeout_s,
        roots=https.ca_file,
        allow_private=config.answers.allow_private,
    )


def _resolvers(texts: tuple[str, ...]) -> tuple[Peer, ...]:
    if not texts:
        raise ConfigError("dns.resolvers: at least one address was expected")
    with about("dns.resolvers"):
        return tuple(parse_peer(text, DNS_PORT) for text in texts)


def _detours(texts: tuple[str, ...]) -> dict[tuple[str, int], tuple[str, int]]:
    """Return which peers stand in for which."""
    with about("https.connect_to"):
        pairs = [parse_connect_to(text) for text in texts]
    return {(meant.address, meant.port): (instead.address, instead.port) for meant, instead in pairs}
