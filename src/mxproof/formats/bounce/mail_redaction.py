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
_WORD = re.compile(rb"=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([BbQq])\?([^?\s]{0,2000})\?=")
_WORDS = re.compile(
    rb"(?:%b(?:[ \t]*\n?[ \t]+(?==\?))?)+" % _WORD.pattern.replace(b"(", b"(?:").replace(b"(?:?:", b"(?:")
)
_WORD_BYTES = 45
"""As many as an encoded word holds (RFC 2047 section 2)."""
_SUBJECT = re.compile(rb"^(subject:)[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)


def redacted_mail(data: bytes) -> bytes:
    """Return what may be passed on; a message comes out with plain line ends."""
    redaction = Redaction()
    whole = data.replace(b"\r\n", b"\n")
    _left(whole, redaction)  # so that a name that is met at the end is known at the beginning
    return _left(whole, redaction)


def _left(whole: bytes, redaction: Redaction) -> bytes:
    for part in parse_mail(whole).parts:
        encoding = part.encoding.strip().lower()
        if part.media_type in _RETURNED and part.raw.strip():
            whole = whole.replace(part.raw, _header_alone(part.raw), 1)
        elif encoding == "base64":
            whole = whole.replace(part.raw, base64.encodebytes(redaction.octets(part_bytes(part))), 1)
        elif encoding == "quoted-printable":
            whole = whole.replace(part.raw, binascii.b2a_qp(redaction.octets(part_bytes(part))), 1)
    return redaction.octets(_WORDS.sub(lambda found: _encoded_words(found.group(), redaction), whole))


def _encoded_words(words: bytes, redaction: Redaction) -> bytes:
    """Return encoded words that follow one another (RFC 2047 section 2) as they are, or anew where an address is in them."""
    text = "".join(_word(*found.groups()) for found in _WORD.finditer(words))
    left = redaction.text(text)
    if left == text:
        return words
    octets = left.encode("utf-8", "surrogateescape")
    pieces = (octets[at : at + _WORD_BYTES] for at in range(0, len(octets), _WORD_BYTES))
    return b"\n ".join(b"=?utf-8?B?" + base64.b64encode(piece) + b"?=" for piece in pieces)


def _word(charset: bytes, encoding: bytes, text: bytes) -> str:
    """Return what one encoded word says; what does not decode stays as it is."""
    try:
        octets = base64.b64decode(text) if encoding in b"Bb" else binascii.a2b_qp(text, header=True)
        return octets.decode(charset.decode("ascii"), "surrogateescape")
    except (binascii.Error, LookupError, UnicodeDecodeError):
        return text.decode("ascii", "surrogateescape")


def _header_alone(message: bytes) -> bytes:
    """Return the header of a message without its subject, and that its body was left out."""
    head, blank, _ = message.partition(b"\n\n")
    return _SUBJECT.sub(rb"\1 " + LEFT_OUT.strip(), head) + (blank + LEFT_OUT if blank else b"")
