"""The grammar that the TXT records of MTA-STS and TLS reporting share: `v=NAME; name=value; name=value;`.

RFC 8461 section 3.1 and RFC 8460 section 3 write it with names of their own:

    record    = version 1*(delim field) [delim]
    delim     = *WSP ";" *WSP
    field     = key "=" (the format's own value) / extension
    extension = ext-name "=" ext-value
    ext-name  = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")    _NAME
    ext-value = 1*(%x21-3A / %x3C / %x3E-7E)  ; no "=", ";", SP, CTL    _VALUE

Each format has one key of its own, which is required (`id`, `rua`). The prose of both RFCs drops a record that does
not begin with the version and ";", although `delim` allows space before the ";" (RFC 8461 erratum 6285): that is an
ambiguous objection here. No value may hold a ";", so cutting at every ";" and then at the first "=" is all the
parsing there is, in linear time.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from mxproof.formats.errors import Objection, shown
from mxproof.formats.examination import Notes

RECORD_BYTES_MAX = 16 * 1024

_WSP = b" \t"
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_VALUE = re.compile(rb"[\x21-\x3a\x3c\x3e-\x7e]+")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class TagGrammar(msgspec.Struct, frozen=True):
    """What sets one format apart: its version field, its key and the section that defines both."""

    version: bytes
    key: bytes
    source: str


class Tag(msgspec.Struct, frozen=True):
    """A value given to the key of a grammar, and its place in the record."""

    value: bytes
    position: int


class Tags(msgspec.Struct, frozen=True):
    """The fields of a record: all values of the key, unjudged, and the well-formed extensions, first ones only."""

    keyed: tuple[Tag, ...]
    extensions: tuple[tuple[str, str], ...]


def records(texts: Iterable[bytes], grammar: TagGrammar) -> tuple[bytes, ...]:
    """Return the texts that begin with the version and ";"; a sender drops all others before it counts."""
    return tuple(text for text in texts if text.startswith(grammar.version + b";"))


def near_records(texts: Iterable[bytes], grammar: TagGrammar) -> tuple[bytes, ...]:
    """Return the texts that `records` drops although they hold the version's name in some spelling."""
    name = grammar.version.removeprefix(b"v=").lower()
    return tuple(
        text for text in texts if name in text.lower() and not text.startswith(grammar.version + b";")
    )


def is_extension_value(value: bytes) -> bool:
    """Tell whether `value` is an ext-value of the grammar above."""
    return _VALUE.fullmatch(value) is not None


def read_tags(data: bytes, grammar: TagGrammar, notes: Notes) -> Tags | None:
    """Cut a record into tags and note what is wrong with it; None where even a lenient sender sees no record."""
    start = _after_version(data, grammar, notes)
    if start is None:
        return None
    keyed: list[Tag] = []
    extensions: dict[bytes, bytes] = {}
    for position, field in _fields(data, start, grammar, notes):
        name, equals, value = field.partition(b"=")
        if equals and name.strip(_WSP) == grammar.key:
            if name != grammar.key or value != value.strip(_WSP):
                notes.object(_objection(grammar, "field-space", 'space beside "="', position, field))
            keyed.append(
                Tag(value.strip(_WSP), position + len(name) + 1 + len(value) - len(value.lstrip(_WSP)))
            )
        elif not equals or not _NAME.fullmatch(name) or not is_extension_value(value):
            message = 'not a field of the form name=value (no space, no second "=")'
            notes.object(_objection(grammar, "field-malformed", message, position, field))
        elif name != b"v":
            extensions.setdefault(name, value)  # of a field given again the first counts
    return Tags(tuple(keyed), tuple((name.decode(), value.decode()) for name, value in extensions.items()))


def _after_version(data: bytes, grammar: TagGrammar, notes: Notes) -> int | None:
    """Return where the fields begin, behind the first ";"."""
    version = grammar.version.decode()
    if len(data) > RECORD_BYTES_MAX:
        message = f"record longer than {RECORD_BYTES_MAX} bytes"
        notes.object(_objection(grammar, "record-too-long", message, RECORD_BYTES_MAX, b"", ambiguous=False))
        return None
    rest = data.removeprefix(grammar.version)
    if not data.startswith(grammar.version) or not rest.lstrip(_WSP).startswith(b";"):
        message = f'a record begins with "{version};"'
        notes.object(_objection(grammar, "version-first", message, 0, data, ambiguous=False))
        return None
    if not rest.startswith(b";"):
        message = f'space between "{version}" and ";": the grammar allows it, the text has the record dropped'
        notes.object(_objection(grammar, "version-space", message, len(grammar.version), data))
    if found := _NOT_ASCII.search(data):
        message = "byte outside US-ASCII"
        notes.object(_objection(grammar, "record-not-ascii", message, found.start(), data, ambiguous=False))
    return data.index(b";") + 1


def _fields(data: bytes, start: int, grammar: TagGrammar, notes: Notes) -> Iterator[tuple[int, bytes]]:
    """Yield position and text of each field; notes empty fields and space at the very end."""
    pieces = data[start:].split(b";")
    for index, piece in enumerate(pieces):
        field = piece.strip(_WSP)
        position = start + len(piece) - len(piece.lstrip(_WSP))
        last = index == len(pieces) - 1
        if field and last and not piece.endswith(field):
            end = position + len(field)
            notes.object(_objection(grammar, "trailing-space", "space at the end of the record", end, piece))
        if field:
            yield position, field
        elif not last:
            notes.object(_objection(grammar, "field-empty", "nothing between two semicolons", start, b";;"))
        start += len(piece) + 1


def _objection(
    grammar: TagGrammar, rule: str, message: str, position: int, seen: bytes, *, ambiguous: bool = True
) -> Objection:
    return Objection(rule, message, position, grammar.source, shown(seen), ambiguous)
