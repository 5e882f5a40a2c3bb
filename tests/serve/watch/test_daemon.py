"""The watch over a lab: what a migration does to mail is told with its cause, once, and to whoever wants to know."""

import asyncio
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.difference import Course
from mxproof.judge.digest import Digest
from mxproof.judge.news import Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.running import running
from mxproof.lab.scenario import load
from mxproof.net.asking import Asking, Peer
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.watch.channel import Channel, DigestTime
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.web.config import WebOptions
from mxproof.serve.web.settings import web_settings
from mxproof.store.journal.watched import WatchedDomain, WatchRetention
from support_long import EXHAUSTIVE
from support_watch_daemon import (
    WITHIN_S,
    asking_in,
    opened,
    settings_in,
    told_in,
    until,
    watching,
    writing_to,
)

NOW = datetime.now(UTC)
SELDOM_S = 8.0
"""Long enough that nothing is checked a third time while the first news are looked at."""


async def _migrates(folder: Path) -> None:
    """Watch a domain that works, and then make the migration of the incident."""
    async with running(load("direct"), now=NOW) as before, running(load("incident"), now=NOW) as after:
        good = settings_in(folder, before)
        bad = msgspec.structs.replace(good, asking=asking_in(after), roots=(*before.roots, *after.roots))
        current = [msgspec.structs.replace(good, roots=bad.roots)]
        async with watching(current[0], lambda: current[-1]) as daemon, opened(folder) as store:
            await until(daemon, lambda: [one.kind for one in store.news()] == [TurnKind.FIRST])
            current.append(bad)
            await daemon.life.reload()
            await until(daemon, lambda: bool(told_in(folder)))
            (state,) = store.states()
            assert state.newest is not None
            assert state.newest.outcomes["microsoft"] is Verdict.REFUSED


def test_a_migration_that_breaks_mail_is_told_with_its_cause(tmp_path: Path) -> None:
    asyncio.run(_migrates(tmp_path))
    (told,) = told_in(tmp_path)
    assert (told.domain, told.kind, told.weight, told.course) == (
        "example.com",
        TurnKind.CHANGED,
        Weight.ALARM,
        Course.WORSE,
    )
    assert "microsoft" in {one.id for one in told.troubled}
    assert told.difference is not None
    assert {sender for one in told.difference.shifts for sender in one.matters_to} >= {"microsoft"}


@EXHAUSTIVE
def test_what_is_being_told_when_the_daemon_ends_is_told_once(tmp_path: Path) -> None:
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    for pipe in (begun, go_on):
        os.mkfifo(pipe)
    program = f"open({str(begun)!r}, 'w').close(); open({str(go_on)!r}).close()"
    channel = Channel("pager", (sys.executable, "-c", program), Weight.WARNING, 60.0)

    async def watch() -> None:
        async with running(load("incident"), now=NOW) as lab:
            settings = msgspec.structs.replace(settings_in(tmp_path, lab), channels=(channel,))
            async with watching(settings) as daemon:
                await asyncio.to_thread(begun.read_bytes)
                daemon.life.stop.set()
                await asyncio.to_thread(go_on.write_bytes, b"")
            async with opened(tmp_path) as store:
                later = datetime.now(UTC) + timedelta(days=1)
                assert store.claim_notices([channel.name], later, later + timedelta(hours=1), 9) == []

    asyncio.run(watch())


@EXHAUSTIVE
def test_a_domain_that_is_broken_from_the_start_is_told_once(tmp_path: Path) -> None:
    async def watch() -> None:
        async with (
            running(load("incident"), now=NOW) as lab,
            watching(settings_in(tmp_path, lab)) as daemon,
            opened(tmp_path) as store,
        ):
            await until(daemon, lambda: len(store.checks("example.com", NOW, NOW + timedelta(hours=1))) > 4)

    asyncio.run(watch())
    (told,) = told_in(tmp_path)
    assert (told.kind, told.weight) == (TurnKind.FIRST, Weight.ALARM)


def test_without_a_resolver_nobody_is_said_to_refuse(tmp_path: Path) -> None:
    """The first is what was seen: nothing. No sender is blamed, and nobody is woken."""

    async def watch() -> None:
        async with running(load("direct"), now=NOW) as lab:
            silent = msgspec.structs.replace(
                settings_in(tmp_path, lab),
                domains=(WatchedDomain(lab.domain, SELDOM_S),),
                asking=Asking(resolvers=(Peer("127.0.0.1", 9),), timeout_s=0.2, trust_ad=False),
            )
            async with watching(silent) as daemon, opened(tmp_path) as store:
                await until(daemon, lambda: bool(store.news()))
                (news,) = store.news()
                assert (news.kind, news.weight) == (TurnKind.FIRST, Weight.NOTE)

    asyncio.run(watch())
    assert told_in(tmp_path) == []


def test_what_was_being_checked_at_the_end_is_due_at_once_for_the_next(tmp_path: Path) -> None:
    async def watch() -> None:
        async with running(load("hostile-drip"), now=NOW) as lab:
            slow = msgspec.structs.replace(
                settings_in(tmp_path, lab), asking=msgspec.structs.replace(asking_in(lab), timeout_s=30.0)
            )
            async with watching(slow) as daemon, opened(tmp_path) as store:
                await until(daemon, lambda: bool(store.states()) and store.next_due() is None)
            async with opened(tmp_path) as store:
                due = store.next_due()
                assert due is not None
                assert due <= datetime.now(UTC)

    asyncio.run(watch())


@EXHAUSTIVE
def test_an_alert_that_fails_is_kept_with_the_reason_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def watch() -> None:
        async with running(load("incident"), now=NOW) as lab:
            failing = msgspec.structs.replace(
                settings_in(tmp_path, lab), channels=(writing_to(tmp_path, status=1),)
            )
            async with watching(failing) as daemon, opened(tmp_path) as store:
                await until(daemon, lambda: bool(told_in(tmp_path)))
                await until(
                    daemon, lambda: 'mxproof_watch_notices_total{outcome="failed"} 1' in daemon.metrics()
                )
                later = datetime.now(UTC) + timedelta(minutes=5)
                (notice,) = store.claim_notices(["pager"], later, later, 10)
                assert (notice.tries, notice.channel) == (1, "pager")
                assert 'mxproof_watch_news_total{weight="alarm"} 1' in daemon.metrics()

    asyncio.run(watch())
    (said,) = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert said.startswith("alert=pager domain=example.com failed: ")


@EXHAUSTIVE
def test_one_that_hangs_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    """Of the second domain the pager is told while the other alert has not come back from the first."""
    hanging = tmp_path / "hanging"
    os.mkfifo(hanging)
    program = f"import os; os.path.exists({str(hanging)!r}) and open({str(hanging)!r}).read()"
    slow = Channel("slow", (sys.executable, "-c", program), Weight.WARNING, 2.0 * WITHIN_S)

    async def watch() -> None:
        async with running(load("incident"), now=NOW) as lab:
            channels = (slow, writing_to(tmp_path))
            one = msgspec.structs.replace(settings_in(tmp_path, lab), channels=channels)
            both = msgspec.structs.replace(
                settings_in(tmp_path, lab, lab.domain, "other.example"), channels=channels
            )
            current, held = [one], os.open(hanging, os.O_RDWR)
            try:
                async with watching(one, lambda: current[-1]) as daemon:
                    await until(daemon, lambda: len(told_in(tmp_path)) == 1)
                    current.append(both)
                    await daemon.life.reload()
                    await until(daemon, lambda: len(told_in(tmp_path)) == 2)
                    hanging.unlink()
                    os.close(held)
                    held = -1
            finally:
                if held >= 0:
                    os.close(held)

    asyncio.run(watch())
    assert [one.domain for one in told_in(tmp_path)] == ["example.com", "other.example"]


@EXHAUSTIVE
def test_what_somebody_takes_care_of_is_not_told_to_the_next(tmp_path: Path) -> None:
    """The one is told at once and the other in a second, before which the first has acknowledged it."""

    async def watch() -> None:
        async with running(load("incident"), now=NOW) as lab:
            later = msgspec.structs.replace(writing_to(tmp_path), name="next", after_s=1.0)
            settings = msgspec.structs.replace(
                settings_in(tmp_path, lab), domains=(WatchedDomain(lab.domain, SELDOM_S),), channels=(later,)
            )
            async with watching(settings) as daemon, opened(tmp_path) as store:
                await until(daemon, lambda: bool(store.news()))
                assert len(store.acknowledge(None, ["alarm"], "somebody", datetime.now(UTC))) == 1
                await until(
                    daemon,
                    lambda: 'mxproof_watch_notices_total{outcome="acknowledged"} 1' in daemon.metrics(),
                )

    asyncio.run(watch())
    assert told_in(tmp_path) == []


@EXHAUSTIVE
def test_a_digest_is_sent_when_it_is_time_and_the_next_is_due_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def watch() -> None:
        async with running(load("incident"), now=NOW) as lab:
            daily = DigestTime((NOW - timedelta(hours=1)).time(), is_weekly=False)
            channel = msgspec.structs.replace(writing_to(tmp_path), least=None, digest=daily)
            settings = msgspec.structs.replace(settings_in(tmp_path, lab), channels=(channel,), zone=UTC)
            async with opened(tmp_path) as store:
                # As left by one that ended before the digest was due.
                store.set_digests({channel.name: NOW - timedelta(minutes=1)}, NOW - timedelta(days=1))
            async with watching(settings) as daemon, opened(tmp_path) as store:
                await until(
                    daemon, lambda: 'mxproof_watch_digests_total{outcome="delivered"} 1' in daemon.metrics()
                )
                for hours in (0, 20):
                    assert store.claim_digests(NOW + timedelta(hours=hours), NOW + timedelta(days=2)) == []

    asyncio.run(watch())
    (digest,) = (tmp_path / "told").read_bytes().splitlines()
    assert msgspec.json.decode(digest, type=Digest).domains == 1
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


def test_a_domain_that_is_not_watched_any_more_is_checked_no_more(tmp_path: Path) -> None:
    async def watch() -> None:
        async with running(load("direct"), now=NOW) as lab:
            current = [settings_in(tmp_path, lab, "example.com", "example.net")]
            async with watching(current[0], lambda: current[-1]) as daemon, opened(tmp_path) as store:
                await until(daemon, lambda: len(store.states()) == 2)
                current.append(settings_in(tmp_path, lab, "example.com"))
                await daemon.life.reload()
                assert [one.domain for one in store.states()] == ["example.com"]

    asyncio.run(watch())


def _asked(path: Path, page: str) -> bytes:
    """Ask the pages behind a socket file for one, as a proxy does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as proxy:
        proxy.settimeout(WITHIN_S)
        proxy.connect(str(path))
        proxy.sendall(f"GET {page} HTTP/1.1\r\nHost: watch.example\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: proxy.recv(65536), b""))


def test_the_pages_are_served_beside_the_checks_and_until_the_end(tmp_path: Path) -> None:
    path = tmp_path / "web"
    web = web_settings(WebOptions(listen=f"unix:{path}", public_url="https://watch.example"))

    async def watch() -> None:
        async with running(load("direct"), now=NOW) as lab:
            settings = msgspec.structs.replace(settings_in(tmp_path, lab), web=web)
            async with watching(settings) as daemon, opened(tmp_path) as store:
                await until(daemon, lambda: bool(store.news()))
                assert (await asyncio.to_thread(_asked, path, "/login")).startswith(b"HTTP/1.1 200 ")
                led = await asyncio.to_thread(_asked, path, "/domains/example.com")
                assert b"\r\nlocation: /login?then=/domains/example.com\r\n" in led
        assert not path.exists()

    asyncio.run(watch())


def test_a_process_that_serves_pages_alone_checks_nothing_and_leaves_the_domains_as_they_are(
    tmp_path: Path,
) -> None:
    path = tmp_path / "web"
    web = web_settings(WebOptions(listen=f"unix:{path}", public_url="https://watch.example"))

    async def watch() -> None:
        async with running(load("direct"), now=NOW) as lab, opened(tmp_path) as store:
            store.set_watched([WatchedDomain("example.net", 60.0)], NOW)
            settings = msgspec.structs.replace(settings_in(tmp_path, lab), web=web)
            async with watching(settings, pages_only=True) as daemon:
                await daemon.life.reload()
                assert (await asyncio.to_thread(_asked, path, "/login")).startswith(b"HTTP/1.1 200 ")
            assert [(one.domain, one.newest) for one in store.states()] == [("example.net", None)]
            assert store.next_due() is not None

    asyncio.run(watch())


def test_a_process_that_serves_pages_alone_says_whether_the_store_is_there(tmp_path: Path) -> None:
    async def health(store: str) -> bytes:
        http = tmp_path / "http"
        settings = WatchSettings(
            domains=(),
            jobs=1,
            store=f"sqlite:{tmp_path}/{store}",
            retention=WatchRetention(),
            asking=Asking((Peer("127.0.0.1", 1),)),
            roots=(),
            http=UnixPath(str(http)),
        )
        async with watching(settings, pages_only=True) as daemon:
            async with asyncio.timeout(WITHIN_S):
                await daemon.stirred.wait()
            return await asyncio.to_thread(_asked, http, "/health")

    there, gone = asyncio.run(health("journal.db")), asyncio.run(health("missing/journal.db"))
    assert there.startswith(b"HTTP/1.1 200 ")
    assert gone.startswith(b"HTTP/1.1 503 ")
    assert (b"store: up" in there, b"store: down" in gone) == (True, True)
