"""A renewed certificate brought to a mail server, however often that is asked for: what is begun, gone on with, or left alone."""

from pathlib import Path

from mxproof.publish.chain_file import ChainFile
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from support_rollover import HELD_S, MX1, NEW, NEWER, OLD, RolledWorld, shown


def test_what_the_file_has_already_is_left_alone_even_in_a_dry_run(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    for dry in (False, True):
        result = world.deploy(shown(OLD), dry=dry)
        assert (result.host, result.end) == (MX1, PublicationEnd.NOTHING)
        assert result.said == f"{world.file} has the certificate already"
    assert (world.journal().history(MX1, 5), world.reloads) == ((), 0)


def test_what_is_under_way_is_told_by_a_dry_run_and_stays_where_it_is(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    assert world.deploy(shown(NEW)).stage is Stage.WAIT
    puts = len(world.puts)
    world.later(HELD_S)
    planned = world.deploy(shown(NEW), dry=True)
    assert planned.end is PublicationEnd.PLANNED
    assert planned.rollover is not None
    assert planned.rollover.chain[0] == shown(NEW).der
    assert (len(world.puts), ChainFile(world.file).held()[0]) == (puts, shown(OLD).der)


def test_a_chain_that_is_gone_from_where_it_was_staged_is_staged_again(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.deploy(shown(NEW))
    file = ChainFile(world.file)
    assert file.staged()[:1] == (shown(NEW).der,)
    file.forget()
    world.deploy(shown(NEW))
    assert file.staged()[:1] == (shown(NEW).der,)
    world.later(HELD_S)
    assert world.deploy(shown(NEW)).stage is Stage.SETTLE
    assert (file.held()[:1], file.staged()) == ((shown(NEW).der,), ())
    world.deploy(shown(NEW))
    assert (file.held()[:1], file.staged()) == ((shown(NEW).der,), ())
    assert world.refused == []


def test_a_later_certificate_is_planned_in_place_of_what_is_under_way(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    world.deploy(shown(NEW))
    planned = world.deploy(shown(NEWER), dry=True)
    assert planned.end is PublicationEnd.PLANNED
    assert planned.rollover is not None
    assert planned.rollover.chain[0] == shown(NEWER).der
    (opened,) = world.journal().history(MX1, 5)
    assert opened == world.journal().opened(MX1)


def test_force_alters_nothing_in_a_dry_run(tmp_path: Path) -> None:
    world = RolledWorld(tmp_path)
    result = world.deploy(shown(("other.example.net",)), forced="it is known", dry=True)
    assert result.end is PublicationEnd.REFUSED
    assert (world.puts, ChainFile(world.file).staged(), world.journal().history(MX1, 5)) == ([], (), ())
