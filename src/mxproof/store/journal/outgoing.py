"""TLS reports that go out, as values; `outgoing_queue` keeps and reads them.

| state | event | state |
|---|---|---|
| (none) | its day is closed | waiting |
| waiting | one destination took it | sent |
| waiting | no record asks for it | unwanted |
| waiting | a cap or a list keeps it from every destination | withheld |
| waiting | no destination took it, and there is time left | waiting |
| waiting | no destination took it, and no other try is left | given-up |
| sent | the mail that took it comes back as undeliverable | given-up |

| rule | why |
|---|---|
| a report is written, with its id, before anybody is asked where it goes | what was sent once is sent again under the same id |
| it is due again once its lease ends, unless it was settled | none is lost, whenever a process is killed |
| one report at a time is on its way | at most one is sent twice |
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec


class OutgoingState(StrEnum):
    """What became of a report."""

    WAITING = "waiting"
    SENT = "sent"
    UNWANTED = "unwanted"
    WITHHELD = "withheld"
    GIVEN_UP = "given-up"


class AttemptOutcome(StrEnum):
    """How one attempt at one destination ended."""

    DELIVERED = "delivered"
    FAILED = "failed"
    """Not now: it is tried again."""
    TIMEOUT = "timeout"
    """No answer in time."""
    REFUSED = "refused"
    """There is nobody who would take it, now or later."""


class NewReport(msgspec.Struct, frozen=True):
    """A report of a day to a policy domain, packed as it is sent; `due_at` is when it is first tried."""

    day: date
    domain: str
    report_id: str
    packed: bytes
    success: int
    failure: int
    due_at: datetime


class DueReport(msgspec.Struct, frozen=True):
    """A report in the hands of whoever claimed it until `leased_until`; `first_at` is when it was first tried."""

    number: int
    day: date
    domain: str
    report_id: str
    packed: bytes
    tries: int
    first_at: datetime | None
    leased_until: datetime


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """One attempt: when, at which destination (a URI, empty where none was known), how it ended, and what was said."""

    at: datetime
    destination: str
    outcome: AttemptOutcome
    said: str = ""


class Settled(msgspec.Struct, frozen=True):
    """What becomes of a report after a try. `due_at` is when it is tried again, None where it is done.

    `is_try` is false where nobody was asked, as there was no need to.
    """

    state: OutgoingState
    attempts: tuple[DeliveryAttempt, ...] = ()
    due_at: datetime | None = None
    said: str = ""
    is_try: bool = True

    @property
    def destination(self) -> str:
        """The destination that took it, empty where none did."""
        took = (one.destination for one in self.attempts if one.outcome is AttemptOutcome.DELIVERED)
        return next(took, "")


class OutgoingReport(msgspec.Struct, frozen=True):
    """How a report stands: `said` is the last that was said of it, `destination` what took it."""

    day: date
    domain: str
    report_id: str
    state: OutgoingState
    success: int
    failure: int
    tries: int
    due_at: datetime | None
    done_at: datetime | None
    destination: str
    said: str


class AvoidedPlace(msgspec.Struct, frozen=True):
    """A destination that refused reports so often in a row that none is sent there until then."""

    destination: str
    refusals: int
    avoided_until: datetime
    said: str
