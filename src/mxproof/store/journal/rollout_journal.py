"""The journal of roll-outs: each method is one transaction, as those of `Journal` are, and raises JournalError.

What is kept of a roll-out is the business of whoever rolls out, and bytes here.
"""

from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection, delete, select

from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.rollout_schema import ROLLOUT

_ONE = ROLLOUT.c


class RolloutJournal:
    """What a journal keeps of roll-outs."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def alone(self, domain: str) -> AbstractContextManager[StillAlone]:
        """Keep every other process from rolling out a domain meanwhile, as `PublicationJournal.alone` does from publishing."""
        return self._journal.alone(f"the roll-out of {domain}")

    def keep(self, domain: str, rollout: bytes, now: datetime) -> None:
        """Keep how the roll-out of a domain stands, in place of what was kept."""
        self._journal.writes(lambda connection: _keep(connection, domain, rollout, now))

    def forget(self, domain: str) -> None:
        """Forget the roll-out of a domain."""
        gone = delete(ROLLOUT).where(_ONE.domain == domain)
        self._journal.writes(lambda connection: connection.execute(gone))

    def rollout(self, domain: str) -> bytes | None:
        """Return what was kept of the roll-out of a domain, None for none."""
        found = select(_ONE.rollout).where(_ONE.domain == domain)
        kept = self._journal.reads(lambda connection: connection.execute(found).scalar())
        return None if kept is None else bytes(kept)

    def domains(self) -> tuple[str, ...]:
        """Return the domains that have one, in the order of their names."""
        found = select(_ONE.domain).order_by(_ONE.domain)
        return self._journal.reads(lambda connection: tuple(connection.execute(found).scalars()))


def _keep(connection: Connection, domain: str, rollout: bytes, now: datetime) -> None:
    changed = {"rollout": rollout, "altered_at": now.timestamp()}
    connection.execute(
        insertion(connection, ROLLOUT)
        .values({"domain": domain, **changed})
        .on_conflict_do_update(index_elements=["domain"], set_=changed)
    )
