"""Up to which message a folder of IMAP was read."""

from mxproof.store.journal.arrival import ReadUpTo
from mxproof.store.journal.journal import Journal


def test_a_folder_is_known_by_how_far_it_was_read(journal: Journal) -> None:
    assert journal.read_up_to("a") is None
    journal.mark_read("a", ReadUpTo(7, 40))
    journal.mark_read("b", ReadUpTo(8, 1))
    journal.mark_read("a", ReadUpTo(9, 2**32 - 1))
    assert (journal.read_up_to("a"), journal.read_up_to("b")) == (ReadUpTo(9, 2**32 - 1), ReadUpTo(8, 1))
