"""A rollover from a renewed certificate to its last record, in a world in memory that tells of every sender that would refuse."""

from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.evidence import Der
from mxproof.formats.tlsa import parse_tlsa
from mxproof.judge.checks.mending import tlsa_value
from mxproof.publish.chain_file import ChainFile
from mxproof.publish.keeper import KeeperError
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from mxproof.remedy.step_record import AlteredSet
from support_certificates import INTERMEDIATE, ROOT, make
from support_long import some
from support_publication import SERVERS, Killed
from support_rollover import (
    HELD_S,
    KEPT_S,
    MX1,
    NEW,
    NEWER,
    OLD,
    OWNER,
    TTL_S,
    RolledWorld,
    keyed,
    lineage,
    record,
    shown,
)


def test_a_new_key_is_announced_waited_for_shown_and_the_old_record_withdrawn(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    old = ChainFile(world.file).held()
    first = world.deploy(shown(NEW))
    assert (first.end, first.stage) == (PublicationEnd.WAITING, Stage.WAIT)
    assert world.tlsa() == tuple(sorted((record(shown(OLD)), record(shown(NEW)))))
    assert ChainFile(world.file).held() == old
    world.later(HELD_S)
    second = world.deploy(shown(NEW))
    assert (second.end, second.stage) == (PublicationEnd.WAITING, Stage.SETTLE)
    assert ChainFile(world.file).held()[0] == shown(NEW).der
    assert world.reloads == 1
    assert len(world.tlsa()) == 2
    world.later(KEPT_S)
    third = world.deploy(shown(NEW))
    assert (third.end, third.stage) == (PublicationEnd.DONE, Stage.OVER)
    assert world.tlsa() == (record(shown(NEW)),)
    assert world.deploy(shown(NEW)).end is PublicationEnd.NOTHING
    assert world.refused == []


def test_a_key_that_is_kept_is_shown_at_once_and_no_record_altered(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    again = make(MX1, INTERMEDIATE, names=(MX1, "kept.example.com"), key=shown(OLD).key)
    result = world.deploy(again)
    assert (result.end, ChainFile(world.file).held()[0], world.reloads) == (
        PublicationEnd.DONE,
        again.der,
        1,
    )
    assert (world.puts, world.tlsa(), world.refused) == ([], (record(shown(OLD)),), [])


def test_an_authority_that_is_named_already_needs_no_record_and_loses_none(tmp_path: Path) -> None:
    other = "2 1 1 " + "ab" * 32
    world = RolledWorld(tmp_path, (record(shown(OLD), 2), other))
    result = world.deploy(shown(NEW))
    assert (result.end, world.puts, world.refused) == (PublicationEnd.DONE, [], [])
    assert len(world.tlsa()) == 2


def test_a_record_of_each_authority_that_may_issue_comes_and_none_of_them_goes(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path, (record(shown(OLD), 2),))
    result = world.deploy(shown(NEW), Der(INTERMEDIATE.der), Der(ROOT.der))
    assert (result.end, result.stage) == (PublicationEnd.WAITING, Stage.WAIT)
    assert len(world.tlsa()) == 2
    world.later(HELD_S)
    assert world.deploy(shown(NEW), Der(INTERMEDIATE.der), Der(ROOT.der)).end is PublicationEnd.DONE
    assert (len(world.tlsa()), world.refused) == (2, [])


def test_a_certificate_that_senders_would_not_take_is_not_staged(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    result = world.deploy(shown(("other.example.net",)))
    assert (result.end, ChainFile(world.file).staged(), world.puts) == (PublicationEnd.REFUSED, (), [])
    assert result.judgement is not None
    assert "rfc8461" in {one.sender for one in result.judgement.preflight.worse}
    assert world.journal().history(MX1, 5) == ()


def test_a_name_server_that_lags_keeps_the_old_certificate_shown(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.lagging, world.patience_s = SERVERS[1:], 30.0
    first = world.deploy(shown(NEW))
    assert (first.end, first.stage) == (PublicationEnd.WAITING, Stage.ANNOUNCE)
    assert {(one.address, one.transport) for one in first.lag} == {(SERVERS[1], "udp"), (SERVERS[1], "tcp")}
    world.later(10 * TTL_S)
    assert world.deploy(shown(NEW)).stage is Stage.ANNOUNCE
    world.catch_up()
    caught_up = world.deploy(shown(NEW))
    assert (caught_up.end, caught_up.stage) == (PublicationEnd.WAITING, Stage.WAIT)
    assert (len(world.puts), world.refused) == (1, [])


def test_a_record_that_vanishes_while_it_is_waited_for_begins_the_wait_anew(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    before = world.world
    world.deploy(shown(NEW))
    world.world = before
    world.later(HELD_S)
    again = world.deploy(shown(NEW))
    assert (again.end, again.stage, len(world.puts)) == (PublicationEnd.WAITING, Stage.WAIT, 2)
    assert ChainFile(world.file).held()[0] == shown(OLD).der


def test_a_later_certificate_takes_the_place_of_one_that_waits_and_its_record_goes_in_the_end(
    tmp_path: Path,
) -> None:
    world = RolledWorld(tmp_path)
    world.deploy(shown(NEW))
    world.deploy(shown(NEWER))
    assert len(world.tlsa()) == 3
    for seconds in (HELD_S, KEPT_S):
        world.later(seconds)
        last = world.deploy(shown(NEWER))
    assert last.end is PublicationEnd.DONE
    assert (world.tlsa(), world.refused) == ((record(shown(NEWER)),), [])


def test_a_certificate_by_force_is_shown_once_its_record_is_whatever_is_judged(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    other = shown(("other.example.net",))
    assert world.deploy(other, forced="the host gets this name tonight").stage is Stage.WAIT
    world.later(HELD_S)
    world.deploy(other)
    assert ChainFile(world.file).held()[0] == other.der
    assert world.journal().history(MX1, 5)[0].forced == "the host gets this name tonight"


def test_a_dry_run_says_what_comes_and_goes_and_does_nothing(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    result = world.deploy(shown(NEW), dry=True)
    assert result.end is PublicationEnd.PLANNED
    assert result.rollover is not None
    assert (len(result.rollover.coming), len(result.rollover.going)) == (1, 1)
    assert (world.puts, ChainFile(world.file).staged(), world.journal().history(MX1, 5)) == ([], (), ())


def test_a_keeper_that_does_not_do_it_leaves_it_to_the_next_call(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.refusing = "the API: no"
    result = world.deploy(shown(NEW))
    assert (result.end, result.said) == (PublicationEnd.FAILED, "the API: no")
    world.refusing = ""
    assert world.deploy(shown(NEW)).stage is Stage.WAIT


def test_nothing_is_begun_where_the_chain_cannot_be_staged(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    chain, _ = lineage(tmp_path, shown(OLD))
    world.file.write_bytes(chain.read_bytes())
    world.file.chmod(0o644)
    with pytest.raises(KeeperError, match="everybody may read it, and it holds no key so far"):
        world.deploy(shown(NEW))
    assert (world.journal().history(MX1, 5), world.puts) == ((), [])
    world.file.chmod(0o640)
    assert world.deploy(shown(NEW)).stage is Stage.WAIT


def test_a_record_that_was_put_there_by_hand_a_moment_ago_is_waited_for_like_one_that_comes(
    tmp_path: Path,
) -> None:
    world = RolledWorld(tmp_path)
    world.event()
    world.by_hand(record(shown(OLD)), record(shown(NEW)))
    first = world.deploy(shown(NEW))
    assert first.rollover is not None
    assert (first.end, first.stage, first.rollover.coming) == (PublicationEnd.WAITING, Stage.WAIT, ())
    assert [one.record for one in first.rollover.relied] == [tlsa_value(parse_tlsa(record(shown(NEW))))]
    assert (ChainFile(world.file).held()[0], world.puts) == (shown(OLD).der, [])
    world.later(HELD_S)
    assert world.deploy(shown(NEW)).stage is Stage.SETTLE
    world.later(KEPT_S)
    assert world.deploy(shown(NEW)).end is PublicationEnd.DONE
    assert (world.tlsa(), world.refused) == ((record(shown(NEW)),), [])


def test_a_record_that_one_name_server_has_is_waited_for_until_all_have_it(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.event()
    world.lagging, world.patience_s = SERVERS[1:], 30.0
    world.by_hand(record(shown(OLD)), record(shown(NEW)))
    first = world.deploy(shown(NEW))
    assert (first.stage, {one.address for one in first.lag}) == (Stage.ANNOUNCE, {SERVERS[1]})
    world.later(10 * TTL_S)
    assert world.deploy(shown(NEW)).stage is Stage.ANNOUNCE
    world.catch_up()
    assert world.deploy(shown(NEW)).stage is Stage.WAIT
    world.later(HELD_S)
    assert world.deploy(shown(NEW)).stage is Stage.SETTLE
    assert (world.puts, world.refused) == ([], [])


def test_an_authority_that_one_name_server_alone_names_is_waited_for_as_well(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.event()
    world.lagging, world.patience_s = SERVERS[1:], 30.0
    world.by_hand(record(shown(OLD)), record(shown(OLD), 2))
    assert world.deploy(shown(NEW)).stage is Stage.ANNOUNCE
    world.catch_up()
    assert world.deploy(shown(NEW)).stage is Stage.WAIT
    assert world.refused == []


def test_an_authority_that_names_both_chains_makes_nobody_wait_for_a_record_beside_it(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path, (record(shown(OLD), 2),))
    world.event()
    world.by_hand(record(shown(OLD), 2), record(shown(NEW)))
    assert (world.deploy(shown(NEW)).end, world.refused) == (PublicationEnd.DONE, [])


def test_a_record_that_was_relied_on_stays_where_another_certificate_takes_the_place(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.by_hand(record(shown(OLD)), record(shown(NEW)))
    world.deploy(shown(NEW))
    for seconds in (0, HELD_S, KEPT_S):
        world.later(seconds)
        last = world.deploy(shown(NEWER))
    assert last.end is PublicationEnd.DONE
    assert world.tlsa() == tuple(sorted((record(shown(NEW)), record(shown(NEWER)))))
    assert world.refused == []


def test_a_record_that_was_relied_on_and_vanishes_is_published_and_the_wait_begins_anew(
    tmp_path: Path,
) -> None:
    world = RolledWorld(tmp_path)
    before = world.world
    world.by_hand(record(shown(OLD)), record(shown(NEW)))
    world.deploy(shown(NEW))
    world.world = before
    world.later(HELD_S)
    assert (world.deploy(shown(NEW)).stage, len(world.puts)) == (Stage.WAIT, 1)
    assert world.refused == []


def test_a_certificate_renewed_once_more_with_the_key_that_waits_waits_and_leaves_no_record(
    tmp_path: Path,
) -> None:
    world = RolledWorld(tmp_path)
    world.deploy(shown(NEW))
    again = make(MX1, INTERMEDIATE, names=(MX1, "again.example.com"), key=shown(NEW).key)
    second = world.deploy(again)
    assert second.rollover is not None
    assert (second.stage, len(second.rollover.coming), second.rollover.relied) == (Stage.WAIT, 1, ())
    for seconds in (0, HELD_S, KEPT_S):
        world.later(seconds)
        last = world.deploy(shown(NEWER))
    assert (last.end, world.tlsa(), world.refused) == (PublicationEnd.DONE, (record(shown(NEWER)),), [])


def test_without_tlsa_records_a_certificate_is_shown_at_once(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.world = world.world.zone_with(f"{OWNER} TLSA")
    result = world.deploy(shown(NEW))
    assert (result.end, world.puts, world.tlsa()) == (PublicationEnd.DONE, [], ())


@pytest.mark.parametrize("killed_at", some(range(3, 48, 11), 3))
def test_a_process_killed_at_any_point_is_finished_by_those_after_it(tmp_path: Path, killed_at: int) -> None:
    world = RolledWorld(tmp_path)
    world.killed_at = killed_at
    ends = []
    for seconds in (0, 0, HELD_S, 0, KEPT_S, 0):
        world.later(seconds)
        try:
            ends.append(world.deploy(shown(NEW)).end)
        except Killed:
            world.killed_at = None
    assert ends[-1] in {PublicationEnd.DONE, PublicationEnd.NOTHING}
    assert ChainFile(world.file).held()[0] == shown(NEW).der
    assert (world.tlsa(), world.refused) == ((record(shown(NEW)),), [])
    assert world.reloads >= 1


def test_a_certificate_swapped_by_hand_too_early_is_noticed_by_the_test_itself(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.file.write_bytes(keyed(tmp_path, shown(NEW)).text)
    world.event()
    assert {one.place for _, one in world.refused} == set(SERVERS)


def test_it_is_told_from_when_the_certificate_may_be_shown_and_then_from_when_old_records_may_go(
    tmp_path: Path,
) -> None:
    world = RolledWorld(tmp_path)
    world.lagging, world.patience_s = SERVERS[1:], 30.0
    behind = world.deploy(shown(NEW))
    assert (behind.swap_at, behind.withdraw_at) == (None, None), "nobody knows when the last server follows"
    world.catch_up()
    waiting = world.deploy(shown(NEW))
    assert waiting.stage is Stage.WAIT
    assert waiting.swap_at is not None
    assert world.at < waiting.swap_at <= world.at + timedelta(seconds=HELD_S)
    assert waiting.withdraw_at is None
    world.later(HELD_S)
    settling = world.deploy(shown(NEW))
    assert settling.stage is Stage.SETTLE
    assert settling.withdraw_at is not None
    assert world.at < settling.withdraw_at <= world.at + timedelta(seconds=KEPT_S)
    assert settling.swap_at is None


class _KilledOncePublished(RolledWorld):
    """A world in which the process is killed right behind what it publishes, where `is_deadly`."""

    is_deadly = False

    def put(self, zone: str, altered: AlteredSet) -> str:
        done = super().put(zone, altered)
        if self.is_deadly:
            self.is_deadly = False
            raise Killed
        return done


def test_a_record_that_vanished_and_came_again_is_waited_for_even_by_who_was_killed_between(
    tmp_path: Path,
) -> None:
    """The time since the first announcement does not count: senders may hold the set without the record that long."""
    world = _KilledOncePublished(tmp_path)
    before = world.world
    world.deploy(shown(NEW))
    world.world = before
    world.later(HELD_S)
    world.is_deadly = True
    with pytest.raises(Killed):
        world.deploy(shown(NEW))
    assert world.deploy(shown(NEW)).stage is Stage.WAIT
    assert ChainFile(world.file).held()[0] == shown(OLD).der
    assert world.refused == []
