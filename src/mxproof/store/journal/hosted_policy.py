"""Policies that several hosts take from one store: each method is one transaction, and raises JournalError.

Each policy that is put has a number, and those who take them do so in the order of the numbers; that of a domain with the highest number
whose moment has come is the one to serve. Kept are the newest two of a domain: what is served, and what will be.
"""

from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rollout_schema import HOSTED_POLICY

OVERLAP: Final = 1000
"""Numbers below the highest one seen that are looked at again: a transaction may be over after one with a higher number."""
_KEPT: Final = 2
_ONE = HOSTED_POLICY.c


class HostedPolicy(msgspec.Struct, frozen=True, order=True):
    """The policy of a domain from a moment on, empty for none any more."""

    number: int
    domain: str
    policy: str
    since: datetime


class HostedPolicyJournal:
    """What a journal keeps of policies to be hosted."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def put(self, domain: str, policy: str, since: datetime) -> bool:
        """Have a domain have this policy from `since` on; tell whether it was another one before."""
        return self._journal.writes(lambda connection: _put(connection, domain, policy, since))

    def after(self, number: int) -> tuple[HostedPolicy, ...]:
        """Return the policies in the order of their numbers, from somewhat below `number` on."""
        found = select(HOSTED_POLICY).where(_ONE.id > number - OVERLAP).order_by(_ONE.id)
        return self._journal.reads(
            lambda connection: tuple(
                HostedPolicy(one.id, one.domain, one.policy, datetime.fromtimestamp(one.since, UTC))
                for one in connection.execute(found)
            )
        )

    def highest(self) -> int:
        """Return the highest number there is, 0 for none."""
        found = select(func.max(_ONE.id))
        return self._journal.reads(lambda connection: connection.execute(found).scalar()) or 0


def _put(connection: Connection, domain: str, policy: str, since: datetime) -> bool:
    of_domain = select(_ONE.id, _ONE.policy).where(_ONE.domain == domain).order_by(_ONE.id.desc())
    kept = connection.execute(of_domain).all()
    if (kept[0].policy if kept else "") == policy:
        return False
    new = {"domain": domain, "policy": policy, "since": since.timestamp()}
    connection.execute(insert(HOSTED_POLICY).values(new))
    old = [one.id for one in kept[_KEPT - 1 :]]
    if old:
        connection.execute(delete(HOSTED_POLICY).where(_ONE.id.in_(old)))
    return True
