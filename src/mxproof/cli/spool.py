"""Pieces of a document that wait for their turn: a few in memory, more of them in a file without a name."""

from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Final, Self

from mxproof.cli.exit import RunError

MEMORY_BYTES_MAX: Final = 1 << 20
READ_CHARACTERS: Final = 1 << 16


class Spool:
    """Text is appended to it, and read from it once all is there; the file is gone when the block is left.

    Raises RunError where the disk does not take it.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(  # noqa: SIM115 - closed where the block is left
            MEMORY_BYTES_MAX, mode="w+", encoding="utf-8", errors="surrogatepass", newline=""
        )

    def __enter__(self) -> Self:
        """Return the spool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all that is in it."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()

    def append(self, piece: str) -> None:
        """Add a piece behind all others."""
        try:
            self._file.write(piece)
        except OSError as error:
            raise _failed(error) from None

    def __iter__(self) -> Iterator[str]:
        """Yield all that was added, in pieces of another size."""
        try:
            self._file.seek(0)
            while piece := self._file.read(READ_CHARACTERS):
                yield piece
        except OSError as error:
            raise _failed(error) from None


def _failed(error: OSError) -> RunError:
    return RunError(
        f"a temporary file, in which reports wait for their turn, was not written ({error.strerror or error})"
        "; expected room in TMPDIR"
    )
