"""The policy at `https://mta-sts.D/.well-known/mta-sts.txt` (RFC 8461 section 3.2).

    record    = field *WSP *(term field *WSP) [term]
    term      = LF / CRLF
    field     = version / mode / max-age / mx / extension
    delim     = ":" *WSP
    version   = %s"version" delim %s"STSv1"
    mode      = %s"mode" delim (%s"testing" / %s"enforce" / %s"none")
    max-age   = %s"max_age" delim 1*10(DIGIT)                            _MAX_AGE
    mx        = %s"mx" delim ["*."] Domain  ; RFC 5321 section 4.1.2     names.parse_host
    extension = ext-name delim ext-value
    ext-name  = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")     _NAME
    ext-value = vchar [*(SP / vchar) vchar]                              _VALUE, and valid UTF-8
    vchar     = %x21-7E / UTF8-2 / UTF8-3 / UTF8-4

The prose adds: version, mode and max_age once each, of a repeated one only the first counts; at least one mx unless
the mode is none; max_age at most 31557600 (the grammar goes further, erratum 7282); the order of fields is free. The
prose says CRLF, the grammar LF or CRLF (erratum 6253); both are read. A line is a field or it is not, so the parsing
is one cut at each LF and one at the first ":" of a line, in linear time.

Faults in a line that names no field of ours are ambiguous: the grammar refuses the whole policy, real senders skip
the line. The same holds for an mx line with a value that is no pattern.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.examination import Examination, Notes
from mxproof.formats.names import parse_host, patterns_covering

POLICY_PATH = "/.well-known/mta-sts.txt"
"""Where a policy host serves it (RFC 8461 section 3.3)."""
POLICY_BYTES_MAX = 64 * 1024
"""The limit that RFC 8461 section 3.3 suggests to senders."""
MAX_AGE_S_MAX = 31_557_600
"""About one year (RFC 8461 section 3.2)."""

EXAMINED_CACHED_MAX: Final = 16
"""Texts of one domain and of what is planned for it, which are read for each sender and in each planned state."""

_SOURCE = "RFC 8461 section 3.2"
_MARK = b"\xef\xbb\xbf"
_WSP = b" \t"
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_VALUE = re.compile(rb"[\x20-\x7e\x80-\xff]+")
_MAX_AGE = re.compile(rb"[0-9]{1,10}")
_OWN = frozenset({b"version", b"mode", b"max_age", b"mx"})


class Mode(StrEnum):
    """What a sender does where a host fails the policy (RFC 8461 section 5)."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


class Policy(msgspec.Struct, frozen=True):
    """A policy. `mx` holds the patterns in lower case and in order; `extensions` the fields not known here."""

    mode: Mode
    max_age_s: int
    mx: tuple[str, ...] = ()
    extensions: tuple[tuple[str, str], ...] = ()

    def matches(self, host: str) -> bool:
        """Tell whether any MX pattern covers the MX host `host` (RFC 8461 section 4.1)."""
        return not {*self.mx}.isdisjoint(patterns_covering(host))


PolicyExamination = Examination[Policy]


def parse_policy(body: bytes) -> Policy:
    """Return the policy that `body` is.

    Raises FormatError unless the whole is valid by the grammar and the prose of RFC 8461 section 3.2.
    """
    return examine_policy(body).strict_or_raise("MTA-STS policy")


def print_policy(policy: Policy) -> bytes:
    """Return the text of `policy` with CRLF line ends; raises FormatError where it would not read back the same."""
    fields = [("version", "STSv1"), ("mode", policy.mode)]
    fields += [("mx", pattern) for pattern in policy.mx]
    fields += [("max_age", str(policy.max_age_s)), *policy.extensions]
    body = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8", "replace")
    if parse_policy(body) != policy:
        raise FormatError(
            "MTA-STS policy", _objection("not-printable", "no text reads as this policy", 0, body)
        )
    return body


class _Field(msgspec.Struct, frozen=True):
    """One line as a lenient sender reads it; `position` is that of the value."""

    name: bytes
    value: bytes
    position: int


@lru_cache(maxsize=EXAMINED_CACHED_MAX)
def examine_policy(body: bytes) -> PolicyExamination:
    """Read a policy strictly and leniently, and say all that is wrong with it."""
    notes = Notes()
    if len(body) > POLICY_BYTES_MAX:
        message = f"policy longer than {POLICY_BYTES_MAX} bytes, where senders give up (RFC 8461 section 3.3)"
        notes.object(_objection("policy-too-long", message, POLICY_BYTES_MAX))
        return notes.examination(None)
    fields = tuple(_fields(body, notes))
    first: dict[bytes, _Field] = {}
    for field in fields:
        if field.name != b"mx" and first.setdefault(field.name, field) is not field:
            _check_repeated(field, notes)
    mx = tuple(pattern for field in fields if field.name == b"mx" for pattern in _patterns(field, notes))
    _check_version(_required(b"version", first, body, notes), notes)
    mode = _mode(_required(b"mode", first, body, notes), notes)
    max_age_s = _max_age_s(_required(b"max_age", first, body, notes), notes)
    if not mx and mode is not Mode.NONE:
        notes.object(_objection("mx-missing", "no mx field with a valid pattern", len(body)))
    if mode is None or max_age_s is None:
        return notes.examination(None)
    extensions = tuple(
        (field.name.decode(), field.value.decode()) for field in first.values() if field.name not in _OWN
    )
    return notes.examination(Policy(mode, max_age_s, mx, extensions))


def _fields(body: bytes, notes: Notes) -> Iterator[_Field]:
    """Yield the fields that a lenient sender sees; notes every line that is none by the grammar."""
    start = 0
    if body.startswith(_MARK):
        notes.object(
            _objection("byte-order-mark", "byte order mark before the first field", 0, ambiguous=True)
        )
        start = len(_MARK)
    for position, line in _lines(body, start):
        field = _field(position, line, notes)
        if field is not None:
            yield field


def repeated_fields(body: bytes) -> tuple[Objection, ...]:
    """Return an objection to each field that stands once by the RFC and here again with another value.

    Of those the first counts (RFC 8461 section 3.2); there are senders to whom the last does.
    """
    first: dict[bytes, bytes] = {}
    found = []
    for field in _fields(body, Notes()):
        if field.name in _OWN - {b"mx"} and first.setdefault(field.name, field.value) != field.value:
            message = f"{field.name.decode()} stands again with another value: some senders take the last one"
            found.append(_objection("field-repeated", message, field.position, field.value, ambiguous=True))
    return tuple(found)


def _lines(body: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield position and text of each line; only LF and CRLF end one, and the last may end with the body."""
    pieces = body[start:].split(b"\n")
    last = pieces.pop()
    for piece in pieces:
        yield start, piece.removesuffix(b"\r")
        start += len(piece) + 1
    if last:
        yield start, last


def _field(position: int, line: bytes, notes: Notes) -> _Field | None:
    def object_to(rule: str, message: str) -> None:
        notes.object(_objection(rule, message, position, line, ambiguous=True))

    bare = line.rstrip(b"\r")
    if bare != line:
        object_to("stray-cr", "carriage return that is not part of a CRLF")
    if not bare.strip():
        object_to("blank-line", "blank line")
        return None
    name, colon, rest = bare.partition(b":")
    if not colon:
        object_to("line-malformed", 'line without ":"')
        return None
    value = rest.strip(_WSP)
    field = _Field(name.strip(), value, position + len(bare) - len(rest.lstrip(_WSP)))
    if not _NAME.fullmatch(name):
        object_to("name-malformed", "a field name is 1 to 32 letters, digits and _-. without space around it")
        return field if field.name in _OWN else None
    if name not in _OWN and not _is_value(value):
        object_to("value-malformed", "a value is UTF-8 without control characters, and not empty")
        return None
    return field


def _is_value(value: bytes) -> bool:
    """Tell whether `value`, free of space around it, is an ext-value."""
    if not _VALUE.fullmatch(value):
        return False
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_repeated(field: _Field, notes: Notes) -> None:
    """Check a field given again: it is ignored (RFC 8461 section 3.2), but still has to fit the grammar."""
    if not _is_value(field.value):
        message = "a value is UTF-8 without control characters, and not empty"
        notes.object(_objection("value-malformed", message, field.position, field.value, ambiguous=True))


def _required(name: bytes, first: dict[bytes, _Field], body: bytes, notes: Notes) -> _Field | None:
    """Return the field `name`; where it is missing, object at the field that differs in case only, or at the end."""
    if name in first:
        return first[name]
    rule = name.decode().replace("_", "-") + "-missing"
    message = f"no {name.decode()} field"
    for field in first.values():
        if field.name.lower() == name:
            message += f"; field names are case-sensitive and {field.name.decode()!r} is another"
            notes.object(_objection(rule, message, field.position, field.name))
            return None
    notes.object(_objection(rule, message, len(body)))
    return None


def _check_version(field: _Field | None, notes: Notes) -> None:
    if field is not None and field.value != b"STSv1":
        notes.object(_objection("version-value", "the version is STSv1", field.position, field.value))


def _mode(field: _Field | None, notes: Notes) -> Mode | None:
    if field is None:
        return None
    for mode in Mode:
        if field.value == mode.encode():
            return mode
    message = "the mode is enforce, testing or none, in lower case"
    notes.object(_objection("mode-value", message, field.position, field.value))
    return None


def _max_age_s(field: _Field | None, notes: Notes) -> int | None:
    if field is None:
        return None
    if not _MAX_AGE.fullmatch(field.value):
        message = "max_age is a number of seconds in 1 to 10 digits"
        notes.object(_objection("max-age-value", message, field.position, field.value))
        return None
    seconds = int(field.value)
    if seconds > MAX_AGE_S_MAX:
        message = f"max_age is at most {MAX_AGE_S_MAX}; senders refuse the policy or take the limit"
        notes.object(_objection("max-age-range", message, field.position, field.value, ambiguous=True))
    return min(seconds, MAX_AGE_S_MAX)


def _patterns(field: _Field, notes: Notes) -> tuple[str, ...]:
    """Return the MX pattern of an mx field, or nothing where it is none.

    A pattern is a domain of A-labels or "*." and one; no address, no final dot (RFC 8461 sections 3.2 and 4.1).
    """
    pattern = field.value.lower().decode("ascii", "backslashreplace")
    domain = pattern.removeprefix("*.")
    try:
        parse_host(domain)
    except FormatError as error:
        fault = error.objections[0]
        position = field.position + len(pattern) - len(domain) + fault.position
        message = f"not an MX pattern: {fault.message}"
        notes.object(_objection("mx-value", message, position, field.value, ambiguous=True))
        return ()
    return (pattern,)


def _objection(
    rule: str, message: str, position: int, seen: bytes = b"", *, ambiguous: bool = False
) -> Objection:
    return Objection(rule, message, position, _SOURCE, shown(seen), ambiguous)
