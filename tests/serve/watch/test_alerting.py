"""Telling somebody by a command: what it is handed, and what counts as told."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from mxproof.judge.news import Weight
from mxproof.serve.watch import alerting
from mxproof.serve.watch.alerting import GIVEN_UP_AFTER_TRIES, told, tried_again_at
from mxproof.serve.watch.channel import Channel
from mxproof.serve.watch.message import AlertMessage
from support_long import EXHAUSTIVE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEWS = AlertMessage("news", "example.com", "alarm", b'{"a":1}', "the title", "the text", "<p>the page</p>")


@contextmanager
def posted(status: int = 200) -> Iterator[tuple[str, list[bytes]]]:
    """Serve on loopback; yield the address, and the bodies that are posted there."""
    bodies: list[bytes] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield f"127.0.0.1:{server.server_port}", bodies
        finally:
            server.shutdown()
            serving.join()


class Taker:
    """Take mail, and keep the messages."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        read = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.messages.append(read)
        return "250 taken"


async def mailed() -> EmailMessage:
    """Tell a mailbox on loopback, and return the message that comes there."""
    taker, loop = Taker(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taker, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"mailto://127.0.0.1:{port}?from=watch@example.net&to=me@example.org&mode=insecure"
    said = await told(Channel("mail", (), Weight.NOTE, 60.0, (url,)), NEWS)
    server.close()
    assert said == ""
    (message,) = taker.messages
    return message


def tell(*command: str, timeout_s: float = 30.0) -> str:
    channel = Channel("pager", command, Weight.NOTE, timeout_s)
    return asyncio.run(told(channel, NEWS))


def test_the_command_gets_the_news_and_whom_they_are_about(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        f"open({str(tmp_path / 'told')!r}, 'w').write("
        "' '.join([sys.stdin.read(), *(os.environ['MXPROOF_' + one] for one in ('KIND', 'DOMAIN', 'WEIGHT'))]))"
    )
    assert tell(sys.executable, "-c", program) == ""
    assert (tmp_path / "told").read_text() == '{"a":1} news example.com alarm'


def test_a_command_that_fails_says_why() -> None:
    said = tell(sys.executable, "-c", "import sys; sys.exit('out of\\n paper')")
    assert said.endswith("exit status 1: out of paper")


def test_one_that_reads_nothing_and_succeeds_has_told() -> None:
    assert tell("/bin/true") == ""


def test_a_program_that_is_not_there_is_named() -> None:
    assert tell("/nowhere/page-me").startswith("/nowhere/page-me: ")


def test_a_command_that_hangs_is_ended_with_all_that_it_started() -> None:
    assert "not done within 0.5 s" in tell("/bin/sh", "-c", "sleep 600 & sleep 600", timeout_s=0.5)


def tell_urls(*urls: str) -> str:
    return asyncio.run(told(Channel("chat", (), Weight.NOTE, 60.0, urls), NEWS))


@EXHAUSTIVE
def test_a_url_of_apprise_gets_the_title_and_the_text() -> None:
    with posted() as (address, bodies):
        assert tell_urls(f"json://{address}/alert") == ""
    (body,) = bodies
    said = msgspec.json.decode(body)
    assert (said["title"], said["message"]) == ("the title", "the text")


@EXHAUSTIVE
def test_a_mail_has_the_page_and_the_text() -> None:
    message = asyncio.run(mailed())
    parts = {
        part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()
    }
    assert message["Subject"] == "the title"
    assert "<p>the page</p>" in parts["text/html"]
    assert "the page" in parts["text/plain"]


@EXHAUSTIVE
def test_of_several_urls_each_is_told_and_the_one_that_failed_is_named() -> None:
    with posted() as (address, bodies):
        said = tell_urls(f"json://user:secret@{address}/a", "nothing://x", f"json://{address}/b")
    assert len(bodies) == 2
    assert "URL 2" in said
    assert "secret" not in said


@EXHAUSTIVE
def test_a_url_that_is_refused_is_named_and_not_repeated() -> None:
    with posted(status=500) as (address, _):
        said = tell_urls(f"json://user:secret@{address}/a")
    assert "URL 1" in said
    assert "secret" not in said


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (7, 64), (20, 64)])
def test_it_is_tried_again_later_and_later(tries: int, minutes: int) -> None:
    assert tried_again_at(NOW, tries) == NOW + timedelta(minutes=minutes)


def test_after_about_a_day_it_is_given_up() -> None:
    waits = [tried_again_at(NOW, tries) for tries in range(1, GIVEN_UP_AFTER_TRIES + 1)]
    assert waits.pop() is None
    whole = sum(((at - NOW) for at in waits if at is not None), timedelta())
    assert timedelta(hours=12) < whole < timedelta(hours=36)


def test_what_went_wrong_is_told_without_any_url_as_each_may_hold_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    urls = ("mailtos://a:secret@mail.example.net", "ntfys://token@ntfy.example.org/topic")

    async def ran(_command: object, given: bytes, *_: object) -> str:
        assert msgspec.json.decode(given) == [list(urls), NEWS.title, NEWS.text, NEWS.html]
        return f"{urls[1]} failed, {urls[0]} too, and {urls[1]} again"

    monkeypatch.setattr(alerting, "_ran", ran)
    channel = Channel("chat", (), Weight.WARNING, 5.0, urls=urls)
    assert asyncio.run(told(channel, NEWS)) == "URL failed, URL too, and URL again"
