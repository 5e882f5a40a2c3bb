"""The back end that forgets at the end of the process: a bounded mapping, least recently used leaves first."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from mxproof.store.destinations.entry import Entry, merged


class MemoryStore:
    """Entries in order of use. It is the whole store where nothing is persisted, and the front of any other."""

    shared = False

    def __init__(self, entries_max: int) -> None:
        assert entries_max > 0, "a memory holds something"
        self._entries_max = entries_max
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def load(self, entries_max: int) -> Sequence[Entry]:
        """Return the entries used last."""
        return list(self._entries.values())[-entries_max:]

    def read(self, key: str) -> Entry | None:
        """Return one entry, which is then the one used last."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep `entries`; beyond the limit those used longest ago leave."""
        for entry in entries:
            self._entries[entry.key] = merged(entry, self._entries.get(entry.key))
            self._entries.move_to_end(entry.key)
        while len(self._entries) > self._entries_max:
            self._entries.popitem(last=False)

    def due(self, now: datetime, entries_max: int) -> Sequence[Entry]:
        """Return entries to refresh."""
        overdue = [
            (entry.refresh_at, entry.key)
            for entry in self._entries.values()
            if entry.refresh_at is not None and entry.refresh_at <= now
        ]
        return [self._entries[key] for _, key in sorted(overdue)[:entries_max]]

    def delete(self, key: str) -> bool:
        """Forget one destination."""
        return self._entries.pop(key, None) is not None

    def close(self) -> None:
        """Keep everything: there is nothing to let go of."""
