"""The whole daemon on socket files, in front of a lab: framing, listeners, purging, reloading, stopping, starting."""

import asyncio
import os
import re
import signal
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.formats.postfix.netstring import print_netstring
from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status
from mxproof.serve.daemon.config import UnixPath, print_config
from mxproof.serve.daemon.control import tell
from mxproof.serve.policyd import daemon as module
from mxproof.serve.policyd.daemon import Daemon
from mxproof.serve.policyd.settings import settings
from mxproof.serve.policyd.state import told_state
from mxproof.serve.policyd.trust import Belief
from support_policyd import WITHIN_S, Site, client, config_for, daemon, site

SECURE = SocketmapReply(Status.OK, "secure match=smol.example.com:tol.example.com servername=hostname")
NOT_FOUND = SocketmapReply(Status.NOTFOUND)

Scene = Callable[[Site, Daemon, Path], Coroutine[None, None, None]]


def play(folder: Path, scene: Scene, subject: str = "direct") -> None:
    """Run `scene` beside a daemon in front of a lab."""

    async def run() -> None:
        async with site(subject) as one:
            config = config_for(one, folder)
            path = folder / "policyd.toml"
            path.write_bytes(print_config(config))
            async with daemon(config, path) as made:
                await scene(one, made, folder)

    asyncio.run(run())


def test_keys_are_answered_as_postfix_sends_them(tmp_path: Path) -> None:
    async def scene(one: Site, _: Daemon, folder: Path) -> None:
        async with client(folder) as postfix:
            for key in ("example.com", "EXAMPLE.com", "[example.com]", "example.com:25", "[Example.com]:25"):
                assert await postfix.look_up(key) == SECURE
            walked = one.dns.asked.total()
            for key in (
                ".example.com",
                ".com",
                "com",
                "[192.0.2.1]",
                "[ipv6:2001:db8::1]:25",
                "",
                "a b",
                "x" * 9000,
            ):
                assert await postfix.look_up(key) == NOT_FOUND
            assert one.dns.asked.total() == walked

    play(tmp_path, scene)


def test_the_map_chooses_the_dialect(tmp_path: Path) -> None:
    async def scene(_: Site, __: Daemon, folder: Path) -> None:
        async with client(folder) as postfix:
            assert await postfix.look_up("example.com", "postfix") == SECURE
            assert "policy_type=sts" in (await postfix.look_up("example.com", "postfix-tlsrpt")).text
            assert await postfix.look_up("example.com", "misspelt") == SECURE

    play(tmp_path, scene)


def test_requests_in_pieces_and_in_a_row_are_answered_in_order(tmp_path: Path) -> None:
    async def scene(_: Site, __: Daemon, folder: Path) -> None:
        framed = print_netstring(b"postfix example.com")
        async with client(folder) as postfix:
            for byte in framed:
                postfix.writer.write(bytes([byte]))
                await postfix.writer.drain()
                await asyncio.sleep(0)
            assert await postfix.reply() == SECURE
            postfix.writer.write(framed + print_netstring(b"postfix .com") + framed)
            assert [await postfix.reply() for _ in range(3)] == [SECURE, NOT_FOUND, SECURE]

    play(tmp_path, scene)


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"99999:", b"3:abcd", b"\0"])
def test_what_is_no_request_is_answered_before_the_connection_ends(tmp_path: Path, data: bytes) -> None:
    async def scene(_: Site, made: Daemon, folder: Path) -> None:
        async with client(folder) as postfix:
            postfix.writer.write(data)
            assert (await postfix.reply()).status is Status.PERM
            assert await postfix.reader.read() == b""
        async with client(folder) as postfix:
            assert await postfix.look_up("example.com") == SECURE
        assert not made.life.stop.is_set()

    play(tmp_path, scene)


@pytest.mark.parametrize("payload", [b"", b"postfix", b"\xff\xfe x", b"postfix \xff"])
def test_a_request_without_a_key_finds_nothing(tmp_path: Path, payload: bytes) -> None:
    async def scene(_: Site, __: Daemon, folder: Path) -> None:
        async with client(folder) as postfix:
            postfix.writer.write(print_netstring(payload))
            assert await postfix.reply() == NOT_FOUND

    play(tmp_path, scene)


def test_an_open_question_and_those_for_parents_are_answered_before_the_daemon_stops(tmp_path: Path) -> None:
    async def run() -> None:
        async with site("direct") as one:
            one.hang()
            async with daemon(config_for(one, tmp_path)) as made, client(tmp_path) as postfix:
                asked = asyncio.create_task(postfix.look_up("example.com"))
                async with asyncio.timeout(WITHIN_S):
                    await one.reached.wait()
                made.life.stop.set()
                assert (await asked).status is Status.NOTFOUND
                assert await postfix.look_up(".com") == NOT_FOUND
                assert await postfix.reader.read() == b""

    asyncio.run(run())
    assert not (tmp_path / "socketmap").exists()


def test_what_was_answered_is_known_to_the_next_daemon_at_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with site("direct") as one:
            config = config_for(one, tmp_path)
            async with daemon(config), client(tmp_path) as postfix:
                assert await postfix.look_up("example.com") == SECURE
            one.dns.silent = True
            async with daemon(config), client(tmp_path) as postfix:
                assert await postfix.look_up("example.com") == SECURE

    asyncio.run(run())


def test_a_daemon_starts_and_answers_from_memory_while_its_resolver_says_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        async with site("direct") as one:
            config = config_for(one, tmp_path)
            async with daemon(config), client(tmp_path) as postfix:
                assert await postfix.look_up("example.com") == SECURE
            one.dns.silent = True
            patient = msgspec.structs.replace(
                config, dns=msgspec.structs.replace(config.dns, timeout_s=WITHIN_S)
            )
            async with asyncio.timeout(WITHIN_S / 2), daemon(patient), client(tmp_path) as postfix:
                assert await postfix.look_up("example.com") == SECURE

    asyncio.run(run())


def test_purging_makes_the_daemon_look_again(tmp_path: Path) -> None:
    async def scene(one: Site, _: Daemon, folder: Path) -> None:
        async with client(folder) as postfix:
            await postfix.look_up("example.com")
            told = await asyncio.to_thread(tell, f"{folder}/control", Request("purge", "Example.com"))
            assert told == SocketmapReply(Status.OK, "example.com: forgotten")
            await postfix.look_up("example.com")
        assert one.fetches() == 2
        again = await asyncio.to_thread(tell, f"{folder}/control", Request("purge", "other.example"))
        assert again == SocketmapReply(Status.OK, "other.example: was not known")
        bad = await asyncio.to_thread(tell, f"{folder}/control", Request("dance", "now"))
        assert bad.status is Status.PERM

    play(tmp_path, scene)


def test_the_control_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    async def scene(_: Site, __: Daemon, folder: Path) -> None:
        modes = {name: oct((folder / name).stat().st_mode & 0o777) for name in ("control", "socketmap")}
        assert modes == {"control": "0o600", "socketmap": "0o660"}

    play(tmp_path, scene)


def test_a_reload_brings_overrides_in_and_a_wrong_file_changes_nothing(tmp_path: Path) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        path, config = folder / "policyd.toml", config_for(one, folder)
        base = print_config(config).decode()
        rule = '\n[[override]]\ndomain = "example.com"\npolicy = "encrypt"\nreason = "known"\nuntil = {}\n'
        async with client(folder) as postfix:
            assert await postfix.look_up("example.com") == SECURE
            path.write_text(base + rule.format("2999-01-01T00:00:00Z"))
            await made.life.reload()
            assert await postfix.look_up("example.com") == SocketmapReply(Status.OK, "encrypt")
            path.write_text("listen = 7")
            await made.life.reload()
            assert await postfix.look_up("example.com") == SocketmapReply(Status.OK, "encrypt")
            nowhere = re.sub("^ca_file = .*$", 'ca_file = "/nowhere/ca.pem"', base, flags=re.MULTILINE)
            assert nowhere != base
            path.write_text(nowhere + rule.format("2001-01-01T00:00:00Z"))
            held = made._settings
            await made.life.reload()
            assert made._settings is held
            assert await postfix.look_up("example.com") == SocketmapReply(Status.OK, "encrypt")
            path.write_text(base + rule.format("2001-01-01T00:00:00Z"))
            made.life.reloaded.clear()
            os.kill(os.getpid(), signal.SIGHUP)
            async with asyncio.timeout(WITHIN_S):
                await made.life.reloaded.wait()
            assert await postfix.look_up("example.com") == SECURE

    play(tmp_path, scene)


def test_a_reload_takes_effect_while_the_resolver_says_nothing(tmp_path: Path) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        path = folder / "policyd.toml"
        async with client(folder) as postfix:
            assert await postfix.look_up("example.com") == SECURE
            one.dns.silent = True
            rule = (
                '\n[[override]]\ndomain = "example.com"\npolicy = "encrypt"\nreason = "known"\nuntil = {}\n'
            )
            path.write_text(path.read_text() + rule.format("2999-01-01T00:00:00Z"))
            reloading = asyncio.create_task(made.life.reload())
            await one.dns.next_query()
            assert await postfix.look_up("example.com") == SocketmapReply(Status.OK, "encrypt")
            assert not reloading.done()
            await reloading

    play(tmp_path, scene)


def test_an_override_that_comes_while_the_answer_is_sought_is_the_answer(tmp_path: Path) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        path = folder / "policyd.toml"
        rule = '\n[[override]]\ndomain = "example.com"\npolicy = "encrypt"\nreason = "known"\nuntil = {}\n'
        one.hang()
        async with client(folder) as postfix:
            asked = asyncio.create_task(postfix.look_up("example.com"))
            async with asyncio.timeout(WITHIN_S):
                await one.reached.wait()
            path.write_text(path.read_text() + rule.format("2999-01-01T00:00:00Z"))
            await made.life.reload()
            assert not asked.done()
            assert await asked == SocketmapReply(Status.OK, "encrypt")

    play(tmp_path, scene)


def test_of_many_reloads_the_last_file_counts_and_most_are_spared(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        path = folder / "policyd.toml"
        before = path.read_text()
        path.write_text(before.replace("grace_s = 60.0", "grace_s = 50.0"))
        first = asyncio.create_task(made.life.reload())
        await one.dns.next_query()
        path.write_text(before.replace("grace_s = 60.0", "grace_s = 40.0"))
        for _ in range(50):
            os.kill(os.getpid(), signal.SIGHUP)
        await first
        made.life.reloaded.clear()
        async with asyncio.timeout(WITHIN_S):
            await made.life.reloaded.wait()
        assert made._settings.grace_s == made._answers.settings.grace_s == 40.0

    with caplog.at_level("INFO"):
        play(tmp_path, scene)
    reloads = sum(record.getMessage() == "reload: done" for record in caplog.records)
    assert 2 <= reloads <= 4


def test_a_resolver_that_validates_no_more_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("SWEEP_S", "BELIEF_RETRY_S", "LOOK_AGAIN_S"):
        monkeypatch.setattr(module, name, 0.01)

    async def looks(one: Site) -> None:
        for _ in range(
            3
        ):  # the second shows that the one that was under way is over, the third that the next is
            await one.dns.next_query()

    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        beliefs = [made._seen.belief]
        one.dns.validating = False
        await looks(one)
        beliefs.append(made._seen.belief)
        assert "mxproof_policyd_dane_possible 0" in (await _get(folder, "/metrics"))[1].splitlines()
        one.dns.validating = True
        await looks(one)
        beliefs.append(made._seen.belief)
        assert beliefs == [Belief.VALIDATING, Belief.ABSENT, Belief.VALIDATING]

    play(tmp_path, scene)
    said = [
        record.getMessage() for record in caplog.records if "does not set the AD bit" in record.getMessage()
    ]
    assert len(said) == 1


def test_what_was_seen_of_other_resolvers_is_not_believed_of_those_that_a_reload_names(
    tmp_path: Path,
) -> None:
    async def scene(one: Site, made: Daemon, folder: Path) -> None:
        assert made._answers.settings.asking.trust_ad
        config = config_for(one, folder)
        undeclared = msgspec.structs.replace(config, dns=msgspec.structs.replace(config.dns, trust_ad=False))
        (folder / "policyd.toml").write_bytes(print_config(undeclared))
        one.dns.silent = True
        reload = asyncio.create_task(made.life.reload())
        await one.dns.next_query()
        beliefs = [(made._seen.belief, made._answers.settings.asking.trust_ad)]
        one.dns.silent = False
        await reload
        beliefs.append((made._seen.belief, made._answers.settings.asking.trust_ad))
        assert beliefs == [(Belief.ABSENT, False)] * 2

    play(tmp_path, scene)


async def _get(folder: Path, path: str, method: str = "GET") -> tuple[str, str]:
    reader, writer = await asyncio.open_unix_connection(str(folder / "http"))
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
    async with asyncio.timeout(WITHIN_S):
        head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    return head.split(" ")[1], body


def test_metrics_and_health_have_pages_and_nothing_else_does(tmp_path: Path) -> None:
    async def scene(_: Site, __: Daemon, folder: Path) -> None:
        async with client(folder) as postfix:
            for _unused in range(3):
                await postfix.look_up("example.com")
        status, body = await _get(folder, "/metrics")
        assert status == "200"
        lines = set(body.splitlines())
        assert 'mxproof_policyd_replies_total{status="OK"} 1' in lines
        assert "mxproof_policyd_warm_answers_total 2" in lines
        assert 'mxproof_policyd_decisions_total{protection="sts",reason="sts-enforce"} 1' in lines
        assert "mxproof_policyd_dane_possible 1" in lines
        status, body = await _get(folder, "/health")
        assert (status, body.splitlines()[:-1]) == (
            "200",
            ["answering", "dane: validating", "store: up", "resolver: answering"],
        )
        assert body.splitlines()[-1].startswith("clock: the kernel's clock is ")
        state = await asyncio.to_thread(told_state, UnixPath(f"{folder}/control"))
        assert state is not None
        assert (state.clock_away, state.resolver_silent, state.store_down) == (False, False, False)
        assert (await _get(folder, "/"))[0] == "404"
        assert (await _get(folder, "/metrics", "POST"))[0] == "405"

    play(tmp_path, scene)


@pytest.mark.parametrize("trust_ad", [True, False])
def test_a_resolver_that_says_nothing_at_the_start_stays_visible_until_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trust_ad: bool
) -> None:
    for name in ("SWEEP_S", "BELIEF_RETRY_S", "LOOK_AGAIN_S"):
        monkeypatch.setattr(module, name, 0.01)

    def said() -> list[str]:
        told = "no answer about the root zone"
        return [record.levelname for record in caplog.records if told in record.getMessage()]

    async def run() -> None:
        async with site("direct") as one:
            config = config_for(one, tmp_path)
            dns = msgspec.structs.replace(config.dns, trust_ad=trust_ad, timeout_s=0.2)
            one.dns.silent = True
            async with daemon(msgspec.structs.replace(config, dns=dns)) as made:

                def silent() -> bool:
                    return made._seen.silent

                await one.dns.next_query()
                while not silent():
                    await one.dns.next_query()
                assert "resolver: silent: " in (await _get(tmp_path, "/health"))[1]
                assert "mxproof_policyd_resolver_silent 1" in (await _get(tmp_path, "/metrics"))[1]
                assert said() == ["WARNING"]
                one.dns.silent = False
                while silent():
                    await one.dns.next_query()
                assert "resolver: answering" in (await _get(tmp_path, "/health"))[1]

    asyncio.run(run())


def test_every_series_is_there_from_the_start(tmp_path: Path) -> None:
    async def scene(_: Site, __: Daemon, folder: Path) -> None:
        before = await _series(folder)
        async with client(folder) as postfix:
            assert await postfix.look_up("example.com") == SECURE
            await postfix.look_up("without.example")
        await asyncio.to_thread(tell, f"{folder}/control", Request("reload", "now"))
        assert await _series(folder) == before

    play(tmp_path, scene)


async def _series(folder: Path) -> set[str]:
    lines = (await _get(folder, "/metrics"))[1].splitlines()
    return {line.rpartition(" ")[0] for line in lines if not line.startswith("#")}


def test_two_daemons_do_not_share_a_socket_file_and_a_stale_one_is_cleared(tmp_path: Path) -> None:
    async def run() -> None:
        async with site("direct") as one:
            config = config_for(one, tmp_path)
            async with daemon(config):
                with pytest.raises(ConfigError, match="another process listens there"):
                    await Daemon(settings(config), lambda: settings(config)).run()
            stale = socket.socket(socket.AF_UNIX)
            stale.bind(str(tmp_path / "socketmap"))
            stale.close()
            async with daemon(config), client(tmp_path) as postfix:
                assert await postfix.look_up("example.com") == SECURE

    asyncio.run(run())


def test_a_daemon_that_nobody_could_ask_does_not_start(tmp_path: Path) -> None:
    async def run() -> None:
        async with site("direct") as one:
            config = msgspec.structs.replace(config_for(one, tmp_path), listen=())
            with pytest.raises(ConfigError, match="listen: empty"):
                await Daemon(settings(config), lambda: settings(config)).run()

    asyncio.run(run())


def test_a_listener_that_cannot_be_had_is_named_by_its_key(tmp_path: Path) -> None:
    async def run() -> None:
        async with site("direct") as one:
            config = config_for(one, tmp_path)
            admin = msgspec.structs.replace(config.admin, http=f"unix:{tmp_path}/none/http")
            other = msgspec.structs.replace(config, admin=admin)
            with pytest.raises(ConfigError, match=r"admin\.http: .*/none/http"):
                await Daemon(settings(other), lambda: settings(other)).run()

    asyncio.run(run())


def test_many_connections_at_once_are_all_answered(tmp_path: Path) -> None:
    async def scene(one: Site, _: Daemon, folder: Path) -> None:
        async def once() -> SocketmapReply:
            async with client(folder) as postfix:
                return await postfix.look_up("example.com")

        assert set(await asyncio.gather(*(once() for _ in range(200)))) == {SECURE}
        assert one.fetches() == 1

    play(tmp_path, scene)


def test_a_client_that_leaves_does_not_end_the_survey(tmp_path: Path) -> None:
    async def scene(one: Site, _: Daemon, folder: Path) -> None:
        async with client(folder) as postfix:
            postfix.writer.write(print_netstring(b"postfix example.com"))
            await postfix.writer.drain()
        async with client(folder) as postfix:
            assert await postfix.look_up("example.com") == SECURE
        assert one.fetches() == 1

    play(tmp_path, scene)


def test_the_service_manager_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(WITHIN_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "600000000")

        async def scene(_: Site, made: Daemon, __: Path) -> None:
            assert [manager.recv(100) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
            await made.life.reload()
            assert manager.recv(100).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
            assert manager.recv(100) == b"READY=1"

        play(tmp_path, scene)
        assert manager.recv(100) == b"STOPPING=1"
