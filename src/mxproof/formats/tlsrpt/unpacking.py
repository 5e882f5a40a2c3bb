"""Reports out of what they are packed in: gzip with any number of members, or a zip archive (RFC 8460 section 5.2).

What a thing is, is told by its first bytes, never by its name. Bounds: packed 10 MB, unpacked 64 MB in all, no more than
RATIO_MAX times the packed size once the first megabyte is out, MEMBERS_MAX files in an archive, PACKINGS_MAX packings
around one another. A file of an archive that is damaged is told beside the others; what breaks a bound ends all of it.
"""

import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.tlsrpt.json_object import REPORT_BYTES_MAX
from mxproof.formats.tlsrpt.repair import Repair

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

PACKED_BYTES_MAX: Final = 10 * 1024 * 1024
RATIO_MAX: Final = 250
RATIO_FROM_BYTES: Final = 1024 * 1024
MEMBERS_MAX: Final = 1000
PACKINGS_MAX: Final = 3
INFLATED_AT_ONCE_BYTES_MAX: Final = 8 * 1024
"""What is packed in no more is inflated without looking between: deflate makes no more than 1032 times as much of it."""

_SUBJECT: Final = "packed TLS report"
_SOURCE: Final = "RFC 8460 section 5.2"
_GZIP: Final = b"\x1f\x8b"
_ZLIB: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_ZIP: Final = b"PK\x03\x04"
_ZIP_EMPTY: Final = b"PK\x05\x06"
_ZIP_ENTRY: Final = b"PK\x01\x02"
_PACKED: Final = (_GZIP, *_ZLIB, _ZIP, _ZIP_EMPTY)
_GZIP_OR_ZLIB_WINDOW: Final = 47
_SPACE: Final = b" \t\r\n"
_SPACES: Final = tuple(bytes((one,)) for one in _SPACE)
_BASE64_TEXT: Final = re.compile(rb"[A-Za-z0-9+/ \t\r\n]*={0,2}")
_BASE64: Final = (b"H4sI", b"UEsDB")
"""How gzip and zip begin where nobody decoded their base64."""
_COVERED: Final = (*_SPACES, *_BASE64)
_FED_BYTES: Final = 64 * 1024
_PIECE_BYTES: Final = 256 * 1024
_STORED: Final = 0
_DEFLATED: Final = 8
_ENCRYPTED: Final = 1
_DAMAGES: Final = frozenset({"gzip-damaged", "gzip-cut", "zip-damaged", "zip-method"})
_ZIP_ERRORS: Final = (zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What the library raises of a damaged archive, beside its own."""


class Unpacked(msgspec.Struct, frozen=True):
    """A file as it was before it was packed; `name` is that in an archive, empty elsewhere."""

    data: bytes
    name: str = ""


def is_packed(data: bytes) -> bool:
    """Tell whether `data` begins as a packed file does."""
    return data.startswith(_PACKED) or bared(data).startswith(_PACKED)


def bared(data: bytes) -> bytes:
    """Return what is packed without space before it, and out of base64 that nobody decoded."""
    if not data.startswith(_COVERED):
        return data
    start = data[:_FED_BYTES].lstrip(_SPACE)
    if start.startswith(_BASE64):
        return from_base64(data[: 2 * PACKED_BYTES_MAX])
    if start.startswith((_GZIP, _ZIP)):
        return data[: 2 * PACKED_BYTES_MAX].lstrip(_SPACE)
    return data


def from_base64(data: bytes) -> bytes:
    """Return what the base64 at the beginning of `data` says, whatever is behind it."""
    found = _BASE64_TEXT.match(data)
    sound = b"".join(found[0].split()) if found is not None else b""
    return binascii.a2b_base64(sound[: len(sound) // 4 * 4])


def unpack(
    data: bytes, unread: list[FormatError] | None = None, depth: int = PACKINGS_MAX
) -> Iterator[Unpacked]:
    """Yield the files that `data` is, or is packed of; raises FormatError for what is damaged or beyond the bounds.

    Files of an archive that are damaged are told in `unread`, where it is given, and the others are yielded.
    """
    while is_packed(data):
        data = bared(data)
        if len(data) > PACKED_BYTES_MAX:
            raise _refusal("packed-too-long", f"longer than {PACKED_BYTES_MAX} bytes", PACKED_BYTES_MAX)
        if depth == 0:
            raise _refusal("packed-too-often", f"packed more than {PACKINGS_MAX} times over", 0)
        if not data.startswith((_GZIP, *_ZLIB)):
            break
        data, depth = gunzip(data), depth - 1
    else:
        yield Unpacked(data)
        return
    size = 0
    for member in _unzipped(data, unread):
        try:
            for inner in unpack(member.data, unread, depth - 1):
                size += len(inner.data)
                _check_size(size, len(data))
                yield msgspec.structs.replace(inner, name=inner.name or member.name)
        except FormatError as error:
            _pass_over(error, member.name, unread)


def gunzip(data: bytes) -> bytes:
    """Return what the gzip members, or the zlib stream, in `data` hold, one after the other (RFC 1952 section 2.2)."""
    if len(data) <= INFLATED_AT_ONCE_BYTES_MAX and data.find(_GZIP, 1) < 0:
        try:
            inflated = zlib.decompress(data, _GZIP_OR_ZLIB_WINDOW)
        except zlib.error:
            pass  # What it is, is said below.
        else:
            _check_size(len(inflated), len(data))
            return inflated
    out: list[bytes] = []
    size = position = 0
    while data.startswith((_GZIP, *_ZLIB) if position == 0 else _GZIP, position):
        inflating = zlib.decompressobj(_GZIP_OR_ZLIB_WINDOW)
        while not inflating.eof:
            given = inflating.unconsumed_tail
            if not given:
                given = data[position : position + _FED_BYTES]
                position += len(given)
            try:
                piece = inflating.decompress(given, _PIECE_BYTES)
            except zlib.error as error:
                raise _refusal("gzip-damaged", f"damaged gzip ({error})", position) from None
            if not given and not piece:
                raise _refusal("gzip-cut", "gzip that ends in the middle", len(data))
            size += len(piece)
            _check_size(size, position - len(inflating.unconsumed_tail))
            out.append(piece)
        position -= len(inflating.unused_data)
    return out[0] if len(out) == 1 else b"".join(out)


def _check_size(size: int, packed: int) -> None:
    if size > REPORT_BYTES_MAX:
        raise _refusal("unpacked-too-long", f"more than {REPORT_BYTES_MAX} bytes unpacked", 0)
    if size > RATIO_FROM_BYTES and size > RATIO_MAX * packed:
        raise _refusal("unpacked-ratio", f"more than {RATIO_MAX} times as long as it was packed", 0)


def of_member(error: FormatError, name: str) -> FormatError:
    """Return an error that names the file of an archive, or the part of a message, that it is about."""
    first = error.objections[0]
    return FormatError(
        error.subject, msgspec.structs.replace(first, message=f"{shown(name)!r}: {first.message}")
    )


def _pass_over(error: FormatError, name: str, unread: list[FormatError] | None) -> None:
    """Tell of a damaged file in an archive; raises again what breaks a bound, or where nobody is told."""
    if unread is None or error.objections[0].rule not in _DAMAGES:
        raise error
    unread.append(of_member(error, name))


def _unzipped(data: bytes, unread: list[FormatError] | None) -> Iterator[Unpacked]:
    import zipfile  # noqa: PLC0415 - most reports come without an archive

    if data.count(_ZIP_ENTRY) > MEMBERS_MAX:
        raise _refusal("zip-members", f"an archive of more than {MEMBERS_MAX} files", 0)
    from io import BytesIO  # noqa: PLC0415 - as above

    size = 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                _check_size(size + info.file_size, len(data))
                try:
                    content = _content_of(archive, info)
                except FormatError as error:
                    _pass_over(error, info.filename, unread)
                    continue
                size += len(content)
                _check_size(size, len(data))
                yield Unpacked(content, info.filename)
    except (zipfile.BadZipFile, *_ZIP_ERRORS) as error:
        if isinstance(error, FormatError):
            raise
        raise _refusal("zip-damaged", f"damaged archive ({shown(str(error))})", 0) from None


def _content_of(archive: "ZipFile", info: "ZipInfo") -> bytes:
    """Return the content of a file in an archive, no more than a report may have and one byte."""
    from zipfile import BadZipFile  # noqa: PLC0415 - as above

    if info.compress_type not in (_STORED, _DEFLATED) or info.flag_bits & _ENCRYPTED:
        raise _refusal("zip-method", "a file that is encrypted, or packed in a rare way", 0)
    try:
        with archive.open(info) as member:
            return member.read(REPORT_BYTES_MAX + 1)
    except (BadZipFile, *_ZIP_ERRORS) as error:
        raise _refusal("zip-damaged", f"damaged ({shown(str(error))})", 0) from None


def repaired_packing(data: bytes, told: bool) -> set[Repair]:
    """Return the repair of a name or media type that tells of another packing than gzip, or of gzip where there is none."""
    if data.startswith(_COVERED) and data[:_FED_BYTES].lstrip(_SPACE).startswith(_BASE64):
        return {Repair.TRANSFER_ENCODING_BROKEN}
    return set() if data.startswith(_GZIP) == told else {Repair.PACKING_OTHER}


def _refusal(rule: str, message: str, position: int) -> FormatError:
    return FormatError(_SUBJECT, Objection(rule, message, position, _SOURCE))
