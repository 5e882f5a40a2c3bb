"""The list of domains of a scan, read once, line by line, into chunks.

A line holds a domain, and what stands behind `#` is a comment. What is no domain is told with its line, and the others are
scanned all the same.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import BinaryIO

import msgspec

from mxproof.formats.errors import FormatError, shown
from mxproof.formats.names import parse_domain
from mxproof.scan.error import ScanError

SCAN_DOMAINS_MAX = 20_000_000
SCAN_LINE_BYTES_MAX = 4096
_MARK = b"\xef\xbb\xbf"
_DIGEST_BYTES = 12
"""Of each domain so much is held while the list is read, to know it again; two in ten million are as good as never alike."""


class RefusedLine(msgspec.Struct, frozen=True):
    """A line that is no domain, and why."""

    line: int
    words: str

    def __str__(self) -> str:
        """Say where and why in one line."""
        return f"line {self.line}: {self.words}"


class DomainList(msgspec.Struct):
    """Domains as they are read from `lines`, with what was met on the way; `is_left_out` are those nobody wants asked."""

    lines: Iterable[bytes]
    refuse: Callable[[RefusedLine], None]
    is_left_out: Callable[[str], bool] = lambda _domain: False
    domains: int = 0
    repeated: int = 0
    refused: int = 0
    withheld: int = 0

    def chunks(self, size: int) -> Iterator[tuple[str, ...]]:
        """Yield the domains in tuples of `size`, each once, in the order of the list."""
        chunk: list[str] = []
        for domain in self._each():
            chunk.append(domain)
            if len(chunk) == size:
                yield tuple(chunk)
                chunk.clear()
        if chunk:
            yield tuple(chunk)

    def _each(self) -> Iterator[str]:
        seen: set[bytes] = set()
        for number, line in enumerate(self.lines, 1):
            domain = self._domain(number, line)
            if domain is None:
                continue
            digest = blake2b(domain.encode(), digest_size=_DIGEST_BYTES).digest()
            if digest in seen:
                self.repeated += 1
                continue
            seen.add(digest)
            if self.is_left_out(domain):
                self.withheld += 1
                continue
            self.domains += 1
            if self.domains > SCAN_DOMAINS_MAX:
                raise ScanError(
                    f"more than {SCAN_DOMAINS_MAX} domains; expected at most that many in one scan"
                )
            yield domain

    def _domain(self, number: int, line: bytes) -> str | None:
        try:
            if len(line) > SCAN_LINE_BYTES_MAX:
                self._refused(number, f"longer than {SCAN_LINE_BYTES_MAX} bytes")
                return None
            text = line.removeprefix(_MARK if number == 1 else b"").decode().partition("#")[0].strip()
            return parse_domain(text).name if text else None
        except UnicodeDecodeError:
            self._refused(number, "not UTF-8")
        except FormatError as error:
            self._refused(number, f"{shown(text)!r}: {error.objections[0].message}")
        return None

    def _refused(self, number: int, words: str) -> None:
        self.refused += 1
        self.refuse(RefusedLine(number, words))


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream, of one that is too long its beginning alone."""
    while line := stream.readline(SCAN_LINE_BYTES_MAX + 1):
        yield line
        while len(line) > SCAN_LINE_BYTES_MAX and not line.endswith(b"\n"):
            line = stream.readline(SCAN_LINE_BYTES_MAX + 1)
