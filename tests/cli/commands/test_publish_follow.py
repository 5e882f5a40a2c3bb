"""`mxproof publish follow`: what is due is taken, what nobody is at is finished, and the status says whether all of it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli.commands import publish_follow
from mxproof.cli.exit import DONE, INTERRUPTED, PROBLEM, USAGE
from mxproof.publish.publishing import Publisher
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.hosted_policy import HostedPolicyJournal
from mxproof.store.journal.journal import Journal
from support_cli import mxproof, one_line
from support_publication import DOMAIN, PublishedWorld, bare, policy

TESTING = WantedPolicy(policy())


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PublishedWorld:
    """Return the world that is published in, in the place of the real one."""
    made = bare(tmp_path)

    @contextmanager
    def publisher(*_: object) -> Iterator[Publisher]:
        yield made.publisher()

    monkeypatch.setattr("mxproof.cli.publication.publisher", publisher)
    return made


def followed(world: PublishedWorld, *arguments: str, through_store: bool = True) -> tuple[int, str, str]:
    file = world.folder / "publish.toml"
    file.write_text(
        f'folder = "{world.folder}/policies"\n[publication]\nstore = "sqlite:{world.folder}/journal.db"\n'
        f"through_store = {str(through_store).lower()}\n"
    )
    got = mxproof("publish", "follow", "--config", str(file), *arguments)
    return got.returncode, got.stdout.decode(), got.stderr.decode()


def refused(world: PublishedWorld) -> None:
    """Begin a publication that the keeper of the zone does not let be finished."""
    world.refusing = "the API: no"
    world.publisher().apply(DOMAIN, TESTING, WantedOf())


def test_where_nothing_is_due_nothing_is_said(world: PublishedWorld) -> None:
    assert followed(world, "--once") == (DONE, "", "")


def test_what_was_begun_is_finished(world: PublishedWorld) -> None:
    refused(world)
    world.refusing = ""
    assert followed(world, "--once") == (DONE, "", f"mxproof: {DOMAIN}: done\n")
    assert world.journal().open_domains() == ()


def test_what_cannot_be_finished_yet_is_a_problem(world: PublishedWorld) -> None:
    refused(world)
    assert followed(world, "--once") == (PROBLEM, "", f"mxproof: {DOMAIN}: failed\n")


def test_a_policy_that_cannot_be_taken_is_a_problem(world: PublishedWorld) -> None:
    journal = Journal(f"sqlite:{world.folder}/journal.db")
    HostedPolicyJournal(journal).put("example.net", "version: STSv1\r\n", datetime.now(UTC))
    journal.close()
    (world.folder / "policies").rmdir()
    status, told, said = followed(world, "--once")
    assert (status, told) == (PROBLEM, "")
    assert str(world.folder / "policies") in said


def test_without_once_it_goes_on_until_it_is_ended(
    world: PublishedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(world)
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        world.refusing = ""
        if len(waited) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(publish_follow, "time", type("Time", (), {"sleep": staticmethod(sleep)}))
    status, told, said = followed(world)
    assert (status, told) == (INTERRUPTED, "")
    assert said == f"mxproof: {DOMAIN}: failed\nmxproof: {DOMAIN}: done\n"
    assert waited == [15.0] * 3


def test_policies_that_do_not_go_through_the_store_are_nothing_to_follow(world: PublishedWorld) -> None:
    status, told, said = followed(world, "--once", through_store=False)
    assert (status, told) == (USAGE, "")
    assert one_line(said.encode()) == (
        "mxproof: publication.through_store: false; each server has the policies of its own folder then"
    )


def test_a_store_that_fails_is_told_and_tried_again_later(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise JournalError("sqlite: locked")

    assert not publish_follow._tried(work)
    assert capsys.readouterr().err == "mxproof: sqlite: locked\n"
    assert publish_follow._tried(lambda: None)
