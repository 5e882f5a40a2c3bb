"""The back end that forgets at the end of the process: a bounded mapping, least recently used leaves first."""

from collections import OrderedDict
from collections.abc import Generator, Sequence
from datetime import datetime, timedelta

from mxproof.store.destinations.destination import (
    PAGE_DESTINATIONS,
    PURGES_KEPT_S,
    Destination,
    Purge,
    merged,
)


class MemoryStore:
    """Entries in order of use. It is the whole store where nothing is persisted, and the front of any other."""

    shared = False

    def __init__(self, destinations_max: int) -> None:
        assert destinations_max > 0, "a memory holds something"
        self._destinations_max = destinations_max
        self._destinations: OrderedDict[str, Destination] = OrderedDict()
        self._purges: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._destinations)

    def load(self, destinations_max: int) -> Sequence[Destination]:
        """Return the destinations used last."""
        return list(self._destinations.values())[-destinations_max:]

    def pages(self, destinations_max: int) -> Generator[Sequence[Destination], None, None]:
        """Yield the destinations used last, from the last on."""
        found = self.load(destinations_max)[::-1]
        for place in range(0, len(found), PAGE_DESTINATIONS):
            yield found[place : place + PAGE_DESTINATIONS]

    def fill(self, destinations: Sequence[Destination]) -> None:
        """Keep what was used before everything that is here, the last of it first, as far as there is room."""
        for destination in destinations:
            if len(self._destinations) >= self._destinations_max:
                return
            if destination.key not in self._destinations:
                self._destinations[destination.key] = destination
                self._destinations.move_to_end(destination.key, last=False)

    def read(self, key: str) -> Destination | None:
        """Return one destination, which is then the one used last."""
        destination = self._destinations.get(key)
        if destination is not None:
            self._destinations.move_to_end(key)
        return destination

    def write(self, destinations: Sequence[Destination]) -> None:
        """Keep `destinations`; beyond the limit those used longest ago leave."""
        for destination in destinations:
            self._destinations[destination.key] = merged(destination, self._destinations.get(destination.key))
            self._destinations.move_to_end(destination.key)
        while len(self._destinations) > self._destinations_max:
            self._destinations.popitem(last=False)

    def due(self, now: datetime, destinations_max: int) -> Sequence[Destination]:
        """Return destinations to refresh."""
        overdue = [
            (destination.refresh_at, destination.key)
            for destination in self._destinations.values()
            if destination.refresh_at is not None and destination.refresh_at <= now
        ]
        return [self._destinations[key] for _, key in sorted(overdue)[:destinations_max]]

    def due_count(self, now: datetime) -> int:
        """Return how many there are to refresh."""
        moments = (one.refresh_at for one in self._destinations.values())
        return sum(moment is not None and moment <= now for moment in moments)

    def sweep(self, before: datetime) -> int:
        """Forget what holds no policy and was asked for before `before`."""
        old = [
            one.key
            for one in self._destinations.values()
            if one.held.policy is None and one.asked_at < before
        ]
        for key in old:
            del self._destinations[key]
        return len(old)

    def delete(self, key: str) -> bool:
        """Forget one destination."""
        return self._destinations.pop(key, None) is not None

    def purge(self, key: str, at: datetime) -> bool:
        """Forget one destination, and note that."""
        kept_from = at - timedelta(seconds=PURGES_KEPT_S)
        self._purges = {**{one: when for one, when in self._purges.items() if when > kept_from}, key: at}
        return self.delete(key)

    def purges(self, since: datetime) -> Sequence[Purge]:
        """Return what was purged after `since`."""
        return [Purge(key, at) for key, at in self._purges.items() if at > since]

    def close(self) -> None:
        """Keep everything: there is nothing to let go of."""
