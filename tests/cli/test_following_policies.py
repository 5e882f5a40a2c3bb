"""The policies of a store followed: what is told of it, how long until it looks again, and that it ends with its block."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.cli.exit import RunError
from mxproof.cli.following_policies import _Following, following
from mxproof.publish.policy_folder import PolicyFolder
from mxproof.publish.policy_store import POLICIES_LOOKED_AGAIN_S, PolicyFollower
from mxproof.serve.publish.config import PublicationOptions, PublishConfig
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.hosted_policy import HostedPolicy, HostedPolicyJournal
from mxproof.store.journal.journal import Journal
from support_new_store import new_store

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SERVED = "mxproof: example.com: the policy of the store is served\n"
AGAIN = "mxproof: the store is there again\n"


class Shelf:
    """A store that at each look holds the policies of `held`, or fails with why it does; the last of them stays."""

    def __init__(self, *held: str | tuple[HostedPolicy, ...]) -> None:
        self._held = list(held)

    def put(self, domain: str, policy: str, since: datetime) -> bool:
        raise AssertionError((domain, policy, since))

    def highest(self) -> int:
        found = self._held[0]
        if isinstance(found, str):
            self._held = self._held[1:] or self._held
            raise JournalError(found)
        return max((one.number for one in found), default=0)

    def after(self, number: int) -> tuple[HostedPolicy, ...]:
        found = self._held[0]
        assert not isinstance(found, str)
        self._held = self._held[1:] or self._held
        return tuple(one for one in found if one.number > number)


class Rounds(threading.Event):
    """Lets no time pass: notes how long is waited, does then what is to happen meanwhile, and ends after the last of these."""

    def __init__(self, *between: Callable[[], object]) -> None:
        super().__init__()
        self._between = list(between)
        self.waited: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        if not self._between:
            return True
        self._between.pop(0)()
        return False


class Host:
    """A server with a folder and a clock that follows a store in this thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "policies"
        self.folder.mkdir()
        self.at = AT

    def follow(self, shelf: Shelf, *between: Callable[[], object]) -> tuple[list[float | None], str]:
        """Look once, and once more after each of `between`; return how long it waited, and the fault at the end."""
        follower = PolicyFollower(shelf, PolicyFolder(self.folder), lambda: self.at)
        thread = _Following(follower)
        ends = Rounds(*between)
        thread.ends = ends
        thread.run()
        assert thread.looked.is_set()
        return ends.waited, thread.fault

    def later(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def served(self) -> str:
        path = self.folder / "example.com.txt"
        return path.read_text() if path.exists() else ""


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def due(seconds: float) -> tuple[HostedPolicy, ...]:
    return (HostedPolicy(1, "example.com", "first", AT + timedelta(seconds=seconds)),)


def nothing() -> None:
    """Happens between two looks."""


def test_whoever_waits_for_the_first_look_is_let_go_by_one_that_ends_in_a_bug(host: Host) -> None:
    def bug() -> datetime:
        raise ValueError("no clock")

    thread = _Following(PolicyFollower(Shelf(due(0)), PolicyFolder(host.folder), bug))
    with pytest.raises(ValueError, match="no clock"):
        thread.run()
    assert thread.looked.is_set()
    assert thread.fault == "policies of the store are followed no longer: no clock"


def test_a_policy_that_is_due_is_served_and_said_to_be_once(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    waited = host.follow(Shelf(due(0)), nothing, nothing)
    assert waited == ([POLICIES_LOOKED_AGAIN_S] * 3, "")
    assert (host.served(), capsys.readouterr().err) == ("first", SERVED)


def test_it_waits_no_longer_than_until_the_next_switch(host: Host) -> None:
    assert host.follow(Shelf(due(0.25)), lambda: host.later(0.25)) == ([0.25, POLICIES_LOOKED_AGAIN_S], "")
    assert host.served() == "first"


def test_a_store_that_is_gone_is_told_once_and_again_once_it_is_back(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    waited, fault = host.follow(Shelf("no connection", "no connection", ()), nothing, nothing, nothing)
    assert (waited, fault) == ([POLICIES_LOOKED_AGAIN_S] * 4, "")
    assert capsys.readouterr().err == f"mxproof: no connection\n{AGAIN}"


def test_another_fault_is_told_too(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    _, fault = host.follow(Shelf("no connection", "no space"), nothing)
    assert fault == "no space"
    assert capsys.readouterr().err == "mxproof: no connection\nmxproof: no space\n"


def test_what_is_known_is_switched_to_while_the_store_is_gone(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    waited, fault = host.follow(Gone(due(0.25)), lambda: host.later(0.25))
    assert (waited, fault) == ([0.25, POLICIES_LOOKED_AGAIN_S], "no connection")
    assert (host.served(), capsys.readouterr().err) == ("first", f"mxproof: no connection\n{SERVED}")


def test_a_store_that_is_gone_is_looked_for_as_often_whatever_is_to_come(host: Host) -> None:
    waited, _ = host.follow(Gone(due(0.5)), lambda: host.later(0.25))
    assert (waited, host.served()) == ([0.5, POLICIES_LOOKED_AGAIN_S], "")


def test_a_policy_that_cannot_be_written_is_told_and_written_later(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    host.folder.rmdir()
    waited, fault = host.follow(Shelf(due(0)), host.folder.mkdir)
    assert (waited, fault, host.served()) == ([POLICIES_LOOKED_AGAIN_S] * 2, "", "first")
    refused = f"mxproof: {host.folder}/example.com.txt: was not written (No such file or directory)\n"
    assert capsys.readouterr().err == f"{refused}{SERVED}{AGAIN}"


class Gone(Shelf):
    """A store that is gone once its policies were taken."""

    def after(self, number: int) -> tuple[HostedPolicy, ...]:
        found = super().after(number)
        self._held = ["no connection"]
        return found


@pytest.fixture
def config(tmp_path: Path) -> Iterator[PublishConfig]:
    """Return the configuration of a server with a store that has a policy which is due."""
    new_store(tmp_path)
    store = f"sqlite:{tmp_path}/journal.db"
    journal = Journal(store)
    HostedPolicyJournal(journal).put("example.com", "first", AT)
    journal.close()
    (tmp_path / "policies").mkdir()
    yield PublishConfig(folder=str(tmp_path / "policies"), publication=PublicationOptions(store=store))
    assert [one.name for one in threading.enumerate() if one.name == "policies"] == []


def test_when_the_block_begins_all_that_is_due_is_served(
    config: PublishConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with following(config) as all_taken:
        assert (tmp_path / "policies" / "example.com.txt").read_text() == "first"
        assert all_taken()
        assert [one.daemon for one in threading.enumerate() if one.name == "policies"] == [True]
    assert capsys.readouterr().err == SERVED


def test_the_block_is_told_that_not_all_was_taken(config: PublishConfig, tmp_path: Path) -> None:
    (tmp_path / "policies").rmdir()
    with following(config) as all_taken:
        assert not all_taken()


def test_following_ends_with_a_block_that_fails(config: PublishConfig) -> None:
    with pytest.raises(KeyboardInterrupt), following(config):
        raise KeyboardInterrupt


def test_without_a_folder_nothing_is_followed() -> None:
    with pytest.raises(RunError) as raised, following(PublishConfig()):
        pass
    assert str(raised.value) == (
        "folder: empty; the folder of policies of `publish serve` was expected, or static_folder"
    )
