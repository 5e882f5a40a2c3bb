"""What is planned, as files on the command line: a policy, certificates, zone files, and lines of a zone."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.options.asking import Roots
from mxproof.cli.options.groups import option_group
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Der, Evidence, Kind
from mxproof.formats.cert import facts
from mxproof.formats.errors import ConfigError, FormatError, Objection
from mxproof.formats.mtasts import POLICY_BYTES_MAX, Mode, Policy, parse_policy, repeated_fields
from mxproof.formats.names import canonical, is_host
from mxproof.mail.trust import anchors_of
from mxproof.net.roots import roots_from, system_roots
from mxproof.remedy.planned import PlannedCertificate, PlannedState, idle
from mxproof.remedy.planned_zone import PLANNABLE, PlannedZone

PEM_BYTES_READ_MAX = 64 * 1024


def policy_typed(_: click.Context, __: click.Parameter, path: Path | None) -> Policy | None:
    """Return the policy in a file, None where none is named."""
    return None if path is None else policy_in(path)


def policy_in(path: Path) -> Policy:
    """Return the policy in a file; raises RunError for one that is not valid, with its line."""
    try:
        with path.open("rb") as file:
            body = file.read(POLICY_BYTES_MAX + 1)
        policy, several = parse_policy(body), repeated_fields(body)
    except OSError as error:
        raise RunError(f"{path}: cannot be read ({error.strerror})") from None
    except FormatError as error:
        raise _in_line(path, body, error.objections[0]) from None
    if several:
        raise _in_line(path, body, several[0])
    return policy


def _in_line(path: Path, body: bytes, objection: Objection) -> RunError:
    line = body[: objection.position].count(b"\n") + 1
    return RunError(f"{path}:{line}: {objection.message} ({objection.source})")


def certificates_typed(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> tuple[PlannedCertificate, ...]:
    """Return each certificate that is named with its host."""
    return tuple(map(_certificate, values))


def _certificate(value: str) -> PlannedCertificate:
    host, equals, path = value.partition("=")
    name = canonical(host)
    if not equals or not path or not is_host(name):
        raise click.BadParameter(f"{value!r}; a host and a file such as mx1.example.com=mx1.pem was expected")
    return PlannedCertificate(name, _chain(Path(path), name))


def _chain(path: Path, host: str) -> tuple[Der, ...]:
    """Return what a server of `host` would send; whether senders trust it is judged and not refused here."""
    try:
        chain = tuple(map(Der, roots_from(path)))
        leaf, *above = [facts(one) for one in chain]
    except ConfigError as error:
        raise RunError(f"{error}{_beside(path)}") from None
    except FormatError as error:
        raise RunError(f"{path}: {error.objections[0].message}; certificates were expected") from None
    if leaf.is_ca and above:
        raise RunError(
            f"{path}: begins with that of an authority; the certificate of {host} was expected first"
        )
    if any(not one.is_ca and not one.self_issued for one in above):
        raise RunError(
            f"{path}: certificates of several servers; that of {host} and those above it were expected"
        )
    return chain


def _beside(path: Path) -> str:
    """Return what the file holds instead, where that is a key."""
    with suppress(OSError), path.open("rb") as file:
        if b"PRIVATE KEY-----" in file.read(PEM_BYTES_READ_MAX):
            return ", and not the private key"
    return ""


def _anchors(certificates: Iterable[PlannedCertificate], trusted: Roots | None) -> tuple[Der, ...]:
    """Return the roots, of this machine or those that are trusted instead, at which the chains could end."""
    chains = [one.chain for one in certificates]
    try:
        roots = () if not chains else trusted.certificates if trusted else system_roots()
    except ConfigError:
        roots = ()  # those that are kept with the evidence are left
    return tuple(dict.fromkeys(root for chain in chains for root in anchors_of(chain, roots)))


class PlannedOptions(msgspec.Struct, frozen=True):
    """What is planned, as it was typed; files that hold one value are read already."""

    zones: tuple[str, ...] = ()
    set_: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    policy: Policy | None = None
    mode: str | None = None
    certificates: tuple[PlannedCertificate, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is planned."""
        return self != PlannedOptions()

    def state(
        self, domain: str, trusted: Roots | None, *, supposes: bool, announces: bool = False
    ) -> PlannedState:
        """Return the planned state of `domain`; raises RunError where a file is not what it should be.

        `trusted` are the roots that certificates are judged by, None for those of this machine.
        """
        lines = zone_of_lines(self.set_, self.unset, domain)
        return PlannedState(
            zones=(*(() if lines is None else (lines,)), *(zone_of(one, domain) for one in self.zones)),
            policy=self.policy,
            mode=None if self.mode is None else Mode(self.mode),
            certificates=self.certificates,
            anchors=_anchors(self.certificates, trusted),
            announces=announces,
            supposes=supposes,
        )

    def tell_idle(self, state: PlannedState, evidence: Evidence) -> None:
        """Say of which zones nothing is at a name that mail comes by, so that a wrong origin is not taken for no change."""
        if not self.zones:
            return
        without = idle(state, evidence)
        for value, zone in zip(self.zones, state.zones[-len(self.zones) :], strict=True):
            if zone in without:
                print_stderr(
                    f"{value}: nothing in it is at a name that mail for {evidence.domain} comes by; "
                    "names that end without a dot are relative to the origin"
                )


OPTIONS_NAMED = "--zone, --set, --unset, --policy, --mode or --cert"
planned_options = option_group(
    "planned",
    PlannedOptions,
    (
        click.option(
            "--zone",
            "zones",
            multiple=True,
            metavar="[ORIGIN=]FILE",
            help="A zone as it will be, a master file; without an SOA record, a part of one; may be repeated.",
        ),
        click.option(
            "--set",
            "set_",
            multiple=True,
            metavar="RECORD",
            help="A record in place of all of its name and type, as in a zone file; of several of them, all.",
        ),
        click.option(
            "--unset", multiple=True, metavar="'NAME TYPE'", help="No record of this type at this name."
        ),
        click.option(
            "--policy",
            type=click.Path(path_type=Path),
            callback=policy_typed,
            metavar="FILE",
            help="The MTA-STS policy that will be served.",
        ),
        click.option(
            "--mode",
            type=click.Choice([str(one) for one in Mode]),
            help="The mode that the policy will have.",
        ),
        click.option(
            "--cert",
            "certificates",
            multiple=True,
            callback=certificates_typed,
            metavar="HOST=PEM",
            help="The certificate, and those above it, that the server of HOST will show; may be repeated.",
        ),
    ),
)


def zone_of(value: str, domain: str) -> PlannedZone:
    """Return what a zone file plans; `value` is FILE, or ORIGIN=FILE where names are not relative to the domain."""
    from mxproof.net.dns.zone_file import read_zone_file  # noqa: PLC0415 - only who plans a zone needs dnspython

    origin, equals, file = value.partition("=")
    named = bool(equals) and is_host(canonical(origin))
    try:
        read = read_zone_file(Path(file if named else value), canonical(origin) if named else domain)
    except ConfigError as error:
        raise RunError(str(error)) from None
    if not read.rrsets:
        raise RunError(f"{file if named else value}: no record in it; a zone, or a part of one, was expected")
    return PlannedZone(read.rrsets, read.apex)


def zone_of_lines(set_: Iterable[str], unset: Iterable[str], domain: str) -> PlannedZone | None:
    """Return what single lines plan, None for none; raises RunError where one is no record, or no name and type."""
    rrsets = []
    if set_:
        from mxproof.net.dns.zone_file import read_lines  # noqa: PLC0415 - as above

        try:
            rrsets = list(read_lines(set_, domain))
        except ConfigError as error:
            raise RunError(f"--set {error}") from None
    zone = PlannedZone(rrsets, None)
    empty = [_name_and_type(line, domain) for line in unset]
    for name, kind in empty:
        zone.without(name, kind)
    return zone if rrsets or empty else None


def _name_and_type(line: str, domain: str) -> tuple[str, Kind]:
    words = line.split()
    kinds = {kind.value: kind for kind in PLANNABLE}
    if len(words) != 2 or words[1].upper() not in kinds:
        raise RunError(f"--unset {line!r}: a name and a type such as 'mx1 AAAA' were expected")
    name, absolute = words[0].lower(), words[0].endswith(".")
    whole = domain if name == "@" else name.rstrip(".") if absolute else f"{name}.{domain}"
    return whole, kinds[words[1].upper()]
