"""Whether what a row of a report says is so in evidence."""

from enum import StrEnum


class RowStanding(StrEnum):
    """Whether what a row says is so now; the table of `row_join` says when."""

    CONFIRMED = "confirmed"
    HELD = "held"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "unknown"
