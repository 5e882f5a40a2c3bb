"""The policy host over real sockets: as senders ask, and as those do who want it to stand still."""

import asyncio
import os
import signal
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest
from OpenSSL import SSL

from mxproof.formats import ConfigError
from mxproof.formats.mtasts import Mode
from mxproof.formats.postfix.socketmap import Request, Status
from mxproof.serve.daemon.control import tell
from mxproof.serve.publish.config import LimitOptions, PolicyGroup
from mxproof.serve.publish.connection import REQUESTS_MAX
from mxproof.serve.publish.request import HEAD_BYTES_MAX
from mxproof.serve.publish.settings import PublishSettings, publish_settings
from support_pem import authorities, issued
from support_publish import (
    DOMAIN,
    OTHER,
    PATH,
    WITHIN_S,
    certificate,
    client,
    config_in,
    hosting,
    page,
    policy_host,
    policy_text,
    put_certificate,
    put_key,
    put_policy,
    series,
    served_text,
    stranger,
    trusting,
)

HOST = f"mta-sts.{DOMAIN}"
PROTOCOL_VERSION = b"\x02\x46"
"""A fatal alert that says so (RFC 8446 section 6.2)."""


def test_each_domain_has_its_certificate_and_its_policy(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path, DOMAIN, OTHER)
        async with policy_host(config_in(tmp_path, access_log=True)) as daemon:
            for domain in (DOMAIN, OTHER):
                async with client(tmp_path, domain) as sender:
                    got = await sender.ask(f"mta-sts.{domain}")
                    assert (got.status, got.body) == (200, served_text(domain))
                    assert got.fields["content-type"] == "text/plain"
                    assert sender.leaf() == certificate(domain).ders()[0]
            metrics = daemon.metrics()
        assert series(metrics, 'responses_total{status="200"}') == 2
        assert series(metrics, 'handshakes_total{outcome="complete"}') == 2

    asyncio.run(main())


def test_a_connection_serves_one_request_after_another_up_to_its_last(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        async with policy_host(config_in(tmp_path)), client(tmp_path) as sender:
            assert (await sender.ask(method="HEAD")).fields["content-length"] == str(len(served_text(DOMAIN)))
            assert (await sender.ask(path="/")).status == 404
            assert (await sender.ask(f"mta-sts.{OTHER}")).status == 421
            for _ in range(REQUESTS_MAX - 4):
                assert "connection" not in (await sender.ask()).fields
            assert (await sender.ask()).fields["connection"] == "close"
            assert await sender.ended() == b""

    asyncio.run(main())


def test_requests_that_come_at_once_and_in_pieces_are_answered_in_their_order(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        text = f"GET {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\nGET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
        async with policy_host(config_in(tmp_path)), client(tmp_path) as sender:
            for part in (text[:70], text[70:71], text[71:]):
                sender.writer.write(part)
                await sender.writer.drain()
            assert [(await sender.got()).status for _ in range(2)] == [200, 404]

    asyncio.run(main())


def test_what_is_no_request_is_answered_and_the_last(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        async with policy_host(config_in(tmp_path)):
            for text, status in (
                (b"\0\r\n\r\n", 400),
                (b"GET / HTTP/1.1\r\nX: ".ljust(HEAD_BYTES_MAX, b"x"), 431),
            ):
                async with client(tmp_path) as sender:
                    sender.writer.write(text)
                    got = await sender.got()
                    assert (got.status, got.fields["connection"]) == (status, "close")
                    assert await sender.ended() == b""

    asyncio.run(main())


def test_a_host_that_is_not_here_gets_no_tls_or_is_told_where_one_stands_in(tmp_path: Path) -> None:
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE

    async def main() -> None:
        hosting(tmp_path)
        async with policy_host(config_in(tmp_path)) as daemon:
            with pytest.raises(ssl.SSLError):
                async with client(tmp_path, OTHER):
                    pass
            assert series(daemon.metrics(), 'handshakes_total{outcome="no-certificate"}') == 1
        async with (
            policy_host(config_in(tmp_path, default_domain=DOMAIN)),
            client(tmp_path, OTHER, unverified) as sender,
        ):
            assert sender.leaf() == certificate(DOMAIN).ders()[0]
            assert (await sender.ask(f"mta-sts.{OTHER}")).status == 421
            assert (await sender.ask(HOST)).status == 421

    asyncio.run(main())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken_and_http_1_1_is_chosen(tmp_path: Path, version: ssl.TLSVersion) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authorities()[0].root_pem().decode())
    context.set_alpn_protocols(["h2", "http/1.1"])
    context.minimum_version = context.maximum_version = version

    async def main() -> None:
        hosting(tmp_path)
        async with policy_host(config_in(tmp_path)), client(tmp_path, context=context) as sender:
            assert sender.writer.get_extra_info("ssl_object").selected_alpn_protocol() == "http/1.1"
            assert (await sender.ask()).status == 200

    asyncio.run(main())


def test_no_tls_before_1_2_is_spoken_and_no_plain_http(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        async with policy_host(config_in(tmp_path)) as daemon:
            for begin, alert in ((_hello_of_tls_1_1(), PROTOCOL_VERSION), (b"GET / HTTP/1.1\r\n\r\n", b"")):
                async with stranger(tmp_path) as old:
                    old.writer.write(begin)
                    assert (await old.ended())[-2:] == alert
            assert series(daemon.metrics(), 'handshakes_total{outcome="failed"}') == 2

    asyncio.run(main())


def _hello_of_tls_1_1() -> bytes:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
    context.set_min_proto_version(SSL.TLS1_1_VERSION)
    context.set_max_proto_version(SSL.TLS1_1_VERSION)
    connection = SSL.Connection(context, None)
    connection.set_connect_state()
    connection.set_tlsext_host_name(HOST.encode())
    with pytest.raises(SSL.WantReadError):
        connection.do_handshake()
    return connection.bio_read(4096)


def test_who_does_not_end_a_handshake_is_ended(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        async with policy_host(config_in(tmp_path, LimitOptions(handshake_s=0.5))) as daemon:
            async with stranger(tmp_path) as silent, stranger(tmp_path) as half:
                half.writer.write(_hello_of_tls_1_1()[:50])
                assert (await silent.ended(), await half.ended()) == (b"", b"")
            metrics = daemon.metrics()
        assert series(metrics, 'connections_dropped_total{why="slow"}') == 2
        assert series(metrics, 'handshakes_total{outcome="unfinished"}') == 2

    asyncio.run(main())


def test_who_does_not_end_a_request_is_ended_whatever_trickles_in(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        limits = LimitOptions(handshake_s=60.0, request_s=0.5)
        async with policy_host(config_in(tmp_path, limits)) as daemon, client(tmp_path) as dripping:
            dripping.writer.write(b"GET / HTTP/1.1\r\n")
            assert await dripping.ended() == b""
            assert series(daemon.metrics(), 'connections_dropped_total{why="slow"}') == 1

    asyncio.run(main())


def test_where_it_is_full_who_waits_longest_makes_room_and_a_sender_is_served(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        limits = LimitOptions(connections=3, handshake_s=60.0, request_s=60.0)
        async with policy_host(config_in(tmp_path, limits)) as daemon, AsyncExitStack() as held:
            loyal = await held.enter_async_context(client(tmp_path))
            assert (await loyal.ask()).status == 200
            lingering = [await held.enter_async_context(stranger(tmp_path)) for _ in range(2)]
            assert (await loyal.ask()).status == 200
            async with client(tmp_path) as sender:
                assert (await sender.ask()).status == 200
            assert await lingering[0].ended() == b""
            assert (await loyal.ask()).status == 200
            metrics = daemon.metrics()
        assert series(metrics, 'connections_dropped_total{why="full"}') == 1

    asyncio.run(main())


def test_a_client_that_does_not_read_is_not_written_to_without_end(tmp_path: Path) -> None:
    async def main() -> None:
        put_policy(tmp_path, DOMAIN, b"".join(_long_policy()))
        put_certificate(tmp_path, DOMAIN, certificate(DOMAIN))
        async with policy_host(config_in(tmp_path)), client(tmp_path) as sender:
            request = f"GET {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
            sender.writer.write(request * 60)
            bodies = [(await sender.got()).body for _ in range(60)]
            assert len(set(bodies)) == 1
            assert len(bodies[0]) > 50_000

    asyncio.run(main())


def _long_policy() -> list[bytes]:
    hosts = [b"mx: mx%d.example.com\r\n" % number for number in range(2300)]
    return [b"version: STSv1\r\n", b"mode: testing\r\n", *hosts, b"max_age: 86400\r\n"]


def test_a_reload_takes_new_policies_and_certificates_and_keeps_what_became_broken(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path, DOMAIN, OTHER)
        third = "example.org"
        async with policy_host(config_in(tmp_path)), client(tmp_path) as sender:
            put_policy(tmp_path, DOMAIN, policy_text(DOMAIN, "enforce"))
            put_policy(tmp_path, OTHER, b"version: STSv1\n")
            hosting(tmp_path, third)
            reply = await asyncio.to_thread(tell, f"{tmp_path}/control", Request("reload", ""))
            assert reply.status is Status.OK
            assert (await sender.ask()).body == served_text(DOMAIN, "enforce")
            for domain in (OTHER, third):
                async with client(tmp_path, domain) as another:
                    assert (await another.ask(f"mta-sts.{domain}")).body == served_text(domain)
            assert (await page(tmp_path, "/health"))[1].splitlines()[-1] == "policy files at fault: 1"
            (tmp_path / "policies" / f"{DOMAIN}.txt").unlink()
            await asyncio.to_thread(tell, f"{tmp_path}/control", Request("reload", ""))
            assert (await sender.ask()).status == 421

    asyncio.run(main())


def test_a_configuration_that_is_wrong_changes_nothing(tmp_path: Path) -> None:
    def wrong() -> PublishSettings:
        raise ConfigError("listen: wrong")

    async def main() -> None:
        hosting(tmp_path)
        async with policy_host(config_in(tmp_path), wrong) as daemon, client(tmp_path) as sender:
            os.kill(os.getpid(), signal.SIGHUP)
            async with asyncio.timeout(WITHIN_S):
                await daemon.life.reloaded.wait()
            assert (await sender.ask()).body == served_text(DOMAIN)

    asyncio.run(main())


def test_a_renewed_certificate_is_shown_without_a_reload_and_a_broken_one_never(tmp_path: Path) -> None:
    async def shown() -> bytes:
        async with client(tmp_path) as sender:
            assert (await sender.ask()).status == 200
            return sender.leaf()

    async def main() -> None:
        hosting(tmp_path)
        new = issued(HOST)
        async with policy_host(config_in(tmp_path)) as daemon:
            put_key(tmp_path, DOMAIN, new)
            await daemon.look()
            assert await shown() == certificate(DOMAIN).ders()[0]
            assert series(daemon.metrics(), "certificates_faulty") == 1
            put_certificate(tmp_path, DOMAIN, new)
            await daemon.look()
            assert await shown() == new.ders()[0]
            assert series(daemon.metrics(), "certificates_faulty") == 0
            ends_s = new.leaf.not_valid_after_utc.timestamp()
            assert series(daemon.metrics(), "certificate_soonest_end_timestamp_seconds") == ends_s

    asyncio.run(main())


def test_no_request_fails_while_all_is_read_again(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path, DOMAIN)
        groups = (PolicyGroup(names=tuple(f"d{number}.example" for number in range(300)), mode=Mode.NONE),)
        config = msgspec.structs.replace(config_in(tmp_path), policy=groups)
        reads = [publish_settings(config)]
        async with policy_host(config, lambda: reads[-1]) as daemon:
            reloads = asyncio.create_task(_again(daemon.life.reload, 5))
            while not reloads.done():
                async with client(tmp_path) as sender:
                    assert (await sender.ask()).body == served_text(DOMAIN)
            await reloads

    asyncio.run(main())


async def _again(reload: Callable[[], Awaitable[None]], times: int) -> None:
    for _ in range(times):
        await reload()


def test_at_the_end_what_has_begun_is_ended_and_nobody_else_is_let_in(tmp_path: Path) -> None:
    async def main() -> None:
        hosting(tmp_path)
        async with AsyncExitStack() as held:
            async with policy_host(config_in(tmp_path)) as daemon:
                idle = await held.enter_async_context(client(tmp_path))
                busy = await held.enter_async_context(client(tmp_path))
                for one in (idle, busy):
                    assert (await one.ask()).status == 200
                # A part that is answered shows that the part behind it has come, too.
                busy.writer.write(f"HEAD / HTTP/1.1\r\nHost: {HOST}\r\n\r\nGET {PATH} HTTP/1.1\r\n".encode())
                assert (await busy.got(with_body=False)).status == 404
                daemon.life.stop.set()
                assert await idle.ended() == b""
                busy.writer.write(f"Host: {HOST}\r\n\r\n".encode())
                assert (await busy.got()).fields["connection"] == "close"
            with pytest.raises(FileNotFoundError):
                await held.enter_async_context(client(tmp_path))

    asyncio.run(main())


def test_without_any_certificate_it_is_not_well(tmp_path: Path) -> None:
    async def main() -> None:
        put_policy(tmp_path, DOMAIN, policy_text(DOMAIN))
        async with policy_host(config_in(tmp_path)) as daemon:
            assert (await page(tmp_path, "/health"))[0] == 503
            put_certificate(tmp_path, DOMAIN, certificate(DOMAIN))
            await daemon.look()
            assert (await page(tmp_path, "/health"))[0] == 200
            assert (await page(tmp_path, "/metrics"))[0] == 200
            assert (await page(tmp_path, "/other"))[0] == 404
            async with client(tmp_path, context=trusting()) as sender:
                assert (await sender.ask()).status == 200

    asyncio.run(main())
