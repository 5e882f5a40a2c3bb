"""How many checks each guest may ask for in an hour, in memory that is bounded; of none is kept more than where it came from.

IPv6 counts by the network of 64 bits that one has. Each process counts for itself, and one that starts again knows of none: to count
for all of them the store would have to keep who asked. What bounds those of all guests stands there (`guest_checks`).
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from mxproof.serve.web.attempts import network_of

GUESTS_KNOWN_MAX: Final = 10_000
_HOUR: Final = timedelta(hours=1)


class GuestLimit:
    """What guests asked for lately."""

    def __init__(self, checks_an_hour: int) -> None:
        self._checks_an_hour = checks_an_hour
        self._asked: OrderedDict[str, tuple[datetime, ...]] = OrderedDict()

    def begin(self, address: str, now: datetime) -> timedelta:
        """Count a check; return how long to wait before another may be asked for, nothing where this one may."""
        where = network_of(address)
        lately = tuple(at for at in self._asked.get(where, ()) if now - _HOUR < at <= now)
        if len(lately) >= self._checks_an_hour:
            return lately[0] + _HOUR - now
        self._asked[where] = (*lately, now)
        self._asked.move_to_end(where)
        while len(self._asked) > GUESTS_KNOWN_MAX:
            self._asked.popitem(last=False)
        return timedelta()
