"""Which TLSA records stand at a host: what each of them is for, and how many of the places that were asked have it."""

from pathlib import Path

import pytest

from mxproof.evidence import Der
from mxproof.mail.assemble import assemble
from mxproof.mail.trust import with_anchors
from mxproof.publish.tlsa_standing import standing_tlsa
from mxproof.publish.told_rollover import StandingTlsa, TlsaRole
from mxproof.remedy.planned import PlannedState
from mxproof.survey import inbound
from support_certificates import INTERMEDIATE, ROOT
from support_rollover import ADDRESSES, DOMAIN, MX1, NEW, NEWER, OLD, OWNER, RolledWorld, record, shown
from support_world import Smtp, collect

COMING = (Der(shown(NEW).der), Der(INTERMEDIATE.der))


@pytest.fixture
def world(tmp_path: Path) -> RolledWorld:
    return RolledWorld(tmp_path, (record(shown(OLD)), record(shown(NEW)), record(shown(NEWER))))


def standing(world: RolledWorld, *coming: Der) -> tuple[StandingTlsa, ...]:
    arriving = world.arriving(DOMAIN, PlannedState())
    hosts = assemble(arriving, arriving.observed_at()).hosts
    (host,) = [one for one in hosts if one.name == MX1]
    return standing_tlsa(host, world.look(DOMAIN, (MX1,)), coming)


def test_a_record_names_what_is_shown_or_what_comes_or_nothing_that_was_seen(world: RolledWorld) -> None:
    roles = {one.line: one.role for one in standing(world, *COMING)}
    lines = {one: f"{OWNER}. TLSA {record(shown(one))}" for one in (OLD, NEW, NEWER)}
    assert roles == {lines[OLD]: TlsaRole.SHOWN, lines[NEW]: TlsaRole.NEXT, lines[NEWER]: TlsaRole.LEFT}
    left = [one.line for one in standing(world) if one.role is TlsaRole.LEFT]
    assert sorted(left) == sorted([lines[NEW], lines[NEWER]])


def test_a_record_is_told_with_how_many_places_have_it(world: RolledWorld) -> None:
    assert {(one.host, one.places, one.places_asked) for one in standing(world)} == {(MX1, 4, 4)}


def test_what_one_address_of_several_shows_is_shown(world: RolledWorld) -> None:
    one, other = ADDRESSES
    both = world.world.but(smtp={one: Smtp(names=OLD), other: Smtp(names=NEW)})
    arriving = with_anchors(collect(both, inbound.wanted), (ROOT.der,))
    (host,) = [each for each in assemble(arriving, arriving.observed_at()).hosts if each.name == MX1]
    roles = [each.role for each in standing_tlsa(host, world.look(DOMAIN, (MX1,)), ())]
    assert sorted(roles) == [TlsaRole.LEFT, TlsaRole.SHOWN, TlsaRole.SHOWN]
