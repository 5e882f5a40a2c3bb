"""One entry of Postfix's smtp_tls_policy_maps: a security level and its attributes (postconf(5), TLS_README).

    entry     = level *(SEP attribute)                 SEP: comma, space, tab, CR or LF
    attribute = name "=" value / "{" name "=" value "}"

What Postfix does not accept makes it defer the mail with 4.7.5 "client TLS configuration problem", so nothing is
printed that does not read back, by Postfix's own rules, as the value it was printed from:

| attribute | how often | value |
|---|---|---|
| match | many | names parted by ":", only at `verify` and `secure`, never empty |
| servername | once | a host name, or `hostname` |
| ciphers, protocols | once | not empty |
| policy_type | once | `sts`; without it none of those below may stand |
| policy_domain | once | a host name in A-labels |
| policy_ttl | once | seconds |
| policy_string | many | one line of the policy |
| mx_host_pattern | many | a host name or `*.` and a host name |

observed: Postfix before 3.10 knows none of the last five and refuses an entry that has one. From 3.10.5 on it holds
the MX name against `mx_host_pattern` itself, one label for a wildcard (RFC 8461 section 4.1), wherever `policy_type`,
`match` and a pattern stand together.

observed: `policy_failure`, which Postfix from 3.10 on takes as well, is none of these attributes. Where Postfix 3.10.13
resumes a TLS session of its cache whose certificate was in order, an entry with it ends the client process (`panic: ...
cert valid despite trust init failure`), and the mail stays in the queue. Nothing in an entry can rule that out.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.names import parse_host
from mxproof.formats.postfix.socketmap import SOCKETMAP_REPLY_BYTES_MAX

MATCH_NAMES = frozenset({"hostname", "nexthop", "dot-nexthop"})
SERVERNAME_HOSTNAME = "hostname"
TTL_DIGITS_MAX = 10

_SOURCE = "postconf(5), smtp_tls_policy_maps"
_TOKEN = re.compile(r"[, \t\r\n]*(?:\{([^{}]*)\}|([^, \t\r\n{}]+))(?=[, \t\r\n]|\Z)")
_BLANK = re.compile(r"[, \t\r\n]*\Z")
_NAME = re.compile(r"[a-z_]+")
_WORD = re.compile(r"[!-+\--z|~]+")
_LINE = re.compile(r"[ -z|~]+")


class Level(StrEnum):
    """A security level, weakest first."""

    NONE = "none"
    MAY = "may"
    ENCRYPT = "encrypt"
    DANE = "dane"
    DANE_ONLY = "dane-only"
    VERIFY = "verify"
    SECURE = "secure"


_MATCHING = frozenset({Level.VERIFY, Level.SECURE})


class StsAttributes(msgspec.Struct, frozen=True):
    """What Postfix from 3.10 on is told of the MTA-STS policy behind an entry, for itself and for its reports."""

    domain: str
    mx: tuple[str, ...] = ()
    ttl_s: int | None = None
    strings: tuple[str, ...] = ()


class TlsPolicy(msgspec.Struct, frozen=True):
    """One entry. `match` holds names, `.` and a name for all below it, or words such as `hostname`."""

    level: Level
    match: tuple[str, ...] = ()
    servername: str = ""
    ciphers: str = ""
    protocols: str = ""
    sts: StsAttributes | None = None


def print_tls_policy(policy: TlsPolicy) -> str:
    """Return the text of the entry; raises FormatError where Postfix would not read it as this value."""
    text = " ".join([policy.level, *_printed(policy)])
    if len(text.encode()) > SOCKETMAP_REPLY_BYTES_MAX - len("OK "):
        raise _refusal(
            "tls-policy-too-long", f"an entry of more than {SOCKETMAP_REPLY_BYTES_MAX} bytes", text
        )
    if parse_tls_policy(text) != policy:
        raise _refusal("tls-policy-not-printable", "no text reads as this entry", text)
    return text


def parse_tls_policy(text: str) -> TlsPolicy:
    """Return the entry that `text` is; raises FormatError where some Postfix from 3.10 on would refuse it.

    Stricter than Postfix in two things: a value that Postfix takes and no entry made here ever has, such as a brace
    within braces, is refused, and so is `policy_failure`.
    """
    tokens = list(_tokens(text))
    if not tokens:
        raise _refusal("tls-policy-empty", "an empty entry", text)
    try:
        level = Level(tokens[0].lower())
    except ValueError:
        raise _refusal("tls-policy-level", f"unknown security level {shown(tokens[0])!r}", text) from None
    attributes = _Attributes(text)
    for token in tokens[1:]:
        attributes.add(token, level)
    return attributes.policy(level)


def _printed(policy: TlsPolicy) -> Iterator[str]:
    if policy.match:
        yield f"match={':'.join(policy.match)}"
    for name in ("servername", "ciphers", "protocols"):
        value: str = getattr(policy, name)
        if value:
            yield f"{name}={value}"
    if policy.sts is None:
        return
    yield "policy_type=sts"
    yield f"policy_domain={policy.sts.domain}"
    if policy.sts.ttl_s is not None:
        yield f"policy_ttl={policy.sts.ttl_s}"
    yield from (f"mx_host_pattern={pattern}" for pattern in policy.sts.mx)
    yield from (f"{{ policy_string = {line} }}" for line in policy.sts.strings)


def _tokens(text: str) -> Iterator[str]:
    position = 0
    while not _BLANK.match(text, position):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _refusal(
                "tls-policy-token", "neither a word nor a pair of braces", text[position:], position
            )
        yield found[2] if found[1] is None else found[1].strip()
        position = found.end()


class _Attributes:
    """The attributes read so far; `text` is for the message of a refusal."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._once: dict[str, str] = {}
        self._many: dict[str, list[str]] = {"match": [], "policy_string": [], "mx_host_pattern": []}

    def add(self, token: str, level: Level) -> None:
        """Take one attribute in, checked by itself."""
        name, equals, value = (part.strip() for part in token.partition("="))
        name = name.lower()
        check = _CHECKS.get(name)
        if not equals or not _NAME.fullmatch(name) or check is None:
            raise self._refusal(f"unknown attribute {shown(token)!r}")
        if level is Level.NONE or (name == "match" and level not in _MATCHING):
            raise self._refusal(f"attribute {name} at security level {level}")
        if not check(value):
            raise self._refusal(f"attribute {name} with a bad value {shown(value)!r}")
        if name in self._many:
            self._many[name].extend(value.split(":") if name == "match" else [value])
        elif name in self._once:
            raise self._refusal(f"attribute {name} is given twice")
        else:
            self._once[name] = value

    def policy(self, level: Level) -> TlsPolicy:
        """Return the whole entry; the attributes about a policy need its type and its domain."""
        sts = None
        given = (*self._once, *(name for name, values in self._many.items() if values))
        if "policy_type" in self._once and "policy_domain" in self._once:
            ttl = self._once.get("policy_ttl")
            sts = StsAttributes(
                domain=self._once["policy_domain"],
                mx=tuple(self._many["mx_host_pattern"]),
                ttl_s=None if ttl is None else int(ttl),
                strings=tuple(self._many["policy_string"]),
            )
        elif any(name.startswith(("policy_", "mx_host")) for name in given):
            raise self._refusal("policy attributes without policy_type and policy_domain")
        return TlsPolicy(
            level=level,
            match=tuple(self._many["match"]),
            servername=self._once.get("servername", ""),
            ciphers=self._once.get("ciphers", ""),
            protocols=self._once.get("protocols", ""),
            sts=sts,
        )

    def _refusal(self, message: str) -> FormatError:
        return _refusal("tls-policy-attribute", message, self._text)


def _is_name(value: str) -> bool:
    """Tell whether `value` is a host name as printed here: A-labels in lower case, no dot at either end."""
    try:
        return parse_host(value) == value and not value.replace(".", "").isdigit()
    except FormatError:
        return False


def _is_match(value: str) -> bool:
    return all(name in MATCH_NAMES or _is_name(name.removeprefix(".")) for name in value.split(":"))


_CHECKS: dict[str, Callable[[str], bool]] = {
    "match": _is_match,
    "servername": _is_name,
    "ciphers": lambda value: _WORD.fullmatch(value) is not None,
    "protocols": lambda value: _WORD.fullmatch(value) is not None,
    "policy_type": lambda value: value == "sts",
    "policy_domain": _is_name,
    "policy_ttl": lambda value: value.isascii() and value.isdigit() and len(value) <= TTL_DIGITS_MAX,
    "policy_string": lambda value: _LINE.fullmatch(value) is not None and "  " not in value,
    "mx_host_pattern": lambda value: _is_name(value.removeprefix("*.")),
}


def _refusal(rule: str, message: str, text: str, position: int = 0) -> FormatError:
    return FormatError("Postfix TLS policy", Objection(rule, message, position, _SOURCE, shown(text)))
