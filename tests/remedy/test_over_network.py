"""The best plan of every scenario that some sender refuses, made in the lab and checked again over sockets.

`make test` tries some of them, `make hostile` all.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import pytest

from mxproof.evidence import Evidence
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.making import LabWorld, made
from mxproof.lab.running import RunningLab, running_world
from mxproof.lab.scenario import Scenario, load, scenarios
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Change, Wait
from mxproof.mail.memory import Memory
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.remedy.plan import Plan
from mxproof.remedy.planning import plan_for
from mxproof.survey.served import wanted
from support_long import EXHAUSTIVE, IS_LONG
from support_remade import remade

pytestmark = pytest.mark.xdist_group("over-network")  # `make hostile` works out once what all of them share

SOME = (
    "incident",
    "half-fixed",
    "cert-expired",
    "ns-stale-mx",
    "no-starttls",
    "one-bad-mx-of-two",
    "tlsa-wrong",
    "policy-host-cert-expired",
)
TRIED = scenarios() if IS_LONG else SOME
AT_ONCE_MAX = 4
"""Labs that run side by side: most of the time of one is waiting for servers that keep silent."""
WITHOUT_A_WAY = {
    "dnssec-bogus": "what the signatures hold is not seen",
    "dnssec-bogus-unexplained": "what the signatures hold is not seen",
    "dnssec-ds-wrong": "what the signatures hold is not seen",
    "dnssec-key-missing": "what the signatures hold is not seen",
    "dnssec-signature-early": "what the signatures hold is not seen",
    "dnssec-signature-expired": "what the signatures hold is not seen",
    "dnssec-signature-wrong": "what the signatures hold is not seen",
    "mx-address-mapped": "no public address of the host is known",
    "mx-address-private": "no public address of the host is known",
    "mx-dangling": "the address of the only host is not seen",
    "mx-localhost": "no other host is known",
    "no-mx-no-address": "no server is known",
    "no-such-domain": "no server is known",
    "null-mx": "no server is known",
    "null-mx-policy": "no server is known",
    "null-mx-sender": "no server is known",
    "port-25-blocked": "the fault may be here",
}


class Made(NamedTuple):
    """The plan for a scenario, and what each sender does once its best way was made; nothing where there is none."""

    plan: Plan
    after: tuple[Delivery, ...]


class Place(NamedTuple):
    """A scenario with the world made of it, and what its senders remember."""

    scenario: Scenario
    lab: LabWorld
    memories: tuple[Memory, ...]


@cache
def every() -> dict[str, Made]:
    """Return what came of each scenario; nobody plans while a lab runs, so that no server is late."""
    now = datetime.now(UTC)
    places = [_place(load(name), now) for name in TRIED]
    seen = asyncio.run(_seen(places))
    plans = [
        plan_for(evidence, now=evidence.observed_at(), memories=place.memories)
        for place, evidence in zip(places, seen, strict=True)
    ]
    best = [plan.ways[0].changes if plan.ways else () for plan in plans]
    after = asyncio.run(
        _seen(
            [
                place._replace(lab=remade(place.lab, changes, now))
                for place, changes in zip(places, best, strict=True)
                if changes
            ]
        )
    )
    again = iter(after)
    return {
        place.scenario.name: Made(plan, _deliveries(next(again), changes, place.memories) if changes else ())
        for place, plan, changes in zip(places, plans, best, strict=True)
    }


def _place(scenario: Scenario, now: datetime) -> Place:
    lab = made(scenario, now)
    return Place(scenario, lab, () if lab.memory is None else (lab.memory,))


def _deliveries(
    evidence: Evidence, changes: Sequence[Change], memories: tuple[Memory, ...]
) -> tuple[Delivery, ...]:
    waited = timedelta(seconds=sum(one.seconds for one in changes if isinstance(one, Wait)))
    domain = assemble(evidence, evidence.observed_at() + waited)
    return tuple(deliver(domain, traits, memories) for traits in SENDERS)


async def _seen(places: Sequence[Place]) -> list[Evidence]:
    limit = asyncio.Semaphore(AT_ONCE_MAX)

    async def one(place: Place) -> Evidence:
        async with limit:
            return await _collected(place.scenario, place.lab)

    return await asyncio.gather(*map(one, places))


async def _collected(scenario: Scenario, lab: LabWorld) -> Evidence:
    async with running_world(scenario, lab) as running:
        with Asker(_asking(running)) as asker:
            evidence = await collect(running.domain, asker, wanted)
        return with_anchors(evidence, running.roots)


def _asking(lab: RunningLab) -> Asking:
    return Asking(resolvers=(Peer(*lab.resolver),), connect_to=lab.connect_to, timeout_s=lab.timeout_s)


@EXHAUSTIVE
@pytest.mark.parametrize("scenario", TRIED)
def test_the_best_plan_made_and_checked_again_delivers_for_every_sender(scenario: str) -> None:
    plan, after = every()[scenario]
    refused = {one.id for one in plan.before if one.outcome in {Verdict.REFUSED, Verdict.AT_RISK}}
    assert plan.ways or not refused - set(plan.undecided) or scenario in WITHOUT_A_WAY
    left = [one for one in after if one.decides and one.outcome is not Verdict.DELIVERS]
    assert [(one.id, one.because) for one in left] == []
