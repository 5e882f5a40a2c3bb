"""What is kept of one destination, and the contract of every back end.

| rule | why |
|---|---|
| a destination that holds no policy never takes away the one that is stored | a daemon that could not fetch must not make others forget (RFC 8461 section 3.3) |
| only `delete` and `purge` take a policy away | the same |
| `purges` tells who else purged what, for PURGES_KEPT_S | another daemon has in memory what was purged, and would write it again |
| `write` returns after its destinations are safe, or raises StoreError | what was acknowledged is never lost |
| `load` returns those asked for last, `pages` the same from the last on | the bounded memory of a daemon is filled with what it needs, and answers are given while it is |
| `due` returns those to refresh, the most overdue first | none is refreshed late because others fail |
| `sweep` takes away those without a policy that nobody has asked for | they are found out again as quickly, and there is no end of them |

A daemon holds these by the hundred thousand. None of them can lead back to itself, so the collector of cycles is spared
them (`gc=False`): it takes time for each that it looks at, and each is smaller without its head.

A back end is used by one thread at a time, does nothing at its making, connects when it has to, and connects again
after a failure.
"""

from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

import msgspec

from mxproof.evidence import LATEST, NEVER
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.mail.memory import Memory

PURGES_KEPT_S = 7 * 86_400.0
"""How long it is noted that something was purged: a daemon that was cut off for longer may bring a policy back."""
OPERATION_TIMEOUT_S = 2.0
"""How long a back end may take for anything before it counts as gone."""

PAGE_DESTINATIONS = 100
"""Destinations that are read at once while answers are given: about a millisecond."""


class StoreError(Exception):
    """The back end cannot do what was asked now; the message says why."""


class Destination(msgspec.Struct, frozen=True, gc=False):
    """What is held of the destination `key`, as `mxproof.formats.postfix.next_hop` writes it.

    `asked_at` is when mail was last sent there, `refresh_at` when the policy is to be fetched again, None without one.
    """

    key: str
    held: Held
    asked_at: datetime
    refresh_at: datetime | None = None


class Purge(NamedTuple):
    """That an operator had a destination forgotten, and when."""

    key: str
    at: datetime


class Store(Protocol):
    """A back end; the rules are those of this module."""

    shared: bool
    """Whether other daemons may write to it."""

    def load(self, destinations_max: int) -> Sequence[Destination]:
        """Return the destinations asked for last, at most `destinations_max`, in no order."""

    def pages(self, destinations_max: int) -> Generator[Sequence[Destination], None, None]:
        """Yield what `load` returns, those asked for last first, PAGE_DESTINATIONS at a time; none is empty.

        Between two of them anything else may be done.
        """

    def read(self, key: str) -> Destination | None:
        """Return one destination."""

    def write(self, destinations: Sequence[Destination]) -> None:
        """Keep `destinations`, each in place of the one with its key, all or none."""

    def due(self, now: datetime, destinations_max: int) -> Sequence[Destination]:
        """Return destinations whose `refresh_at` is not after `now`, the earliest first."""

    def due_count(self, now: datetime) -> int:
        """Return how many destinations `due` would return if it could return all."""

    def sweep(self, before: datetime) -> int:
        """Forget the destinations that hold no policy and were asked for before `before`; return how many."""

    def delete(self, key: str) -> bool:
        """Forget one destination; tell whether it was known."""

    def purge(self, key: str, at: datetime) -> bool:
        """Forget one destination at an operator's word, and note that; tell whether it was known."""

    def purges(self, since: datetime) -> Sequence[Purge]:
        """Return what was purged after `since`, in no order."""

    def close(self) -> None:
        """Let go of the back end; it may be used again."""


class DestinationRow(msgspec.Struct, frozen=True, gc=False):
    """A destination in columns: policy and findings as JSON, times as seconds since 1970."""

    key: str
    policy: bytes | None
    findings: bytes
    asked_at: float
    refresh_at: float | None


class _Findings(msgspec.Struct, frozen=True, omit_defaults=True):
    failure: Failure | None = None
    decision: Decision | None = None


_ENCODER = msgspec.json.Encoder()
_POLICY = msgspec.json.Decoder(Memory)
_FINDINGS = msgspec.json.Decoder(_Findings)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FIRST_S, _LAST_S = NEVER.timestamp(), LATEST.timestamp()


def to_row(destination: Destination) -> DestinationRow:
    """Return `destination` in columns."""
    held = destination.held
    return DestinationRow(
        key=destination.key,
        policy=None if held.policy is None else _ENCODER.encode(held.policy),
        findings=_ENCODER.encode(_Findings(held.failure, held.decision)),
        asked_at=destination.asked_at.timestamp(),
        refresh_at=None if destination.refresh_at is None else destination.refresh_at.timestamp(),
    )


def from_row(row: DestinationRow) -> Destination | None:
    """Return the destination that `row` holds, None for a row that no version so far wrote.

    Findings of another version are dropped alone: they are found out again, while a policy may not be.
    """
    try:
        policy = None if row.policy is None else _POLICY.decode(row.policy)
    except _UNREADABLE:
        return None
    refresh_at = row.asked_at if row.refresh_at is None else row.refresh_at
    if not (_FIRST_S <= row.asked_at <= _LAST_S and _FIRST_S <= refresh_at <= _LAST_S):
        return None
    if policy is not None and not _is_in_reach(policy.fetched_at):
        return None
    findings = _findings(row.findings)
    return Destination(
        key=row.key,
        held=Held(policy, findings.failure, findings.decision),
        asked_at=datetime.fromtimestamp(row.asked_at, UTC),
        refresh_at=None if row.refresh_at is None else datetime.fromtimestamp(row.refresh_at, UTC),
    )


def _findings(text: bytes) -> _Findings:
    try:
        findings = _FINDINGS.decode(text)
    except _UNREADABLE:
        return _Findings()
    failure, decision = findings.failure, findings.decision
    in_reach = (failure is None or _is_in_reach(failure.at)) and (
        decision is None or _is_in_reach(decision.at)
    )
    return findings if in_reach else _Findings()


def _is_in_reach(at: datetime) -> bool:
    """Tell whether a time has its zone, and spans can be added to it."""
    return at.tzinfo is not None and NEVER <= at <= LATEST


def merged(destination: Destination, stored: Destination | None) -> Destination:
    """Return what `write` leaves of `destination` where `stored` was there: its policy, if the new one has none."""
    if stored is None or destination.held.policy is not None or stored.held.policy is None:
        return destination
    held = msgspec.structs.replace(destination.held, policy=stored.held.policy)
    return msgspec.structs.replace(destination, held=held, refresh_at=stored.refresh_at)
