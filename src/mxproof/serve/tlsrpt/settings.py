"""What the configuration says, read once."""

from pathlib import Path

import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.net.asking import DNS_PORT, Asking, parse_peer, system_resolvers
from mxproof.net.imap_folder import ImapFolder, parse_imap_folder
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
from mxproof.serve.tlsrpt.config import FolderOptions, ListenOptions, ReportConfig
from mxproof.serve.tlsrpt.wanted import WantedDomains, wanted_domains
from mxproof.store.journal.retention import Retention

REPORT_LISTENERS_MAX = 16


class FolderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A folder and how it is read: the password from a file, else a command; `move_to` is empty for a folder only read.

    `roots` is a file of trust anchors, None for those of this machine; a daemon looks every `every_s`.
    """

    mailbox: ImapFolder
    password_file: Path | None = None
    password_command: tuple[str, ...] = ()
    move_to: str = ""
    roots: Path | None = None
    every_s: float = 300.0


class ReportSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes by. `asking` is None where this machine has no resolver, and `unasked` says why.

    `certificate` and its key are None where a proxy speaks TLS; `folder` is None where no mailbox is read; `http` serves the pages for monitoring.
    """

    domains: WantedDomains
    store: str
    retention: Retention
    asking: Asking | None
    unasked: str = ""
    lmtp: tuple[Listener, ...] = ()
    https: tuple[Listener, ...] = ()
    certificate: tuple[Path, Path] | None = None
    folder: FolderSettings | None = None
    unix: UnixOptions = UnixOptions()
    http: Listener | None = None
    control: UnixPath | None = None
    log: LogLevel = "info"


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
        lmtp=_listeners("listen.lmtp", config.listen.lmtp),
        https=_listeners("listen.https", config.listen.https),
        certificate=_certificate(config.listen),
        folder=folder_settings(config.imap) if config.imap.url else None,
        unix=config.unix,
        http=page_listener(config.admin),
        control=control_listener(config.admin),
        log=config.log,
    )


def read_report_settings(path: Path | None) -> tuple[ReportConfig, ReportSettings]:
    """Return what stands in the file, as written and as read; raises ConfigError that names the file and the key."""
    config = read_config(path, ReportConfig)
    with about(str(path)):
        return config, report_settings(config)


def folder_settings(options: FolderOptions) -> FolderSettings:
    """Return a folder to read; raises ConfigError that names the key which is wrong."""
    with about("imap.url"):
        mailbox = parse_imap_folder(options.url)
    if bool(options.password_file) == bool(options.password_command):
        raise ConfigError(
            "imap: a password is needed, from password_file or from password_command (--password-file, --password-command)"
        )
    if options.move_to and options.move_to == mailbox.folder:
        raise ConfigError(f"imap.move_to: {options.move_to!r} is the folder that is read")
    return FolderSettings(
        mailbox=mailbox,
        password_file=Path(options.password_file) if options.password_file else None,
        password_command=options.password_command,
        move_to=options.move_to,
        roots=Path(options.ca_file) if options.ca_file else None,
        every_s=options.every_s,
    )


def _listeners(key: str, texts: tuple[str, ...]) -> tuple[Listener, ...]:
    if len(texts) > REPORT_LISTENERS_MAX:
        raise ConfigError(f"{key}: {len(texts)} listeners where at most {REPORT_LISTENERS_MAX} are served")
    with about(key):
        return tuple(dict.fromkeys(listener(text) for text in texts))


def _certificate(listen: ListenOptions) -> tuple[Path, Path] | None:
    """Return the files of the certificate and its key, None where neither is named."""
    if bool(listen.certificate) != bool(listen.key):
        raise ConfigError("listen.certificate and listen.key: one is named without the other")
    return (Path(listen.certificate), Path(listen.key)) if listen.key else None


def _asking(config: ReportConfig) -> tuple[Asking | None, str]:
    with about("dns.resolvers"):
        named = tuple(parse_peer(text, DNS_PORT) for text in config.dns.resolvers)
    try:
        resolvers = named or system_resolvers()
    except ConfigError as error:
        return None, str(error)
    return Asking(resolvers=resolvers, timeout_s=config.dns.timeout_s, trust_ad=False), ""
