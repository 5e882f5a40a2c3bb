"""What a sender remembers of a policy it fetched earlier (RFC 8461 section 3.2, max_age)."""

from datetime import datetime, timedelta

import msgspec

from mxproof.formats.mtasts import Policy


class Memory(msgspec.Struct, frozen=True):
    """A policy as some sender may still hold it.

    `body` is the policy text as served then, `fetched_at` the moment of its last successful fetch, and `id` that of
    the TXT record under which it was fetched; None where that id is not known.
    """

    body: bytes
    fetched_at: datetime
    id: str | None = None

    def until(self, policy: Policy) -> datetime:
        """Return when this ends, read as `policy`: `max_age` after the last fetch (RFC 8461 section 3.2)."""
        return self.fetched_at + timedelta(seconds=policy.max_age_s)
