"""A lab scenario: the zones, servers, faults and memories of a mail world, as a small TOML file sets them up.

`mxproof.lab.making` makes it into the one value that answers questions, `mxproof.world.world.World`: zone text into
records, certificates out of what is said of them. A scenario speaks of documentation addresses only (RFC 5737, RFC
3849); where they really listen is a matter of `mxproof.lab.running`. Records are written as a zone file, since that is
what an administrator reads all day; a delegated name with another signing state is a zone of its own. Nothing here
opens a socket or parses DNS data.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec.inspect import DictType, EnumType, StructType, Type, VarTupleType, type_info

from mxproof.formats import ConfigError
from mxproof.formats.address_scope import RANGES, is_example, special_range
from mxproof.formats.sent_header import SendingHost
from mxproof.formats.text import listed
from mxproof.formats.tls_offer import Offer
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.defect import Defect
from mxproof.lab.signing_setup import SigningSetup
from mxproof.survey.check_set import CheckSet
from mxproof.world.dns_script import DnsScript
from mxproof.world.world import DnsFault, Ending, ServerFault

WORLD_BYTES_MAX = 256 * 1024
CLIENT_TIMEOUT_S = 5.0

_DOCUMENTATION = ", ".join(row.network for row in RANGES if row.is_example)
_KEY = re.compile(r"\.(\w+)")
_SCENARIOS = files("mxproof.lab") / "scenarios"


class ScenarioError(ConfigError):
    """A scenario cannot be read or made into a world; the message has the subject, what was seen and what was expected."""


class TlsVersion(StrEnum):
    """The only version that a server speaks, or the newest ones that there are."""

    NEWEST = ""
    TLS_1_0 = "1.0"
    TLS_1_1 = "1.1"
    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


class HttpsFault(StrEnum):
    """How a policy host fails below the level of a status or a header."""

    NONE = "none"
    REFUSED = "refused"
    BLACKHOLE = "blackhole"
    RESET = "reset"
    NOT_TLS = "not-tls"
    NOT_HTTP = "not-http"
    CLOSE = "close"
    """The connection ends after the request without a response."""
    SLOW = "slow"
    HUGE = "huge"
    CUT_SHORT = "cut-short"
    GZIP_BOMB = "gzip-bomb"


class SmtpFault(StrEnum):
    """How an SMTP server fails."""

    NONE = "none"
    REFUSED = "refused"
    BLACKHOLE = "blackhole"
    GREETING_554 = "greeting-554"
    ENDLESS_BANNER = "endless-banner"
    SLOW_DRIP = "slow-drip"
    NO_STARTTLS = "no-starttls"
    STARTTLS_454 = "starttls-454"
    HANDSHAKE_ABORT = "handshake-abort"
    EARLY_DATA = "early-data"
    """Bytes in the clear follow the 220 to STARTTLS, as in a command injection (RFC 3207 section 4.2)."""
    TLS10_ONLY = "tls1.0-only"
    RESET = "reset"
    """The connection is taken and reset."""
    EHLO_REJECTED = "ehlo-rejected"
    """EHLO and HELO are answered with an error inside TLS."""
    CUT = "cut"
    """The connection ends after the handshake."""
    STARTTLS_REPEATED = "starttls-repeated"
    """EHLO inside TLS lists STARTTLS once more."""


class ZoneSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A zone in zone file syntax with `name` as its origin; `secure` simulates a validated signature (the AD bit).

    With `signing` there are keys and signatures too, for those who ask with checking disabled.
    """

    name: str
    records: str
    secure: bool = False
    serial: int = 1
    signing: SigningSetup | None = None


class NameServerSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An authoritative server of the zones whose NS records name it, at the addresses that the zones give it.

    `zones` are its own versions of zones, where they are not those of the others; `scripts` are what it says to single
    questions. The lab's resolver knows all zones by itself and asks no name server.
    """

    name: str
    fault: ServerFault = ServerFault.NONE
    zones: tuple[ZoneSetup, ...] = msgspec.field(name="zone", default=())
    scripts: tuple[DnsScript, ...] = msgspec.field(name="script", default=())


class NameFaultSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault of the resolver for one name and one record type, or for every type where `type` is empty."""

    name: str
    fault: DnsFault
    type: str = ""


class PtrSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The PTR records of an address; without one, an address points at the first name that has it."""

    address: str
    names: tuple[str, ...] = ()


class CertificateSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a server shows; without `names`, the certificate is for the server's own name."""

    names: tuple[str, ...] = ()
    defect: Defect = Defect.NONE
    days_left: int = 60


class ScriptSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a server says byte by byte (`mxproof.world.world.Script`), a character for each byte (ISO 8859-1).

    In a turn `{body}` is the body of the policy, `{length}` its length, `{name}` the name of the server, and `{repeated}`
    the text of that name, `times` times.
    """

    turns: tuple[str, ...] = ()
    repeated: str = ""
    times: int = 0
    ending: Ending = Ending.CLOSE
    pause_s: float = 0.0
    clear: bool = False


class PolicyHostSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An HTTPS server. Without `addresses` it answers at every address that the zones give for its `name`."""

    body: str = ""
    name: str = ""
    """By default `mta-sts.` and the domain."""
    addresses: tuple[str, ...] = ()
    status: int = 200
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    certificate: CertificateSetup = CertificateSetup()
    tls: TlsVersion = TlsVersion.NEWEST
    delay_s: float = 0.0
    """How long it thinks before it responds."""
    fault: HttpsFault = HttpsFault.NONE
    script: ScriptSetup | None = None


class SniSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The certificate shown to a client that asks for `name` by SNI (RFC 6066 section 3)."""

    name: str
    certificate: CertificateSetup = CertificateSetup()


class SmtpSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An SMTP server. Without `addresses` it answers at every address that the zones give for its `name`."""

    name: str
    addresses: tuple[str, ...] = ()
    banner: str = "ESMTP ready"
    certificate: CertificateSetup = CertificateSetup()
    sni: tuple[SniSetup, ...] = ()
    tls: TlsVersion = TlsVersion.NEWEST
    offers: tuple[Offer, ...] = ()
    """The offers of TLS that it takes, and no others; with one of TLS 1.2 that needs it, its key is one of RSA."""
    delay_s: float = 0.0
    """How long it waits before it greets."""
    called: str = ""
    """What it calls itself, where that is not its name."""
    keywords: tuple[str, ...] = ()
    """The extensions that it offers beside STARTTLS; those of a usual server by themselves."""
    greeting: str = ""
    """A reply in place of the greeting, with which it turns its client away."""
    fault: SmtpFault = SmtpFault.NONE
    script: ScriptSetup | None = None


class TlsaSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A TLSA record computed from the certificate of the SMTP server named `server` (RFC 6698 section 2.1).

    Usages 1 and 3 speak of the server's own certificate, 0 and 2 of the intermediate above it. `wrong` takes the
    association from a certificate nobody serves, and `root` from the root above the chain, which no server sends.
    """

    server: str
    name: str = ""
    """The owner name, by default `_25._tcp.` and the server's name (RFC 7672 section 2.2.3)."""
    usage: int = 3
    selector: int = 1
    matching: int = 1
    wrong: bool = False
    root: bool = False


class OldPolicySetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A policy that senders fetched earlier and still hold (RFC 8461 section 5.1)."""

    body: str
    id: str
    age_days: float


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a reader should see: in words, and as facts that tests compare with the report.

    `senders` maps a sender's id to its verdict; `findings` are codes that the report holds, beside others;
    `name_server_faults` are the codes of all findings that a measurement of the name servers makes. `sets` are the sets of
    checks that a check of it asks, none for the default, `selectors` the DKIM selectors, `sending` the hosts and `lists` the
    lists of addresses that it names.
    """

    text: str
    exit: int | None = None
    senders: Mapping[str, Verdict] = MappingProxyType({})
    findings: tuple[Code, ...] = ()
    name_server_faults: tuple[Code, ...] = ()
    sets: tuple[CheckSet, ...] = ()
    selectors: tuple[str, ...] = ()
    sending: tuple[SendingHost, ...] = ()
    lists: tuple[str, ...] = ()


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scenario. `latency_ms` delays every answer of DNS and HTTPS and every reply of SMTP."""

    title: str
    story: str
    expect: Expect
    name: str = ""
    """The name of the scenario, which is that of its file."""
    domain: str = "example.com"
    timeout_s: float = CLIENT_TIMEOUT_S
    """How long a client should wait for one endpoint here; small where the scenario is about silence."""
    latency_ms: int = 0
    zones: tuple[ZoneSetup, ...] = msgspec.field(name="zone", default=())
    dns_faults: tuple[NameFaultSetup, ...] = msgspec.field(name="dns_fault", default=())
    dns_scripts: tuple[DnsScript, ...] = msgspec.field(name="dns_script", default=())
    name_servers: tuple[NameServerSetup, ...] = msgspec.field(name="name_server", default=())
    ptr: tuple[PtrSetup, ...] = ()
    tlsa: tuple[TlsaSetup, ...] = ()
    https: tuple[PolicyHostSetup, ...] = ()
    smtp: tuple[SmtpSetup, ...] = ()
    memory: OldPolicySetup | None = None


@cache
def scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the program, sorted."""
    names = (Path(entry.name) for entry in _SCENARIOS.iterdir())
    return tuple(sorted(path.stem for path in names if path.suffix == ".toml"))


def load(scenario: str) -> Scenario:
    """Return the scenario of that name, or the one in the file of that path where the name ends in `.toml`."""
    if scenario.endswith(".toml"):
        return _read(Path(scenario))
    known = scenarios()
    if scenario not in known:
        near = get_close_matches(scenario, known)
        hint = f"perhaps {listed(near)}" if near else "`mxproof lab list` prints the names"
        raise ScenarioError(f"scenario {scenario!r}: there is none of this name; {hint}")
    return _packaged(scenario)


@cache
def _packaged(name: str) -> Scenario:
    return parse((_SCENARIOS / f"{name}.toml").read_bytes(), name)


def parse(text: bytes, name: str) -> Scenario:
    """Return the scenario written in `text`; raises ScenarioError."""
    try:
        scenario = msgspec.toml.decode(text, type=Scenario)
    except msgspec.DecodeError as error:
        raise ScenarioError(f"scenario {name!r}: {error}{_choices(str(error))}") from None
    except RecursionError:
        raise ScenarioError(f"scenario {name!r}: nested more deeply than a scenario is") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"scenario {name!r}: byte {error.start} is not UTF-8, which TOML is written in"
        ) from None
    for owner, address in _addresses(scenario):
        check_address(address, f"scenario {name!r}: {owner}")
    _check_servers(scenario, name)
    return msgspec.structs.replace(scenario, name=name)


def check_address(address: str, subject: str) -> None:
    """Raise ScenarioError unless a server may stand at `address`: one for documentation, never that of a real host."""
    try:
        known = is_example(address)
    except ValueError:
        known = False
    if not known:
        raise ScenarioError(f"{subject}: address {address!r}; expected one in {_DOCUMENTATION}")


def check_record_address(address: str, subject: str) -> None:
    """Raise ScenarioError unless a record may hold `address`: one for documentation, or one that nobody connects to."""
    if special_range(address) is None:
        raise ScenarioError(
            f"{subject}: address {address!r}; expected one in {_DOCUMENTATION}, or another that is not public"
        )


def _read(path: Path) -> Scenario:
    try:
        with path.open("rb") as file:
            text = file.read(WORLD_BYTES_MAX + 1)
    except OSError as error:
        raise ScenarioError(f"world file {str(path)!r}: {error.strerror}") from None
    if len(text) > WORLD_BYTES_MAX:
        raise ScenarioError(f"world file {str(path)!r}: too large; expected at most {WORLD_BYTES_MAX} bytes")
    return parse(text, path.stem)


def _addresses(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for pointer in scenario.ptr:
        yield "ptr", pointer.address
    for host in scenario.https:
        yield from (("https", address) for address in host.addresses)
    for server in scenario.smtp:
        yield from ((f"smtp {server.name!r}", address) for address in server.addresses)


def _check_servers(scenario: Scenario, name: str) -> None:
    known = {server.name for server in scenario.smtp}
    for record in scenario.tlsa:
        if record.server not in known:
            expected = ", ".join(sorted(known)) or "one [[smtp]] table at least"
            raise ScenarioError(
                f"scenario {name!r}: tlsa of server {record.server!r}; expected the name of an SMTP server: {expected}"
            )


def _choices(message: str) -> str:
    """Return the words that a key of a closed set takes, where `message` is an error about one."""
    if not message.startswith("Invalid enum value"):
        return ""
    node: Type = type_info(Scenario)
    for key in _KEY.findall(message.rpartition("`$")[2]):
        node = _member(node, key)
    if isinstance(node, DictType):
        node = node.value_type
    words = [str(member.value) for member in node.cls] if isinstance(node, EnumType) else []
    return f"; expected one of {', '.join(words)}" if words else ""


def _member(node: Type, key: str) -> Type:
    if isinstance(node, VarTupleType):
        node = node.item_type
    if isinstance(node, StructType):
        return next((field.type for field in node.fields if field.encode_name == key), node)
    return node
