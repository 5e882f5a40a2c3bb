"""Logs as rotation leaves them: as they are, or packed with gzip, bzip2 or xz; told by their first bytes, whatever they are called."""

import bz2
import gzip
import lzma
import zlib
from io import BufferedReader
from typing import IO

_BYTES = 6
_GZIP, _BZIP2, _XZ, _ZSTD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"

Log = IO[bytes] | gzip.GzipFile
UNPACK_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError)
"""What reading such a file may raise."""


class ZstandardError(OSError):
    """A log is packed with zstd, which this Python cannot unpack."""


def unpacked(opened: IO[bytes]) -> Log:
    """Return what a log at its beginning says, unpacked where it is packed; a pipe will do, and what cannot be peeked into is left.

    Raises ZstandardError or another OSError, and while it is read one of UNPACK_ERRORS.
    """
    begins = opened.peek(_BYTES) if isinstance(opened, BufferedReader) else b""
    if begins.startswith(_GZIP):
        return gzip.GzipFile(fileobj=opened)
    if begins.startswith(_BZIP2):
        return bz2.BZ2File(opened)
    if begins.startswith(_XZ):
        return lzma.LZMAFile(opened)
    if begins.startswith(_ZSTD):
        raise ZstandardError("packed with zstd")
    return opened
