"""Policies that go through a store to several hosts, each of which writes them to a folder of its own at the same moment.

| who | does |
|---|---|
| whoever publishes | puts the policy into the store, with the moment from which it is to be served: some seconds from then |
| each host | has read it before that moment, and writes its file and has it read at the moment, in the order in which policies were put |
| whoever publishes | looks at every address of the policy host, as ever, before the new id is announced |

A host that cannot reach the store serves what it has; then not every address shows the new policy, and no id is announced.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol

from mxproof.publish.keeper import KeeperError
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.hosted_policy import HostedPolicy

POLICIES_LOOKED_AGAIN_S: Final = 1.0
"""How often a host looks for what is new; a switch is to be further away than that."""


class PolicyShelf(Protocol):
    """Where policies are put and taken from, as `HostedPolicyJournal` does."""

    def put(self, domain: str, policy: str, since: datetime) -> bool:
        """Have a domain have this policy from then on."""

    def after(self, number: int) -> tuple[HostedPolicy, ...]:
        """Return those after a number."""

    def highest(self) -> int:
        """Return the highest number."""


class LocalPolicies(Protocol):
    """Where one host has its policies, as `PolicyFolder` does."""

    def keep(self, domain: str, policy: str) -> object:
        """Write one."""

    def forget(self, domain: str) -> object:
        """Remove one."""

    def have_read(self) -> None:
        """Have all read again."""


class PolicyStore:
    """What stands for the folder of policies with whoever publishes; `switch_s` is how long hosts have to learn of a policy."""

    def __init__(self, shelf: PolicyShelf, switch_s: float, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._switch = timedelta(seconds=switch_s)
        self._now = now

    def put(self, domain: str, policy: str) -> str:
        """Have this policy be served from in a moment on, as often as asked; raises KeeperError where that is not certain."""
        self._put(domain, policy, self._now() + self._switch)
        return "put into the store"

    def remove(self, domain: str) -> str:
        """Have no policy be served from in a moment on."""
        self._put(domain, "", self._now() + self._switch)
        return "taken out of the store"

    def keep(self, domain: str, policy: str) -> object:
        """Have this policy be served, which is served already by somebody."""
        return self._put(domain, policy, self._now())

    def have_read(self) -> None:
        """Do nothing: each host has its policies read by itself."""

    def _put(self, domain: str, policy: str, since: datetime) -> bool:
        try:
            return self._shelf.put(domain, policy, since)
        except JournalError as error:
            raise KeeperError(f"the store of policies: {error}") from None


class PolicyFollower:
    """One host: takes what is new in the store, and switches to it when its moment has come."""

    def __init__(self, shelf: PolicyShelf, local: LocalPolicies, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._local = local
        self._now = now
        self._highest = 0
        self._to_come: dict[int, HostedPolicy] = {}
        self._served: dict[str, int] = {}
        self._unread = False

    def look(self) -> tuple[str, ...]:
        """Switch to all that is due, and return the domains; raises JournalError, and KeeperError where that is to be tried again."""
        if self._shelf.highest() > self._highest:
            found = self._shelf.after(self._highest)
            self._highest = max(one.number for one in found)
            self._to_come |= {
                one.number: one for one in found if one.number > self._served.get(one.domain, 0)
            }
        return self.switch()

    def switch(self) -> tuple[str, ...]:
        """Switch to what is due of all that is known, as `look` does, when the store cannot be asked."""
        due = latest_due(self._to_come.values(), self._now())
        for one in due:
            if one.policy:
                self._local.keep(one.domain, one.policy)
            else:
                self._local.forget(one.domain)
            self._unread = True
        if self._unread:
            self._local.have_read()
            self._unread = False
        for one in due:
            self._served[one.domain] = one.number
        self._to_come = {
            number: one for number, one in self._to_come.items() if number > self._served.get(one.domain, 0)
        }
        return tuple(one.domain for one in due)

    def wait_s(self) -> float:
        """Return for how long nothing is to be done."""
        soonest = min((one.since for one in self._to_come.values()), default=None)
        if soonest is None:
            return POLICIES_LOOKED_AGAIN_S
        return min(max((soonest - self._now()).total_seconds(), 0.0), POLICIES_LOOKED_AGAIN_S)


def latest_due(policies: Iterable[HostedPolicy], now: datetime) -> tuple[HostedPolicy, ...]:
    """Return of each domain the policy with the highest number whose moment has come, in the order of the numbers."""
    latest: dict[str, HostedPolicy] = {}
    for one in sorted(policies):
        if one.since <= now:
            latest[one.domain] = one
    return tuple(sorted(latest.values()))
