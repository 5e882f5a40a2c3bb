"""How long the journal keeps what, and what it let go of."""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec


class Retention(msgspec.Struct, frozen=True):
    """For how many days: raw reports and what was refused, reports with their rows, and counts."""

    raw_days: int = 90
    report_days: int = 1830
    count_days: int = 3660

    def is_old(self, end: datetime | None, now: datetime) -> bool:
        """Tell whether a report that ended then would be gone already."""
        return end is not None and end < now - timedelta(days=self.report_days)


class Swept(NamedTuple):
    """How many pieces and reports are gone."""

    raws: int
    refused: int
    reports: int
