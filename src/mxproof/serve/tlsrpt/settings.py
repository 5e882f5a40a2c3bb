"""What the configuration says, read once."""

from pathlib import Path

import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.net.asking import DNS_PORT, Asking, parse_peer, system_resolvers
from mxproof.serve.daemon.config import about, read_config
from mxproof.serve.tlsrpt.config import ReportConfig
from mxproof.serve.tlsrpt.wanted import WantedDomains, wanted_domains
from mxproof.store.journal.retention import Retention


class ReportSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes by. `asking` is None where this machine has no resolver, and `unasked` says why."""

    domains: WantedDomains
    store: str
    retention: Retention
    asking: Asking | None
    unasked: str = ""


def report_settings(config: ReportConfig) -> ReportSettings:
    """Return what `config` says; raises ConfigError where a value is not what it has to be."""
    with about("domains"):
        domains = wanted_domains(config.domains, any_domain=config.any_domain)
    asking, unasked = _asking(config)
    store = config.store
    return ReportSettings(
        domains=domains,
        store=store.url,
        retention=Retention(store.raw_days, store.report_days, store.count_days),
        asking=asking,
        unasked=unasked,
    )


def read_report_settings(path: Path | None) -> tuple[ReportConfig, ReportSettings]:
    """Return what stands in the file, as written and as read; raises ConfigError that names the file and the key."""
    config = read_config(path, ReportConfig)
    with about(str(path)):
        return config, report_settings(config)


def _asking(config: ReportConfig) -> tuple[Asking | None, str]:
    with about("dns.resolvers"):
        named = tuple(parse_peer(text, DNS_PORT) for text in config.dns.resolvers)
    try:
        resolvers = named or system_resolvers()
    except ConfigError as error:
        return None, str(error)
    return Asking(resolvers=resolvers, timeout_s=config.dns.timeout_s, trust_ad=False), ""
