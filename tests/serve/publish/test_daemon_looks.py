"""The policy host without a socket: what one look or reload after the other tells, orders and takes over."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.serve.daemon.config import LogLevel
from mxproof.serve.publish import daemon as daemon_module
from mxproof.serve.publish.config import LimitOptions, PublishConfig
from mxproof.serve.publish.daemon import PublishDaemon
from mxproof.serve.publish.settings import PublishSettings, publish_settings
from support_policy_wire import Session
from support_publish import (
    DOMAIN,
    OTHER,
    certificate,
    config_in,
    hosting,
    put_certificate,
    put_policy,
    series,
)

THIRD = "example.org"


class _NotedOrdering:
    """What stands for an ordering: it notes how often it was wanted."""

    made: "_NotedOrdering"

    def __init__(self, _command: tuple[str, ...], _look: Callable[[], Awaitable[None]]) -> None:
        self.wanted = 0
        type(self).made = self

    def want(self) -> None:
        self.wanted += 1


@pytest.fixture
def level() -> Iterator[logging.Logger]:
    """Return the logger of all, which has its level again afterwards."""
    log = logging.getLogger("mxproof")
    before = log.level
    yield log
    log.setLevel(before)


def policy_host(config: PublishConfig) -> PublishDaemon:
    """Return one that is not run; a reload reads the same configuration, and its policies anew."""
    return PublishDaemon(publish_settings(config), lambda: publish_settings(config))


def taken(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the faults that were told since the last time, each by what it is of."""
    found = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    caplog.clear()
    return sorted(one.partition(": ")[0] for one in found)


def test_a_fault_is_told_once_and_again_when_it_was_mended_and_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        hosting(tmp_path, DOMAIN, OTHER)
        daemon = policy_host(config_in(tmp_path))
        chain = tmp_path / "certificates" / f"mta-sts.{DOMAIN}.pem"
        good = chain.read_bytes()
        await daemon.look()
        assert taken(caplog) == []
        for _ in range(2):
            chain.unlink()
            await daemon.look()
            assert taken(caplog) == [f"certificate of mta-sts.{DOMAIN}"]
            await daemon.look()
            assert taken(caplog) == []
            chain.write_bytes(good)
            await daemon.look()
            assert taken(caplog) == []
        chain.unlink()
        await daemon.look()
        chain.write_bytes(b"nothing in PEM")
        taken(caplog)
        await daemon.look()
        assert taken(caplog) == [f"certificate of mta-sts.{DOMAIN}"], "it is another fault"

    asyncio.run(main())


def test_certificates_are_ordered_for_hosts_that_are_new_without_one_and_not_at_each_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon_module, "Ordering", _NotedOrdering)

    async def main() -> list[int]:
        hosting(tmp_path, DOMAIN)
        daemon = policy_host(config_in(tmp_path))
        wanted = []

        async def after(step: Callable[[], Awaitable[None]]) -> None:
            await step()
            wanted.append(_NotedOrdering.made.wanted)

        await after(daemon.look)
        put_policy(tmp_path, OTHER, (tmp_path / "policies" / f"{DOMAIN}.txt").read_bytes())
        await after(daemon.life.reload)
        await after(daemon.look)
        await after(daemon.life.reload)
        put_policy(tmp_path, THIRD, (tmp_path / "policies" / f"{DOMAIN}.txt").read_bytes())
        await after(daemon.life.reload)
        put_certificate(tmp_path, OTHER, certificate(OTHER))
        await after(daemon.look)
        (tmp_path / "policies" / f"{THIRD}.txt").unlink()
        await after(daemon.life.reload)
        put_policy(tmp_path, THIRD, (tmp_path / "policies" / f"{DOMAIN}.txt").read_bytes())
        await after(daemon.life.reload)
        return wanted

    assert asyncio.run(main()) == [0, 1, 1, 1, 2, 2, 2, 3]


def test_a_reload_takes_over_how_much_is_logged_and_one_that_is_wrong_does_not(
    tmp_path: Path, level: logging.Logger
) -> None:
    def wrong() -> PublishSettings:
        level.setLevel(logging.ERROR)
        raise ConfigError("log: wrong")

    async def main() -> list[int]:
        hosting(tmp_path)
        seen = []
        levels: list[LogLevel] = ["warning", "debug"]
        for now in levels:
            config = msgspec.structs.replace(config_in(tmp_path), log=now)
            settings = publish_settings(config)
            await PublishDaemon(settings, partial(publish_settings, config)).life.reload()
            seen.append(level.level)
        await PublishDaemon(settings, wrong).life.reload()
        return [*seen, level.level]

    assert asyncio.run(main()) == [logging.WARNING, logging.DEBUG, logging.ERROR]


def test_a_policy_that_stays_broken_over_reloads_is_served_as_it_last_was_and_counted(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path, DOMAIN, OTHER)
        daemon = policy_host(config_in(tmp_path))
        await daemon.look()
        put_policy(tmp_path, OTHER, b"version: STSv1\n")
        for _ in range(2):
            await daemon.life.reload()
            assert (series(daemon.metrics(), "domains"), series(daemon.metrics(), "policies_faulty")) == (
                2,
                1,
            )
            await daemon.look()
        (tmp_path / "policies" / f"{OTHER}.txt").unlink()
        await daemon.life.reload()
        assert (series(daemon.metrics(), "domains"), series(daemon.metrics(), "policies_faulty")) == (1, 0)

    asyncio.run(main())


def test_a_reload_takes_over_limits_and_whether_each_request_is_a_line_of_the_log(tmp_path: Path) -> None:
    limits = LimitOptions(connections=2, connections_per_address=1, handshake_s=7.0, request_s=9.0)

    async def main() -> None:
        hosting(tmp_path)
        reads = [config_in(tmp_path), config_in(tmp_path, limits, access_log=True)]
        daemon = PublishDaemon(publish_settings(reads[0]), lambda: publish_settings(reads[-1]))
        hosts = daemon._hosting
        await daemon.look()
        assert (hosts.limits, hosts.access_log) == (reads[0].limits, False)
        await daemon.life.reload()
        assert (hosts.limits, hosts.access_log) == (limits, True)
        await daemon.look()
        assert (hosts.limits, hosts.access_log) == (limits, True), "a look goes by what was read last"
        for number in (1, 1, 2, 3):
            Session(hosts, peer=(f"192.0.2.{number}", 25))
        assert series(daemon.metrics(), 'connections_dropped_total{why="full"}') == 2

    asyncio.run(main())
