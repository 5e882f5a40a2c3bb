"""What a rollover is made of: the records that name servers have, where any of them was heard."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Der, Evidence, Kind, Outcome
from mxproof.formats.tlsa import parse_tlsa
from mxproof.judge.checks.mending import tlsa_value
from mxproof.publish.rollover import OwnedTlsa, Rollover, authority_record
from mxproof.publish.rollover_making import (
    ServerOfMail,
    first_records,
    looked_up_by,
    rollover_to,
    with_served,
)
from mxproof.remedy.planned import PlannedState
from support_certificates import INTERMEDIATE, ROOT
from support_rollover import DOMAIN, MX1, NEW, NEWER, OLD, OWNER, TTL_S, RolledWorld, record, shown


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> RolledWorld:
    return RolledWorld(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def remembered(world: RolledWorld) -> Evidence:
    """Return how mail arrives while a resolver still has the record of the old key."""
    return world.arriving(DOMAIN, PlannedState())


def _records(evidence: Evidence) -> list[str]:
    _, data = evidence.dns(Kind.TLSA, OWNER)
    assert data is not None
    return [str(one) for one in data.records]


def test_what_name_servers_have_by_now_takes_the_place_of_what_a_resolver_remembers(
    tmp_path: Path, remembered: Evidence
) -> None:
    altered = RolledWorld(tmp_path)
    altered.by_hand(record(shown(NEW)))
    new = altered.arriving(DOMAIN, PlannedState())
    assert _records(remembered) != _records(new)
    assert _records(with_served(remembered, altered.look(DOMAIN, (MX1,)), (MX1,))) == _records(new)


def test_a_set_that_name_servers_have_no_more_is_empty(tmp_path: Path, remembered: Evidence) -> None:
    altered = RolledWorld(tmp_path)
    altered.by_hand()
    served = with_served(remembered, altered.look(DOMAIN, (MX1,)), (MX1,))
    assert (served.dns(Kind.TLSA, OWNER)[0].outcome, _records(served)) == (Outcome.EMPTY, [])


def test_where_no_name_server_says_anything_what_a_resolver_said_stands(
    world: RolledWorld, remembered: Evidence
) -> None:
    look = world.look(DOMAIN, (MX1,))
    silent = look.with_answers(
        (question, msgspec.structs.replace(answer, outcome=Outcome.TIMEOUT, data=None))
        for question, answer in look.answers.items()
        if question.kind is Kind.TLSA and question.server
    )
    assert with_served(remembered, silent, (MX1,)) == remembered


def test_a_rollover_is_of_the_server_as_it_is_configured_and_of_the_chain_as_it_was_staged(
    world: RolledWorld, remembered: Evidence
) -> None:
    server = ServerOfMail(hosts=(MX1,), domains=(DOMAIN, "example.net"), file="/etc/mx1.pem", kept_s=77)
    chain = (Der(shown(NEW).der), Der(INTERMEDIATE.der))
    look = world.look(DOMAIN, (MX1,))
    made = rollover_to(chain, server, look, (remembered,))
    coming, going = (OwnedTlsa(OWNER, tlsa_value(parse_tlsa(record(shown(one))))) for one in (NEW, OLD))
    assert made == Rollover(
        (MX1,),
        (DOMAIN, "example.net"),
        (shown(NEW).der, INTERMEDIATE.der),
        "/etc/mx1.pem",
        (coming,),
        (going,),
        TTL_S,
        77,
    )
    assert rollover_to(chain, server, look, (remembered, remembered)) == made
    of_another = rollover_to(chain, server, look, (remembered,), old=(Der(shown(NEWER).der),))
    assert (of_another.coming, of_another.going) == ((coming,), ()), "the record names another server"
    of_this = rollover_to(chain, server, look, (remembered,), old=(Der(shown(OLD).der),))
    assert (of_this.coming, of_this.going) == ((coming,), (going,))


def test_what_an_unfinished_rollover_published_for_the_same_key_stays_ours_and_for_another_goes(
    tmp_path: Path,
) -> None:
    altered = RolledWorld(tmp_path)
    altered.by_hand(record(shown(OLD)), record(shown(NEW)))
    look, arriving = altered.look(DOMAIN, (MX1,)), altered.arriving(DOMAIN, PlannedState())
    came = OwnedTlsa(OWNER, tlsa_value(parse_tlsa(record(shown(NEW)))))
    unfinished = Rollover((MX1,), (DOMAIN,), (), coming=(came,))
    same, other = ((Der(shown(one).der), Der(INTERMEDIATE.der)) for one in (NEW, NEWER))
    ours = rollover_to(same, altered.server(), look, (arriving,), unfinished)
    assert (ours.coming, ours.relied, ours.old_ttl_s) == ((came,), (), TTL_S)
    foreign = rollover_to(same, altered.server(), look, (arriving,))
    assert (foreign.coming, foreign.relied, foreign.old_ttl_s) == ((), (came,), TTL_S)
    replaced = rollover_to(other, altered.server(), look, (arriving,), unfinished)
    assert came in replaced.going
    assert came not in (*replaced.coming, *replaced.relied)


def test_a_server_is_looked_up_by_its_names_and_by_no_other_host_of_its_domains(remembered: Evidence) -> None:
    assert looked_up_by((MX1,), (remembered, remembered)) == (MX1,)
    assert looked_up_by(("mail.example.org",), (remembered,)) == ("mail.example.org",)


def test_first_records_come_where_there_are_none_and_name_the_key_or_each_authority(
    tmp_path: Path, world: RolledWorld, remembered: Evidence
) -> None:
    server = world.server()
    assert first_records(server, world.look(DOMAIN, (MX1,)), remembered) is None
    altered = RolledWorld(tmp_path)
    altered.by_hand()
    look, arriving = altered.look(DOMAIN, (MX1,)), altered.arriving(DOMAIN, PlannedState())
    key = OwnedTlsa(OWNER, tlsa_value(parse_tlsa(record(shown(OLD)))))
    assert first_records(server, look, arriving) == Rollover((MX1,), (DOMAIN,), (), coming=(key,))
    above = (Der(INTERMEDIATE.der), Der(ROOT.der))
    named = first_records(world.server(*above), look, arriving)
    assert named is not None
    assert named.coming == tuple(OwnedTlsa(OWNER, authority_record(one)) for one in above)
    elsewhere = msgspec.structs.replace(server, hosts=("mx9.example.com",))
    assert first_records(elsewhere, look, arriving) is None
