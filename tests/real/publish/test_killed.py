"""Publications, roll-outs and rollovers killed at random points, side by side in the founding set-up: each ends whole, and mail flows.

MXPROOF_KILLS is how many are killed in all; the long form kills 200, in one run or in parts, each with a MXPROOF_KILLS_SEED of its own
and its own points. What is killed is gone on with by the next start, which is killed too, half of the times.
"""

import itertools
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, UNKNOWN
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollout import STAGE_POLICIES, RolloutStage
from mxproof.publish.told_rollover import ToldRollover
from real.bed.postfix import Sender
from real.bed.powerdns import records_at
from real.bed.town import SENDING, MailDomain
from real.bed.writers import writers
from real.plan.flow import Flow, flowing, undelivered
from real.publish.deploying import Deploying
from real.publish.founding import SERVERS, TTL_S, Founding, before_move, founding, secured
from real.publish.publisher import ENDED_WITHIN_S, Publishing

KILLS = int(os.environ.get("MXPROOF_KILLS", "6"))
SEED = int(os.environ.get("MXPROOF_KILLS_SEED", "0"))
PUBLISHED = tuple(before_move(f"published{number}", aliases=False) for number in range(2))
ROLLED_OUT = tuple(before_move(f"rolled-out{number}", aliases=False) for number in range(2))
ROLLED_OVER = tuple(secured(f"rolled-over{number}", "mx") for number in range(3))
LANES = len(PUBLISHED) + len(ROLLED_OUT) + len(ROLLED_OVER)
EACH_S = 7.0
"""So that each sender sends a message a second to one of the domains."""
DELAY_S_MAX = 0.3
_TRIES_MAX = 10
_KILLED_AT = Path(__file__).with_name("killed_at.py")

NOTHING = "nothing"
Points = Counter[str]
"""What was unfinished when a process was killed, and how often."""


@pytest.fixture(scope="module")
def setup(host: None) -> Iterator[Founding]:
    with founding("killed", (*PUBLISHED, *ROLLED_OUT, *ROLLED_OVER)) as up:
        yield up


@pytest.fixture(scope="module")
def senders(setup: Founding) -> Iterator[dict[str, Sender]]:
    """Return real senders by name."""
    with writers(setup.place) as started:
        yield started


class Killing:
    """Runs commands and kills them at random points, until it has done so often enough; `points` says where they were."""

    def __init__(self, kills: int, seed: int, folder: Path) -> None:
        self._left = kills
        self._chance = random.Random(seed)
        self._deeds = 1
        self._count = folder / "deeds"
        self.points: Points = Counter()

    def is_over(self) -> bool:
        return self._left <= 0

    def whole(self, command: Sequence[str]) -> None:
        """Run a command to its end, and learn how many deeds it takes."""
        _done(self._at(command, 0, 0))
        self._deeds = int(self._count.read_text())

    def killed(self, command: Sequence[str], unfinished: Callable[[], str]) -> None:
        """Run a command, and kill it at some point; where something is unfinished then, go on with it and kill that too, or do not."""
        while not self.is_over():
            at, delay_s = self._chance.randint(1, self._deeds), self._chance.choice((0, 1)) * self._delay_s()
            if _done(self._at(command, at, delay_s)) != -signal.SIGKILL:
                return
            self._left -= 1
            point = unfinished()
            self.points[point] += 1
            print(f"killed at: {point}; {self._left} left here", flush=True)
            if point.endswith(NOTHING) or self._chance.choice((True, False)):
                return

    def _delay_s(self) -> float:
        return self._chance.uniform(0, DELAY_S_MAX)

    def _at(self, command: Sequence[str], number: int, delay_s: float) -> tuple[str, ...]:
        before, after = split_at(command, ("-m", "mxproof"))
        return (*before, str(_KILLED_AT), str(number), str(delay_s), str(self._count), *after)


def _done(command: Sequence[str]) -> int:
    """Run a command until it is done or killed, and return its exit status.

    It is called again as long as something could not be found out, as it asks for: a busy machine may be late to answer.
    """
    for _ in range(_TRIES_MAX):
        done = subprocess.run(command, capture_output=True, timeout=ENDED_WITHIN_S, check=False)
        if done.returncode != UNKNOWN:
            break
        print(f"called again: {done.stdout.decode()[-300:]}", flush=True)
    assert done.returncode in {DONE, -signal.SIGKILL}, (done.stdout.decode(), done.stderr.decode())
    return done.returncode


def split_at(command: Sequence[str], words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return what stands in a command before these words and behind them."""
    place = next(number for number in range(len(command)) if tuple(command[number:][:2]) == tuple(words))
    return command[:place], command[place + len(words) :]


def _announced(setup: Founding, domain: str) -> set[frozenset[str]]:
    """Return what the name servers have of the record, one set where they agree."""
    wire, name = setup.place.network, f"_mta-sts.{domain}"
    return {records_at(wire, SENDING, one.ipv4, name, "TXT") for one in SERVERS}


def _stage(who: Publishing) -> str:
    opened = who.opened()
    if opened is None:
        return NOTHING
    return f"{opened.steps[-1].step} {opened.steps[-1].state}" if opened.steps else "begun"


def _publications(setup: Founding, domain: MailDomain, folder: Path, killing: Killing) -> None:
    """Publish one policy after another."""
    who = Publishing.of(setup.place, domain, folder, "powerdns", wait_s=120.0)

    def command(number: int) -> tuple[str, ...]:
        policy = who.policy("mode: enforce", f"mx: mail.{domain.name}", f"max_age: {1000 + number}")
        return who.command("apply", "--policy", policy)

    killing.whole(command(0))
    killing.whole(command(1))
    number = 1
    while not killing.is_over():
        number += 1
        killing.killed(command(number), lambda: f"publication: {_stage(who)}")
        if who.opened() is not None:
            _done(who.command("resume"))
        state = who.state()
        assert who.opened() is None
        assert who.served().decode() == state.policy
        assert _announced(setup, domain.name) == {frozenset({f'"v=STSv1; id={state.id};"'})}


def _rollouts(setup: Founding, domain: MailDomain, folder: Path, killing: Killing) -> None:
    """Roll a policy out, remove it, and begin anew."""
    who = Publishing.of(setup.place, domain, folder, "powerdns", wait_s=120.0)
    policy = who.policy("mode: testing", f"mx: mail.{domain.name}", "max_age: 86400")
    stages = [*RolloutStage]
    verbs: dict[RolloutStage, tuple[str, ...]] = dict.fromkeys(stages, ("rollout",))
    verbs |= dict.fromkeys(stages[5:], ("remove",))
    verbs[stages[0]] = ("rollout", "--policy", policy, "--without-reports")
    for stage in stages[:2]:
        killing.whole(who.command(*verbs[stage]))
        who.days_go_by(100)
    for stage in itertools.cycle((*stages[2:], *stages[:2])):
        if killing.is_over():
            return
        killing.killed(who.command(*verbs[stage]), lambda: f"roll-out: {_stage(who)}")
        kept = who.rollout()
        if kept is None or kept.stage is not stage or kept.since is None:
            _done(who.command(*verbs[stage]))
            kept = who.rollout()
            assert kept is not None
            assert kept.stage is stage
        _hold(setup, who, stage)
        who.days_go_by(100)


def _hold(setup: Founding, who: Publishing, stage: RolloutStage) -> None:
    """Make sure that a stage is reached, and shown by everybody."""
    kept = who.rollout()
    assert kept is not None
    assert kept.since is not None
    assert (kept.stage, who.opened()) == (stage, None)
    (records,) = _announced(setup, who.domain)
    assert len(records) == (stage not in {RolloutStage.WITHDRAWN, RolloutStage.GONE})
    has = STAGE_POLICIES[stage]
    if stage is not RolloutStage.GONE:
        assert f"mode: {has.mode}\r\n".encode() in who.served()
        assert f"max_age: {has.max_age_s}\r\n".encode() in who.served()


def _rollovers(setup: Founding, domain: MailDomain, folder: Path, killing: Killing) -> None:
    """Show one certificate with a key of its own after another."""
    who = Deploying.of(setup.place, domain, folder, "powerdns")
    command = setup.place.network.inside(SERVERS[0], *who.command())
    who.renewed_by_hand(setup.place.authority.issue((who.host,)))
    killing.whole(command)
    while not killing.is_over():
        identity = setup.place.authority.issue((who.host,))
        who.renewed_by_hand(identity)
        killing.killed(command, lambda: f"rollover: {who.unfinished()}")
        told = _deployed(who)
        assert (told.end in {PublicationEnd.DONE, PublicationEnd.NOTHING}, who.unfinished()) == (
            True,
            NOTHING,
        )
        assert {who.records(one.ipv4) for one in SERVERS} == {frozenset({identity.spki_sha256})}
        assert who.shows() == identity.leaf


def _deployed(who: Deploying) -> ToldRollover:
    """Deploy, once more where that has to wait for longer than one call does, or something could not be found out."""
    for _ in range(_TRIES_MAX):
        status, told = who.deploy()
        assert status in {DONE, UNKNOWN}, told
        if status == DONE and told.end is not PublicationEnd.WAITING:
            break
    return told


def test_whatever_is_killed_ends_whole_and_every_message_arrives(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    ways = {
        **dict.fromkeys(PUBLISHED, _publications),
        **dict.fromkeys(ROLLED_OUT, _rollouts),
        **dict.fromkeys(ROLLED_OVER, _rollovers),
    }
    killing = {}
    for lane, domain in enumerate(ways):
        (tmp_path / domain.name).mkdir()
        kills = len(range(lane, KILLS, LANES))
        killing[domain] = Killing(kills, SEED * LANES + lane, tmp_path / domain.name)

    def gone(domain: MailDomain) -> Flow:
        folder = tmp_path / domain.name
        with flowing(senders, domain.name, EACH_S) as flow:
            flow.await_all(time.monotonic())
            ways[domain](setup, domain, folder, killing[domain])
            flow.await_all(time.monotonic() + TTL_S)
        return flow

    with ThreadPoolExecutor(LANES) as pool:
        flows = list(pool.map(gone, ways))
    points = sum((one.points for one in killing.values()), Points())
    sent = sum(len(one.messages()) for one in flows)
    print(f"seed {SEED}, killed {points.total()} at: {dict(sorted(points.items()))}; {sent} messages")
    assert points.total() == KILLS
    assert [(undelivered(one), one.in_clear()) for one in flows] == [({}, set())] * LANES
