"""The plan as text: it fits its paper, in ASCII and in colour, and the picture has a lane for who is in trouble."""

import re

import pytest

from mxproof.remedy.plan import Plan
from mxproof.remedy.planning import plan_for
from mxproof.render.text.paper import Paper
from mxproof.render.text.plan import span, text
from mxproof.render.text.rehearsal import picture
from support_incident import INCIDENT
from support_world import collect


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_for(collect(INCIDENT), now=INCIDENT.at)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_paper_but_records_that_stand_whole(plan: Plan, width: int) -> None:
    lines = text(plan, Paper(width=width)).splitlines()
    assert max(len(line) for line in lines if "v=STSv1; id=" not in line) <= width
    assert all(line.isascii() for line in lines)
    records = [line for line in lines if "v=STSv1; id=" in line]
    assert records
    assert [
        line for line in records if not re.search(r'[+-] _mta-sts\.\S+ TXT "v=STSv1; id=\w+;"$', line)
    ] == []


def test_colour_says_nothing_that_letters_do_not(plan: Plan) -> None:
    lane = next(line for line in text(plan, Paper()).splitlines() if line.strip().startswith("microsoft"))
    assert {"X", "-"} <= set(lane)


def test_a_lane_stands_for_each_sender_in_trouble_and_one_for_all_others(plan: Plan) -> None:
    decides = frozenset(one.id for one in plan.before) - set(plan.undecided)
    lines = picture(plan.ways[-1].naive, decides, 0, Paper(width=80))
    named = [line.split()[0] for line in lines]
    assert {one.sender for one in plan.ways[-1].naive.suffering} <= set(named)
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (60, "1 min"),
        (600, "10 min"),
        (604_800, "7 days"),
        (604_860, "7 days 1 min"),
        (90_000, "25 h"),
    ],
)
def test_a_span_is_said_in_the_units_of_an_administrator(seconds: int, said: str) -> None:
    assert span(seconds) == said
