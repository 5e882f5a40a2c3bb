"""TLSA records of the hosts of a domain: first ones, and those for a certificate that somebody else installs."""

from pathlib import Path

import pytest

from mxproof.evidence import Der
from mxproof.publish.chain_file import ChainFile
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from mxproof.publish.rollover_permission import RolloverLooks
from mxproof.publish.tlsa_publication import TlsaPublication, WantedTlsa
from mxproof.publish.told_rollover import TlsaRole, ToldRollover
from support_certificates import INTERMEDIATE
from support_rollover import (
    DOMAIN,
    HELD_S,
    KEPT_S,
    MX1,
    NEW,
    OLD,
    OWNER,
    RolledWorld,
    keyed,
    record,
    shown,
)

NOTHING = WantedTlsa()
CHAIN = (Der(shown(NEW).der), Der(INTERMEDIATE.der))
NEXT = WantedTlsa({MX1: CHAIN}, kept_s=KEPT_S)


@pytest.fixture
def world(tmp_path: Path) -> RolledWorld:
    """Return the world, in which the other MX host has no say."""
    made = RolledWorld(tmp_path)
    made.world = made.world.zone_with("example.com MX 10 mx1.example.com")
    return made


def _publish(world: RolledWorld, wanted: WantedTlsa, *, dry: bool = False) -> ToldRollover:
    journal = world.journal()
    made = TlsaPublication(world.roller(journal), journal, RolloverLooks(world.look, world.arriving))
    (told,) = made.publish(DOMAIN, wanted, dry=dry)
    return told


def test_a_record_that_names_what_is_shown_is_told_as_that_and_nothing_is_done(world: RolledWorld) -> None:
    told = _publish(world, NOTHING)
    assert (told.end, told.host, world.puts) == (PublicationEnd.NOTHING, MX1, [])
    assert [(one.role, one.places, one.places_asked) for one in told.standing] == [(TlsaRole.SHOWN, 4, 4)]


def test_a_host_without_records_gets_one_of_the_key_that_it_shows(world: RolledWorld) -> None:
    world.world = world.world.zone_with(f"{OWNER} TLSA")
    assert _publish(world, NOTHING, dry=True).end is PublicationEnd.PLANNED
    assert world.tlsa() == ()
    assert _publish(world, NOTHING).end is PublicationEnd.DONE
    assert (world.tlsa(), world.refused) == ((record(shown(OLD)),), [])


def test_a_host_without_records_gets_those_of_authorities_that_are_named(world: RolledWorld) -> None:
    world.world = world.world.zone_with(f"{OWNER} TLSA")
    assert _publish(world, WantedTlsa(authorities=(Der(INTERMEDIATE.der),))).end is PublicationEnd.DONE
    assert world.tlsa() == (record(shown(OLD), 2),)


def test_a_host_whose_addresses_are_not_signed_gets_none(world: RolledWorld) -> None:
    world.world = world.world.zone_with(f"{OWNER} TLSA").but(signed=())
    told = _publish(world, NOTHING)
    assert (told.end, told.standing, world.puts) == (PublicationEnd.NOTHING, (), [])


def test_a_certificate_that_somebody_installs_is_announced_waited_for_and_what_it_replaces_withdrawn(
    world: RolledWorld, tmp_path: Path
) -> None:
    first = _publish(world, NEXT)
    assert (first.end, first.stage, len(world.tlsa())) == (PublicationEnd.WAITING, Stage.WAIT, 2)
    assert first.swap_at is not None
    assert {one.role for one in first.standing} == {TlsaRole.SHOWN, TlsaRole.NEXT}
    world.later(HELD_S)
    second = _publish(world, NOTHING)
    assert (second.end, second.stage) == (PublicationEnd.WAITING, Stage.INSTALL)
    assert {one.address for one in second.lag} == {"192.0.2.1", "2001:db8::1"}
    world.file.write_bytes(keyed(tmp_path, shown(NEW)).text)
    third = _publish(world, NOTHING)
    assert (third.end, third.stage) == (PublicationEnd.WAITING, Stage.SETTLE)
    world.later(KEPT_S)
    assert _publish(world, NOTHING).end is PublicationEnd.DONE
    assert (world.tlsa(), world.refused) == ((record(shown(NEW)),), [])


def test_what_is_unfinished_of_a_host_is_gone_on_with_by_its_name(world: RolledWorld, tmp_path: Path) -> None:
    _publish(world, NEXT)
    journal = world.journal()
    made = TlsaPublication(world.roller(journal), journal, RolloverLooks(world.look, world.arriving))
    world.later(HELD_S)
    told = made.go_on(MX1)
    assert told is not None
    assert (told.end, told.stage) == (PublicationEnd.WAITING, Stage.INSTALL)
    assert made.go_on("mx2.example.com") is None


def test_what_deploy_has_under_way_is_told_and_left_to_it(world: RolledWorld) -> None:
    assert world.deploy(shown(NEW)).stage is Stage.WAIT
    world.later(HELD_S)
    told = _publish(world, NOTHING)
    assert (told.end, told.stage, told.file) == (PublicationEnd.WAITING, Stage.WAIT, str(world.file))
    assert world.reloads == 0
    assert ChainFile(world.file).held()[0] == shown(OLD).der
    journal = world.journal()
    made = TlsaPublication(world.roller(journal), journal, RolloverLooks(world.look, world.arriving))
    gone_on = made.go_on(MX1)
    assert gone_on is not None
    assert (gone_on.end, gone_on.stage, gone_on.file) == (
        PublicationEnd.WAITING,
        Stage.WAIT,
        str(world.file),
    )
    assert (ChainFile(world.file).held()[0], world.reloads) == (shown(OLD).der, 0)


def test_a_dry_run_while_one_is_unfinished_does_nothing_of_it_and_the_next_call_does(
    world: RolledWorld,
) -> None:
    world.refusing = "the API: no"
    assert _publish(world, NEXT).end is PublicationEnd.FAILED
    world.refusing = ""
    before = world.journal().opened(MX1)
    planned = _publish(world, NEXT, dry=True)
    assert (planned.end, world.puts, world.journal().opened(MX1)) == (PublicationEnd.PLANNED, [], before)
    assert _publish(world, NEXT).stage is Stage.WAIT
    after = world.journal().opened(MX1)
    assert before is not None
    assert after is not None
    assert (after.number, len(world.puts)) == (before.number, 1), "the same certificate begins nothing anew"
