"""The configuration of the policy daemon: one TOML file, every value with its default, every mistake named."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from mxproof.formats import ConfigError, FormatError
from mxproof.formats.postfix.next_hop import next_hop
from mxproof.formats.postfix.policy import parse_tls_policy
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.judge.senders.protection import Rules
from mxproof.net.asking import DNS_PORT, Peer, parse_connect_to, parse_peer
from mxproof.serve.daemon.config import Listener, UnixOptions, UnixPath, about, listener
from mxproof.serve.policyd.mistake import mistake
from mxproof.serve.policyd.reply import NOT_FOUND

CONFIG_BYTES_MAX = 4 * 1024 * 1024
OVERRIDES_MAX = 100_000
LISTENERS_MAX = 16
LISTEN = ("inet:127.0.0.1:8461",)
RESOLVERS = ("127.0.0.1",)

Positive = Annotated[float, msgspec.Meta(gt=0, le=86_400)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How answers are found.

    `grace_s` is how long an answer is given again without a look at DNS; `patience_s` how long Postfix waits for a new
    one where an old one may stand in; `allow_private` allows policy hosts at addresses of this network.
    """

    grace_s: Positive = 60.0
    patience_s: Positive = 3.0
    domains_max: Count = 100_000
    report_testing: bool = False
    mixed_dane_only: bool = False
    allow_private: bool = False


class Dns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The resolvers, and whether they validate DNSSEC over a way that nobody can tamper with.

    Without `trust_ad` there is no DANE. Even with it the resolvers have to be seen to validate.
    """

    resolvers: tuple[str, ...] = RESOLVERS
    trust_ad: bool = False
    timeout_s: Positive = 8.0


class Https(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How policies are fetched: trusted roots (PEM; empty for those of the machine), and detours for tests."""

    ca_file: str = ""
    connect_to: tuple[str, ...] = ()
    timeout_s: Positive = 10.0
    domain_timeout_s: Positive = 30.0
    families: Annotated[tuple[Literal[4, 6], ...], msgspec.Meta(min_length=1)] = (4, 6)


class Storage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where policies outlive the process: `memory:`, `sqlite:PATH`, `postgresql://...` or `redis://...`."""

    url: str = "memory:"


class Admin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Listeners apart: `http` serves /metrics and /health, `control` is a socket file for purging."""

    http: str = ""
    control: str = ""


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reply that is given for a domain whatever it publishes: `policy` as in a policy table, or `default`.

    `reason` is for whoever reads this next year, `until` the moment from which it is passed over.
    """

    domain: str
    policy: str
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    until: datetime


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    listen: tuple[str, ...] = LISTEN
    unix: UnixOptions = UnixOptions()
    answers: Answers = Answers()
    dns: Dns = Dns()
    https: Https = Https()
    store: Storage = Storage()
    admin: Admin = Admin()
    override: tuple[Override, ...] = ()
    log: Literal["debug", "info", "warning", "error"] = "info"

    def rules(self) -> Rules:
        """Return what the operator chose among the rules of protection."""
        return Rules(self.answers.report_testing, self.answers.mixed_dane_only)


def read_config(path: Path | None) -> Config:
    """Return the configuration in the file, all defaults without one; raises ConfigError with what is wrong."""
    if path is None:
        return Config()
    try:
        with path.open("rb") as file:
            text = file.read(CONFIG_BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if len(text) > CONFIG_BYTES_MAX:
        raise ConfigError(f"{path}: larger than {CONFIG_BYTES_MAX >> 20} MiB")
    try:
        config = msgspec.toml.decode(text, type=Config)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {mistake(error, Config)}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8, which TOML is written in") from None
    try:
        check(config)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None
    return config


def print_config(config: Config) -> bytes:
    """Return the configuration as TOML with every value, defaults too."""
    values = msgspec.to_builtins(config, builtin_types=(datetime,))
    plain = {key: value for key, value in values.items() if not isinstance(value, dict) and key != "override"}
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    sections = ["", *(f"\n[{key}]\n" for key in tables), *("\n[[override]]\n" for _ in config.override)]
    bodies = [plain, *tables.values(), *values["override"]]
    return "".join(head + _lines(body) for head, body in zip(sections, bodies, strict=True)).encode()


def _lines(values: Mapping[str, object]) -> str:
    """Return keys and values as TOML has them; a JSON string, number, boolean or array is one of TOML too."""
    return "".join(
        f"{key} = {value.isoformat() if isinstance(value, datetime) else msgspec.json.encode(value).decode()}\n"
        for key, value in values.items()
    )


def check(config: Config) -> None:
    """Raise ConfigError where a value is not what it has to be."""
    listeners(config)
    resolvers(config)
    detours(config)
    overrides(config)
    store_kind(config.store.url)
    if config.admin.http:
        with about("admin.http"):
            listener(config.admin.http)
    with about("admin.control"):
        control = listener(config.admin.control) if config.admin.control else None
    if control is not None and not isinstance(control, UnixPath):
        raise ConfigError("admin.control: unix:PATH was expected, since whoever reaches it may purge")


def listeners(config: Config) -> tuple[Listener, ...]:
    """Return where to listen."""
    if len(config.listen) > LISTENERS_MAX:
        raise ConfigError(f"listen: {len(config.listen)} listeners where at most {LISTENERS_MAX} are served")
    with about("listen"):
        found = tuple(listener(text) for text in config.listen)
    for place, one in enumerate(found):
        if one in found[:place]:
            raise ConfigError(f"listen: {config.listen[place]!r} is given twice")
    return found


def resolvers(config: Config) -> tuple[Peer, ...]:
    """Return the resolvers."""
    if not config.dns.resolvers:
        raise ConfigError("dns.resolvers: at least one address was expected")
    with about("dns.resolvers"):
        return tuple(parse_peer(text, DNS_PORT) for text in config.dns.resolvers)


def detours(config: Config) -> dict[tuple[str, int], tuple[str, int]]:
    """Return which peers stand in for which."""
    with about("https.connect_to"):
        pairs = [parse_connect_to(text) for text in config.https.connect_to]
    return {(meant.address, meant.port): (instead.address, instead.port) for meant, instead in pairs}


def store_kind(url: str) -> tuple[str, str]:
    """Return the kind of the store and how to reach it."""
    kind, colon, rest = url.partition(":")
    match kind:
        case "memory" if colon and not rest:
            return kind, ""
        case "sqlite" if rest.startswith("/"):
            return kind, rest
        case "postgresql" | "postgres" if rest.startswith("//"):
            return "postgresql", url
        case "redis" | "rediss" if rest.startswith("//"):
            return "redis", url
        case "unix" if rest.startswith("//"):
            return "redis", url
        case _:
            wanted = "memory:, sqlite:/PATH, postgresql://... or redis://..."
            raise ConfigError(f"store.url: {kind!r} and so on; {wanted} was expected")


class Told(msgspec.Struct, frozen=True):
    """An override ready for use."""

    reply: SocketmapReply
    reason: str
    until: datetime


def overrides(config: Config) -> dict[str, Told]:
    """Return the overrides by domain, or by host in brackets."""
    if len(config.override) > OVERRIDES_MAX:
        raise ConfigError(f"override: more than {OVERRIDES_MAX}")
    found: dict[str, Told] = {}
    for one in config.override:
        hop = next_hop(one.domain)
        if hop is None:
            raise ConfigError(f"override {one.domain!r}: a domain, or a host in brackets, was expected")
        if str(hop) in found:
            raise ConfigError(f"override {one.domain!r}: given twice")
        if one.until.tzinfo is None:
            raise ConfigError(f"override {one.domain!r}: until needs its zone, such as 2027-01-31T00:00:00Z")
        found[str(hop)] = Told(_told(one), one.reason, one.until)
    return found


def _told(override: Override) -> SocketmapReply:
    if override.policy == "default":
        return NOT_FOUND
    try:
        parse_tls_policy(override.policy)
    except FormatError as error:
        raise ConfigError(f"override {override.domain!r}: {error}") from None
    return SocketmapReply(Status.OK, override.policy)
