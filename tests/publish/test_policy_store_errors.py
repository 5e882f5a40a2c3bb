"""The store of policies when it cannot be reached, and each moment and order in which policies are put and switched to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mxproof.publish.keeper import KeeperError
from mxproof.publish.policy_store import PolicyFollower, PolicyStore
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.hosted_policy import HostedPolicy

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SWITCH = timedelta(seconds=4)


class _Shelf:
    """A shelf in memory; with `fault` it cannot be reached, and with `after_fault` not be read."""

    def __init__(self) -> None:
        self.held: list[HostedPolicy] = []
        self.fault = ""
        self.after_fault = ""

    def put(self, domain: str, policy: str, since: datetime) -> bool:
        self._reached(self.fault)
        self.held.append(HostedPolicy(len(self.held) + 1, domain, policy, since))
        return True

    def after(self, number: int) -> tuple[HostedPolicy, ...]:
        self._reached(self.after_fault)
        return tuple(one for one in self.held if one.number > number)

    def highest(self) -> int:
        self._reached(self.fault)
        return len(self.held)

    def _reached(self, fault: str) -> None:
        if fault:
            raise JournalError(fault)


class _Local:
    """A host's folder; `done` has all that was done to it, and `full` the domain that cannot be written."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []
        self.full = ""

    def keep(self, domain: str, policy: str) -> None:
        if domain == self.full:
            raise KeeperError("no room")
        self.done.append((domain, policy))

    def forget(self, domain: str) -> None:
        self.done.append((domain, ""))

    def have_read(self) -> None:
        self.done.append(())


def test_what_is_put_or_removed_is_served_from_the_switch_on_and_what_is_kept_at_once() -> None:
    shelf = _Shelf()
    store = PolicyStore(shelf, SWITCH.total_seconds(), lambda: AT)
    store.put("example.com", "first")
    store.keep("example.net", "kept")
    store.remove("example.com")
    store.have_read()
    assert [(one.domain, one.policy, one.since) for one in shelf.held] == [
        ("example.com", "first", AT + SWITCH),
        ("example.net", "kept", AT),
        ("example.com", "", AT + SWITCH),
    ]


def test_a_store_that_cannot_be_reached_is_told_of_as_a_keeper_that_does_not_do_it() -> None:
    shelf = _Shelf()
    shelf.fault = "the database is gone"
    store = PolicyStore(shelf, 4.0, lambda: AT)
    calls: tuple[Callable[[], object], ...] = (
        lambda: store.put("example.com", "first"),
        lambda: store.remove("example.com"),
        lambda: store.keep("example.com", "first"),
    )
    for call in calls:
        with pytest.raises(KeeperError, match="the database is gone"):
            call()
    assert shelf.held == []


def test_policies_are_written_in_the_order_in_which_they_were_put_and_read_once_after_the_last() -> None:
    shelf, local = _Shelf(), _Local()
    for domain in ("b.example", "a.example", "c.example"):
        shelf.put(domain, domain[0], AT)
    shelf.put("b.example", "", AT)
    assert PolicyFollower(shelf, local, lambda: AT).look() == ("a.example", "c.example", "b.example")
    assert local.done == [("a.example", "a"), ("c.example", "c"), ("b.example", ""), ()]


def test_what_could_not_be_fetched_is_fetched_by_the_next_look() -> None:
    shelf, local = _Shelf(), _Local()
    follower = PolicyFollower(shelf, local, lambda: AT)
    shelf.put("example.com", "first", AT)
    shelf.after_fault = "the database is gone"
    with pytest.raises(JournalError):
        follower.look()
    assert (follower.switch(), local.done) == ((), [])
    shelf.after_fault = ""
    assert (follower.look(), local.done) == (("example.com",), [("example.com", "first"), ()])


def test_what_could_not_be_written_is_tried_again_and_all_behind_it() -> None:
    shelf, local = _Shelf(), _Local()
    follower = PolicyFollower(shelf, local, lambda: AT)
    for domain in ("a.example", "b.example", "c.example"):
        shelf.put(domain, "first", AT)
    local.full = "b.example"
    with pytest.raises(KeeperError):
        follower.look()
    assert local.done == [("a.example", "first")]
    local.full = ""
    local.done.clear()
    assert follower.look() == ("a.example", "b.example", "c.example")
    assert (local.done[-2:], follower.look()) == ([("c.example", "first"), ()], ())


def test_a_host_waits_for_the_soonest_switch_of_all_and_not_at_all_where_that_is_over() -> None:
    shelf, local, now = _Shelf(), _Local(), [AT]
    follower = PolicyFollower(shelf, local, lambda: now[0])
    shelf.put("a.example", "late", AT + timedelta(seconds=0.75))
    shelf.put("b.example", "soon", AT + timedelta(seconds=0.5))
    assert (follower.look(), follower.wait_s()) == ((), 0.5)
    now[0] = AT + timedelta(seconds=0.5)
    assert (follower.wait_s(), follower.switch(), follower.wait_s()) == (0.0, ("b.example",), 0.25)
    now[0] = AT + timedelta(seconds=9)
    assert follower.wait_s() == 0.0
