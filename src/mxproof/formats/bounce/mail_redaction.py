"""A bounce, a log or a header to be passed on: without local parts of addresses, and without the message that came back.

What a part holds behind base64 or quoted-printable is redacted as well, and encoded again. Of a message that came back
the header stays, which tells who sent it through whom, but for its subject; so does what stands before it.
"""

import base64
import binascii
import re
from typing import Final

from mxproof.formats.bounce.mime import parse_mail, part_bytes
from mxproof.formats.redaction import Redaction

LEFT_OUT: Final = b"(left out)\n"
_RETURNED = frozenset({"message/rfc822", "message/global"})
_SUBJECT = re.compile(rb"^(subject:)[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)


def redacted_mail(data: bytes) -> bytes:
    """Return what may be passed on; a message comes out with plain line ends."""
    redaction = Redaction()
    whole = data.replace(b"\r\n", b"\n")
    for part in parse_mail(whole).parts:
        encoding = part.encoding.strip().lower()
        if part.media_type in _RETURNED and part.raw.strip():
            whole = whole.replace(part.raw, _header_alone(part.raw), 1)
        elif encoding == "base64":
            whole = whole.replace(part.raw, base64.encodebytes(redaction.octets(part_bytes(part))), 1)
        elif encoding == "quoted-printable":
            whole = whole.replace(part.raw, binascii.b2a_qp(redaction.octets(part_bytes(part))), 1)
    return redaction.octets(whole)


def _header_alone(message: bytes) -> bytes:
    """Return the header of a message without its subject, and that its body was left out."""
    head, blank, _ = message.partition(b"\n\n")
    return _SUBJECT.sub(rb"\1 " + LEFT_OUT.strip(), head) + (blank + LEFT_OUT if blank else b"")
