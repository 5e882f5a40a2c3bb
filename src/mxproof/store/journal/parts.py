"""Parts of evidence, each kept once with the number of checks that use it; one that none uses is gone."""

import zlib
from collections.abc import Iterator, Mapping, Sequence, Set

from sqlalchemy import Connection, delete, select, update

from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.schema import PART

_AT_ONCE = 500


def keep_parts(connection: Connection, parts: Mapping[bytes, bytes]) -> None:
    """Keep what is new of `parts`, and count one use more of each."""
    for some in _batches(sorted(parts)):
        known = _locked(connection, some)
        connection.execute(update(PART).where(PART.c.digest.in_(known)).values(uses=PART.c.uses + 1))
        new = [
            {"digest": digest, "uses": 1, "packed": zlib.compress(parts[digest])}
            for digest in some
            if digest not in known
        ]
        if new:
            counted = {"uses": PART.c.uses + 1}
            connection.execute(
                insertion(connection, PART).on_conflict_do_update(index_elements=["digest"], set_=counted),
                new,
            )


def kept_parts(connection: Connection, digests: Set[bytes]) -> dict[bytes, bytes]:
    """Return those of the parts that are kept."""
    found: dict[bytes, bytes] = {}
    for some in _batches(sorted(digests)):
        rows = connection.execute(select(PART.c.digest, PART.c.packed).where(PART.c.digest.in_(some)))
        found.update((bytes(digest), zlib.decompress(packed)) for digest, packed in rows)
    return found


def release_parts(connection: Connection, uses: Mapping[bytes, int]) -> None:
    """Count so many uses less of each, and let go of what is used no more."""
    for some in _batches(sorted(uses)):
        _locked(connection, some)
        for count in sorted({uses[digest] for digest in some}):
            alike = [digest for digest in some if uses[digest] == count]
            connection.execute(update(PART).where(PART.c.digest.in_(alike)).values(uses=PART.c.uses - count))
        connection.execute(delete(PART).where(PART.c.digest.in_(some), PART.c.uses <= 0))


def _locked(connection: Connection, digests: Sequence[bytes]) -> set[bytes]:
    """Return those that are kept, in the hands of this transaction.

    They are taken in order, so that of two writers with the same parts one waits for the other, and never each for both.
    """
    found = select(PART.c.digest).where(PART.c.digest.in_(digests)).order_by(PART.c.digest).with_for_update()
    return set(map(bytes, connection.execute(found).scalars()))


def _batches(digests: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for begin in range(0, len(digests), _AT_ONCE):
        yield digests[begin : begin + _AT_ONCE]
