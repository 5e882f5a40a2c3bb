"""DMARC policy records (RFC 9989 section 4.7, RFC 7489 section 6.3): `v=DMARC1; p=reject; rua=mailto:d@example.com`.

    record = "v" *WSP "=" *WSP "DMARC1" *( *WSP ";" *WSP tag ) [ *WSP ";" ] *WSP
    tag    = name *WSP "=" *WSP value

| tag | values |
|---|---|
| p, sp, np | none, quarantine, reject |
| adkim, aspf | r, s |
| t | y, n |
| psd | y, n, u |
| pct | 0 to 100; RFC 9989 has left it out, and readers of RFC 7489 still follow it |
| rua, ruf | URIs with commas between, each `mailto:` in practice |

Unknown tags are passed over, as are values that a tag does not have: the tag then counts as if it were not there. A
record without a valid `p` counts as `p=none` where it has a `rua` (RFC 9989 section 4.7), and otherwise for nothing.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from mxproof.formats.errors import Objection, shown
from mxproof.formats.names import canonical, is_host

DMARC_CHARACTERS_MAX = 16 * 1024
DMARC_OBJECTIONS_MAX = 20
DMARC_URIS_MAX = 20

_SOURCE = "RFC 9989 section 4.7"
_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_NEAR = re.compile(r"dmarc1", re.IGNORECASE)
_SIZE = re.compile(r"![0-9]+[kmgt]?\Z", re.IGNORECASE)
_PERCENT = re.compile(r"100|[0-9]{1,2}")
_POLICIES = ("p", "sp", "np")
_VALUES = {
    "p": ("none", "quarantine", "reject"),
    "sp": ("none", "quarantine", "reject"),
    "np": ("none", "quarantine", "reject"),
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "t": ("y", "n"),
    "psd": ("y", "n", "u"),
}


class DmarcPolicy(StrEnum):
    """What is asked of receivers for mail that fails."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class DmarcRecord(msgspec.Struct, frozen=True):
    """A record as read.

    `policy` is None where the record counts for nothing; `subdomain_policy` and `missing_policy` are those of names
    below that exist and that do not, None where not said. `rua` and `ruf` are the mail domains that reports go to, as
    written in order; `testing` where t=y, `percent` what pct says, `psd` as written.
    """

    policy: DmarcPolicy | None
    subdomain_policy: DmarcPolicy | None
    missing_policy: DmarcPolicy | None
    rua: tuple[str, ...]
    ruf: tuple[str, ...]
    testing: bool
    percent: int
    psd: str
    objections: tuple[Objection, ...]


class _Tag(msgspec.Struct, frozen=True):
    name: str
    value: str
    position: int


def is_dmarc(text: bytes) -> bool:
    """Tell whether a TXT record is a DMARC record: all others are discarded (RFC 9989 section 4.10)."""
    return _VERSION.match(_decoded(text)) is not None


def is_near_dmarc(text: bytes) -> bool:
    """Tell whether a text was meant for a record and is discarded."""
    return not is_dmarc(text) and _NEAR.search(_decoded(text)) is not None


def examine_dmarc(data: bytes) -> DmarcRecord:
    """Read a text that `is_dmarc`, and say what is wrong with it."""
    objections: list[Objection] = []
    tags: dict[str, _Tag] = {}
    for tag in _tags(_decoded(data), objections):
        if tag.name in tags:
            objections.append(_objection("tag-twice", f"{tag.name}= stands more than once", tag))
        tags.setdefault(tag.name, tag)
    values = {name: tag.value for name, tag in tags.items() if _is_valid(tag, objections)}
    rua = _destinations(tags.get("rua"), objections)
    ruf = _destinations(tags.get("ruf"), objections)
    policies = {name: DmarcPolicy(values[name].lower()) for name in _POLICIES if name in values}
    if "p" not in tags:
        objections.append(Objection("policy-missing", "no p= tag", len(data), _SOURCE))
    fallback = DmarcPolicy.NONE if rua else None
    return DmarcRecord(
        policy=policies.get("p", fallback),
        subdomain_policy=policies.get("sp"),
        missing_policy=policies.get("np"),
        rua=rua,
        ruf=ruf,
        testing=values.get("t", "n").lower() == "y",
        percent=int(values.get("pct", "100")),
        psd=values.get("psd", "u").lower(),
        objections=tuple(sorted(objections, key=lambda one: one.position)[:DMARC_OBJECTIONS_MAX]),
    )


def _decoded(text: bytes) -> str:
    return text[:DMARC_CHARACTERS_MAX].decode("latin-1")


def _tags(text: str, objections: list[Objection]) -> Iterator[_Tag]:
    position = 0
    for index, piece in enumerate(text.split(";")):
        name, equals, value = piece.partition("=")
        tag = _Tag(name.strip(" \t").lower(), value.strip(" \t"), position)
        if index and piece.strip(" \t"):
            if equals and tag.name:
                yield tag
            else:
                objections.append(_objection("tag-malformed", "not a tag of the form name=value", tag, piece))
        position += len(piece) + 1


def _is_valid(tag: _Tag, objections: list[Objection]) -> bool:
    """Tell whether a tag has a value that it can have, one of those that are known here."""
    allowed = _VALUES.get(tag.name)
    if allowed is not None and tag.value.lower() not in allowed:
        words = f"{tag.name}= is {', '.join(allowed[:-1])} or {allowed[-1]}"
        objections.append(_objection("tag-value", words, tag))
        return False
    if tag.name == "pct" and not _PERCENT.fullmatch(tag.value):
        objections.append(_objection("tag-value", "pct= is a number from 0 to 100", tag))
        return False
    return True


def _destinations(tag: _Tag | None, objections: list[Objection]) -> tuple[str, ...]:
    """Return the mail domains of a list of URIs, each once; what is no mail address is objected to."""
    if tag is None:
        return ()
    found: dict[str, None] = {}
    for uri in tag.value.split(",")[:DMARC_URIS_MAX]:
        scheme, _, rest = _SIZE.sub("", uri.strip(" \t")).partition(":")
        local, _, domain = rest.partition("?")[0].rpartition("@")
        if scheme.lower() == "mailto" and local and is_host(domain.removesuffix(".")):
            found[canonical(domain)] = None
        else:
            message = f"{tag.name}= holds URIs such as mailto:dmarc@example.com"
            objections.append(_objection("report-uri", message, tag, uri))
    return tuple(found)


def _objection(rule: str, message: str, tag: _Tag, seen: str | None = None) -> Objection:
    return Objection(rule, message, tag.position, _SOURCE, shown(tag.value if seen is None else seen.strip()))
