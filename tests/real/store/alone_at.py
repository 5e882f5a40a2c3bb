"""Be alone at a journal and write to it again and again, as whoever publishes does: `alone_at.py URL NAME`; each second a line says how it went."""

import sys
import time
from contextlib import closing
from datetime import UTC, datetime

from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication_journal import PublicationJournal

AT = "example.com"
_PAUSE_S = 1.0


def main(url: str, name: str) -> None:
    """Go on for good."""
    with closing(Journal(url)) as journal:
        while True:
            try:
                _work(journal, name)
            except JournalError as error:
                print(f"not alone: {error}", flush=True)
            time.sleep(_PAUSE_S)


def _work(journal: Journal, name: str) -> None:
    orders = CertificateOrderJournal(journal, AT)
    with PublicationJournal(journal).alone(AT) as still_alone:
        while True:
            still_alone()
            orders.note(name, datetime.now(UTC))
            print("alone, and written", flush=True)
            time.sleep(_PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
