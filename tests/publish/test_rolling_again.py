"""A rollover that is gone on with by the next call: after a kill, a refusal, or a record that vanished, nothing is left out or counted twice."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mxproof.publish.chain_file import ChainFile
from mxproof.publish.keeper import KeeperError
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.rollover import JournalledRollover
from support_publication import Killed
from support_rollover import HELD_S, KEPT_S, MX1, NEW, OLD, OWNER, TTL_S, RolledWorld, record, shown


class _HardToReload(RolledWorld):
    """A world in which the next reload of the server ends with `failing`, where that is given."""

    failing: BaseException | None = None

    def reload(self) -> None:
        failing, self.failing = self.failing, None
        if failing is not None:
            raise failing
        super().reload()


def opened(world: RolledWorld) -> JournalledRollover:
    """Return the rollover that is not over."""
    found = world.journal().opened(MX1)
    assert found is not None
    return found


def moments(world: RolledWorld) -> tuple[datetime | None, datetime | None]:
    """Return since when it is announced and shown, as a process that starts now reads it."""
    found = opened(world)
    return found.announced_at, found.shown_at


def test_a_process_killed_between_the_swap_and_the_reload_has_the_next_one_reload(tmp_path: Path) -> None:
    world = _HardToReload(tmp_path)
    world.deploy(shown(NEW))
    world.later(HELD_S)
    world.failing = Killed()
    with pytest.raises(Killed):
        world.deploy(shown(NEW))
    assert ChainFile(world.file).held()[0] == shown(NEW).der
    assert (world.reloads, moments(world)[1]) == (0, None)
    world.later(KEPT_S)
    again = world.deploy(shown(NEW))
    assert (again.end, again.stage, world.reloads) == (PublicationEnd.WAITING, Stage.SETTLE, 1)
    assert again.withdraw_at is not None
    assert again.withdraw_at > world.at, "the old certificate was shown until the reload"
    assert world.deploy(shown(NEW)).stage is Stage.SETTLE
    assert world.reloads == 1


def test_a_reload_that_fails_is_told_and_done_by_the_next_call(tmp_path: Path) -> None:
    world = _HardToReload(tmp_path)
    world.deploy(shown(NEW))
    world.later(HELD_S)
    world.failing = KeeperError("postfix reload: status 1")
    failed = world.deploy(shown(NEW))
    assert (failed.end, failed.said) == (PublicationEnd.FAILED, "postfix reload: status 1")
    assert (world.reloads, moments(world)[1]) == (0, None)
    assert world.deploy(shown(NEW)).stage is Stage.SETTLE
    assert (world.reloads, len(world.tlsa())) == (1, 2)


def test_a_record_that_vanished_takes_its_moment_with_it_and_gets_another(tmp_path: Path) -> None:
    """RFC 7671 section 8.1: a cache may hold the set without the record from when it vanished."""
    world = RolledWorld(tmp_path)
    before = world.world
    world.deploy(shown(NEW))
    first, _ = moments(world)
    assert first is not None
    world.world = before
    world.refusing = "the API: no"
    world.later(HELD_S)
    failed = world.deploy(shown(NEW))
    assert (failed.end, moments(world)) == (PublicationEnd.FAILED, (None, None))
    world.refusing = ""
    world.by_hand(record(shown(OLD)), record(shown(NEW)))
    waiting = world.deploy(shown(NEW))
    second, _ = moments(world)
    assert (waiting.end, waiting.stage) == (PublicationEnd.WAITING, Stage.WAIT)
    assert second is not None
    assert second - first > timedelta(seconds=HELD_S)
    assert waiting.swap_at == second + timedelta(seconds=HELD_S)
    world.later(HELD_S)
    assert (world.deploy(shown(NEW)).stage, world.refused) == (Stage.SETTLE, [])


def test_a_record_that_vanishes_once_the_certificate_is_shown_is_put_back(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.deploy(shown(NEW))
    world.later(HELD_S)
    assert world.deploy(shown(NEW)).stage is Stage.SETTLE
    _, shown_at = moments(world)
    world.world = world.world.zone_with(f"{OWNER} TLSA {record(shown(OLD))}")
    put_back = world.deploy(shown(NEW))
    assert (put_back.end, put_back.stage) == (PublicationEnd.WAITING, Stage.SETTLE)
    assert world.tlsa() == tuple(sorted((record(shown(OLD)), record(shown(NEW)))))
    assert (len(world.puts), world.reloads) == (2, 1)
    assert moments(world)[1] == shown_at
    world.later(KEPT_S)
    assert world.deploy(shown(NEW)).end is PublicationEnd.DONE
    assert world.tlsa() == (record(shown(NEW)),)


@pytest.mark.parametrize(("patience_s", "stage"), [(HELD_S + 60, Stage.SETTLE), (HELD_S - 60, Stage.WAIT)])
def test_one_patience_is_that_of_all_stages_of_a_call(
    tmp_path: Path, patience_s: float, stage: Stage
) -> None:
    world = RolledWorld(tmp_path)
    world.patience_s = patience_s
    began = world.at
    kept = world.deploy(shown(NEW))
    assert (kept.end, kept.stage) == (PublicationEnd.WAITING, stage)
    assert (world.at - began).total_seconds() < patience_s + TTL_S / 3


def test_a_process_that_has_lost_its_place_alters_nothing_more(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.deploy(shown(NEW))
    world.later(HELD_S)
    asked: list[tuple[int, bool]] = []

    def still_alone() -> None:
        asked.append((world.reloads, moments(world)[1] is not None))
        if len(asked) == 2:
            raise JournalError(MX1)

    with pytest.raises(JournalError):
        world.roller(world.journal()).go_on(MX1, still_alone, world.reload)
    assert asked == [(0, False), (1, True)], "before each stage"
    assert len(world.tlsa()) == 2
