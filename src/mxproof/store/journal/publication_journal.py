"""The journal of publications: each method is one transaction, as those of `Journal` are, and raises JournalError.

What is to be done is written before it is done, and that it was seen everywhere once it was; so whoever comes after a process that
was killed knows what to finish.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.publication import (
    JournalledStep,
    NewPublication,
    Publication,
    PublicationKind,
    PublicationState,
    StepStanding,
)
from mxproof.store.journal.publication_schema import PUBLICATION, PUBLICATION_STEP
from mxproof.store.journal.rows import written

PUBLICATIONS_KEPT_MAX: Final = 30
"""Of one domain, the newest."""

_ONE = PUBLICATION.c
_STEP = PUBLICATION_STEP.c


class PublicationJournal:
    """What a journal keeps of publications."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def alone(self, domain: str) -> AbstractContextManager[StillAlone]:
        """Keep every other process from publishing for a domain meanwhile; raises JournalError where one does.

        The block gets a function that raises JournalError once that holds no longer. A process that is killed keeps nobody out.
        """
        return self._journal.alone(domain)

    def begin(self, new: NewPublication, now: datetime, *, instead_of: int | None = None) -> Publication:
        """Note what is to be published of a domain, and forget what is older than the newest.

        What is open of the domain is `instead_of`, which is undone by it; there must be nothing else.
        """
        return self._journal.writes(lambda connection: _begin(connection, new, now, instead_of))

    def note(self, number: int, step: str, state: StepStanding, said: str, now: datetime) -> None:
        """Note how a step stands; when it was begun first stays."""
        self._journal.writes(lambda connection: _note(connection, number, step, state, said, now))

    def end(self, number: int, state: PublicationState, now: datetime) -> None:
        """Note that a publication is over."""
        self._journal.writes(lambda connection: _end(connection, number, state, now))

    def opened(self, domain: str) -> Publication | None:
        """Return the publication of a domain that is not over, None for none."""
        found = self._journal.reads(
            lambda connection: _found(connection, domain, (PublicationState.OPEN,), newest=1)
        )
        return found[0] if found else None

    def published(self, domain: str, newest: int = 1) -> tuple[Publication, ...]:
        """Return the newest publications of a domain that were done, the last one first."""
        return self._journal.reads(
            lambda connection: _found(connection, domain, (PublicationState.DONE,), newest)
        )

    def history(
        self, domain: str | None, newest: int, *, older_than: int | None = None
    ) -> tuple[Publication, ...]:
        """Return the newest publications of a domain, or of all, however they ended, the last one first.

        With `older_than` those alone that were begun before the one with this number.
        """
        return self._journal.reads(
            lambda connection: _found(connection, domain, tuple(PublicationState), newest, older_than)
        )

    def open_domains(self) -> tuple[str, ...]:
        """Return the domains of which something is not over, in the order of their names."""
        found = select(_ONE.domain).where(_ONE.ended_at.is_(None)).order_by(_ONE.domain)
        return self._journal.reads(lambda connection: tuple(connection.execute(found).scalars()))

    def domains(self) -> tuple[str, ...]:
        """Return every domain that something was published of, in the order of their names."""
        found = select(_ONE.domain).distinct().order_by(_ONE.domain)
        return self._journal.reads(lambda connection: tuple(connection.execute(found).scalars()))


def _begin(connection: Connection, new: NewPublication, now: datetime, instead_of: int | None) -> Publication:
    if instead_of is not None:
        _end(connection, instead_of, PublicationState.UNDONE, now)
    forced = written(new.forced)
    row = {
        "domain": new.domain,
        "kind": str(new.kind),
        "before": new.before,
        "after": new.after,
        "forced": forced,
        "state": str(PublicationState.OPEN),
        "begun_at": now.timestamp(),
    }
    number = connection.execute(insert(PUBLICATION).values(row).returning(_ONE.id)).scalar_one()
    _forget(connection, new.domain)
    return Publication(
        number, new.domain, new.kind, new.before, new.after, forced, PublicationState.OPEN, now, None
    )


def _end(connection: Connection, number: int, state: PublicationState, now: datetime) -> None:
    values = {"state": str(state), "ended_at": now.timestamp()}
    connection.execute(update(PUBLICATION).where(_ONE.id == number, _ONE.ended_at.is_(None)).values(values))


def _forget(connection: Connection, domain: str) -> None:
    newest = select(_ONE.id).where(_ONE.domain == domain).order_by(_ONE.id.desc())
    old = connection.execute(newest.offset(PUBLICATIONS_KEPT_MAX)).scalars().all()
    if old:
        connection.execute(delete(PUBLICATION_STEP).where(_STEP.publication.in_(old)))
        connection.execute(delete(PUBLICATION).where(_ONE.id.in_(old)))


def _note(
    connection: Connection, number: int, step: str, state: StepStanding, said: str, now: datetime
) -> None:
    changed = {
        "state": str(state),
        "seen_at": now.timestamp() if state is StepStanding.SEEN else None,
        "said": written(said),
    }
    new = {"publication": number, "step": step, "begun_at": now.timestamp(), **changed}
    connection.execute(
        insertion(connection, PUBLICATION_STEP)
        .values(new)
        .on_conflict_do_update(index_elements=["publication", "step"], set_=changed)
    )


def _found(
    connection: Connection,
    domain: str | None,
    states: Sequence[PublicationState],
    newest: int,
    older_than: int | None = None,
) -> tuple[Publication, ...]:
    wanted = select(PUBLICATION).where(_ONE.state.in_(list(map(str, states))))
    if domain is not None:
        wanted = wanted.where(_ONE.domain == domain)
    if older_than is not None:
        wanted = wanted.where(_ONE.id < older_than)
    rows = connection.execute(wanted.order_by(_ONE.id.desc()).limit(newest)).mappings().all()
    steps = _steps(connection, [row["id"] for row in rows])
    return tuple(_publication(row, steps[row["id"]]) for row in rows)


def _steps(connection: Connection, numbers: Sequence[int]) -> dict[int, list[JournalledStep]]:
    """Return the steps of publications by their numbers, in the order in which they were begun."""
    found: dict[int, list[JournalledStep]] = {number: [] for number in numbers}
    wanted = select(PUBLICATION_STEP).where(_STEP.publication.in_(numbers))
    for one in connection.execute(wanted.order_by(_STEP.begun_at, _STEP.step)) if numbers else ():
        seen_at = None if one.seen_at is None else _moment(one.seen_at)
        step = JournalledStep(one.step, StepStanding(one.state), _moment(one.begun_at), seen_at, one.said)
        found[one.publication].append(step)
    return found


def _publication(row: RowMapping, steps: Sequence[JournalledStep]) -> Publication:
    return Publication(
        row["id"],
        row["domain"],
        PublicationKind(row["kind"]),
        bytes(row["before"]),
        bytes(row["after"]),
        row["forced"],
        PublicationState(row["state"]),
        _moment(row["begun_at"]),
        None if row["ended_at"] is None else _moment(row["ended_at"]),
        tuple(steps),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
