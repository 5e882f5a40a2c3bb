"""SPF records (RFC 7208 section 12): what a record says, term by term, and what is wrong with it.

    record    = "v=spf1" *( 1*SP ( directive / modifier ) ) *SP
    directive = [ "+" / "-" / "?" / "~" ] ( all / include / a / mx / ptr / ip4 / ip6 / exists )
    a, mx     = name [ ":" domain-spec ] [ "/" ip4-length ] [ "//" ip6-length ]        ptr has no lengths
    include, exists = name ":" domain-spec
    ip4, ip6  = name ":" network [ "/" length ]
    modifier  = ( "redirect" / "exp" ) "=" domain-spec / name "=" macro-string
    domain-spec = macro-string ( "." toplabel [ "." ] / macro-expand )                `mxproof.formats.spf_macro`

A receiver checks all of it before it evaluates anything (section 4.6): one error anywhere makes the whole a permerror.
Terms are kept in the order of the record; what breaks the grammar is objected to and left out.
"""

import ipaddress
import re
from enum import StrEnum
from functools import lru_cache

import msgspec

from mxproof.formats.errors import Objection, shown
from mxproof.formats.spf_macro import DomainSpec, is_macro_string, parse_domain_spec

RECORD_CHARACTERS_MAX = 16 * 1024
LOOKUPS_MAX = 10
"""Terms of one evaluation that may cause a look-up, those of included records among them (RFC 7208 section 4.6.4)."""
SPF_OBJECTIONS_MAX = 20

_RECORDS_KEPT_MAX = 256
_IP4_BITS, _IP6_BITS = 32, 128
_VERSION = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_DIRECTIVE = re.compile(r"([-+?~]?)([^:/]*)(?::([^\0]*?))?((?:/[0-9]*){0,3})", re.DOTALL)
_LENGTH = re.compile(r"0|[1-9][0-9]{0,2}")


class Mechanism(StrEnum):
    """What a directive compares the client with (RFC 7208 section 5)."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"


_LOOKING_UP = frozenset({Mechanism.INCLUDE, Mechanism.A, Mechanism.MX, Mechanism.PTR, Mechanism.EXISTS})
_NAMED = frozenset({Mechanism.INCLUDE, Mechanism.EXISTS})
_SIZED = frozenset({Mechanism.A, Mechanism.MX})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Directive(msgspec.Struct, frozen=True):
    """One mechanism and what its match means; `target` is None where the current domain is meant.

    `network` is that of ip4 and ip6; the lengths are those of prefixes that addresses found by a and mx stand for.
    """

    text: str
    qualifier: str
    mechanism: Mechanism
    target: DomainSpec | None = None
    network: Network | None = None
    ip4_length: int = _IP4_BITS
    ip6_length: int = _IP6_BITS

    @property
    def looks_up(self) -> bool:
        """Tell whether the term counts among the look-ups (RFC 7208 section 4.6.4)."""
        return self.mechanism in _LOOKING_UP


class Redirect(msgspec.Struct, frozen=True):
    """The modifier that hands over to another domain's record where nothing matches (RFC 7208 section 6.1)."""

    text: str
    target: DomainSpec


class SpfRecord(msgspec.Struct, frozen=True):
    """A record as read; `objections` are what a receiver makes a permerror of."""

    directives: tuple[Directive, ...]
    redirect: Redirect | None
    objections: tuple[Objection, ...]

    @property
    def all(self) -> Directive | None:
        """Return the directive that ends the evaluation: those behind it are never looked at (section 5.1)."""
        return next((one for one in self.directives if one.mechanism is Mechanism.ALL), None)

    @property
    def evaluated(self) -> tuple[Directive, ...]:
        """Return the directives up to the first `all`, in order."""
        end = self.all
        return self.directives if end is None else self.directives[: self.directives.index(end) + 1]

    @property
    def followed(self) -> Redirect | None:
        """Return the redirect, unless there is an `all`, beside which it is ignored (section 6.1)."""
        return None if self.all is not None else self.redirect


class Lookup(msgspec.Struct, frozen=True):
    """A term that causes a look-up; `name` is the domain whose SPF record it fetches, empty where it fetches none."""

    term: str
    name: str = ""


def is_spf(text: bytes) -> bool:
    """Tell whether a TXT record is an SPF record (RFC 7208 section 4.5)."""
    return _VERSION.match(text[:RECORD_CHARACTERS_MAX].decode("ascii", "backslashreplace")) is not None


def lookups(text: bytes) -> tuple[Lookup, ...]:
    """Return the terms of an SPF record that cause look-ups, in the order of evaluation.

    A redirect comes last wherever it stands (RFC 7208 section 6.1). A name with macros depends on the message and so is
    none that could be asked for.
    """
    record = examine_spf(text)
    found = [Lookup(one.text, _fetched(one)) for one in record.evaluated if one.looks_up]
    redirect = record.followed
    return (*found, *([Lookup(redirect.text, redirect.target.plain)] if redirect is not None else ()))


def _fetched(one: Directive) -> str:
    return one.target.plain if one.mechanism is Mechanism.INCLUDE and one.target is not None else ""


@lru_cache(maxsize=_RECORDS_KEPT_MAX)
def examine_spf(data: bytes) -> SpfRecord:
    """Read a text that `is_spf`, and say what is wrong with it. Of a redirect given again the first is kept."""
    text = data[:RECORD_CHARACTERS_MAX].decode("latin-1")
    objections: list[Objection] = []
    directives: list[Directive] = []
    redirect: Redirect | None = None
    seen: set[str] = set()
    position = 0
    for index, term in enumerate(text.split(" ")):
        if term and index:
            read = _read(term)
            if isinstance(read, Directive):
                directives.append(read)
            elif isinstance(read, Redirect):
                redirect = redirect or read
            elif read is not None:
                objections.append(_objection(read, position, term))
            name = _modifier_name(term)
            if name in ("redirect", "exp") and name in seen:
                fault = _Fault("modifier-twice", f"{name}= may stand once only", "6")
                objections.append(_objection(fault, position, term))
            seen.add(name)
        position += len(term) + 1
    if not data.isascii():
        place = next(place for place, byte in enumerate(data) if byte > 0x7F)
        fault = _Fault("record-not-ascii", "byte outside US-ASCII", "3.1")
        objections.append(_objection(fault, place, text[place:]))
    return SpfRecord(tuple(directives), redirect, tuple(objections[:SPF_OBJECTIONS_MAX]))


class _Fault(msgspec.Struct, frozen=True):
    """What is wrong with a term, and the section of RFC 7208 that says so."""

    rule: str
    message: str
    section: str


def _objection(fault: _Fault, position: int, term: str) -> Objection:
    return Objection(fault.rule, fault.message, position, f"RFC 7208 section {fault.section}", shown(term))


def _modifier_name(term: str) -> str:
    found = _MODIFIER.fullmatch(term)
    return found[1].lower() if found is not None else ""


def _read(term: str) -> Directive | Redirect | _Fault | None:
    """Return what a term is, or what is wrong with it; None for a modifier that changes no result."""
    modifier = _MODIFIER.fullmatch(term)
    if modifier is None:
        return _read_directive(term)
    name, value = modifier[1].lower(), modifier[2]
    if name not in ("redirect", "exp"):
        fault = _Fault("macro", "not a text with macros as they are written", "7.1")
        return None if is_macro_string(value) else fault
    target = parse_domain_spec(value)
    if target is None:
        return _Fault("domain-spec", f"{name}= needs a domain name with at least one dot", "7.1")
    return Redirect(term, target) if name == "redirect" else None


def _read_directive(term: str) -> Directive | _Fault:
    found = _DIRECTIVE.fullmatch(term)
    if found is None:
        return _Fault("mechanism-unknown", "not a mechanism of SPF", "4.6.1")
    qualifier, name, value, lengths = found[1] or "+", found[2].lower(), found[3], found[4]
    if name not in Mechanism.__members__.values():
        return _Fault("mechanism-unknown", f"no mechanism is called {shown(found[2])!r}", "4.6.1")
    mechanism = Mechanism(name)
    match mechanism:
        case Mechanism.ALL:
            if value is not None or lengths:
                return _Fault("all-argument", "all takes no argument", "5.1")
            return Directive(term, qualifier, mechanism)
        case Mechanism.IP4 | Mechanism.IP6:
            network = _network(mechanism, term.partition(":")[2])
            if network is None:
                kind = "IPv4" if mechanism is Mechanism.IP4 else "IPv6"
                return _Fault(
                    f"{mechanism}-network", f"{mechanism}: needs an {kind} address or network", "5.6"
                )
            return Directive(term, qualifier, mechanism, network=network)
        case _:
            return _read_named(term, qualifier, mechanism, value, lengths)


def _read_named(
    term: str, qualifier: str, mechanism: Mechanism, value: str | None, lengths: str
) -> Directive | _Fault:
    """Read a mechanism that names a domain, or means the current one."""
    sizes = _sizes(lengths) if mechanism in _SIZED else (None if lengths else (_IP4_BITS, _IP6_BITS))
    if mechanism not in _SIZED and lengths and value is not None:
        value, sizes = value + lengths, (_IP4_BITS, _IP6_BITS)
    if sizes is None:
        return _Fault("prefix-length", "the length of the prefix is none", "5.6")
    target = parse_domain_spec(value) if value is not None else None
    if target is None and (value is not None or mechanism in _NAMED):
        return _Fault("domain-spec", f"{mechanism} needs a domain name with at least one dot", "7.1")
    return Directive(term, qualifier, mechanism, target, None, *sizes)


def _sizes(text: str) -> tuple[int, int] | None:
    """Return the two lengths of `/24//64`, either of which may be missing (RFC 7208 section 5.6)."""
    ip4, _, ip6 = text.partition("//")
    four = _length(ip4.removeprefix("/"), _IP4_BITS) if ip4 else _IP4_BITS
    six = _length(ip6, _IP6_BITS) if "//" in text else _IP6_BITS
    return None if four is None or six is None else (four, six)


def _length(text: str, most: int) -> int | None:
    return int(text) if _LENGTH.fullmatch(text) and int(text) <= most else None


def _network(mechanism: Mechanism, text: str) -> Network | None:
    address, slash, length = text.partition("/")
    most = _IP4_BITS if mechanism is Mechanism.IP4 else _IP6_BITS
    bits = _length(length, most) if slash else most
    if bits is None or "%" in address:
        return None
    try:
        if mechanism is Mechanism.IP4:
            return ipaddress.IPv4Network((ipaddress.IPv4Address(address), bits), strict=False)
        return ipaddress.IPv6Network((ipaddress.IPv6Address(address), bits), strict=False)
    except ValueError:
        return None
