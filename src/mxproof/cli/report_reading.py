"""TLS reports read to be printed: each is told, held against evidence where there is some, and nothing is kept."""

from collections.abc import Iterator
from pathlib import Path

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.memory import MemoryOptions
from mxproof.cli.pieces import Piece, PieceReading, pieces
from mxproof.cli.streams import print_stderr
from mxproof.explain.tlsrpt.telling import told
from mxproof.explain.tlsrpt.told import ToldReport
from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.json_object import REPORT_BYTES_MAX

_NO_REPORT = frozenset({"no-report", "no-json", "no-object"})
"""Rules that what lies beside reports breaks: other mail, other files."""
_READ, _FAILED, _REFUSED, _OTHER = "read", "failed", "refused", "other"


class ReportReading:
    """One run of reading, and what it has come to so far."""

    def __init__(
        self,
        inputs: tuple[str, ...],
        how: PieceReading,
        checks: bool,
        evidence: tuple[Path, ...],
        asking: AskingOptions,
        memory: MemoryOptions,
    ) -> None:
        self._inputs = inputs
        self._how = how
        self._counts = dict.fromkeys((_READ, _FAILED, _REFUSED, _OTHER), 0)
        self._seen = None
        if checks or evidence:
            from mxproof.cli.seen_domains import SeenDomains  # noqa: PLC0415 - loads what judging needs

            self._seen = SeenDomains(evidence, asking if checks else None, memory.memories())

    def reports(self) -> Iterator[ToldReport]:
        """Yield what is said of each report in turn; what cannot be read is told on stderr."""
        for piece in pieces(self._inputs, self._how):
            try:
                if piece.cut:
                    self._refuse(piece, f"longer than {REPORT_BYTES_MAX} bytes")
                    continue
                unread: list[FormatError] = []
                for found in reports_in(piece.data, piece.name, unread):
                    seen = self._seen.of(found.read.report) if self._seen is not None else {}
                    one = told(found, piece.name, seen)
                    self._counts[_READ] += 1
                    self._counts[_FAILED] += one.sessions.failure > 0
                    yield one
                for error in unread:
                    self._refuse(piece, error.objections[0].message)
            except FormatError as error:
                rule = error.objections[0].rule
                if rule in _NO_REPORT and piece.of_many:
                    self._counts[_OTHER] += 1
                else:
                    self._refuse(piece, error.objections[0].message)

    def status(self) -> int:
        """Return the exit status, having said what was left out."""
        if other := self._counts[_OTHER]:
            print_stderr(f"{other} {'piece is' if other == 1 else 'pieces are'} no TLS report; left out")
        if self._counts[_FAILED]:
            return PROBLEM
        return UNKNOWN if self._counts[_REFUSED] or not self._counts[_READ] else DONE

    def _refuse(self, piece: Piece, why: str) -> None:
        self._counts[_REFUSED] += 1
        print_stderr(f"{piece.name}: cannot be read as a TLS report: {why}")
