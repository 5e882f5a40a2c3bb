"""Rollovers as values; `rollover_journal` keeps and reads them.

| state | event | state |
|---|---|---|
| (none) | it was judged, and is begun | open |
| open | the certificate is shown, and what named only the old one is withdrawn | done |
| open | another certificate takes its place | superseded |

A host has one at a time that is open. What is rolled is the business of whoever does it, and bytes here.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class RolloverState(StrEnum):
    """How a rollover stands."""

    OPEN = "open"
    DONE = "done"
    SUPERSEDED = "superseded"


class JournalledRollover(msgspec.Struct, frozen=True):
    """One rollover of `host`.

    `announced_at` is since when every name server was seen with the records that come, `shown_at` when the certificate was first
    shown, or put where it is shown from; None while that is not so. `forced` is why it is made in spite of the judgement.
    """

    number: int
    host: str
    rollover: bytes
    forced: str
    state: RolloverState
    begun_at: datetime
    announced_at: datetime | None
    shown_at: datetime | None
    ended_at: datetime | None
