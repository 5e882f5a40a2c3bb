"""How it stands with the certificates that an authority is asked for, and how many it may be asked for now.

| the authority | then |
|---|---|
| refuses whatever is ordered, or cannot be reached | it is let alone, twice as long each time, at most LET_ALONE_MAX_S |
| got as many orders within an hour as is allowed | the next one waits until the first of them is an hour ago |
| else | each name is asked for in its turn |

Both hold for all who share a journal, however many processes there are.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from mxproof.publish.certificate_folder import CertificateFolder, renewed_from
from mxproof.publish.told_certificate import CERTIFICATE_VERSION, CertificateEnd, ToldCertificate
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificate, WantedCertificateJournal

HOUR: Final = timedelta(hours=1)
LET_ALONE_MAX_S: Final = 3600
"""The longest that an authority is let alone: whoever has a new name should not wait for a day since a network was down."""


class OrderLimits(msgspec.Struct, frozen=True):
    """How many certificates are ordered in one run, and of one authority within an hour."""

    in_a_run: int
    in_an_hour: int


class OrderPause(msgspec.Struct, frozen=True):
    """Nothing is ordered before `until`; `said` is why."""

    until: datetime
    said: str


class CertificateStanding:
    """Tells of names by `wanted`, `orders` and `folder`, and alters nothing."""

    def __init__(
        self,
        wanted: WantedCertificateJournal,
        orders: CertificateOrderJournal,
        folder: CertificateFolder,
        limits: OrderLimits,
        now: Callable[[], datetime],
    ) -> None:
        self._wanted = wanted
        self._orders = orders
        self._folder = folder
        self._limits = limits
        self._now = now

    def is_due(self, name: str) -> bool:
        """Tell whether a name has no certificate, or one that is to be renewed."""
        span = self._folder.span(name)
        return span is None or self._now() >= renewed_from(name, *span)

    def room(self) -> int:
        """Return how many certificates may be ordered in a run that begins now."""
        if self.pause() is not None:
            return 0
        lately = len(self._orders.since(self._now() - HOUR))
        return min(self._limits.in_a_run, self._limits.in_an_hour - lately)

    def pause(self) -> OrderPause | None:
        """Return until when the authority is asked for nothing, None where it may be asked."""
        now = self._now()
        alone = self._orders.let_alone()
        if alone is not None and now < alone.until:
            return OrderPause(alone.until, alone.said)
        lately = self._orders.since(now - HOUR)
        if len(lately) < self._limits.in_an_hour:
            return None
        first = lately[-self._limits.in_an_hour]
        said = (
            f"{len(lately)} certificates were ordered within an hour, as many as acme.orders_per_hour allows"
        )
        return OrderPause(first + HOUR, said)

    def told(
        self, names: Sequence[str], ends: Mapping[str, CertificateEnd] | None = None
    ) -> tuple[ToldCertificate, ...]:
        """Return how it stands with names; `ends` is what became of those that were ordered just now."""
        waiting = {one.name: one for one in self._wanted.waiting()}
        pause = self.pause()
        known = ends or {}
        return tuple(self._told(one, waiting.get(one), known.get(one), pause) for one in dict.fromkeys(names))

    def _told(
        self,
        name: str,
        wanted: WantedCertificate | None,
        end: CertificateEnd | None,
        pause: OrderPause | None,
    ) -> ToldCertificate:
        span = self._folder.span(name)
        again = wanted.next_at if wanted is not None and wanted.said else None
        said = wanted.said if wanted is not None else ""
        if end is None:
            end = CertificateEnd.DUE if self.is_due(name) else CertificateEnd.KEPT
            is_late = again is not None and self._now() < again
            if end is CertificateEnd.DUE and pause is not None and not is_late:
                again, said, is_late = pause.until, pause.said, True
            end = CertificateEnd.WAITING if is_late and end is CertificateEnd.DUE else end
        return ToldCertificate(
            CERTIFICATE_VERSION,
            name,
            end,
            None if span is None else span[1],
            None if span is None else renewed_from(name, *span),
            again,
            said,
        )
