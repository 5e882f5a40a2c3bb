"""What the configuration says, read once."""

from pathlib import Path

import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.net.asking import DNS_PORT, Asking, Peer, parse_peer, system_resolvers
from mxproof.serve.collect.config import CollectConfig
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
from mxproof.serve.sending.settings import SendSettings, send_settings


class CollectSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes by; `send` is None where no report is sent, `http` serves the pages for monitoring.

    `probing` is None where nothing is probed, `roots` a file of trust anchors, None for those of the machine.
    """

    listen: UnixPath
    domains_max: int
    keep_days: int
    store: str
    send: SendSettings | None = None
    unix: UnixOptions = UnixOptions()
    http: Listener | None = None
    control: UnixPath | None = None
    log: LogLevel = "info"
    probing: Asking | None = None
    roots: Path | None = None


def collect_settings(config: CollectConfig) -> CollectSettings:
    """Return what `config` says; raises ConfigError where a value is not what it has to be."""
    with about("collect.listen"):
        listen = listener(config.collect.listen)
        if not isinstance(listen, UnixPath):
            raise ConfigError(f"{config.collect.listen!r}: libtlsrpt sends to a file, unix:/PATH")
    return CollectSettings(
        listen=listen,
        domains_max=config.collect.domains_max,
        keep_days=config.collect.keep_days,
        store=config.store.url,
        send=_sending(config),
        unix=config.unix,
        http=page_listener(config.admin),
        control=control_listener(config.admin),
        log=config.log,
        probing=_probing(config) if config.collect.testing else None,
        roots=Path(config.probe.ca_file) if config.probe.ca_file else None,
    )


def _sending(config: CollectConfig) -> SendSettings | None:
    named = _resolvers("dns.resolvers", config.dns.resolvers)
    asking, unasked = None, ""
    try:
        resolvers = named or system_resolvers()
        asking = Asking(resolvers=resolvers, timeout_s=config.dns.timeout_s, trust_ad=False)
    except ConfigError as error:
        unasked = str(error)
    return send_settings(config.send, asking, unasked)


def _probing(config: CollectConfig) -> Asking:
    probes = _resolvers("probe.resolvers", config.probe.resolvers)
    named = probes or _resolvers("dns.resolvers", config.dns.resolvers)
    with about("dns.resolvers"):
        return Asking(resolvers=named or system_resolvers())


def _resolvers(key: str, texts: tuple[str, ...]) -> tuple[Peer, ...]:
    with about(key):
        return tuple(parse_peer(text, DNS_PORT) for text in texts)


def read_collect_settings(path: Path | None) -> tuple[CollectConfig, CollectSettings]:
    """Return what stands in the file, as written and as read; raises ConfigError that names the file and the key."""
    config = read_config(path, CollectConfig)
    with about(str(path)):
        return config, collect_settings(config)
