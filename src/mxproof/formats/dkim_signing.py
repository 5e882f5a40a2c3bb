"""A DKIM signature before it has its value: the field, and the bytes that are to be signed (RFC 6376 section 5).

What is signed is read back from the message by what verifies signatures, so that the two cannot differ. Both canonical forms are
`relaxed`, all of the body is covered (no `l=`, RFC 8460 section 3), and a signature does not expire.
"""

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from mxproof.formats.dkim import Signature
from mxproof.formats.dkim_signed import body_digest, signatures_of

_FIELD: Final = b"DKIM-Signature"
_FOLD: Final = b"\r\n\t"
_VALUE_CHARACTERS: Final = 72
_NO_VALUE: Final = b"AA=="
"""In the place of a value, which is no part of what is signed."""


class UnsignedField(msgspec.Struct, frozen=True):
    """A field without its value at the end, and the bytes that the value is to sign."""

    start: bytes
    covered: bytes


def unsigned_field(
    message: bytes, by: Signature, algorithm: str, names: Iterable[str], at: datetime
) -> UnsignedField:
    """Return the field that signs the fields `names` and the body of a message whose lines end in CRLF.

    `algorithm` is `rsa-sha256` or `ed25519-sha256`; names that the message has not are not named. From has to be among them.
    """
    head, _, body = message.partition(b"\r\n\r\n")
    there = {line.partition(b":")[0].strip().lower() for line in head.split(b"\r\n")}
    signed = [name.lower() for name in names if name.lower().encode() in there]
    digest = base64.b64encode(body_digest(body, "relaxed"))
    tags = (
        f"v=1; a={algorithm}; c=relaxed/relaxed; d={by.domain};".encode(),
        f"s={by.selector}; t={int(at.timestamp())};".encode(),
        *_listed(signed),
        b"bh=" + digest + b";",
        b"b=",
    )
    start = _FIELD + b": " + _FOLD.join(tags)
    (draft,) = signatures_of(start + _NO_VALUE + b"\r\n" + message, frozenset({by.domain}))[:1]
    assert not draft.rule, f"what is to be signed breaks a rule: {draft.rule}"
    return UnsignedField(start, draft.covered)


def signed_field(field: UnsignedField, value: bytes) -> bytes:
    """Return the whole field, with its final CRLF, to stand before the message."""
    text = base64.b64encode(value)
    lines = [text[at : at + _VALUE_CHARACTERS] for at in range(0, len(text), _VALUE_CHARACTERS)]
    return field.start + _FOLD.join(lines) + b"\r\n"


def _listed(names: list[str]) -> tuple[bytes, ...]:
    """Return the tag `h=`, on several lines where one would be long."""
    lines = [""]
    for place, name in enumerate(names):
        word = name + (":" if place < len(names) - 1 else ";")
        if len(lines[-1]) + len(word) > _VALUE_CHARACTERS:
            lines.append("")
        lines[-1] += word
    return (f"h={lines[0]}".encode(), *(line.encode() for line in lines[1:]))
