"""How far folders of IMAP were read, so that no message is read twice."""

from sqlalchemy import Connection, select

from mxproof.store.journal.arrival import ReadUpTo
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.rows import key_text
from mxproof.store.journal.schema import MAILBOX


def read_up_to(connection: Connection, mailbox: str) -> ReadUpTo | None:
    """Return up to which message a folder was read, None for one that never was."""
    found = select(MAILBOX.c.validity, MAILBOX.c.uid).where(MAILBOX.c.name == key_text(mailbox))
    row = connection.execute(found).one_or_none()
    return ReadUpTo(row.validity, row.uid) if row is not None else None


def mark_read(connection: Connection, mailbox: str, read: ReadUpTo) -> None:
    """Note up to which message a folder was read."""
    statement = insertion(connection, MAILBOX)
    given = {name: statement.excluded[name] for name in ("validity", "uid")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_=given),
        {"name": key_text(mailbox), "validity": read.validity, "uid": read.uid},
    )
