"""The revision of the schema that this release reads and writes."""

from typing import Final

from mxproof.store.journal.place import Place, Rows

REVISION: Final = "0022"
"""The newest revision in `migrations/versions`."""
VERSION_TABLE: Final = "mxproof_journal_version"


def revision_in(place: Place, rows: Rows) -> str | None:
    """Return the revision of the schema at `place`, None where there is none yet."""
    if not rows(place.has_table, {"name": VERSION_TABLE}):
        return None
    found = rows(f"SELECT version_num FROM {VERSION_TABLE}", {})  # noqa: S608 - a constant
    return str(found[0][0]) if found else None
