"""What one authority was asked for lately, and whether it is let alone: the limits that it has for whoever asks.

| event | then |
|---|---|
| an order is about to be made | it is noted, so that a process that is killed has it counted |
| the authority refuses whatever is ordered, or cannot be reached | it is let alone, twice as long each time |
| it issues a certificate | that is forgotten |

Each method is one transaction, as those of `Journal` are, and raises JournalError.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, insert, select

from mxproof.store.journal.certificate_schema import CERTIFICATE_AUTHORITY, CERTIFICATE_ORDER
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rows import written

ORDERS_KEPT_S: Final = 86_400
_ORDER = CERTIFICATE_ORDER.c
_ONE = CERTIFICATE_AUTHORITY.c


class LetAlone(msgspec.Struct, frozen=True):
    """An authority that is asked nothing before `until`, after so many failures in a row; `said` is the last of them."""

    failures: int
    until: datetime
    said: str


class CertificateOrderJournal:
    """What a journal keeps of the authority whose directory is at `authority`."""

    def __init__(self, journal: Journal, authority: str) -> None:
        self._journal = journal
        self._authority = authority

    def note(self, name: str, now: datetime) -> None:
        """Note that a certificate is ordered."""
        self._journal.writes(lambda connection: _note(connection, self._authority, name, now))

    def since(self, moment: datetime) -> tuple[datetime, ...]:
        """Return when something was ordered after a moment, the earliest first."""
        found = select(_ORDER.ordered_at).where(
            _ORDER.authority == self._authority, _ORDER.ordered_at > moment.timestamp()
        )
        rows = self._journal.reads(
            lambda connection: connection.execute(found.order_by(_ORDER.ordered_at)).scalars().all()
        )
        return tuple(datetime.fromtimestamp(one, UTC) for one in rows)

    def let_alone(self) -> LetAlone | None:
        """Return until when the authority is let alone, which may be over, None where it issued a certificate since."""
        query = select(CERTIFICATE_AUTHORITY).where(_ONE.authority == self._authority)
        row = self._journal.reads(lambda connection: connection.execute(query).mappings().first())
        if row is None:
            return None
        return LetAlone(row["failures"], datetime.fromtimestamp(row["next_at"], UTC), row["said"])

    def refused(self, said: str, until: datetime) -> None:
        """Note that the authority is let alone."""
        values = {"next_at": until.timestamp(), "said": written(said)}
        row = {"authority": self._authority, "failures": 1, **values}
        self._journal.writes(
            lambda connection: connection.execute(
                insertion(connection, CERTIFICATE_AUTHORITY)
                .values(row)
                .on_conflict_do_update(
                    index_elements=[_ONE.authority], set_={"failures": _ONE.failures + 1, **values}
                )
            )
        )

    def issued(self) -> None:
        """Note that the authority issued a certificate."""
        self._journal.writes(
            lambda connection: connection.execute(
                delete(CERTIFICATE_AUTHORITY).where(_ONE.authority == self._authority)
            )
        )


def _note(connection: Connection, authority: str, name: str, now: datetime) -> None:
    oldest = (now - timedelta(seconds=ORDERS_KEPT_S)).timestamp()
    connection.execute(delete(CERTIFICATE_ORDER).where(_ORDER.ordered_at < oldest))
    row = {"authority": authority, "name": name, "ordered_at": now.timestamp()}
    connection.execute(insert(CERTIFICATE_ORDER).values(row))
