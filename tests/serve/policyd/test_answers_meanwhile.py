"""What comes between a question and its answer: a purge, new settings, a store, and a patience that is over."""

import asyncio
import logging
from datetime import timedelta

import msgspec
import pytest

from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.metrics import Counts
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.write_behind import WriteBehind
from support_clock import passed_s
from support_policyd import WITHIN_S, FakeTime, core, hop, play, policy_world, site

LAB_TTL_S = 300.0
GRACE_S = 61.0
SECURE = "OK secure match=mx1.example.com servername=hostname"
OTHER = "version: STSv1\\nmode: enforce\\nmx: other.example.com\\nmax_age: 604800\\n"


def test_after_a_purge_with_nothing_under_way_everything_is_asked_once_more_and_once_only() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            asked = dict(one.dns.asked)
            made.answers.forget("example.com")
            await made.destinations.purge("example.com", made.answers.now())
            assert await made.told() == SECURE
            assert one.dns.asked == {question: 2 * count for question, count in asked.items()}
            assert (one.fetches(), made.answers.evidence_held) == (2, 1)

    play(scene())


def test_a_purge_leaves_what_is_known_of_other_destinations() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            made.answers.forget("example.org")
            made.time.pass_(GRACE_S)
            assert await made.told() == SECURE
            assert made.counts.rechecks == {"same": 1, "changed": 0}
            assert set(one.dns.asked.values()) == {1}

    play(scene())


def test_what_was_asked_under_the_settings_of_before_is_not_gone_by_under_the_new_ones() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            one.hang()
            flight = made.answers.fly(hop("example.com"))
            async with asyncio.timeout(WITHIN_S):
                await one.reached.wait()
            asking = msgspec.structs.replace(made.answers.settings.asking, trust_ad=False)
            made.answers.settings = msgspec.structs.replace(made.answers.settings, asking=asking)
            await flight
            assert made.answers.evidence_held == 0
            asked = one.dns.asked.total()
            made.time.pass_(GRACE_S)
            one.hang(False)
            await made.told()
            assert one.dns.asked.total() > asked, "nothing of before is held"
            assert made.answers.evidence_held == 1

    play(scene())


def test_settings_that_are_the_same_let_everything_stand() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            made.answers.settings = msgspec.structs.replace(made.answers.settings)
            assert made.answers.evidence_held == 1
            made.time.pass_(GRACE_S)
            assert await made.told() == SECURE
            assert made.counts.rechecks == {"same": 1, "changed": 0}

    play(scene())


@pytest.mark.parametrize(
    ("patience_s", "answered_within_s", "want_s"), [(9.0, 0.5, 0.5), (0.5, 9.0, 0.5), (9.0, 9.0, None)]
)
def test_a_decision_stands_in_after_the_patience_or_the_longest_wait_whichever_is_less(
    patience_s: float, answered_within_s: float, want_s: float | None
) -> None:
    async def scene() -> None:
        async with site(policy_world()) as one:
            asking = msgspec.structs.replace(one.settings().asking, timeout_s=1.0)
            settings = one.settings(asking=asking, patience_s=patience_s, answered_within_s=answered_within_s)
            async with core(settings) as made:
                before = await made.destination()
                one.dns.silent = True
                made.time.pass_(LAB_TTL_S + GRACE_S)
                began_s = passed_s()
                found = await made.destination()
                waited_s = passed_s() - began_s
                assert found.held.policy == before.held.policy
                assert found.held.decision is not None
                assert found.held.decision.kept
                assert made.counts.late == (want_s is not None)
                assert waited_s == pytest.approx(want_s, abs=0.1) if want_s else waited_s < 9.0
                assert (found.asked_at == before.asked_at) is (want_s is not None), "it is the one of before"

    play(scene())


class Watched(WriteBehind):
    """Destinations whose writing is waited for as long as a test wants."""

    def __init__(self) -> None:
        super().__init__(MemoryStore(9), 9)
        self.waited_for: list[tuple[str, bool]] = []
        self.may_be_safe = asyncio.Event()
        self.may_be_safe.set()
        self.waits = asyncio.Event()

    async def safe(self, key: str, *, alone: bool = False) -> bool:
        self.waited_for.append((key, alone))
        self.waits.set()
        await self.may_be_safe.wait()
        return await super().safe(key, alone=alone)


def test_a_policy_that_says_something_else_is_in_the_store_before_it_is_answered() -> None:
    async def scene() -> None:
        time, destinations, example = FakeTime(), Watched(), hop("example.com")
        async with site(policy_world()) as one:
            answers = Answers(destinations, one.settings(), time.clockwork(), Counts())

            async def is_written(number: bytes) -> list[tuple[str, bool]]:
                one.dns.rewritten = (b"id=1;", b"id=" + number + b";")
                time.pass_(GRACE_S)
                answers.look_anew()
                await answers.fly(example)
                found, destinations.waited_for = destinations.waited_for, []
                return found

            assert await is_written(b"1") == [("example.com", True)]
            assert await is_written(b"1") == []
            assert await is_written(b"2") == [("example.com", True)]
            one.hang()
            assert await is_written(b"3") == []
            one.hang(False)
            destinations.may_be_safe.clear()
            destinations.waits.clear()
            flying = asyncio.create_task(is_written(b"4"))
            await destinations.waits.wait()
            assert not flying.done()
            destinations.may_be_safe.set()
            assert await flying == [("example.com", True)]
            await answers.land(WITHIN_S)

    play(scene())


def test_whoever_leaves_ends_no_look_up_and_the_next_one_joins_it() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            one.dns.silent = True
            leaving = asyncio.create_task(made.told())
            await one.dns.next_query()
            assert made.answers.flights == 1
            leaving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await leaving
            assert made.answers.flights == 1
            await made.answers.mail_first.give_way()  # nobody waits any more, so that this returns at once
            one.dns.silent = False
            assert await made.told() == SECURE
            assert (made.answers.flights, one.fetches()) == (0, 1)

    play(scene())


def test_at_the_end_a_look_up_that_takes_too_long_is_ended_and_is_no_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            one.dns.silent = True
            flight = made.answers.fly(hop("example.com"))
            await one.dns.next_query()
            began_s = passed_s()
            await made.answers.land(0.3)
            assert passed_s() - began_s == pytest.approx(0.3, abs=0.1)
            assert (flight.cancelled(), made.answers.flights, made.counts.errors) == (True, 0, 0)

    with caplog.at_level(logging.ERROR, "mxproof"):
        play(scene())
    assert caplog.records == []


def test_who_was_passed_over_is_so_until_a_survey_finds_otherwise() -> None:
    async def scene() -> None:
        time = FakeTime()
        seen: list[tuple[str, ...]] = []
        async with site(policy_world(OTHER)) as one, core(one.settings(), None, time) as made:
            await made.told()
            seen.append(made.answers.passed_over("example.com"))
            await made.told()
            seen.append(made.answers.passed_over("example.com"))
            assert made.answers.passed_over("example.org") == ()
            made.time.pass_(timedelta(days=8).total_seconds())
            one.hang()
            await made.told()
            seen.append(made.answers.passed_over("example.com"))
        assert seen == [("mx1.example.com",), ("mx1.example.com",), ()]

    play(scene())
