"""What the daemon that collects takes over when it is reloaded, says of itself, and lets go of at its end."""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mxproof.formats.errors import ConfigError
from mxproof.formats.postfix.netstring import print_netstring
from mxproof.net.asking import Asking
from mxproof.serve.collect.config import CollectConfig
from mxproof.serve.collect.daemon import CollectDaemon
from mxproof.serve.collect.drain import Drain
from mxproof.serve.collect.kernel_queue import QUEUE_WANTED
from mxproof.serve.collect.probing import Prober
from mxproof.serve.collect.settings import CollectSettings, collect_settings
from mxproof.serve.collect.standing import StandingFailures
from mxproof.serve.daemon.config import AdminOptions
from mxproof.serve.sending.config import SendOptions
from mxproof.serve.sending.returns import BounceWork
from mxproof.serve.sending.settings import SendSettings
from mxproof.serve.sending.work import SendWork
from mxproof.store.journal.journal import Journal
from support_collect import collecting, config_in, met, page, tell
from support_datagram import DATAGRAMS
from support_logged import said

GOOD = DATAGRAMS[0]


@pytest.fixture
def config(tmp_path: Path) -> CollectConfig:
    return config_in(tmp_path)


def with_collect(config: CollectConfig, **options: object) -> CollectConfig:
    """Return a configuration with other options of what is collected."""
    return msgspec.structs.replace(config, collect=msgspec.structs.replace(config.collect, **options))


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was warned of reloads."""
    return [one.partition(";")[0] for one in said(caplog) if one.startswith("reload:")]


NEEDS = "reload: changes of listen, domains_max, testing, probe, send.bounces, unix, store.url and admin need a restart"


def test_a_reload_takes_over_what_may_change_and_says_once_what_may_not(
    config: CollectConfig, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "mxproof")
    sends: list[SendSettings | None] = []
    monkeypatch.setattr(SendWork, "change", lambda _, settings: sends.append(settings))
    send = SendOptions(contact="tls@sender.example", through="/bin/false", signed_elsewhere=True)
    later = msgspec.structs.replace(
        with_collect(config, keep_days=5, domains_max=9), log="warning", send=send
    )

    async def main() -> None:
        async with collecting(config, later) as daemon:
            assert (daemon._writer.keep_days, sends) == (30, [])
            await daemon.life.reload()
            assert daemon._writer.keep_days == 5
            assert logging.getLogger("mxproof").level == logging.WARNING
            await daemon.life.reload()

    asyncio.run(main())
    assert sends == [collect_settings(later).send] * 2
    assert warnings(caplog) == [NEEDS]


def test_a_reload_of_what_is_wrong_changes_nothing(config: CollectConfig) -> None:
    read: list[CollectSettings] = []

    def reading() -> CollectSettings:
        if not read:
            raise ConfigError("wrong")
        return read.pop()

    async def main() -> None:
        async with collecting(config) as daemon:
            daemon._read = reading
            await daemon.life.reload()
            assert daemon._writer.keep_days == 30
            read.append(collect_settings(with_collect(config, keep_days=7)))
            await daemon.life.reload()
            assert daemon._writer.keep_days == 7

    asyncio.run(main())


def test_a_command_reloads_as_a_signal_does(config: CollectConfig, tmp_path: Path) -> None:
    admin = AdminOptions(http=config.admin.http, control=f"unix:{tmp_path}/control")
    commanded = msgspec.structs.replace(config, admin=admin)

    async def main() -> bytes:
        async with collecting(commanded, with_collect(commanded, keep_days=9)) as daemon:
            reader, writer = await asyncio.open_unix_connection(f"{tmp_path}/control")
            writer.write(print_netstring(b"reload "))
            answer = await reader.readuntil(b",")
            assert daemon._writer.keep_days == 9
            writer.close()
            return answer

    assert asyncio.run(main()) == print_netstring(b"OK reloaded")
    assert not (tmp_path / "control").exists()


def test_what_comes_while_it_ends_is_drained_and_then_written(
    config: CollectConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Drain.stop

    answers: list[int] = []

    def late(drain: Drain) -> None:
        tell(tmp_path, [GOOD] * 3)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            answers.append(client.connect_ex(f"{tmp_path}/http"))
        stop(drain)

    monkeypatch.setattr(Drain, "stop", late)

    async def main() -> None:
        async with collecting(config):
            pass

    asyncio.run(main())
    assert met(tmp_path) == {"good.test": (3, 0)}
    assert answers == [errno.ECONNREFUSED], "nobody is told any more how it stands"


def test_at_its_end_it_lets_go_of_whatever_it_held(
    config: CollectConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    for one in (Prober, BounceWork, Journal):
        monkeypatch.setattr(one, "close", noting(closed, one.close))
    send = SendOptions(
        contact="tls@sender.example",
        bounce_address="back@sender.example",
        bounces=f"unix:{tmp_path}/lmtp",
        through="/bin/false",
        signed_elsewhere=True,
    )
    probing = msgspec.structs.replace(
        with_collect(config, testing=True),
        send=send,
        dns=msgspec.structs.replace(config.dns, resolvers=("127.0.0.1:1",)),
    )

    async def main() -> CollectDaemon:
        async with collecting(probing) as daemon:
            assert (tmp_path / "lmtp").is_socket()
            assert not {Prober, BounceWork} & set(map(type, closed))
        return daemon

    daemon = asyncio.run(main())
    assert {type(one) for one in closed} == {Prober, BounceWork, Journal}
    assert daemon._journal in closed
    assert [one.name for one in tmp_path.iterdir() if one.is_socket()] == []


def noting(closed: list[object], close: Callable[[Any], None]) -> Callable[[Any], None]:
    def noted(one: object) -> None:
        closed.append(one)
        close(one)

    return noted


def test_work_beside_is_done_as_long_as_it_lives(config: CollectConfig) -> None:
    seen: list[str] = []

    async def beside() -> None:
        seen.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("ended")

    async def main() -> None:
        settings = collect_settings(config)
        daemon = CollectDaemon(settings, lambda: settings, beside=(beside,))
        serving = asyncio.create_task(daemon.run())
        await daemon.life.ready.wait()
        await asyncio.sleep(0)
        assert seen == ["begun"]
        daemon.life.stop.set()
        await serving

    asyncio.run(main())
    assert seen == ["begun", "ended"]


@pytest.mark.parametrize(
    ("is_broken", "is_away", "want"),
    [
        (False, False, (200, "socket: drained\nstore: up\n")),
        (True, False, (503, "socket: broken\nstore: up\n")),
        (False, True, (503, "socket: drained\nstore: down\n")),
    ],
)
def test_it_is_well_while_it_can_drain_and_write(
    config: CollectConfig, tmp_path: Path, is_broken: bool, is_away: bool, want: tuple[int, str]
) -> None:
    kept = config_in(tmp_path, "away/journal.db") if is_away else config

    async def main() -> tuple[int, str]:
        async with collecting(kept) as daemon:
            daemon.counts.store_down = is_away
            daemon._drain.fault = OSError(9, "Bad file descriptor") if is_broken else None
            return await page(tmp_path, "/health")

    assert asyncio.run(main()) == want


@pytest.mark.parametrize(
    ("queue", "fullest"), [(10, 11), (QUEUE_WANTED - 1, QUEUE_WANTED), (QUEUE_WANTED, 900), (0, 900)], ids=str
)
def test_its_numbers_are_those_of_the_drain_the_prober_and_the_log(
    config: CollectConfig, queue: int, fullest: int
) -> None:
    settings = collect_settings(config)
    daemon = CollectDaemon(settings, lambda: settings, lambda: 4)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
        daemon._drain = Drain(datagrams)
        daemon._drain.received, daemon._drain.lost, daemon._drain.fullest = 7, 3, 900
        daemon.counts.queue = queue
        assert (number_of(daemon, "probes_total"), number_of(daemon, "queue_fullest")) == ("0", str(fullest))
        names = ("datagrams_total", "lost_total", "log_lines_lost_total", "queue_length")
        assert [number_of(daemon, name) for name in names] == ["7", "3", "4", str(queue)]
        daemon._prober = Prober(StandingFailures(), Asking(resolvers=()), ())
        daemon._prober.probes = 5
        assert number_of(daemon, "probes_total") == "5"
        daemon._prober.close()
        daemon._drain.stop()


def number_of(daemon: CollectDaemon, name: str) -> str:
    """Return the number of a series without labels."""
    found = daemon._page("/metrics")
    assert found is not None
    (line,) = (one for one in found.text.splitlines() if one.startswith(f"mxproof_collect_{name} "))
    return line.partition(" ")[2]
