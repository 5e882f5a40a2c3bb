"""What is found out beside the answers: refreshes that give way, looks under settings that are gone, and policies that end."""

import asyncio

import msgspec
import pytest

from mxproof.serve.policyd import answers as module
from support_policyd import FakeTime, core, hop, play, policy_world, site

DAY_S = 86_400.0
GRACE_S = 61.0
LAB_TTL_S = 300.0
SECURE = "OK secure match=mx1.example.com servername=hostname"
PATIENCE = {"answered_within_s": 0.5, "patience_s": 0.2}
OTHER = "version: STSv1\\nmode: enforce\\nmx: other.example.com\\nmax_age: 604800\\n"


def test_a_refresh_that_has_its_policy_is_not_judged_while_mail_waits_for_others() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            made.answers.mail_first.within_s = 600.0
            before = await made.destination()
            made.time.pass_(DAY_S + 1)
            one.hang()
            one.reached.clear()
            flight = made.answers.fly(hop("example.com"), refresh=True)
            await one.reached.wait()
            with made.answers.mail_first.waited_for("example.net"):
                one.hang(False)
                await asyncio.wait({flight}, timeout=60.0)
                assert (flight.done(), made.destinations.look("example.com")) == (False, before)
            assert (await flight).held.decision != before.held.decision

    play(scene())


def test_a_refresh_is_given_to_whoever_asks_meanwhile() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            made.time.pass_(DAY_S + 1)
            flight = made.answers.fly(hop("example.com"), refresh=True)
            assert made.answers.fly(hop("Example.com:25")) is flight
            other = made.answers.fly(hop("[example.com]"))
            assert (other is flight, made.answers.flights) == (False, 2)
            told = await asyncio.gather(*(made.destination() for _ in range(3)))
            assert told == [flight.result()] * 3
            await other
            await asyncio.sleep(0)
            assert made.answers.flights == 0

    play(scene())


def test_what_is_asked_again_under_settings_that_go_meanwhile_is_not_held_under_the_new_ones() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            made.time.pass_(LAB_TTL_S + GRACE_S)
            one.dns.silent = True
            asking = asyncio.create_task(made.told())
            await one.dns.next_query()
            made.answers.settings = msgspec.structs.replace(made.answers.settings, grace_s=30.0)
            one.dns.silent = False
            assert await asking == SECURE
            assert (made.counts.rechecks, made.answers.evidence_held) == ({"same": 1, "changed": 0}, 0)
            made.time.pass_(31)
            assert await made.told() == SECURE
            assert made.answers.evidence_held == 1

    play(scene())


@pytest.mark.parametrize("left_s", [100.0, -100.0])
def test_a_decision_on_a_policy_that_has_ended_stands_in_for_nothing(left_s: float) -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings(**PATIENCE)) as made:
            first = await made.destination()
            one.hang()
            made.time.pass_(7 * DAY_S - 700)
            asked_late = await made.answers.fly(hop("example.com"))
            assert asked_late.held.policy == first.held.policy
            one.dns.silent = True
            made.time.pass_(700 - left_s)
            if left_s > 0:
                assert await made.told() == SECURE
            else:
                with pytest.raises(TimeoutError):
                    await made.told()
            assert made.counts.late == (left_s > 0)

    play(scene())


def test_destinations_that_are_passed_over_are_remembered_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PASSED_OVER_MAX", 1)

    async def scene() -> None:
        time = FakeTime()
        async with site(policy_world(OTHER)) as one, core(one.settings(), None, time) as made:
            for key, want in (
                ("example.com", [("mx1.example.com",), ()]),
                ("example.com", [("mx1.example.com",), ()]),
                ("[example.com]", [(), ("example.com",)]),
                ("example.com", [("mx1.example.com",), ()]),
            ):
                time.pass_(GRACE_S)
                made.answers.look_anew()
                await made.told(key)
                found = [made.answers.passed_over(one) for one in ("example.com", "[example.com]")]
                assert found == want

    play(scene())


def test_a_renewed_decision_is_fresh_again_for_the_grace() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            made.time.pass_(LAB_TTL_S + 1)
            renewed = await made.destination()
            assert renewed.asked_at == made.answers.now()
            for seconds, looks in ((59, 1), (2, 2), (61, 3)):
                made.time.pass_(seconds)
                assert await made.told() == SECURE
                assert made.counts.rechecks == {"same": looks, "changed": 0}
            assert made.answers.fresh_s(await made.destination()) == pytest.approx(60.0)

    play(scene())
