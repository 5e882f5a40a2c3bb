"""A publication that takes long, loses its place, or is wanted twice: what was looked at before is not taken for what is there now."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.publish.result import PublicationEnd
from mxproof.publish.step import StepName
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.publication_journal import PublicationJournal
from support_publication import DOMAIN, HOST_ADDRESS, SERVERS, PublishedWorld, bare, policy, set_up
from support_world import Https

TESTING, ENFORCE = WantedPolicy(policy()), WantedPolicy(policy("enforce"))


class _Moved(PublishedWorld):
    """A world whose policy host follows after one pause of `lasts`, within which mail goes to another host."""

    lasts = timedelta()

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        self.at += self.lasts
        self.world = self.world.but(https={}).zone_with(
            "example.com MX 10 other.example.com", "other.example.com A 192.0.2.99"
        )


@pytest.mark.parametrize(
    ("lasts", "end"),
    [
        (timedelta(minutes=3), PublicationEnd.DONE),
        (timedelta(minutes=6), PublicationEnd.REFUSED),
    ],
    ids=["within five minutes", "after them"],
)
def test_a_judgement_holds_for_five_minutes_and_is_then_made_anew_before_anything_is_announced(
    tmp_path: Path, lasts: timedelta, end: PublicationEnd
) -> None:
    world = _Moved(tmp_path, set_up(tmp_path).world)
    world.lasts = lasts
    world.world = world.world.but(https={HOST_ADDRESS: Https(body=world.served().encode())})
    before = world.id()
    result = world.publisher().apply(DOMAIN, ENFORCE, WantedOf())
    assert (result.end, world.id() == before) == (end, end is PublicationEnd.REFUSED)
    assert "mode: enforce" in world.served()
    assert (world.journal().opened(DOMAIN) is None) is (end is PublicationEnd.DONE)


@pytest.mark.parametrize(
    ("lost_at", "is_served"),
    [(1, False), (2, False), (3, True), (4, True)],
    ids=["before the policy is looked at", "before it is served", "before the id", "before it is announced"],
)
def test_a_process_that_has_lost_its_place_makes_no_further_step(
    tmp_path: Path, lost_at: int, is_served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = bare(tmp_path)
    asked: list[str] = []

    @contextmanager
    def alone(_: PublicationJournal, domain: str) -> Iterator[StillAlone]:
        def still() -> None:
            asked.append(domain)
            if len(asked) == lost_at:
                raise JournalError("another process took the place")

        yield still

    with monkeypatch.context() as patch:
        patch.setattr(PublicationJournal, "alone", alone)
        with pytest.raises(JournalError):
            world.publisher().apply(DOMAIN, TESTING, WantedOf())
    assert (len(asked), world.served() != "", world.id()) == (lost_at, is_served, "")
    assert world.publisher().resume(DOMAIN).end is PublicationEnd.DONE
    assert (world.served() != "", world.id() != "") == (True, True)


def test_what_is_wanted_once_more_is_finished_and_not_published_a_second_time(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.lagging = SERVERS[1:]
    waiting = world.publisher().apply(DOMAIN, TESTING, WantedOf())
    assert (waiting.end, [one.step for one in waiting.steps]) == (PublicationEnd.WAITING, [StepName.ID])
    announced = world.id()
    world.lagging = ()
    world.world = world.world.but(name_servers={})
    again = world.publisher().apply(DOMAIN, TESTING, WantedOf())
    assert (again.end, world.id()) == (PublicationEnd.NOTHING, announced)
    assert len(world.journal().history(DOMAIN, 10)) == 1


def test_another_policy_follows_what_is_finished_first_and_each_has_its_id(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.lagging = SERVERS[1:]
    world.publisher().apply(DOMAIN, TESTING, WantedOf())
    first = world.id()
    world.catch_up()
    assert world.publisher().apply(DOMAIN, ENFORCE, WantedOf()).end is PublicationEnd.DONE
    newest, oldest = world.journal().history(DOMAIN, 10)
    assert newest.before == oldest.after
    assert world.id() not in {first, ""}
    assert world.publisher().undo(DOMAIN).end is PublicationEnd.DONE
    assert "mode: testing" in world.served()
    assert len({first, world.id(), ""}) == 3


def test_what_kept_a_step_from_being_made_is_in_the_journal_until_it_is_made(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.refusing = "the API: no"
    assert world.publisher().apply(DOMAIN, TESTING, WantedOf()).end is PublicationEnd.FAILED
    opened = world.journal().opened(DOMAIN)
    assert opened is not None
    assert [(one.step, one.said) for one in opened.steps] == [("policy", ""), ("id", "the API: no")]
    world.refusing = ""
    assert world.publisher().resume(DOMAIN).end is PublicationEnd.DONE
    (done,) = world.journal().history(DOMAIN, 10)
    assert [(one.step, one.said) for one in done.steps] == [("policy", ""), ("id", "")]
