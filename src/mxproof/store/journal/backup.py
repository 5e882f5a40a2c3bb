"""Back-ups of a journal in SQLite; that in PostgreSQL is backed up as all else there is, by pg_dump."""

from pathlib import Path

from mxproof.store.journal.error import JournalError
from mxproof.store.journal.revision import REVISION, revision_in
from mxproof.store.journal.sqlite import SqlitePlace, copy_looked_at
from mxproof.store.journal.url import place_at

BY_PG_DUMP = "PostgreSQL: `pg_dump -Fc -t 'mxproof_*'` backs it up, `pg_restore` brings it back"


def back_up(url: str, beside: Path) -> None:
    """Copy the journal at `url` whole into the new file `beside`, while it is in use; raises JournalError."""
    place = _sqlite_at(url)
    if _revision_at(place) is None:
        raise JournalError(f"{place.where}: no journal of mxproof; there is nothing to back up")
    try:
        place.copy_to(beside)
    except place.errors as error:
        raise JournalError(f"{place.where}: {error}") from None


def restore(copy: Path, url: str, *, replaces: bool) -> None:
    """Bring back what `back_up` wrote; raises JournalError for what is none, and where there is a journal and not `replaces`."""
    found = _revision_in_copy(copy)
    if found is None:
        raise JournalError(f"{copy}: no back-up of a journal of mxproof")
    if found > REVISION:
        raise JournalError(f"{copy}: of a newer release (revision {found}; this one knows {REVISION})")
    place = _sqlite_at(url)
    if not replaces and _revision_at(place) is not None:
        raise JournalError(f"{place.where}: there is a journal; --replace puts the back-up in its place")
    try:
        place.take_from(copy)
    except place.errors as error:
        raise JournalError(f"{place.where}: {error}") from None


def _sqlite_at(url: str) -> SqlitePlace:
    place = place_at(url)
    if not isinstance(place, SqlitePlace):
        raise JournalError(BY_PG_DUMP)
    return place


def _revision_at(place: SqlitePlace) -> str | None:
    if not Path(place.where).exists():
        return None
    try:
        with place.looked_at() as rows:
            return revision_in(place, rows)
    except place.errors as error:
        raise JournalError(f"{place.where}: {error}") from None


def _revision_in_copy(copy: Path) -> str | None:
    if not copy.is_file():
        raise JournalError(f"{copy}: no such file")
    place = SqlitePlace(copy)
    try:
        with copy_looked_at(copy) as rows:
            return revision_in(place, rows)
    except place.errors as error:
        raise JournalError(f"{copy}: no back-up of a journal of mxproof ({error})") from None
