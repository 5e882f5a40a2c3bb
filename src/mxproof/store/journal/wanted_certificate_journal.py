"""The certificates that are wanted of an authority, each by the one name that it is for: who is next, and who has to wait.

| event | then |
|---|---|
| a name is wanted that is not known yet | it is next at once, unless there are too many |
| an order failed | it waits, twice as long each time |
| nothing may be ordered for it yet, since it does not lead here | it waits, and no failure is counted |
| it is wanted by who has seen that it leads here | if no order failed, it is next at once |
| a certificate was issued | it is forgotten |

Each method is one transaction, as those of `Journal` are, and raises JournalError.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, RowMapping, delete, select, update

from mxproof.store.journal.certificate_schema import WANTED_CERTIFICATE
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.rows import written

WANTED_CERTIFICATES_MAX: Final = 20_000
ISSUING: Final = "certificates"
"""What whoever orders certificates is alone at."""
_ONE = WANTED_CERTIFICATE.c


class WantedCertificate(msgspec.Struct, frozen=True):
    """A name that a certificate is wanted for; `said` is why the last order failed, or was not made, empty for none, `next_at` when it may be tried."""

    name: str
    wanted_at: datetime
    failures: int
    next_at: datetime
    said: str


class WantedCertificateJournal:
    """What a journal keeps of them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def alone(self) -> AbstractContextManager[StillAlone]:
        """Keep every other process from ordering certificates meanwhile, as publications are kept apart."""
        return self._journal.alone(ISSUING)

    def want(self, names: Sequence[str], now: datetime, *, leading_here: bool = False) -> int:
        """Note names that a certificate is wanted for; return how many there was no room for."""
        return self._journal.writes(
            lambda connection: _want(connection, names, now, leading_here=leading_here)
        )

    def due(self, now: datetime, newest: int) -> tuple[WantedCertificate, ...]:
        """Return those that may be tried now, first whoever failed least and has waited longest."""
        query = select(WANTED_CERTIFICATE).where(_ONE.next_at <= now.timestamp())
        query = query.order_by(_ONE.failures, _ONE.wanted_at, _ONE.name).limit(newest)
        return self._journal.reads(
            lambda connection: tuple(map(_wanted, connection.execute(query).mappings()))
        )

    def waiting(self) -> tuple[WantedCertificate, ...]:
        """Return every one, by name."""
        query = select(WANTED_CERTIFICATE).order_by(_ONE.name)
        return self._journal.reads(
            lambda connection: tuple(map(_wanted, connection.execute(query).mappings()))
        )

    def failed(self, name: str, said: str, next_at: datetime) -> None:
        """Note that an order failed, and when it may be tried again."""
        values = {"failures": _ONE.failures + 1, "next_at": next_at.timestamp(), "said": written(said)}
        self._journal.writes(
            lambda connection: connection.execute(
                update(WANTED_CERTIFICATE).where(_ONE.name == name).values(values)
            )
        )

    def put_off(self, name: str, said: str, next_at: datetime) -> None:
        """Note why nothing is ordered for a name yet, and when that is looked at again."""
        values = {"next_at": next_at.timestamp(), "said": written(said)}
        self._journal.writes(
            lambda connection: connection.execute(
                update(WANTED_CERTIFICATE).where(_ONE.name == name).values(values)
            )
        )

    def forget(self, name: str) -> None:
        """Forget a name: it has its certificate."""
        self._journal.writes(
            lambda connection: connection.execute(delete(WANTED_CERTIFICATE).where(_ONE.name == name))
        )


def _want(connection: Connection, names: Sequence[str], now: datetime, *, leading_here: bool) -> int:
    known = set(connection.execute(select(_ONE.name)).scalars())
    for name in dict.fromkeys(names) if leading_here else ():
        if name in known:
            ready = {"next_at": now.timestamp(), "said": ""}
            put_off = (_ONE.name == name, _ONE.failures == 0, _ONE.next_at > now.timestamp())
            connection.execute(update(WANTED_CERTIFICATE).where(*put_off).values(ready))
    new = [one for one in dict.fromkeys(names) if one not in known]
    room = max(0, WANTED_CERTIFICATES_MAX - len(known))
    for name in new[:room]:
        row = {
            "name": name,
            "wanted_at": now.timestamp(),
            "failures": 0,
            "next_at": now.timestamp(),
            "said": "",
        }
        connection.execute(insertion(connection, WANTED_CERTIFICATE).values(row).on_conflict_do_nothing())
    return len(new) - len(new[:room])


def _wanted(row: RowMapping) -> WantedCertificate:
    return WantedCertificate(
        row["name"],
        datetime.fromtimestamp(row["wanted_at"], UTC),
        row["failures"],
        datetime.fromtimestamp(row["next_at"], UTC),
        row["said"],
    )
