"""Flights, freshness and memory, in front of a lab whose DNS and policy hosts fail on command."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import DnsData, Evidence, Kind, Question
from mxproof.formats.postfix.socketmap import Status
from mxproof.judge.decision import Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.lab.scenario import Scenario, load
from mxproof.net.asker import Asker
from mxproof.serve.policyd.held_evidence import trimmed
from mxproof.serve.policyd.requests import Requests
from mxproof.serve.policyd.survey import asked_again, surveyed
from mxproof.store.destinations.destination import Destination, StoreError
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.sqlite import sqlite_store
from support_policyd import WITHIN_S, FakeTime, core, hop, play, policy_world, site

PARALLEL = 1000
GRACE_S = 61.0
LAB_TTL_S = 300.0
DAY_S = 86_400.0

NONE = "version: STSv1\\nmode: none\\nmax_age: 604800\\n"
OTHER = "version: STSv1\\nmode: enforce\\nmx: other.example.com\\nmax_age: 604800\\n"


def test_a_thousand_cold_questions_cost_one_walk_and_one_fetch() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            told = await asyncio.gather(*(made.told() for _ in range(PARALLEL)))
            assert set(told) == {"OK secure match=mx1.example.com servername=hostname"}
            assert one.fetches() == 1
            assert set(one.dns.asked.values()) == {1}

    play(scene())


def test_until_the_record_has_expired_nothing_is_asked_and_then_the_record_alone() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            walked = one.dns.asked.total()
            made.time.pass_(LAB_TTL_S - 9)
            await made.told()
            assert one.dns.asked.total() == walked
            made.time.pass_(GRACE_S)
            await made.told()
            again = one.dns.asked.total() - walked
            assert (one.dns.asked["TXT _mta-sts.example.com"], again, one.fetches()) == (2, 2, 1)
            assert made.counts.rechecks == {"same": 2, "changed": 0}

    play(scene())


@pytest.mark.parametrize(
    ("body", "want"),
    [(OTHER, "OK secure match=other.example.com servername=hostname"), (NONE, "NOTFOUND")],
)
def test_a_new_id_takes_effect_for_the_first_mail_after_the_grace(body: str, want: str) -> None:
    async def scene() -> None:
        time, store = FakeTime(), MemoryStore(9)
        async with site(policy_world()) as one, core(one.settings(), store, time) as made:
            await made.told()
        time.pass_(61)
        async with site(policy_world(body, "2")) as one, core(one.settings(), store, time) as made:
            assert await made.told() == want

    play(scene())


def sharing_world() -> Scenario:
    """Return a world with DANE in which one mail host serves a domain and another below it."""
    made = load("tlsa-right")
    (zone,) = made.zones
    records = zone.records + "\nsub MX 10 mx1\n"
    return msgspec.structs.replace(made, zones=(msgspec.structs.replace(zone, records=records),))


def test_a_mail_host_that_serves_several_destinations_is_asked_about_once() -> None:
    async def scene() -> None:
        async with site(sharing_world()) as one, core(one.settings()) as made:
            domain = one.lab.domain
            assert await made.told(domain) == "OK dane-only"
            made.time.pass_(1)
            assert await made.told(f"sub.{domain}") == "OK dane-only"
            of_host = {name: count for name, count in one.dns.asked.items() if "mx1." in name}
            assert of_host
            assert set(of_host.values()) == {1}

    play(scene())


@pytest.mark.parametrize("purged", [True, False])
def test_after_a_purge_or_a_reload_a_mail_host_is_asked_about_anew(purged: bool) -> None:
    async def scene() -> None:
        async with site(sharing_world()) as one, core(one.settings()) as made:
            domain = one.lab.domain
            await made.told(domain)
            made.time.pass_(1)
            if purged:
                made.answers.forget(domain)
            else:
                made.answers.look_anew()
            await made.told(f"sub.{domain}")
            assert one.dns.asked[f"TLSA _25._tcp.mx1.{domain}"] == 2

    play(scene())


def test_a_live_policy_survives_hanging_hosts_a_vanished_record_and_a_silent_resolver() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            before = await made.told()
            made.time.pass_(2 * DAY_S)
            one.hang()
            assert await made.told() == before
            one.dns.silent = True
            made.time.pass_(3600)
            assert await made.told() == before
            one.hang(False)
            one.dns.silent = False
            made.time.pass_(3600)
            assert await made.told() == before
            assert (await made.destination()).held.decision is not None

    play(scene())


def test_an_hour_without_dns_changes_no_answer_and_some_go_out_while_it_is_still_asked() -> None:
    async def scene() -> None:
        async with site("tlsa-right") as one, core(one.settings(patience_s=0.2)) as made:
            key = one.lab.domain
            assert await made.told(key) == "OK dane-only"
            one.dns.silent = True
            for _ in range(6):
                made.time.pass_(600)
                assert await made.told(key) == "OK dane-only"
            assert (await made.told("other.example")).startswith("TEMP the MX look-up")
            assert made.counts.late > 0

    play(scene())


def test_a_question_that_waits_too_long_for_its_turn_is_given_up_and_its_survey_is_not() -> None:
    async def scene() -> None:
        async with site("direct") as one:
            found = one.settings(answered_within_s=0.2)
            async with core(found) as made:
                one.hang()
                requests = Requests(made.answers, {}, made.counts)
                waited, keep_s = await requests(b"postfix example.com")
                assert (waited.status, keep_s) == (Status.TEMP, 0.0)
                assert "0.2 s" in waited.text
                flight = made.answers.fly(hop("example.com"))
                one.hang(False)
                assert (await flight).held.decision is not None
                assert (await requests(b"postfix example.com"))[0].status is not Status.TEMP

    play(scene())


def test_the_log_says_once_that_dns_does_not_answer_and_once_that_it_does(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        async with site("tlsa-right") as one, core(one.settings()) as made:
            for silent in (False, True, False):
                one.dns.silent = silent
                for _ in range(3):
                    made.time.pass_(61)
                    assert await made.told(one.lab.domain) == "OK dane-only"

    with caplog.at_level(logging.INFO, "mxproof.policyd"):
        play(scene())
    kept = [record.getMessage().partition(" kept=")[2].split()[0] for record in caplog.records]
    assert kept == ["False", "True", "False"]


def test_a_failed_fetch_is_tried_again_after_five_minutes_and_not_before() -> None:
    async def scene() -> None:
        async with site("policy-404") as one, core(one.settings()) as made:
            for _ in range(4):
                assert await made.told() == "NOTFOUND"
                made.time.pass_(61)
            assert one.fetches() == 1
            made.time.pass_(61)
            await made.told()
            assert one.fetches() == 2
            assert +made.counts.fetch_failures == {"sts-policy-fetch-error": 2}

    play(scene())


def test_a_private_address_is_not_fetched_from_unless_allowed() -> None:
    """The lab has documentation addresses alone, so the resolver's answer is changed on its way."""

    async def scene() -> None:
        async with site(policy_world()) as one:
            here = one.detours[("203.0.113.80", 443)]
            one.detours[("10.0.113.80", 443)] = here
            one.dns.rewritten = (bytes([203, 0, 113, 80]), bytes([10, 0, 113, 80]))
            async with core(one.settings()) as made:
                assert await made.told() == "NOTFOUND"
                assert one.fetches() == 0
            allowed = msgspec.structs.replace(one.settings().asking, allow_private=True)
            async with core(one.settings(asking=allowed)) as made:
                assert await made.told() == "OK secure match=mx1.example.com servername=hostname"

    play(scene())


def test_a_smart_host_in_brackets_has_the_policy_of_its_own_name() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            secure = "OK secure match=mx1.example.com servername=hostname"
            assert await made.told("[example.com]:25") == secure
            assert one.dns.asked["MX example.com"] == 0
            assert await made.told("Example.com:25") == secure
            assert await made.told("[mx1.example.com]") == "NOTFOUND"

    play(scene())


def test_a_policy_is_in_the_store_before_it_is_answered(tmp_path: Path) -> None:
    async def scene() -> None:
        store = sqlite_store(tmp_path / "state.db")
        async with site(policy_world()) as one, core(one.settings(), store) as made:
            await made.told()
            other = sqlite_store(tmp_path / "state.db")
            found = other.read("example.com")
            other.close()
            assert found is not None
            assert found.held.policy == (await made.destination()).held.policy

    play(scene())


def test_what_was_learnt_is_known_after_a_restart_without_a_network(tmp_path: Path) -> None:
    async def scene() -> None:
        time, path = FakeTime(), tmp_path / "state.db"
        async with site(policy_world()) as one, core(one.settings(), sqlite_store(path), time) as made:
            before = await made.told()
            one.dns.silent = True
            time.pass_(3600)
            async with core(one.settings(patience_s=0.1), sqlite_store(path), time) as again:
                assert await again.told() == before

    play(scene())


class Gone(MemoryStore):
    """A store that is away."""

    shared = True

    def read(self, key: str) -> Destination | None:
        raise StoreError("away")

    def write(self, destinations: Sequence[Destination]) -> None:
        raise StoreError("away")


def test_without_its_store_the_daemon_answers_all_the_same() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings(), Gone(9)) as made:
            assert await made.told() == "OK secure match=mx1.example.com servername=hostname"
            assert made.destinations.down

    play(scene())


def test_what_another_daemon_learnt_is_known_to_this_one() -> None:
    async def scene() -> None:
        class Shared(MemoryStore):
            shared = True

        store, time = Shared(9), FakeTime()
        async with site(policy_world()) as one:
            async with core(one.settings(), store, time) as first:
                before = await first.told()
                one.hang()
                async with core(one.settings(), store, time) as second:
                    assert await second.told() == before
            assert one.fetches() == 1

    play(scene())


@pytest.mark.parametrize("by_s", [400 * DAY_S, -400 * DAY_S, 20 * 365 * DAY_S])
def test_a_clock_that_jumps_ends_no_policy(by_s: float) -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            before = await made.told()
            one.hang()
            made.time.pass_(100)
            made.time.machine += timedelta(seconds=by_s)
            assert await made.told() == before
            made.time.machine -= timedelta(seconds=by_s)
            made.time.pass_(100)
            assert await made.told() == before

    play(scene())


def test_a_refresh_that_mail_comes_to_wait_for_gives_way_no_longer() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            made.time.pass_(DAY_S + 1)
            made.answers.mail_first.within_s = WITHIN_S
            with made.answers.mail_first.waited_for("other.example"):
                flight = made.answers.fly(hop("example.com"), refresh=True)
                await made.told()
                assert flight.done()
            assert one.fetches() == 2

    play(scene())


def test_a_decision_names_its_reason() -> None:
    async def scene() -> None:
        async with site("tlsa-right") as one, core(one.settings()) as made:
            decision = (await made.answers.ask(hop(one.lab.domain))).held.decision
            assert decision is not None
            assert (decision.protection, decision.reason) == (Protection.DANE_ONLY, Reason.DANE_EVERYWHERE)

    play(scene())


def test_what_has_expired_and_changed_leads_to_a_new_decision() -> None:
    async def scene() -> None:
        async with site("tlsa-right") as one, core(one.settings()) as made:
            key = one.lab.domain
            assert await made.told(key) == "OK dane-only"
            one.dns.validating = False
            made.time.pass_(GRACE_S)
            assert await made.told(key) == "OK dane-only"
            made.time.pass_(LAB_TTL_S)
            assert await made.told(key) != "OK dane-only"
            assert made.counts.rechecks == {"same": 1, "changed": 1}

    play(scene())


def test_what_is_to_be_asked_anew_is_not_spared_by_a_look_that_was_taken_before() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            made.time.pass_(GRACE_S + LAB_TTL_S)
            asking = asyncio.create_task(made.told())
            await asyncio.sleep(0)  # the look is taken, and what has expired is not asked for yet
            made.answers.look_anew()
            assert await asking == "OK secure match=mx1.example.com servername=hostname"
            assert made.counts.rechecks == {"same": 0, "changed": 0}

    play(scene())


def test_an_answer_that_is_asked_for_again_is_held_without_its_bytes() -> None:
    record = Question(Kind.TXT, "_mta-sts.example.com")

    async def scene() -> None:
        async with site(policy_world()) as one:
            with Asker(one.settings().asking) as asker:
                found = await asker.ask(record, asker.share())
                held = trimmed(Evidence("example.com").with_answers([(record, found)]))
                again, same = await asked_again(held, (record,), asker)
            data = again.answers[record].data
            assert isinstance(found.data, DnsData)
            assert isinstance(data, DnsData)
            assert (same, found.data.wire != b"", data.wire) == (True, True, b"")

    play(scene())


def test_new_settings_let_nothing_stand_that_was_asked_under_others() -> None:
    async def scene() -> None:
        async with site("tlsa-right") as one, core(one.settings()) as made:
            key = one.lab.domain
            assert await made.told(key) == "OK dane-only"
            asking = msgspec.structs.replace(made.answers.settings.asking, trust_ad=False)
            made.answers.settings = msgspec.structs.replace(made.answers.settings, asking=asking)
            assert made.answers.evidence_held == 0
            made.time.pass_(GRACE_S)
            assert await made.told(key) != "OK dane-only"

    play(scene())


def test_a_purge_is_not_undone_by_a_look_up_that_was_under_way() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            assert (await made.told()).startswith("OK secure")
            made.time.pass_(2 * DAY_S)
            one.hang()
            one.reached.clear()
            flight = made.answers.fly(hop("example.com"))
            async with asyncio.timeout(WITHIN_S):
                await one.reached.wait()
            made.answers.forget("example.com")
            await made.destinations.purge("example.com", made.answers.now())
            held = (await flight).held
            assert held.policy is None

    play(scene())


def test_a_purge_during_a_look_up_that_fails_is_none_of_the_next_look_up() -> None:
    class Faulty(MemoryStore):
        shared = True
        is_faulty = False

        def read(self, key: str) -> Destination | None:
            if self.is_faulty:
                raise ValueError("a fault")
            return super().read(key)

    async def scene() -> None:
        store = Faulty(9)
        async with site(policy_world()) as one, core(one.settings(), store) as made:
            before = await made.told()
            made.time.pass_(GRACE_S + LAB_TTL_S)
            store.is_faulty = True
            flight = made.answers.fly(hop("example.com"))
            made.answers.forget("example.com")
            with pytest.raises(ValueError, match="a fault"):
                await flight
            store.is_faulty = False
            assert await made.told() == before == "OK secure match=mx1.example.com servername=hostname"
            assert (one.dns.asked["TXT _mta-sts.example.com"], one.fetches()) == (2, 1)

    play(scene())


@pytest.mark.parametrize("validating", [True, False])
def test_silence_about_a_record_is_told_from_its_absence(
    validating: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with site("direct") as one:
            settings = one.settings()
            asking = msgspec.structs.replace(settings.asking, trust_ad=validating, timeout_s=0.2)
            async with core(msgspec.structs.replace(settings, asking=asking)) as made:
                one.dns.silent = True
                decision = (await made.destination("other.example")).held.decision
                assert decision is not None
                assert (decision.reason, bool(decision.detail)) == (want, True)

    want = Reason.MX_UNANSWERED if validating else Reason.STS_UNANSWERED
    with caplog.at_level(logging.WARNING, "mxproof.policyd"):
        play(scene())
    assert [f"reason={want}" in record.getMessage() for record in caplog.records] == [True]


def test_the_end_of_a_policy_that_could_not_be_fetched_again_is_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            await made.told()
            one.hang()
            made.time.pass_(8 * DAY_S)
            assert await made.told() == "NOTFOUND"

    with caplog.at_level(logging.WARNING, "mxproof.policyd"):
        play(scene())
    assert any("policy=ended" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(("dns_s", "want_s"), [(0.2, 0.2), (None, 1.0)])
def test_a_look_up_takes_no_longer_than_look_ups_may(dns_s: float | None, want_s: float) -> None:
    async def scene() -> int:
        async with site("direct") as one:
            settings = one.settings()
            asking = msgspec.structs.replace(settings.asking, dns_timeout_s=dns_s, timeout_s=1.0)
            async with core(msgspec.structs.replace(settings, asking=asking)) as made:
                one.dns.silent = True
                found = await surveyed(
                    hop("other.example"), Held(), made.answers.settings, made.time.machine, Asker(asking)
                )
                return max(answer.elapsed_ms for answer in found.answers.values())

    # The last third is for TCP, which is refused at once here; the loop leaps in steps of its patience.
    assert want_s * 600 <= play(scene()) <= want_s * 1300
