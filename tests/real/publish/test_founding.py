"""The founding migration by `plan` and `publish`, from the first policy to its removal, while mail flows and all of it arrives."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollout import RolloutStage
from real.bed.postfix import Sender
from real.bed.town import MailDomain
from real.bed.writers import writers
from real.plan.domains import MAX_AGE_S
from real.plan.flow import Flow, flowing, undelivered
from real.publish.founding import ALIASED, STRAIGHT, TTL_S, Founding, founding
from real.publish.moving import WITH_ALIASES, WITHOUT_ALIASES, Move, moved
from real.publish.publisher import Publishing

EACH_S = 1.0
PASSED_OVER = re.compile(r"postfix/smtp\[\d+\]: [0-9A-F]+: (?!to=)")
"""What Postfix logs where it goes on to another host."""


@pytest.fixture(scope="module")
def setup(host: None) -> Iterator[Founding]:
    with founding("founding", (ALIASED, STRAIGHT)) as up:
        yield up


@pytest.fixture(scope="module")
def senders(setup: Founding) -> Iterator[dict[str, Sender]]:
    """Return real senders by name."""
    with writers(setup.place) as started:
        yield started


def _seen(flow: Flow) -> None:
    """Return when every sender has sent a message since nothing older is held by the resolver."""
    flow.await_all(time.monotonic() + TTL_S)


def _published(setup: Founding, domain: MailDomain, folder: Path) -> Publishing:
    folder.mkdir()
    return Publishing.of(setup.place, domain, folder, "powerdns", wait_s=120.0)


def _removed(who: Publishing, flow: Flow) -> list[RolloutStage | None]:
    """Remove MTA-STS, and return the stages of that."""
    stages = []
    for _ in range(3):
        stages.append(who.rolled("remove").stage)
        who.days_go_by(100)
        _seen(flow)
    return stages


def _founded(setup: Founding, domain: MailDomain, move: Move, flow: Flow, folder: Path) -> None:
    """Publish a first policy, change it, move the mail to two servers, and remove the policy."""
    who = _published(setup, domain, folder)
    policy = who.policy("mode: testing", f"mx: mail.{domain.name}", f"max_age: {MAX_AGE_S}")
    for options in (("--policy", policy), ("--mode", "enforce")):
        assert who.run("apply", *options)[1].end is PublicationEnd.DONE
        _seen(flow)
    moved(setup, who, move, flow, folder / "plan")
    assert _removed(who, flow) == [RolloutStage.NONE, RolloutStage.WITHDRAWN, RolloutStage.GONE]


def test_no_message_is_refused_deferred_or_in_clear_from_the_first_policy_over_the_migration_to_the_last(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    ways: dict[str, Callable[[Flow], None]] = {
        ALIASED.name: lambda flow: _founded(setup, ALIASED, WITH_ALIASES, flow, tmp_path / "aliased"),
        STRAIGHT.name: lambda flow: _founded(setup, STRAIGHT, WITHOUT_ALIASES, flow, tmp_path / "straight"),
    }

    def gone(domain: str) -> Flow:
        with flowing(senders, domain, EACH_S) as flow:
            flow.await_all(time.monotonic())
            ways[domain](flow)
        return flow

    with ThreadPoolExecutor(len(ways)) as pool:
        flows = dict(zip(ways, pool.map(gone, ways), strict=True))
    for domain, flow in flows.items():
        assert (domain, undelivered(flow), flow.in_clear()) == (domain, {}, set())
        assert flow.connected("Verified")["fresh"] > 0
    for domain, hosts in {
        ALIASED.name: ("mail", "smol", "tol"),
        STRAIGHT.name: ("mail", "mx1", "mx2"),
    }.items():
        arrived = {one: flows[domain].arrived_at(setup.place.addresses[f"{one}.{domain}"]) for one in hosts}
        assert min(arrived.values()) > 0, arrived
    assert [name for name, one in senders.items() if PASSED_OVER.search(one.daemon.text())] == []
