"""Plans over worlds that bytes choose: each byte one choice, and a byte that is not there the sound one.

What holds of every plan: no order that is called safe has a state in which a sender fares worse, what is promised is what
the state after it shows, no single sender has a history in which it fares worse (`support_history`), the same world is
planned alike twice, the bound on the search is kept and its reaching said, and a plan without changes changes nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

import msgspec

from fuzz.target import Target
from mxproof.judge.faring import is_less_sure
from mxproof.judge.senders import SENDERS
from mxproof.mail.memory import Memory
from mxproof.net.dns.zone_file import read_lines
from mxproof.remedy.apply import apply
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import MeasureKind
from mxproof.remedy.plan import Plan
from mxproof.remedy.planned import PlannedState
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import SearchOptions
from mxproof.remedy.target import plan_to
from mxproof.render import json
from mxproof.render.text.paper import Paper
from mxproof.render.text.plan import text
from support_certificates import Defect
from support_history import Histories
from support_incident import ALIASES, FIXED, policy
from support_incident import TARGETS as HOSTS
from support_world import Https, Smtp, ZoneWorld, collect

T = TypeVar("T")

HISTORIES = 8
"""Senders that live through each way."""
SETS_MAX = 120
"""Sets of measures that a search is let judge here, so that a plan takes a second at most."""
_WIDTH = 60
_NAMES = (ALIASES + HOSTS, ALIASES, HOSTS, ALIASES[:1], ("*.example.com",), ("other.example.net",))
_DEFECTS = (Defect.NONE, Defect.NONE, Defect.EXPIRED, Defect.SELF_SIGNED)
_PLANNED = (
    ("mxi1 A 192.0.2.1", "mxi2 A 192.0.2.2"),
    ("@ MX 10 smol",),
    ("@ MX 10 tol", '_mta-sts TXT "v=STSv1; id=9;"'),
    ("smol A 192.0.2.2",),
    ("_25._tcp.smol TLSA 3 1 1 " + "00" * 32,),
)


def plan(data: bytes) -> None:
    """Plan the way out of a world, and the way to a planned state of it."""
    chosen = iter(data)
    world = _world(chosen)
    held = _choice(chosen, ((), (), (_memory(world),)))
    goal = _choice(chosen, tuple(Goal))
    state = PlannedState(
        (PlannedZone(read_lines(_choice(chosen, _PLANNED), "example.com"), None),), supposes=True
    )
    evidence, options = collect(world), SearchOptions(goal, sets_max=SETS_MAX)
    assert apply((), evidence).evidence == evidence
    found = [plan_for(evidence, now=world.at, memories=held, options=options) for _ in range(2)]
    assert found[0] == found[1]
    judge = Judge(evidence, world.at, held, SENDERS)
    _hold(found[0], judge)
    assert found[0].reached or found[0].ways or found[0].impossible
    led = plan_to(state, evidence, now=world.at, memories=held, options=options)
    assert led.reached == (led.target == ())
    assert all(way.kinds[0] is MeasureKind.PLANNED for way in led.ways)
    _hold(led, None)


def _hold(made: Plan, judge: Judge | None) -> None:
    """Hold a plan to what it says; `judge` where the world it begins with is the one observed."""
    assert made.search.judged <= SETS_MAX
    assert not made.search.stopped or made.search.judged == SETS_MAX
    before = {one.id: one.outcome for one in made.before if one.id not in made.undecided}
    for way in made.ways:
        assert way.is_safe == (not way.rehearsal.suffering)
        for state in (state for step in way.steps for state in step.states if way.is_safe):
            then = {one.id: one.outcome for one in state.senders}
            assert [one for one in before if is_less_sure(before[one], then[one])] == []
        if judge is not None:
            after = judge.after(way.changes).deliveries
            assert [(one.sender, one.outcome) for one in way.verified] == [
                (one.id, one.outcome) for one in after
            ]
            lived = Histories(judge, way, Random(0)).worse(HISTORIES if way.is_safe else 0)
            assert list(lived) == []
    assert msgspec.json.decode(json.encode(made), type=Plan) == made
    lines = text(made, Paper(width=_WIDTH)).splitlines()
    prose = (
        line for line in lines if line.strip()[:1] not in {"+", "-"}
    )  # a record is pasted, never wrapped
    assert max(map(len, prose)) <= _WIDTH


def _world(chosen: Iterator[int]) -> ZoneWorld:
    lines: list[str] = []
    for alias, address in zip(ALIASES, ("192.0.2.1", "192.0.2.2"), strict=True):
        lines += _choice(chosen, ((), (f"{alias} CNAME", f"{alias} A {address}")))
    for target, address in zip(HOSTS, ("192.0.2.1", "192.0.2.2"), strict=True):
        tlsa = ("3 1 1 @" + address, "2 1 1 @" + address, "3 1 1 " + "00" * 32)
        lines += _choice(chosen, ((), *((f"_25._tcp.{target} TLSA {one}",) for one in tlsa)))
    lines += _choice(
        chosen, ((), (), ("_mta-sts.example.com TXT",), ("_mta-sts.example.com TXT v=STSv1; id=b-d;",))
    )
    servers = {
        address: Smtp(_choice(chosen, _NAMES), _choice(chosen, _DEFECTS))
        for address in ("192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2")
    }
    served = policy(*_choice(chosen, _NAMES), mode=_choice(chosen, ("enforce", "enforce", "testing", "none")))
    host = Https(status=_choice(chosen, (200, 200, 404)), defect=_choice(chosen, _DEFECTS))
    signed = _choice(chosen, ((), ("example.com",)))
    return FIXED.zone_with(*lines).but(smtp=servers, policy=served, https={"192.0.2.80": host}, signed=signed)


def _memory(world: ZoneWorld) -> Memory:
    return Memory(policy(*ALIASES), world.at - timedelta(days=2), "old")


def _choice(chosen: Iterator[int], options: Sequence[T]) -> T:
    return options[next(chosen, 0) % len(options)]


TARGETS = (Target("plan", plan, (b"", b"\0\1\2\3", bytes(range(1, 25))), examples=2),)
