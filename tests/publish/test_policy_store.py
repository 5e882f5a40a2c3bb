"""Policies that go through a store: each host switches to them at their moment and in their order."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.publish.keeper import KeeperError
from mxproof.publish.policy_folder import PolicyFolder
from mxproof.publish.policy_store import POLICIES_LOOKED_AGAIN_S, PolicyFollower, PolicyStore, latest_due
from mxproof.store.journal.hosted_policy import HostedPolicy, HostedPolicyJournal
from mxproof.store.journal.journal import Journal

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SWITCH_S = 4.0


class Host:
    """One of the servers: its folder, and how often its policies were read; `refusing` fails to have them read."""

    def __init__(self, folder: Path, shelf: HostedPolicyJournal) -> None:
        folder.mkdir()
        self._folder = PolicyFolder(folder)
        self.read = 0
        self.refusing = False
        self.now = AT
        self.follower = PolicyFollower(shelf, self, lambda: self.now)

    def keep(self, domain: str, policy: str) -> object:
        return self._folder.keep(domain, policy)

    def forget(self, domain: str) -> object:
        return self._folder.forget(domain)

    def have_read(self) -> None:
        if self.refusing:
            raise KeeperError("no")
        self.read += 1

    def served(self, domain: str = "example.com") -> str:
        path = self._folder.path(domain)
        return path.read_text() if path.exists() else ""


@pytest.fixture
def shelf(tmp_path: Path) -> HostedPolicyJournal:
    return HostedPolicyJournal(Journal(f"sqlite:{tmp_path}/journal.db"))


def test_every_host_switches_at_the_same_moment_and_not_before(
    tmp_path: Path, shelf: HostedPolicyJournal
) -> None:
    hosts = [Host(tmp_path / name, shelf) for name in ("one", "two")]
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    store.put("example.com", "first")
    for seconds, served in ((0, ""), (SWITCH_S - 0.001, ""), (SWITCH_S, "first")):
        for host in hosts:
            host.now = AT + timedelta(seconds=seconds)
            host.follower.look()
        assert [host.served() for host in hosts] == [served, served]
    assert [host.read for host in hosts] == [1, 1]


def test_a_host_waits_for_the_next_switch_and_never_longer_than_until_its_next_look(
    tmp_path: Path, shelf: HostedPolicyJournal
) -> None:
    host = Host(tmp_path / "one", shelf)
    assert host.follower.wait_s() == POLICIES_LOOKED_AGAIN_S
    PolicyStore(shelf, SWITCH_S, lambda: AT).put("example.com", "first")
    host.follower.look()
    assert host.follower.wait_s() == POLICIES_LOOKED_AGAIN_S
    host.now = AT + timedelta(seconds=SWITCH_S - 0.25)
    assert host.follower.wait_s() == 0.25


def test_the_same_policy_again_is_no_switch(shelf: HostedPolicyJournal) -> None:
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    store.put("example.com", "first")
    store.put("example.com", "first")
    assert len(shelf.after(0)) == 1
    store.remove("example.com")
    assert [one.policy for one in shelf.after(0)] == ["first", ""]


def test_what_is_removed_is_gone_from_every_host(tmp_path: Path, shelf: HostedPolicyJournal) -> None:
    host = Host(tmp_path / "one", shelf)
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    store.keep("example.com", "first")
    assert host.follower.look() == ("example.com",)
    store.remove("example.com")
    host.now = AT + timedelta(seconds=SWITCH_S)
    host.follower.look()
    assert host.served() == ""


def test_a_host_that_comes_later_has_what_the_others_have(tmp_path: Path, shelf: HostedPolicyJournal) -> None:
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    store.keep("example.com", "first")
    store.put("example.com", "second")
    store.keep("example.net", "other")
    late = Host(tmp_path / "late", shelf)
    late.follower.look()
    assert (late.served(), late.served("example.net")) == ("first", "other")
    late.now = AT + timedelta(seconds=SWITCH_S)
    late.follower.look()
    assert late.served() == "second"


def test_a_higher_number_wins_whenever_its_moment_was(tmp_path: Path) -> None:
    first = HostedPolicy(1, "example.com", "first", AT + timedelta(seconds=9))
    second = HostedPolicy(2, "example.com", "second", AT)
    assert latest_due([second, first], AT) == (second,)
    assert latest_due([second, first], AT + timedelta(seconds=9)) == (second,)


def test_what_could_not_be_read_is_tried_again(tmp_path: Path, shelf: HostedPolicyJournal) -> None:
    host = Host(tmp_path / "one", shelf)
    PolicyStore(shelf, SWITCH_S, lambda: AT).keep("example.com", "first")
    host.refusing = True
    with pytest.raises(KeeperError):
        host.follower.look()
    host.refusing = False
    assert host.follower.look() == ("example.com",)
    assert host.read == 1


def test_the_newest_two_of_a_domain_are_kept(shelf: HostedPolicyJournal) -> None:
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    for number in range(5):
        store.put("example.com", str(number))
    assert [one.policy for one in shelf.after(0)] == ["3", "4"]
    assert shelf.highest() == 5


def test_what_was_switched_to_is_not_read_again_and_nothing_older_comes_back(
    tmp_path: Path, shelf: HostedPolicyJournal
) -> None:
    host = Host(tmp_path / "one", shelf)
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    store.put("example.com", "first")
    store.keep("example.com", "second")
    assert (host.follower.look(), host.served(), host.read) == (("example.com",), "second", 1)
    assert host.follower.wait_s() == POLICIES_LOOKED_AGAIN_S
    host.now = AT + timedelta(seconds=2 * SWITCH_S)
    for _ in range(2):
        assert (host.follower.look(), host.served(), host.read) == ((), "second", 1)


def test_a_removal_that_could_not_be_read_is_tried_again_when_nothing_is_new(
    tmp_path: Path, shelf: HostedPolicyJournal
) -> None:
    host = Host(tmp_path / "one", shelf)
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    store.keep("example.com", "first")
    store.keep("example.net", "other")
    assert host.follower.look() == ("example.com", "example.net")
    store.remove("example.com")
    host.now = AT + timedelta(seconds=SWITCH_S)
    host.refusing = True
    for _ in range(2):
        with pytest.raises(KeeperError):
            host.follower.look()
    assert host.follower.wait_s() == 0.0
    host.refusing = False
    assert (host.follower.switch(), host.served(), host.served("example.net")) == (
        ("example.com",),
        "",
        "other",
    )
    assert (host.read, host.follower.switch()) == (2, ())


def test_what_is_known_is_switched_to_at_its_moment_without_the_store(
    tmp_path: Path, shelf: HostedPolicyJournal
) -> None:
    host = Host(tmp_path / "one", shelf)
    PolicyStore(shelf, SWITCH_S, lambda: AT).put("example.com", "first")
    assert host.follower.look() == ()
    assert (host.follower.switch(), host.served()) == ((), "")
    host.now = AT + timedelta(seconds=SWITCH_S)
    assert (host.follower.switch(), host.served(), host.read) == (("example.com",), "first", 1)
    assert host.follower.look() == ()


def test_what_is_removed_is_served_until_the_moment_of_the_switch(
    tmp_path: Path, shelf: HostedPolicyJournal
) -> None:
    host = Host(tmp_path / "one", shelf)
    store = PolicyStore(shelf, SWITCH_S, lambda: AT)
    store.keep("example.com", "first")
    host.follower.look()
    store.remove("example.com")
    host.now = AT + timedelta(seconds=SWITCH_S - 0.001)
    assert (host.follower.look(), host.served()) == ((), "first")
    host.now = AT + timedelta(seconds=SWITCH_S)
    assert (host.follower.look(), host.served()) == (("example.com",), "")
