"""TLS reports into the journal: pieces in batches, each safe before the next, and what is said of it.

As a pipe of Postfix (pipe(8)) the exit statuses are those of sysexits.h: what went wrong here has the message tried again,
and only a message that is no report is sent back.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from mxproof.cli.exit import DONE, TRY_AGAIN, UNKNOWN, RunError
from mxproof.cli.pieces import Piece
from mxproof.cli.streams import print_stderr
from mxproof.formats.errors import ConfigError
from mxproof.formats.tlsrpt.found import Authenticated, is_message
from mxproof.serve.tlsrpt.intake import CameIn, Intake, Taken
from mxproof.serve.tlsrpt.keys import KeyAsker
from mxproof.serve.tlsrpt.settings import FolderSettings, ReportSettings
from mxproof.store.journal.arrival import Kept, Refusal
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal

NO_REPORT_IN_PIPE = 65
"""EX_DATAERR: the message is sent back."""
BATCH_PIECES_MAX = 200
BATCH_BYTES_MAX = 16 * 1024 * 1024
PIECES_TOLD_MAX = 20
_OTHER, _VERIFIED, _FAILED = "other", "verified", "failed"


class Import:
    """One run, and what it has come to so far."""

    def __init__(self, settings: ReportSettings, way: str) -> None:
        self.counts: Counter[str] = Counter()
        self.unverified = 0
        self._has_folder = False
        self._settings = settings
        self._way = way
        self._told = 0

    def run(self, pieces: Iterable[Piece]) -> None:
        """Keep what is in `pieces`; raises JournalError where it cannot, and what came before stays kept."""
        self._run(
            CameIn(one.data, one.name, self._way, one.of_many and not is_message(one.data), _refusal(one))
            for one in pieces
        )

    def read_folder(self, folder: FolderSettings) -> None:
        """Keep what is new in a folder of IMAP; raises RunError where it cannot be read, and what came before stays kept."""
        from mxproof.net.imap import ImapError  # noqa: PLC0415 - only where there is a folder
        from mxproof.serve.tlsrpt.folder import read_folder  # noqa: PLC0415 - as above

        self._has_folder = True
        journal = Journal(self._settings.store)
        try:
            asyncio.run(self._with_intake(journal, lambda intake: read_folder(folder, intake, self._count)))
        except ImapError as error:
            self.warn()
            if self.counts.total():
                print_stderr(f"what is kept so far stays: {self.summary().strip()}")
            raise RunError(str(error), UNKNOWN) from None
        finally:
            journal.close()

    def retry(self) -> None:
        """Read again what was refused."""
        journal = Journal(self._settings.store)
        try:
            self._run(_refused(journal), journal)
        finally:
            journal.close()

    def summary(self) -> str:
        """Return what became of everything, on one line."""
        told = [
            f"{self.counts[kept]} {words}"
            for kept, words in (
                (Kept.NEW, "new"),
                (Kept.REPLACED, "in the place of one that may be forged"),
                (Kept.KNOWN, "known already"),
                (Kept.REFUSED, "refused and kept aside"),
                (_OTHER, "no TLS report"),
                (_VERIFIED, "of earlier proved to be from their senders"),
                (_FAILED, "of earlier proved not to be from their senders"),
            )
            if self.counts[kept] or kept is Kept.NEW
        ]
        return f"reports: {', '.join(told)}\n"

    def warn(self) -> None:
        """Say on stderr of how many reports the signature is still to be verified."""
        if self.unverified:
            print_stderr(
                f"{self.unverified} {'signature' if self.unverified == 1 else 'signatures'} could not be verified, since DNS "
                "did not answer; the next import verifies again, and so does `mxproof tlsrpt retry`"
            )

    def status(self) -> int:
        """Return the exit status of a command; in a folder that is looked into again there may be nothing new."""
        some = self.counts[Kept.NEW] + self.counts[Kept.REPLACED] + self.counts[Kept.KNOWN]
        return DONE if (some or self._has_folder) and not self.counts[Kept.REFUSED] else UNKNOWN

    def piped(self, pieces: Iterable[Piece]) -> int:
        """Keep what a pipe of Postfix gives, and return its exit status: what is kept, or kept aside, is done.

        A fault of this program sends no report back, which would be lost then.
        """
        try:
            self.run(pieces)
        except (RunError, JournalError, ConfigError):
            raise
        except Exception as error:  # noqa: BLE001 - the record boundary: this message is tried again
            print_stderr(f"fault of mxproof: {error!r}")
            return TRY_AGAIN
        return DONE if any(self.counts[one] for one in Kept) else NO_REPORT_IN_PIPE

    def _run(self, pieces: Iterable[CameIn], journal: Journal | None = None) -> None:
        async def take(intake: Intake) -> None:
            for batch in _batches(pieces):
                for taken in await intake.take(batch):
                    self._count(taken)

        mine = journal or Journal(self._settings.store)
        try:
            asyncio.run(self._with_intake(mine, take))
        finally:
            mine.close()

    async def _with_intake(self, journal: Journal, work: Callable[[Intake], Awaitable[None]]) -> None:
        """Do `work`, then verify what could not be verified, and take away what is kept no longer."""
        settings = self._settings
        if settings.asking is None:
            print_stderr(f"signatures are not verified: {settings.unasked}")
        began = datetime.now(UTC)
        with KeyAsker(settings.asking) as asker:
            intake = Intake(journal, settings.domains, settings.retention, asker.keys)
            try:
                await work(intake)
                if settings.asking is not None and not self.unverified:
                    self._settled(await intake.verify_again(began))
                while any(await intake.sweep()):
                    pass
            finally:
                intake.close()

    def _settled(self, verdicts: Mapping[Authenticated, int]) -> None:
        """Count the signatures that could not be verified when their reports came, and how many still cannot."""
        self.unverified += verdicts.get(Authenticated.UNKNOWN, 0)
        self.counts[_VERIFIED] += verdicts.get(Authenticated.VERIFIED, 0)
        self.counts[_FAILED] += verdicts.get(Authenticated.FAILED, 0)
        self.counts[_FAILED] += verdicts.get(Authenticated.UNSIGNED, 0)

    def _count(self, taken: Taken) -> None:
        for report, kept in taken.reports:
            self.counts[kept] += 1
            self.unverified += kept is not Kept.KNOWN and report.found.is_unverified
            if kept is not Kept.KNOWN and report.found.authenticated is Authenticated.FAILED:
                self._tell(f"{taken.name}: no signature of {report.submitter or 'its sender'} holds")
        if taken.refusal is not None:
            self.counts[Kept.REFUSED] += 1
            self._tell(f"{taken.name}: refused: {taken.refusal.reason}")
        elif not taken.reports:
            self.counts[_OTHER] += 1

    def _tell(self, words: str) -> None:
        """Tell of one piece, and of no more than so many."""
        self._told += 1
        if self._told <= PIECES_TOLD_MAX:
            print_stderr(words)
        elif self._told == PIECES_TOLD_MAX + 1:
            print_stderr("and more")


def _refusal(piece: Piece) -> Refusal | None:
    if not piece.cut:
        return None
    return Refusal("report-too-long", f"longer than {len(piece.data)} bytes")


def _refused(journal: Journal) -> Iterator[CameIn]:
    after = b""
    while found := journal.refused(after, pieces_max=1):
        for one in found:
            yield CameIn(one.data, f"what came on {one.at:%Y-%m-%d %H:%M} by {one.source}", one.source)
            after = one.digest


def _batches(pieces: Iterable[CameIn]) -> Iterator[list[CameIn]]:
    batch: list[CameIn] = []
    size = 0
    for one in pieces:
        batch.append(one)
        size += len(one.data)
        if len(batch) >= BATCH_PIECES_MAX or size >= BATCH_BYTES_MAX:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def named(settings: ReportSettings) -> ReportSettings:
    """Return the settings, in which it is said for whom reports are taken; raises RunError where it is not."""
    domains = settings.domains
    if not (domains.any or domains.names or domains.below):
        raise RunError(
            "for which domains? name each with --domain, or in the configuration; --any-domain takes all there are"
        )
    return settings
