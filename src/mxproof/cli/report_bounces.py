"""TLS reports that came back, from mail that lies in files: each is noted, and told."""

from contextlib import closing
from datetime import datetime
from typing import Final

from mxproof.cli.exit import DONE, UNKNOWN
from mxproof.cli.pieces import PieceReading, pieces
from mxproof.cli.streams import print_stdout
from mxproof.formats.text import safe
from mxproof.formats.tlsrpt.returned import RETURNED_MAIL_BYTES_MAX
from mxproof.serve.sending.returns import note_return
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import OutgoingState

_READING: Final = PieceReading(
    file_bytes_max=RETURNED_MAIL_BYTES_MAX,
    message_bytes_max=RETURNED_MAIL_BYTES_MAX,
    asks="Paste the bounce; end with Ctrl-D.",
    takes_text=False,
)


def note_bounces(store: str, inputs: tuple[str, ...], now: datetime) -> int:
    """Note what came back in `inputs`, say what it was, and return the exit status; raises JournalError."""
    mails = noted = 0
    with closing(Journal(store)) as journal:
        for piece in pieces(inputs, _READING):
            mails += 1
            report = note_return(journal, piece.data, now)
            if report is not None and report.state is not OutgoingState.WAITING:
                noted += 1
                print_stdout(
                    f"{report.domain}, {report.day}: the report to {safe(report.destination)} {safe(report.said)}\n"
                )
    print_stdout(f"{mails} {'mail' if mails == 1 else 'mails'} read, {noted} of them give a report back\n")
    return DONE if noted else UNKNOWN
