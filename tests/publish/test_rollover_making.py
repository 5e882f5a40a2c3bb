"""What a rollover is made of: the records that name servers have, where any of them was heard."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Outcome
from mxproof.publish.rollover_making import with_served
from mxproof.remedy.planned import PlannedState
from support_rollover import DOMAIN, MX1, NEW, OWNER, RolledWorld, record, shown


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
