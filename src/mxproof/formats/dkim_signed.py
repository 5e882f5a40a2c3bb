"""What a DKIM signature is over: the fields and the body of a message as bytes to verify (RFC 6376 section 3).

No key is needed for that, and nothing is looked up. What a verifier has to refuse whatever the key says is told by the rule
that it breaks:

| rule | when |
|---|---|
| tags | a tag is missing, twice, or not what it has to be (section 3.5) |
| algorithm | another than rsa-sha256 (RFC 8301) and ed25519-sha256 (RFC 8463) |
| from | the field From is not signed (section 5.4) |
| identity | `i=` is neither the domain nor below it (section 3.5) |
| length | `l=` leaves a part of the body unsigned, which a TLS report must not (RFC 8460 section 3) |
| body | the body is not the one that was signed |

deviates: `x=` is not looked at. A report is as true in an archive as it was on its way, and what comes twice counts once.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from mxproof.formats.dkim import VALUE_CHARACTERS_MAX, Signature, signature

SIGNED_FIELDS_MAX: Final = 500
"""Names in `h=`; each is looked for among the fields of the message."""
REPORT_SIGNATURES_MAX: Final = 5
"""Signatures of one domain that are looked at."""

_CRLF: Final = b"\r\n"
_LINE_END: Final = re.compile(rb"\r?\n")
_SPACES: Final = re.compile(rb"[ \t]+")
_SPACES_AT_END: Final = re.compile(rb"(?<![ \t])[ \t]+(?=\r\n)")
_FOLDED: Final = re.compile(rb"\r\n(?=[ \t])")
_ANY_SPACE: Final = re.compile(r"[ \t\r\n]+")
_SIGNATURE_VALUE: Final = re.compile(rb"((?:\A|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")
_ALGORITHMS: Final = frozenset({"rsa-sha256", "ed25519-sha256"})
_NEEDED: Final = ("v", "a", "b", "bh", "d", "h", "s")
_SIGNED_BY: Final = b"dkim-signature"

_Field = tuple[bytes, bytes]
"""The name of a field in lower case, and the whole field as it stands, with its final CRLF."""


class DkimSignature(msgspec.Struct, frozen=True):
    """One signature of a message. `covered` are the bytes that `value` signs, `rule` says what is wrong, empty for nothing."""

    by: Signature
    algorithm: str
    covered: bytes
    value: bytes
    rule: str = ""


def signatures_of(message: bytes, is_wanted: frozenset[str] | None = None) -> tuple[DkimSignature, ...]:
    """Return the signatures of a message by domains in `is_wanted`, None for any; a mailbox may have its lines end in LF.

    Fields that name no key make no signature.
    """
    fields, body = _split(message)
    found: list[DkimSignature] = []
    bodies: dict[str, bytes] = {}
    for name, field in fields:
        if name != _SIGNED_BY or len(found) >= REPORT_SIGNATURES_MAX:
            continue
        tags = _tags(field.partition(b":")[2])
        by = signature(tags.get("d", ""), tags.get("s", ""))
        if by is not None and (is_wanted is None or by.domain in is_wanted):
            found.append(_read(by, tags, field, fields, body, bodies))
    return tuple(found)


def _split(message: bytes) -> tuple[list[_Field], bytes]:
    whole = _LINE_END.sub(_CRLF, message)
    if whole.startswith((b"From ", b">From ")):
        whole = whole.partition(_CRLF)[2]
    head, _, body = whole.partition(_CRLF + _CRLF)
    return list(_fields(head + _CRLF)), body


def _fields(head: bytes) -> Iterator[_Field]:
    lines: list[bytes] = []
    for line in [*head.split(_CRLF), b""]:
        if line[:1] in (b" ", b"\t") and lines:
            lines.append(line)
            continue
        if lines:
            yield lines[0].partition(b":")[0].strip().lower(), _CRLF.join([*lines, b""])
        lines = [line] if line else []


def _tags(value: bytes) -> dict[str, str]:
    """Return the tags of a field; one that is there twice makes it none (RFC 6376 section 3.2)."""
    tags: dict[str, str] = {}
    for part in value[:VALUE_CHARACTERS_MAX].decode("ascii", "replace").split(";"):
        name, equals, text = part.partition("=")
        if not equals:
            continue
        name = name.strip()
        if name in tags:
            return {}
        tags[name] = text.strip()
    return tags


def _read(
    by: Signature,
    tags: dict[str, str],
    field: bytes,
    fields: list[_Field],
    body: bytes,
    bodies: dict[str, bytes],
) -> DkimSignature:
    of_head, _, of_body = tags.get("c", "simple/simple").partition("/")
    of_body = of_body or "simple"
    names = [name.strip().lower() for name in tags.get("h", "").split(":")][:SIGNED_FIELDS_MAX]
    value, digest = _decoded(tags.get("b", "")), _decoded(tags.get("bh", ""))
    rule = _broken(tags, by, names, (of_head, of_body))
    if rule or value is None or digest is None:
        return DkimSignature(by, tags.get("a", ""), b"", b"", rule or "tags")
    if of_body not in bodies:
        bodies[of_body] = body_digest(body, of_body)
    covered = _covered(field, names, fields, of_head)
    return DkimSignature(by, tags["a"], covered, value, "" if bodies[of_body] == digest else "body")


def _broken(tags: dict[str, str], by: Signature, names: list[str], forms: tuple[str, str]) -> str:
    """Return the rule that a signature breaks by what its field says, empty for none."""
    if any(not tags.get(name) for name in _NEEDED) or tags["v"] != "1":
        return "tags"
    if not {*forms} <= {"simple", "relaxed"}:
        return "tags"
    if tags["a"] not in _ALGORITHMS:
        return "algorithm"
    if "from" not in names:
        return "from"
    identity = tags.get("i", f"@{by.domain}").rpartition("@")[2].lower()
    if identity != by.domain and not identity.endswith(f".{by.domain}"):
        return "identity"
    return "length" if "l" in tags else ""


def _covered(field: bytes, names: list[str], fields: list[_Field], form: str) -> bytes:
    """Return the signed fields, of several of one name the last first, and the signature without its value."""
    by_name: dict[bytes, list[bytes]] = {}
    for name, one in fields:
        by_name.setdefault(name, []).append(one)
    parts = []
    for wanted in names:
        left = by_name.get(wanted.encode("ascii", "replace"))
        if left:
            parts.append(_canonical_field(left.pop(), form))
    name, colon, value = field.partition(b":")
    emptied = name + colon + _SIGNATURE_VALUE.sub(rb"\1", value.removesuffix(_CRLF), count=1) + _CRLF
    return b"".join([*parts, _canonical_field(emptied, form).removesuffix(_CRLF)])


def _canonical_field(field: bytes, form: str) -> bytes:
    """Return a field in its canonical form (RFC 6376 sections 3.4.1 and 3.4.2)."""
    if form == "simple":
        return field
    name, _, value = field.partition(b":")
    unfolded = _SPACES.sub(b" ", _FOLDED.sub(b"", value.removesuffix(_CRLF)))
    return name.strip().lower() + b":" + unfolded.strip(b" ") + _CRLF


def body_digest(body: bytes, form: str) -> bytes:
    """Return what `bh=` has of a body whose lines end in CRLF, in the canonical form `relaxed` or `simple`."""
    return hashlib.sha256(_canonical_body(body, form)).digest()


def _canonical_body(body: bytes, form: str) -> bytes:
    """Return a body in its canonical form (RFC 6376 sections 3.4.3 and 3.4.4)."""
    if form == "relaxed":
        body = _SPACES.sub(b" ", _SPACES_AT_END.sub(b"", body + _CRLF)).removesuffix(_CRLF)
    end = len(body)
    while end and body[max(0, end - len(_CRLF)) : end] == _CRLF:
        end -= len(_CRLF)
    body = body[:end]
    return body + _CRLF if body or form == "simple" else b""


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(_ANY_SPACE.sub("", text), validate=True) or None
    except (binascii.Error, ValueError):
        return None
