"""Which sets of checks are asked: the options, and the survey that they come to."""

import ipaddress
from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.options.groups import option_group
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.formats.dnsbl import DEFAULT_LISTS, LISTS_MAX
from mxproof.formats.errors import FormatError
from mxproof.formats.names import Domain, parse_host
from mxproof.formats.sent_header import SendingHost
from mxproof.survey.check_set import DEFAULT_SETS, FULL_SETS, OF_ARRIVAL, SENDER_SETS, CheckSet, with_required

_EXAMPLE = "example.com"
ADDRESSES_MAX = 16
"""As many as are looked at (`mxproof.survey.sending`)."""
_NAMES = [str(one) for one in CheckSet]


class AskedSets(msgspec.Struct, frozen=True):
    """The options that name sets and nothing else, as given."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    full: bool = False

    def sets(self, *, name_servers: bool = True) -> tuple[CheckSet, ...]:
        """Return the sets that are to be asked; raises UsageError as those of SetOptions do."""
        return SetOptions(self.only, self.skip, self.full).sets(name_servers=name_servers)


class SetOptions(msgspec.Struct, frozen=True):
    """The options as given."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    full: bool = False
    selector: tuple[str, ...] = ()
    as_sender: bool = False
    address: tuple[SendingHost, ...] = ()
    header: Path | None = None
    dnsbl: bool = False
    dnsbl_zone: tuple[str, ...] = ()

    def sets(self, *, name_servers: bool = True) -> tuple[CheckSet, ...]:
        """Return the sets that are to be asked; `name_servers` is what `--name-servers` says.

        Raises UsageError where the options contradict one another or leave nothing to ask.
        """
        if self.only and self.full:
            raise click.UsageError(
                "--only names the sets to ask, and --full asks all; expected one of the two"
            )
        if self.as_sender and (self.only or self.full):
            raise click.UsageError("--as-sender asks sets of its own; expected it without --only and --full")
        named = {*SENDER_SETS} if self.as_sender else {CheckSet(one) for one in self.only}
        chosen = set(FULL_SETS) if self.full else {*with_required(named or DEFAULT_SETS)}
        chosen |= {CheckSet.DKIM} if self.selector else set()
        chosen |= {CheckSet.SENDING} if self.address else set()
        chosen |= {CheckSet.DNSBL} if self.dnsbl or self.dnsbl_zone else set()
        chosen -= {CheckSet(one) for one in self.skip}
        if CheckSet.ARRIVAL not in chosen:
            chosen -= OF_ARRIVAL
        if not name_servers:
            chosen -= {CheckSet.NAME_SERVERS}
        if not chosen:
            raise click.UsageError("--skip leaves nothing to ask; expected some set to be left")
        return tuple(one for one in CheckSet if one in chosen)

    def with_header(self, domain: Domain) -> "SetOptions":
        """Return the options with what the header that was given tells of the sending system.

        Raises RunError where it cannot be read, or tells nothing.
        """
        if self.header is None:
            return self
        from mxproof.cli.pasted_headers import pasted_headers  # noqa: PLC0415 - few checks are given a header
        from mxproof.formats.bounce.mime import parse_headers  # noqa: PLC0415 - as above
        from mxproof.formats.sent_header import selectors_for, sending_host  # noqa: PLC0415 - as above

        text = pasted_headers(self.header).replace(b"\r\n", b"\n").lstrip().partition(b"\n\n")[0]
        fields = parse_headers(text)
        selectors, host = selectors_for(fields, domain.name), sending_host(fields)
        if not selectors and host is None:
            raise RunError(
                f"{'stdin' if str(self.header) == STDIN else self.header}: no DKIM-Signature with d={domain.name} and no field with the address of a sender;"
                " expected the header of a mail that arrived"
            )
        said = [f"selector {one}" for one in selectors]
        said += (
            [f"sent from {host.address}" + (f", which calls itself {host.helo}" if host.helo else "")]
            if host
            else []
        )
        print_stderr(f"taken from the header: {'; '.join(said)}")
        hosts = () if host is None or host.address in {one.address for one in self.address} else (host,)
        return msgspec.structs.replace(
            self,
            selector=tuple(dict.fromkeys((*self.selector, *selectors))),
            address=(*self.address, *hosts),
        )


def _addresses(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[SendingHost, ...]:
    found = []
    for value in values:
        address, _, helo = value.partition("=")
        try:
            known = str(ipaddress.ip_address(address.strip("[]")))
            name = parse_host(helo.rstrip("."), labels_min=2) if helo else ""
        except (ValueError, FormatError):
            raise click.BadParameter(
                f"{value!r}; expected an IP address, and the name that it gives in EHLO behind a `=` where that is known"
            ) from None
        found.append(SendingHost(known, name))
    if len(found) > ADDRESSES_MAX:
        raise click.BadParameter(f"{len(found)} addresses; at most {ADDRESSES_MAX} are looked at")
    return tuple(dict.fromkeys(found))


def _selectors(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        return ()
    from mxproof.formats.dkim import signature  # noqa: PLC0415 - few checks name a key
    from mxproof.survey.dkim import SELECTORS_MAX  # noqa: PLC0415 - as above

    if len(values) > SELECTORS_MAX:
        raise click.BadParameter(f"{len(values)} selectors; at most {SELECTORS_MAX} are asked for")
    for value in values:
        if signature(_EXAMPLE, value) is None:
            raise click.BadParameter(
                f"{value!r} is no selector; one such as s1, from s= in DKIM-Signature, was expected"
            )
    return tuple(dict.fromkeys(value.lower().rstrip(".") for value in values))


def _zones(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) > LISTS_MAX:
        raise click.BadParameter(f"{len(values)} lists; at most {LISTS_MAX} are asked")
    found = []
    for value in values:
        try:
            found.append(parse_host(value.rstrip("."), labels_min=2))
        except FormatError:
            raise click.BadParameter(
                f"{value!r}; expected the name that a list is asked under, such as zen.spamhaus.org"
            ) from None
    return tuple(dict.fromkeys(found))


_OF_SETS = (
    click.option(
        "--only",
        type=click.Choice(_NAMES),
        multiple=True,
        help="Ask this set of checks and no other; may be repeated.",
    ),
    click.option(
        "--skip",
        type=click.Choice(_NAMES),
        multiple=True,
        help="Leave this set of checks out; may be repeated.",
    ),
    click.option(
        "--full",
        is_flag=True,
        help=f"Ask every set of checks but dnsbl  [default: {', '.join(DEFAULT_SETS)}]",
    ),
)
asked_set_options = option_group("chosen", AskedSets, _OF_SETS)
check_set_options = option_group(
    "chosen",
    SetOptions,
    (
        *_OF_SETS,
        click.option(
            "--selector",
            multiple=True,
            callback=_selectors,
            metavar="NAME",
            help="Look at the DKIM key of this selector; may be repeated  [default for --only dkim: those in common use]",
        ),
        click.option(
            "--as-sender",
            is_flag=True,
            help="Look at the mail that the domain sends instead: the sets spf, dmarc, dkim and sending.",
        ),
        click.option(
            "--address",
            multiple=True,
            callback=_addresses,
            metavar="ADDRESS[=NAME]",
            help="Look at this address as a sender of the domain's mail, with the name that it gives in EHLO; may be"
            " repeated  [default for --as-sender: those that the SPF record names one by one]",
        ),
        click.option(
            "--header",
            type=click.Path(path_type=Path, allow_dash=True),
            metavar="FILE",
            help="Take selectors and the sending address from the header of a mail that arrived (- for stdin).",
        ),
        click.option(
            "--dnsbl",
            is_flag=True,
            help="Ask lists of addresses about the MX hosts and the senders that are named, by way of a resolver of your own:"
            " lists refuse public ones.",
        ),
        click.option(
            "--dnsbl-zone",
            multiple=True,
            callback=_zones,
            metavar="ZONE",
            help=f"Ask this list, which asks for --dnsbl too; may be repeated  [default: {', '.join(DEFAULT_LISTS)}]",
        ),
    ),
)
