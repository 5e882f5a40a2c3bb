"""How to ask: the options, and the domain as people type it."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from mxproof.cli.completing import scenario_names
from mxproof.cli.exit import RunError
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.number import Number
from mxproof.cli.streams import print_stderr
from mxproof.formats.errors import ConfigError, FormatError, shown
from mxproof.formats.names import Domain, canonical, parse_domain
from mxproof.net.asking import DNS_PORT, RESOLVERS_MAX, Peer, parse_connect_to, parse_peer
from mxproof.net.roots import roots_from

TIMEOUT_S_MIN = 0.1
TIMEOUT_S_MAX = 300.0
CONNECT_TO_MAX = 1000


class Roots(msgspec.Struct, frozen=True):
    """Trust anchors (DER), and where they are from."""

    name: str
    certificates: tuple[bytes, ...]


class AskingOptions(msgspec.Struct, frozen=True):
    """The options of asking as given; what is not given is decided by the machine or by the lab."""

    resolver: tuple[Peer, ...] = ()
    trust_ad: bool | None = None
    ca_file: Roots | None = None
    connect_to: tuple[tuple[Peer, Peer], ...] = ()
    ipv4: bool = False
    ipv6: bool = False
    timeout: float | None = None
    allow_private: bool = False
    name_servers: bool = True
    lab: str | None = None

    def families(self) -> tuple[int, ...]:
        """Return the address families to ask over: those named, or else both."""
        named = tuple(family for family, wanted in ((4, self.ipv4), (6, self.ipv6)) if wanted)
        return named or (4, 6)


def domain_typed(_ctx: click.Context, _param: click.Parameter, value: str) -> Domain:
    """Return the domain that was meant."""
    return domain_meant(value)


def domain_meant(value: str, place: str = "") -> Domain:
    """Return the domain that was meant, and say so where it was not typed as such; `place` is where it stands.

    Raises RunError for what is no domain.
    """
    where = f"{place}: " if place else ""
    try:
        domain = parse_domain(value)
    except FormatError as error:
        raise RunError(where + _unlike_a_domain(value, error.objections[0].message)) from None
    if canonical(value.strip()) != domain.name:
        print_stderr(f"{where}taking {value.strip()!r} for the domain {domain}")
    return domain


def named_domains(typed: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the domains that were meant, each once."""
    return tuple(dict.fromkeys(domain_meant(one).name for one in typed))


def _unlike_a_domain(value: str, message: str) -> str:
    subject = "" if repr(shown(value)) in message else f"{shown(value)!r}: "
    expectation = "" if "expected" in message else "; a domain such as example.com was expected"
    return subject + message + expectation


def _resolvers(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[Peer, ...]:
    if len(values) > RESOLVERS_MAX:
        raise click.BadParameter(f"{len(values)} resolvers; at most {RESOLVERS_MAX} are asked")
    try:
        return tuple(dict.fromkeys(parse_peer(value, DNS_PORT) for value in values))
    except ConfigError as error:
        raise click.BadParameter(str(error)) from None


def _connect_to(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[Peer, Peer], ...]:
    if len(values) > CONNECT_TO_MAX:
        raise click.BadParameter(f"{len(values)} pairs; at most {CONNECT_TO_MAX} are taken")
    try:
        return tuple(parse_connect_to(value) for value in values)
    except ConfigError as error:
        raise click.BadParameter(str(error)) from None


def _roots(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Roots | None:
    try:
        return Roots(str(value), roots_from(value)) if value is not None else None
    except ConfigError as error:
        raise click.BadParameter(str(error)) from None


domain_argument = click.argument("domain", callback=domain_typed)

asking_options = option_group(
    "asking",
    AskingOptions,
    (
        click.option(
            "--resolver",
            multiple=True,
            callback=_resolvers,
            metavar="ADDR[:PORT]",
            help="Ask this resolver; may be repeated  [default: those of the machine]",
        ),
        click.option(
            "--trust-ad/--no-trust-ad",
            default=None,
            help="Whether the resolver validates DNSSEC and its word is to be believed  [default: found out]",
        ),
        click.option(
            "--ca-file",
            type=click.Path(path_type=Path),
            callback=_roots,
            help="Trust the roots in this file (PEM or DER)  [default: those of the machine]",
        ),
        click.option(
            "--connect-to",
            multiple=True,
            callback=_connect_to,
            metavar="ADDR:PORT=ADDR:PORT",
            help="Connect to the second peer where the first is meant; may be repeated.",
        ),
        click.option("--ipv4", "-4", is_flag=True, help="Connect over IPv4 only."),
        click.option("--ipv6", "-6", is_flag=True, help="Connect over IPv6 only; with --ipv4, over both."),
        click.option(
            "--timeout",
            type=Number(TIMEOUT_S_MIN, TIMEOUT_S_MAX, "seconds"),
            metavar="SECONDS",
            help="How long each server may take in total  [default: 10]",
        ),
        click.option(
            "--allow-private",
            is_flag=True,
            help="Connect also to addresses that are not public: those of this network and this machine.",
        ),
        click.option(
            "--name-servers/--no-name-servers",
            default=True,
            help="Whether each name server is asked too, and not the resolver alone  [default: asked]",
        ),
        click.option(
            "--lab",
            metavar="SCENARIO",
            shell_complete=scenario_names,
            help="Ask a mail world simulated in this process, not the real one.",
        ),
    ),
)
