"""What the configuration files of all daemons have in common: TOML, where to listen, and mistakes that name their key.

A file is read as the struct that a daemon says; each of its values has a default. The daemon makes its settings of it.
"""

import contextlib
import ipaddress
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

import msgspec

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer, parse_peer
from mxproof.serve.daemon.mistake import mistake

CONFIG_BYTES_MAX = 4 * 1024 * 1024
UNIX_PATH_BYTES_MAX = 107

LogLevel = Literal["debug", "info", "warning", "error"]
Config = TypeVar("Config", bound=msgspec.Struct)


def told(words: str) -> msgspec.Meta:
    """Return what a key says, for the reference and the manual pages."""
    return msgspec.Meta(description=words)


def within(least: float, most: float, words: str) -> msgspec.Meta:
    """Return the bounds of a number, both of them allowed, and what its key says."""
    return msgspec.Meta(ge=least, le=most, description=words)


class UnixOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the file of a `unix:` listener is made; owner and group by name, empty for those of the daemon."""

    mode: Annotated[
        str, msgspec.Meta(pattern="^0?[0-7]{3}$", description="The mode of the file of a `unix:` listener.")
    ] = "0660"
    owner: Annotated[str, msgspec.Meta(description="Its owner by name, empty for that of the daemon.")] = ""
    group: Annotated[str, msgspec.Meta(description="Its group by name, empty for that of the daemon.")] = ""


class AdminOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Listeners apart: `http` serves /metrics and /health, `control` is a socket file for commands."""

    http: Annotated[
        str,
        msgspec.Meta(description="Where /metrics and /health are served: `inet:ADDR:PORT` or `unix:/PATH`."),
    ] = ""
    control: Annotated[
        str, msgspec.Meta(description="Where commands such as `reload` are taken: `unix:/PATH` alone.")
    ] = ""


class ResolverOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is asked; each daemon says what for."""

    resolvers: Annotated[
        tuple[str, ...],
        msgspec.Meta(
            description="`ADDR` or `ADDR:PORT` of each; none for those of the machine (/etc/resolv.conf)."
        ),
    ] = ()
    timeout_s: Annotated[
        float, msgspec.Meta(ge=0.1, le=60.0, description="How long one question may take in all.")
    ] = 5.0


class UnixPath(msgspec.Struct, frozen=True):
    """A listener at a socket file."""

    path: str


Listener = Peer | UnixPath


def read_config(path: Path | None, table: type[Config]) -> Config:
    """Return what stands in the file, all defaults without one; raises ConfigError with what is wrong."""
    if path is None:
        return table()
    try:
        with path.open("rb") as file:
            text = file.read(CONFIG_BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if len(text) > CONFIG_BYTES_MAX:
        raise ConfigError(f"{path}: larger than {CONFIG_BYTES_MAX >> 20} MiB")
    try:
        return msgspec.toml.decode(text, type=table)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {mistake(error, table)}") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested more deeply than a configuration is") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8, which TOML is written in") from None


def print_config(config: msgspec.Struct) -> bytes:
    """Return the configuration as TOML with every value, defaults too: plain values, then tables, then many of a kind."""
    values = msgspec.to_builtins(config, builtin_types=(datetime,))
    many = [field.name for field in msgspec.structs.fields(config) if _is_many_tables(field.type)]
    tables = [key for key, value in values.items() if isinstance(value, dict)]
    plain = {key: value for key, value in values.items() if key not in {*many, *tables}}
    parts = [_lines(plain)]
    parts += [_table(key, values[key]) for key in tables]
    parts += [f"\n[[{key}]]\n{_lines(one)}" for key in many for one in values[key]]
    return "".join(parts).encode()


def _table(key: str, values: Mapping[str, object]) -> str:
    """Return a table and those within it, each under its whole name."""
    within = {f"{key}.{name}": value for name, value in values.items() if isinstance(value, dict)}
    plain = {name: value for name, value in values.items() if not isinstance(value, dict)}
    return f"\n[{key}]\n{_lines(plain)}" + "".join(_table(name, value) for name, value in within.items())


def _is_many_tables(kind: object) -> bool:
    """Tell whether a type is that of an array of tables: a tuple of structs."""
    first = next(iter(get_args(kind)), None)
    return isinstance(first, type) and issubclass(first, msgspec.Struct)


def _lines(values: Mapping[str, object]) -> str:
    """Return keys and values as TOML has them; a JSON string, number, boolean or array is one of TOML too."""
    return "".join(
        f"{key} = {value.isoformat() if isinstance(value, datetime) else msgspec.json.encode(value).decode()}\n"
        for key, value in values.items()
    )


@contextlib.contextmanager
def about(key: str) -> Iterator[None]:
    """Begin what a ConfigError says with the key, or the file, that it is about."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(f"{key}: {error}") from None


def listener(text: str) -> Listener:
    """Return the listener written as `inet:127.0.0.1:8461`, `inet:[::1]:8461` or `unix:/run/mxproof/policyd`."""
    kind, _, rest = text.partition(":")
    if kind == "inet":
        return parse_peer(rest)
    if (
        kind == "unix"
        and rest.startswith("/")
        and len(rest.encode()) <= UNIX_PATH_BYTES_MAX
        and "\0" not in rest
    ):
        return UnixPath(rest)
    raise ConfigError(
        f"{text!r}: inet:ADDRESS:PORT or unix:/PATH of at most {UNIX_PATH_BYTES_MAX} bytes was expected"
    )


def page_listener(admin: AdminOptions) -> Listener | None:
    """Return where the pages for monitoring are served, None where they are not."""
    if not admin.http:
        return None
    with about("admin.http"):
        return listener(admin.http)


def control_listener(admin: AdminOptions) -> UnixPath | None:
    """Return where commands are taken, None where none are."""
    if not admin.control:
        return None
    try:
        found = listener(admin.control)
    except ConfigError:
        found = None
    if not isinstance(found, UnixPath):
        raise ConfigError(
            f"admin.control: {admin.control!r}: unix:/PATH of at most {UNIX_PATH_BYTES_MAX} bytes was expected, a file "
            "and no address, since whoever reaches it may purge"
        )
    return found


def is_loopback(one: Listener) -> bool:
    """Tell whether only this machine can reach a listener."""
    return isinstance(one, UnixPath) or ipaddress.ip_address(one.address).is_loopback
