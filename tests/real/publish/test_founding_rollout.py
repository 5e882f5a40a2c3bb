"""In the founding set-up, while mail flows: a roll-out to months of enforce, beside a migration by hand that makes mail wait."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from mxproof.publish.rollout import RolloutStage
from real.bed.https import put_policy
from real.bed.machines import RESOLVER
from real.bed.postfix import Sender
from real.bed.powerdns import records_at
from real.bed.town import SENDING
from real.bed.writers import writers
from real.plan.domains import MAX_AGE_S
from real.plan.flow import SENT, Flow, Message, flowing, undelivered
from real.publish.founding import MOVED_BY_HAND, ROLLED_OUT, TTL_S, Founding, founding
from real.publish.moving import WITH_ALIASES
from real.publish.publisher import Publishing

EACH_S = 1.0
SHOWN_WITHIN_S = 120.0
_LOOKED_AGAIN_S = 0.2
_LOOK_UP_POLICIES = {"fresh", "holding"}


class Moments(msgspec.Struct, frozen=True):
    """When what was done by hand: the hosts `altered`, then seen by all; the policy `mended`, and no older one held any more."""

    altered_s: float
    altered_seen_s: float
    mended_s: float
    mended_seen_s: float
    forgotten_s: float


@pytest.fixture(scope="module")
def setup(host: None) -> Iterator[Founding]:
    with founding("rollout", (ROLLED_OUT, MOVED_BY_HAND)) as up:
        yield up


@pytest.fixture(scope="module")
def senders(setup: Founding) -> Iterator[dict[str, Sender]]:
    """Return real senders by name."""
    with writers(setup.place) as started:
        yield started


def _rolled_out(setup: Founding, senders: dict[str, Sender], folder: Path) -> Flow:
    """Roll a policy out while mail flows, from nothing to months of enforce."""
    who = Publishing.of(setup.place, ROLLED_OUT, folder, "powerdns", wait_s=120.0)
    policy = who.policy("mode: testing", f"mx: mail.{who.domain}", "max_age: 86400")
    with flowing(senders, who.domain, EACH_S) as flow:
        flow.await_all(time.monotonic())
        stages = [who.rolled("rollout", "--policy", policy, "--without-reports").stage]
        for _ in range(4):
            flow.await_all(time.monotonic() + TTL_S)
            who.days_go_by(100)
            stages.append(who.rolled().stage)
        flow.await_all(time.monotonic() + TTL_S)
    assert stages == [*RolloutStage][:5]
    return flow


def _moved_by_hand(setup: Founding, senders: dict[str, Sender], folder: Path) -> tuple[Flow, Moments]:
    """Move mail in the order in which it was done once: the hosts, and the policy when somebody complains."""
    domain = MOVED_BY_HAND.name
    hosts = {
        (f"{domain}.", "MX"): (f"10 mxi1.{domain}.", f"20 mxi2.{domain}."),
        (f"mxi1.{domain}.", "CNAME"): (f"smol.{domain}.",),
        (f"mxi2.{domain}.", "CNAME"): (f"tol.{domain}.",),
    }
    with flowing(senders, domain, EACH_S) as flow:
        flow.await_all(time.monotonic())
        altered_s = time.monotonic()
        setup.patch(domain, _patch(folder / "hosts.json", hosts))
        _await_shown(setup, domain, "MX", frozenset(hosts[f"{domain}.", "MX"]))
        altered_seen_s = time.monotonic()
        flow.await_all(altered_seen_s)
        flow.await_all(time.monotonic())
        mended_s = time.monotonic()
        put_policy(setup.place.folder / "nginx", f"mta-sts.{domain}", WITH_ALIASES.policy(domain))
        announced = '"v=STSv1; id=2;"'
        setup.patch(domain, _patch(folder / "id.json", {(f"_mta-sts.{domain}.", "TXT"): (announced,)}))
        _await_shown(setup, f"_mta-sts.{domain}", "TXT", frozenset({announced}))
        mended_seen_s = time.monotonic()
        forgotten_s = mended_seen_s + MAX_AGE_S + 1
        flow.await_all(forgotten_s)
    return flow, Moments(altered_s, altered_seen_s, mended_s, mended_seen_s, forgotten_s)


def _patch(file: Path, sets: dict[tuple[str, str], tuple[str, ...]]) -> Path:
    """Write a patch that puts sets of records in place of what is there."""
    body = [
        {
            "name": name,
            "type": kind,
            "ttl": TTL_S,
            "changetype": "REPLACE",
            "records": [{"content": one, "disabled": False} for one in data],
        }
        for (name, kind), data in sets.items()
    ]
    file.write_text(json.dumps({"rrsets": body}))
    return file


def _await_shown(setup: Founding, name: str, kind: str, data: frozenset[str]) -> None:
    """Return once the resolver, the only cache there is, shows these records."""
    until = time.monotonic() + SHOWN_WITHIN_S
    while records_at(setup.place.network, SENDING, RESOLVER.ipv4, name, kind) != data:
        assert time.monotonic() < until, f"{name} {kind}: not shown"
        time.sleep(_LOOKED_AGAIN_S)


def _has_to_wait(one: Message, at: Moments) -> bool | None:
    """Tell whether a message is deferred, None where that depends on who looked what up when."""
    if one.sender not in _LOOK_UP_POLICIES or one.decided_s < at.altered_s:
        return False
    if one.handed_in_s > at.altered_seen_s and one.decided_s < at.mended_s:
        return True
    mended_for_it_s = at.mended_seen_s if one.sender == "fresh" else at.forgotten_s
    return False if one.handed_in_s > mended_for_it_s else None


def test_a_rollout_defers_nothing_and_a_migration_by_hand_exactly_what_looks_up_the_old_policy(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(2) as pool:
        rolled = pool.submit(_rolled_out, setup, senders, tmp_path)
        by_hand = pool.submit(_moved_by_hand, setup, senders, tmp_path)
        flow, (waiting, at) = rolled.result(), by_hand.result()
    assert (undelivered(flow), flow.in_clear()) == ({}, set())
    assert flow.connected("Verified")["fresh"] > 0
    judged = [(one, _has_to_wait(one, at)) for one in waiting.messages()]
    wrong = [one for one, waits in judged if waits is not None and waits is (one.status == SENT)]
    assert wrong == []
    assert {one.sender for one, waits in judged if waits} == _LOOK_UP_POLICIES
    assert waiting.in_clear() == set()
