"""DNS queries: a question to the bytes that are sent, and how well bytes that come fit as its answer.

Names compare without regard to case (RFC 4343 section 3), yet nearly every server repeats the letters that it was asked
with. So an answer in other letters is not wrong, but worth a second look; and where somebody is seen to send what nobody
asked for, the case of each letter is drawn at random, for a forger to guess it too.
"""

import os
import struct
from enum import IntEnum

import msgspec

from mxproof.evidence import SMALL_BYTES, Edns, Question
from mxproof.formats.dns_name import parse_name, parse_new_name
from mxproof.formats.errors import FormatError
from mxproof.net.dns.response import (
    AD,
    CD,
    CLASS_IN,
    HEADER,
    HEADER_BYTES,
    OPCODE,
    QR,
    RCODE,
    RD,
    TYPE_OPT,
    TYPES,
)

UDP_PAYLOAD_BYTES = 1232
"""What fits unfragmented through practically every path (RFC 9715 section 3.2)."""

ID_BYTES = 2
"""The ID must not be foreseeable, nor the port, which the kernel draws (RFC 5452 section 9.2)."""

QUESTION_END_BYTES = 4
"""Type and class, which follow the name in a question section."""
_QUESTION_END = struct.Struct("!HH")
_QUESTION_ENDS = {kind: _QUESTION_END.pack(rdtype, CLASS_IN) for kind, rdtype in TYPES.items()}
_DO = 0x8000
_OPT_FORM = struct.Struct("!BHHBBHH")
_OPTS = {
    Edns.USUAL: _OPT_FORM.pack(0, TYPE_OPT, UDP_PAYLOAD_BYTES, 0, 0, _DO, 0),
    Edns.ONLY: _OPT_FORM.pack(0, TYPE_OPT, UDP_PAYLOAD_BYTES, 0, 0, _DO, 0),
    Edns.VERSION_1: _OPT_FORM.pack(0, TYPE_OPT, UDP_PAYLOAD_BYTES, 0, 1, _DO, 0),
    Edns.SMALL: _OPT_FORM.pack(0, TYPE_OPT, SMALL_BYTES, 0, 0, _DO, 0),
    Edns.SIGNED: _OPT_FORM.pack(0, TYPE_OPT, UDP_PAYLOAD_BYTES, 0, 0, _DO, 0),
}
"""The OPT record of a query (RFC 6891 section 6.1.2)."""
_OTHER_CASE = 0x20
_KIND = (QR | OPCODE) >> 8
_RESPONSE = QR >> 8
_ONE = b"\0\1"


class Fit(IntEnum):
    """How well a message answers a query; the higher, the better."""

    NO = 0
    UNASKED = 1
    """An error with our ID and without a question, as servers send it that cannot read the query."""
    LETTERS = 2
    """The question has our letters in another case."""
    YES = 3


class Query(msgspec.Struct, frozen=True):
    """A query as sent; `question` is its question section in bytes, by which a response is known."""

    wire: bytes
    question: bytes

    def fit(self, wire: bytes) -> Fit:
        """Tell how well `wire` answers this query: same ID, same question (RFC 5452 section 9.1)."""
        if len(wire) < HEADER_BYTES or wire[:2] != self.wire[:2]:
            return Fit.NO
        if (
            wire[2] & _KIND == _RESPONSE
            and wire.startswith(self.question, HEADER_BYTES)
            and wire[4:6] == _ONE
        ):
            return Fit.YES  # as nearly all do
        _, flags, questions, *_ = HEADER.unpack_from(wire)
        if not flags & QR or flags & OPCODE:
            return Fit.NO
        if questions == 0:
            return Fit.UNASKED if flags & RCODE else Fit.NO
        echoed = wire[HEADER_BYTES : HEADER_BYTES + len(self.question)]
        if questions != 1 or echoed.lower() != self.question.lower():
            return Fit.NO
        return Fit.YES if echoed == self.question else Fit.LETTERS


def is_writable(question: Question) -> bool:
    """Tell whether there is a query for `question`: no label is too long, and not the whole name."""
    try:
        parse_name(question.name)
    except FormatError:
        return False
    return True


def query(
    question: Question, *, checking_disabled: bool = False, edns: bool = True, letters_drawn: bool = False
) -> Query | None:
    """Return the query for `question`, or None where its name is no domain name (a label or the whole too long).

    A resolver is asked to recurse, and with the DO bit to include signatures and to tell by the AD bit whether it
    validated them (RFC 4035 section 3.2.1); without an OPT record the AD bit of the query asks for that (RFC 6840
    section 5.7). A name server is asked for what it holds itself.
    """
    try:
        name = parse_name(question.name)
    except FormatError:
        return None
    flags = AD
    if not question.server:
        flags |= RD
    if checking_disabled or question.edns is Edns.SIGNED:
        flags |= CD
    header = HEADER.pack(int.from_bytes(os.urandom(ID_BYTES)), flags, 1, 0, 0, 1 if edns else 0)
    if letters_drawn:
        name = in_any_case(name)
    asked = name + _QUESTION_ENDS[question.kind]
    return Query(header + asked + (_OPTS[question.edns] if edns else b""), asked)


def section_of(question: Question) -> bytes | None:
    """Return the question section for `question`, None where its name is no domain name.

    No name is remembered: who asks by the ten thousand asks about another one each time.
    """
    try:
        return parse_new_name(question.name) + _QUESTION_ENDS[question.kind]
    except FormatError:
        return None


def usual_query(identity: bytes, section: bytes) -> bytes:
    """Return the query to a resolver with this ID of two bytes and this question section, as `query` writes it."""
    return b"".join((identity, _USUAL_HEAD, section, _USUAL_OPT))


_USUAL_HEAD = HEADER.pack(0, AD | RD, 1, 0, 0, 1)[2:]
_USUAL_OPT = _OPTS[Edns.USUAL]


def in_any_case(name: bytes) -> bytes:
    """Return `name` with the case of each letter drawn at random; the length of a label is never the code of one."""
    drawn = os.urandom(len(name))
    return bytes(
        [
            code ^ _OTHER_CASE if chance & 1 and 0x41 <= code & ~_OTHER_CASE <= 0x5A else code
            for code, chance in zip(name, drawn, strict=True)
        ]
    )
