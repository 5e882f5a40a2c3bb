"""Every hostile behaviour comes out as its row of the table says.

`make thorough` tries one of each kind with a twentieth of the time, `make test` some of these; `make hostile` tries all, with the time that people
have, and holds them to the limits of time and memory. MXPROOF_HOSTILE is the time for one endpoint in seconds.
"""

import os

import pytest

from hostile.table import PARTS, Behaviour, behaviours, one_of_each_kind
from hostile.trial import (
    ENDPOINTS_IN_DOMAIN_TIME,
    GROWTH_BYTES_MAX,
    TENTH_S,
    steering,
    tried,
    verdict,
    wish,
)
from mxproof.net.asking import ENDPOINT_TIMEOUT_S
from support_long import some

SHORT_S = ENDPOINT_TIMEOUT_S / 20
BUSY = (6, 40)
"""How many times as long a row is given that comes out otherwise in a short time: the machine may have been busy."""
ASKED_FOR = os.environ.get("MXPROOF_HOSTILE", "")
ENDPOINT_S = float(ASKED_FOR or SHORT_S)
ROWS = [row for part in PARTS for row in (behaviours(part) if ASKED_FOR else one_of_each_kind(part))]


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Try one row beforehand, so that what is loaded once is not taken for growth."""
    if ENDPOINT_S >= ENDPOINT_TIMEOUT_S:
        tried(ROWS[0], ENDPOINT_S)


@pytest.mark.parametrize("row", some(ROWS, 4), ids=lambda row: f"{row.part}-{row.id}")
def test_a_behaviour_comes_out_as_the_table_says(row: Behaviour) -> None:
    endpoint_s = max(ENDPOINT_S, row.needs_s)
    trial = tried(row, endpoint_s)
    for longer in BUSY if ENDPOINT_S < ENDPOINT_TIMEOUT_S else ():
        if verdict(trial, row.expect) != wish(trial, row.expect):
            trial = tried(row, endpoint_s * longer)
    assert verdict(trial, row.expect) == wish(trial, row.expect), row.seen
    assert steering(trial.report) == set()
    if ENDPOINT_S >= ENDPOINT_TIMEOUT_S:
        assert trial.slowest_s < ENDPOINT_S + TENTH_S
        assert trial.elapsed_s < ENDPOINT_S * ENDPOINTS_IN_DOMAIN_TIME + TENTH_S
        assert trial.growth_bytes <= GROWTH_BYTES_MAX


@pytest.mark.parametrize("part", PARTS)
def test_every_row_has_a_name_of_its_own(part: str) -> None:
    names = [row.id for row in behaviours(part)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("part", PARTS)
def test_every_row_has_a_world_that_can_be_set_up(part: str) -> None:
    named = [row.scenario(SHORT_S).name for row in behaviours(part)]
    assert named == [f"{part}-{row.id}" for row in behaviours(part)]
