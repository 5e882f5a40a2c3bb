"""The daemon that collects from Postfix: what it takes is counted, whatever it is, and written at the end.

`drain`, `receiving` and `kernel_queue` are held by these tests too: they are a socket and its thread.
"""

import asyncio
from collections.abc import Iterator
from os import environ
from pathlib import Path
from random import Random

import msgspec
import pytest

from mxproof.formats.errors import ConfigError
from mxproof.serve.collect.kernel_queue import QUEUE_WANTED
from support_collect import collecting, config_in, met, page, refused, tell
from support_datagram import DATAGRAMS, mutated

MUTANTS = int(environ.get("MXPROOF_DATAGRAM_MUTANTS", "3000"))
"""How many damaged datagrams are sent; 1000000 by `make fuzz`."""


def memory_pages() -> int:
    """Return how much memory this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1])


def test_what_postfix_tells_is_added_up_across_a_restart(tmp_path: Path) -> None:
    async def main() -> None:
        for _ in range(2):
            async with collecting(config_in(tmp_path)):
                await asyncio.to_thread(tell, tmp_path, DATAGRAMS * 20)

    asyncio.run(main())
    assert met(tmp_path) == {
        "good.test": (40, 0),
        **{f"{name}.test": (0, 40) for name in ("mismatch", "expired", "nostarttls", "self")},
    }
    assert not (tmp_path / "tlsrpt").exists()


def test_no_datagram_of_any_content_ends_it(tmp_path: Path) -> None:
    random = Random(7)
    sizes: list[int] = []

    def odd() -> Iterator[bytes]:
        yield from (b"", b"1", b"null", b"\xff", b"{", b"x" * 100_000)
        for number in range(MUTANTS):
            yield mutated(random)
            if number % (MUTANTS // 10) == 0:
                sizes.append(memory_pages())

    async def main() -> str:
        async with collecting(config_in(tmp_path)):
            await asyncio.to_thread(tell, tmp_path, odd())
            await asyncio.to_thread(tell, tmp_path, [DATAGRAMS[0].replace(b"good.test", b"last.test")])
            return (await page(tmp_path, "/metrics"))[1]

    metrics = asyncio.run(main())
    assert met(tmp_path)["last.test"] == (1, 0)
    assert refused(tmp_path) > 500
    assert "mxproof_collect_errors_total 0" in metrics
    assert "mxproof_collect_lost_total 0" in metrics
    assert sizes[-1] < 1.5 * sizes[1]


def test_pages_say_how_it_stands(tmp_path: Path) -> None:
    queue = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text())

    async def main() -> None:
        async with collecting(config_in(tmp_path)):
            assert await page(tmp_path, "/health") == (200, "socket: drained\nstore: up\n")
            _, metrics = await page(tmp_path, "/metrics")
            assert f"mxproof_collect_queue_length {min(queue, QUEUE_WANTED)}\n" in metrics
            assert "mxproof_collect_datagrams_total 0\n" in metrics
            assert (await page(tmp_path, "/other"))[0] == 404

    asyncio.run(main())


def test_a_store_that_comes_later_gets_all_of_it(tmp_path: Path) -> None:
    async def main() -> None:
        async with collecting(config_in(tmp_path, "later/journal.db")):
            await asyncio.to_thread(tell, tmp_path, DATAGRAMS)
            (tmp_path / "later").mkdir()

    asyncio.run(main())
    assert met(tmp_path, "later/journal.db")["good.test"] == (1, 0)


def test_a_reload_takes_over_what_it_can(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    later = msgspec.structs.replace(config, log="error")

    async def main() -> None:
        async with collecting(config, later) as daemon:
            await daemon.life.reload()
            await asyncio.to_thread(tell, tmp_path, DATAGRAMS)

    asyncio.run(main())
    assert met(tmp_path)["good.test"] == (1, 0)


def test_of_two_daemons_at_one_socket_the_second_is_refused(tmp_path: Path) -> None:
    async def main() -> None:
        async with collecting(config_in(tmp_path)):
            with pytest.raises(ConfigError, match="another process"):
                async with collecting(config_in(tmp_path)):
                    pass
            await asyncio.to_thread(tell, tmp_path, DATAGRAMS)

    asyncio.run(main())
    assert met(tmp_path)["good.test"] == (1, 0)


def test_a_socket_that_a_killed_daemon_left_is_made_anew(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as left:
        left.bind(f"{tmp_path}/tlsrpt")

    async def main() -> None:
        async with collecting(config_in(tmp_path)):
            await asyncio.to_thread(tell, tmp_path, DATAGRAMS)

    asyncio.run(main())
    assert met(tmp_path)["good.test"] == (1, 0)


def test_who_probes_trusts_the_roots_that_were_named_and_needs_them(tmp_path: Path) -> None:
    """Without a name it trusts those of the machine; a file that is not there is said at the start."""
    config = config_in(tmp_path)
    probing = msgspec.structs.replace(
        config,
        collect=msgspec.structs.replace(config.collect, testing=True),
        dns=msgspec.structs.replace(config.dns, resolvers=("127.0.0.1:1",)),
    )
    unread = msgspec.structs.replace(
        probing, probe=msgspec.structs.replace(probing.probe, ca_file=f"{tmp_path}/roots.pem")
    )

    async def main() -> None:
        async with collecting(probing):
            pass
        with pytest.raises(ConfigError, match=r"roots\.pem: cannot be read"):
            async with collecting(unread):
                pass

    asyncio.run(main())
