"""What a daemon does in what order: settings taken over, resolvers looked at, a purge, the end, and the start after it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.daemon.config import print_config
from mxproof.serve.daemon.control import tell
from mxproof.serve.daemon.kernel_time import Synchronised
from mxproof.serve.policyd import daemon as module
from mxproof.serve.policyd.config import Config
from mxproof.serve.policyd.daemon import BELIEF_RETRY_S, LOOK_AGAIN_S, Daemon
from mxproof.serve.policyd.trust import Belief
from mxproof.store.destinations.destination import StoreError
from mxproof.store.destinations.sqlite import sqlite_store
from support_policyd import Site, client, config_for, daemon, hop, play, policy_world, site

SECURE = SocketmapReply(Status.OK, "secure match=mx1.example.com servername=hostname")
RULE = '\n[[override]]\ndomain = "example.net"\npolicy = "encrypt"\nreason = "why"\nuntil = 2999-01-01T00:00:00Z\n'

Scene = Callable[[Site, Daemon, Path], Coroutine[None, None, None]]


def beside(folder: Path, scene: Scene) -> None:
    """Run `scene` beside a daemon in front of a lab."""

    async def begun() -> None:
        async with site(policy_world()) as one:
            write(folder, config_for(one, folder))
            async with daemon(config_for(one, folder), folder / "policyd.toml") as made:
                await scene(one, made, folder)

    play(begun())


def write(folder: Path, config: Config) -> None:
    (folder / "policyd.toml").write_bytes(print_config(config))


def with_dns(config: Config, **changes: object) -> Config:
    return msgspec.structs.replace(config, dns=msgspec.structs.replace(config.dns, **changes))


async def asked(folder: Path, key: str = "example.com") -> SocketmapReply:
    async with client(folder) as postfix:
        return await postfix.look_up(key)


def test_each_reload_is_counted_as_it_went_and_its_moment_is_that_of_the_last_that_was_taken_over(
    tmp_path: Path,
) -> None:
    async def scene(_: Site, made: Daemon, folder: Path) -> None:
        seen = []
        gauges, path = made._counts.gauges, folder / "policyd.toml"
        right = path.read_text()
        for text in (None, "listen = 7", right, "listen = 7", "", right + RULE):
            before = gauges["last_reload_timestamp_seconds"]
            if text is not None:
                path.write_text(text)
                await made.life.reload()
            moved = gauges["last_reload_timestamp_seconds"] > before
            seen.append((*made._counts.reloads.values(), gauges["last_reload_successful"], moved))
        assert seen == [
            (0, 0, True, False),
            (0, 1, False, False),
            (1, 1, True, True),
            (1, 2, False, False),
            (2, 2, True, True),
            (3, 2, True, True),
        ]
        assert gauges["last_reload_timestamp_seconds"] == pytest.approx(
            made._answers.now().timestamp(), abs=60
        )

    beside(tmp_path, scene)


def test_a_reload_lets_nothing_stand_that_was_ready_or_held_though_nothing_is_new(tmp_path: Path) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        assert await asked(folder) == SECURE
        assert (len(made._replies), made._answers.evidence_held) == (1, 1)
        await made.life.reload()
        assert (len(made._replies), made._answers.evidence_held) == (0, 0)
        assert await asked(folder) == SECURE
        assert one.fetches() == 1

    beside(tmp_path, scene)


def test_what_becomes_ready_while_a_reload_looks_at_the_resolvers_is_found_anew_after_it(
    tmp_path: Path,
) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        assert await asked(folder) == SECURE
        one.dns.silent = True
        reloading = asyncio.create_task(made.life.reload())
        await one.dns.next_query()
        assert await asked(folder) == SECURE
        assert (len(made._replies), reloading.done()) == (1, False)
        await reloading
        assert len(made._replies) == 0

    beside(tmp_path, scene)


def test_a_look_at_the_resolvers_of_before_says_nothing_of_those_that_are_asked_now(tmp_path: Path) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        one.dns.silent = True
        late = asyncio.create_task(made._look_at_resolvers(made._settings))
        await one.dns.next_query()
        write(folder, with_dns(config_for(one, folder), trust_ad=False, timeout_s=0.1))
        await made.life.reload()
        look_at_s = made._look_at_s
        assert not late.done()
        one.dns.silent = False
        await late
        assert (made._seen.belief, made._seen.silent) == (Belief.ABSENT, True)
        assert (made._answers.settings.asking.trust_ad, made._look_at_s) == (False, look_at_s)

    beside(tmp_path, scene)


LOOKS = (
    (True, True, False, Belief.VALIDATING, LOOK_AGAIN_S),
    (True, False, False, Belief.ABSENT, BELIEF_RETRY_S),
    (True, True, True, Belief.UNKNOWN, BELIEF_RETRY_S),
    (False, True, False, Belief.ABSENT, LOOK_AGAIN_S),
    (False, True, True, Belief.ABSENT, BELIEF_RETRY_S),
)
"""Whether resolvers are declared to validate, do so, and are silent; what is believed of them, and when they are looked at again."""


def test_resolvers_are_looked_at_again_soon_where_something_is_amiss_and_later_where_nothing_is(
    tmp_path: Path,
) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        for trust_ad, validating, silent, belief, again_s in LOOKS:
            write(folder, with_dns(config_for(one, folder), trust_ad=trust_ad, timeout_s=0.2))
            one.dns.validating, one.dns.silent = validating, silent
            await made.life.reload()
            assert (made._seen.belief, made._seen.silent) == (belief, silent)
            assert made._answers.settings.asking.trust_ad is (belief is not Belief.ABSENT)
            assert made._look_at_s - asyncio.get_running_loop().time() == pytest.approx(again_s, abs=0.5)

    beside(tmp_path, scene)


def test_what_is_learnt_while_a_purge_is_under_way_is_forgotten_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(_: Site, made: Daemon, folder: Path) -> None:
        going, begun = asyncio.Event(), asyncio.Event()
        purge = made._destinations.purge

        async def slow(key: str, moment: datetime) -> bool:
            begun.set()
            await going.wait()
            return await purge(key, moment)

        monkeypatch.setattr(made._destinations, "purge", slow)
        assert await asked(folder) == SECURE
        purging = asyncio.create_task(made._purge("Example.com"))
        await begun.wait()
        assert (len(made._replies), made._answers.evidence_held) == (0, 0)
        assert await asked(folder) == SECURE
        await made._answers.fly(hop("example.com"), refresh=True)
        assert (len(made._replies), made._answers.evidence_held) == (1, 1)
        going.set()
        assert await purging == SocketmapReply(Status.OK, "example.com: forgotten")
        assert (len(made._replies), made._answers.evidence_held) == (0, 0)
        assert await made._purge("example.com") == SocketmapReply(Status.OK, "example.com: was not known")

    beside(tmp_path, scene)


def test_a_purge_that_the_store_does_not_take_is_not_told_as_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(_: Site, made: Daemon, folder: Path) -> None:
        async def away(_key: str, _moment: datetime) -> bool:
            raise StoreError("away")

        assert await asked(folder) == SECURE
        monkeypatch.setattr(made._destinations, "purge", away)
        control = f"{folder}/control"
        told = await asyncio.to_thread(tell, control, Request("purge", "example.com"))
        assert told == SocketmapReply(Status.TEMP, "example.com: forgotten here, but not in the store: away")
        assert (len(made._replies), made._answers.evidence_held) == (0, 0)
        wrong = await asyncio.to_thread(tell, control, Request("purge", "[192.0.2.1]"))
        assert wrong.status is Status.PERM

    beside(tmp_path, scene)


def test_a_look_up_that_ends_after_the_last_connection_is_known_to_the_next_daemon(tmp_path: Path) -> None:
    async def scene() -> None:
        async with site(policy_world()) as one:
            config = config_for(one, tmp_path)
            async with daemon(config) as made:
                one.hang()
                flight = made._answers.fly(hop("example.com"))
                await one.reached.wait()
                made.life.stop.set()
                await asyncio.sleep(0.3)
                assert not flight.done()
                one.hang(False)
            assert flight.done()
            assert not (tmp_path / "socketmap").exists()
            store = sqlite_store(tmp_path / "state.db")
            found = store.read("example.com")
            store.close()
            assert found == flight.result()

    play(scene())


def test_a_machine_that_starts_with_a_wrong_clock_goes_on_from_what_the_store_remembers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def just_started() -> Clockwork:
        return Clockwork(lambda: datetime(1970, 1, 1, tzinfo=UTC), lambda: 5.0, lambda: Synchronised.NO)

    async def scene() -> None:
        async with site(policy_world()) as one:
            config = config_for(one, tmp_path)
            async with daemon(config) as made:
                assert await asked(tmp_path) == SECURE
                known = made._destinations.look("example.com")
                assert known is not None
            monkeypatch.setattr(module, "Clockwork", just_started)
            one.dns.silent = True
            async with daemon(config) as again:
                assert again._answers.now() - known.asked_at == timedelta(0)
                assert again._clock.state.away_since_s is not None
                assert await asked(tmp_path) == SECURE

    play(scene())
