"""What a sender remembers of a policy it fetched earlier (RFC 8461 section 3.2, max_age)."""

from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from mxproof.formats.mtasts import Policy, examine_policy
from mxproof.mail.domain import PolicyReading

POLICIES_CACHED_MAX = 256
"""Policies read last: the same one is looked at from several sides, and many domains share their provider's."""


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


@lru_cache(maxsize=POLICIES_CACHED_MAX)
def read_policy(body: bytes, reading: PolicyReading) -> Policy | None:
    """Return the policy whose text is `body`, None where it is none to whoever reads so."""
    examined = examine_policy(body)
    return examined.strict if reading is PolicyReading.STRICT else examined.lenient
