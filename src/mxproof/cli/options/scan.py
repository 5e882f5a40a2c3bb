"""How a scan asks: the options, and what they come to in the manifest."""

import re
from pathlib import Path

import click
import msgspec

from mxproof.cli.options.asking import LAB_OPTION, WAY_OPTIONS, AskingOptions, Roots
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.number import Number
from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_host
from mxproof.net.asking import Asking, Peer
from mxproof.scan.domain_list import read_lines
from mxproof.scan.manifest import ScanAsking
from mxproof.scan.rate import A_MINUTE_MAX, POLICIES_A_MINUTE, SMTP_A_MINUTE, NetworkRate, read_rates

WINDOW_DEFAULT = 256
CONNECTIONS_DEFAULT = 1024
WINDOW_MAX = 4096
_CONTACT = re.compile(r"[\x21-\x7e]{1,200}")


class ScanAskingOptions(msgspec.Struct, frozen=True):
    """The options of asking as given to a scan."""

    resolver: tuple[Peer, ...] = ()
    trust_ad: bool | None = None
    ca_file: Roots | None = None
    connect_to: tuple[tuple[Peer, Peer], ...] = ()
    ipv4: bool = False
    ipv6: bool = False
    timeout: float | None = None
    allow_private: bool = False
    lab: str | None = None
    contact: str = ""
    ehlo_name: str = ""
    queries: int = WINDOW_DEFAULT
    connections: int = CONNECTIONS_DEFAULT
    smtp_rate: int = SMTP_A_MINUTE
    policy_rate: int = POLICIES_A_MINUTE
    rate_file: Path | None = None

    @property
    def ways(self) -> AskingOptions:
        """Return what a scan has in common with a check of one domain."""
        return AskingOptions(
            resolver=self.resolver,
            trust_ad=self.trust_ad,
            ca_file=self.ca_file,
            connect_to=self.connect_to,
            ipv4=self.ipv4,
            ipv6=self.ipv6,
            timeout=self.timeout,
            allow_private=self.allow_private,
            name_servers=False,
            lab=self.lab,
        )

    def settings(self, asking: Asking, *, trust_ad: bool) -> ScanAsking:
        """Return what the manifest holds of how `asking` asks."""
        return ScanAsking(
            resolvers=tuple(map(str, asking.resolvers)),
            connect_to=tuple(
                f"{Peer(*meant)}={Peer(*instead)}" for meant, instead in asking.connect_to.items()
            ),
            families=asking.families,
            timeout_s=asking.timeout_s,
            trust_ad=trust_ad,
            allow_private=asking.allow_private,
            helo_name=self.ehlo_name,
            contact=self.contact,
            resolver_window=self.queries,
            connections=self.connections,
            smtp_a_minute=self.smtp_rate,
            policies_a_minute=self.policy_rate,
            rates=self._rates(),
        )

    def _rates(self) -> tuple[NetworkRate, ...]:
        if self.rate_file is None:
            return ()
        with self.rate_file.open("rb") as file:
            return read_rates(read_lines(file), str(self.rate_file))


def _contact(_: click.Context, __: click.Parameter, text: str) -> str:
    if text and (not _CONTACT.fullmatch(text) or set("()\\") & set(text)):
        raise click.BadParameter(f"{text!r}; a URL or an address was expected, as https://example.com/scan")
    return text


def _ehlo_name(_: click.Context, __: click.Parameter, text: str) -> str:
    try:
        return parse_host(text) if text else ""
    except FormatError as error:
        raise click.BadParameter(f"{text!r}: {error.objections[0].message}") from None


scan_asking_options = option_group(
    "asking",
    ScanAskingOptions,
    (
        *WAY_OPTIONS,
        LAB_OPTION,
        click.option(
            "--contact",
            default="",
            callback=_contact,
            metavar="URL",
            help="Whom to write to about the scan, as HTTP requests tell it.",
        ),
        click.option(
            "--ehlo-name",
            default="",
            callback=_ehlo_name,
            metavar="HOST",
            help="The name to greet mail servers with  [default: the address of this machine]",
        ),
        click.option(
            "--queries",
            type=Number(1, WINDOW_MAX, "questions"),
            default=WINDOW_DEFAULT,
            show_default=True,
            metavar="NUMBER",
            help="How many questions each worker has at the resolvers at once.",
        ),
        click.option(
            "--connections",
            type=Number(1, WINDOW_MAX, "connections"),
            default=CONNECTIONS_DEFAULT,
            show_default=True,
            metavar="NUMBER",
            help="How many connections each worker has at once, but for those that are slow.",
        ),
        click.option(
            "--smtp-rate",
            type=Number(1, A_MINUTE_MAX, "connections a minute"),
            default=SMTP_A_MINUTE,
            show_default=True,
            metavar="A_MINUTE",
            help="How many connections a minute one address of a mail server has, from all workers together.",
        ),
        click.option(
            "--policy-rate",
            type=Number(1, A_MINUTE_MAX, "connections a minute"),
            default=POLICIES_A_MINUTE,
            show_default=True,
            metavar="A_MINUTE",
            help="The same for one address of a policy host.",
        ),
        click.option(
            "--rate-file",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Networks that want fewer connections, each with their number a minute; 0 for none at all.",
        ),
    ),
)

scan_folder = click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
