"""What a sender remembers of earlier days: a policy (RFC 8461 section 3.2, max_age), or how well a session was secured."""

from datetime import datetime, timedelta
from enum import IntEnum

import msgspec

from mxproof.formats.mtasts import Policy, PolicyReading, read_policy


class Memory(msgspec.Struct, frozen=True, gc=False):
    """A policy as some sender may still hold it.

    `body` is the policy text as served then, `fetched_at` the moment of its last successful fetch, and `id` that of
    the TXT record under which it was fetched; None where that id is not known.
    """

    body: bytes
    fetched_at: datetime
    id: str | None = None

    def policy(self, reading: PolicyReading) -> Policy | None:
        """Return the policy that is held by whoever reads so, None where the text is none to them."""
        return read_policy(self.body, reading)

    def ends_at(self, reading: PolicyReading) -> datetime:
        """Return when this ends for whoever reads so: `max_age` after the last fetch (RFC 8461 section 3.2).

        What is no policy to them never began.
        """
        policy = self.policy(reading)
        return self.fetched_at if policy is None else self.fetched_at + timedelta(seconds=policy.max_age_s)


class SessionLevel(IntEnum):
    """How well a session is secured, worst first."""

    PLAIN = 0
    ENCRYPTED = 1
    """TLS with a certificate that does not hold for the MX name."""
    VERIFIED = 2


class LevelMemory(msgspec.Struct, frozen=True):
    """The best level of a session with the domain so far, which some senders want of every later one."""

    level: SessionLevel


SenderMemory = Memory | LevelMemory
