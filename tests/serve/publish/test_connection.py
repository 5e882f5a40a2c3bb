"""One connection to the policy host: what is answered on it, when it ends, and what of it is counted and logged."""

import logging
import ssl
from collections.abc import Callable, Coroutine
from functools import wraps
from http import HTTPStatus

import pytest

from mxproof.serve.publish.connection import LINGERING_S, UNSENT_BYTES_MAX
from mxproof.serve.publish.hosting import Hosting
from mxproof.serve.publish.metrics import Dropped, Handshake
from support_clock import at, run
from support_policy_wire import HOST, LIMITS, REQUEST, MemoryClient, Session, made_hosting
from support_publish import DOMAIN, OTHER, PATH, series, served_text

Scenario = Callable[..., Coroutine[None, None, None]]


def clocked(scenario: Scenario) -> Callable[..., None]:
    """Have a test run in a loop whose clock leaps."""

    @wraps(scenario)
    def test(**fixtures: object) -> None:
        run(scenario(**fixtures), patience_s=0)

    return test


def shaken(
    hosting: Hosting | None = None,
    client: MemoryClient | None = None,
    peer: object = ("192.0.2.7", 40_000),
) -> Session:
    """Return a connection whose handshake is complete."""
    session = Session(hosting, client, peer)
    session.shake_hands()
    return session


def status_of(answer: tuple[bytes, bool]) -> int:
    return int(answer[0].split()[1])


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "mxproof.publish"]


@clocked
async def test_the_policy_of_the_host_is_answered_and_the_next_request_waited_for() -> None:
    session = shaken()
    text, is_last = session.ask()
    date = session.hosting.date()
    assert text.partition(b"Date: ")[0] == b"HTTP/1.1 200 OK\r\n"
    assert text.partition(b"\r\nContent-Type")[2] == (
        b": text/plain\r\nContent-Length: %d\r\n\r\n" % len(served_text(DOMAIN)) + served_text(DOMAIN)
    )
    assert len(date) == len("Fri, 20 Nov 2026 12:00:00 GMT")
    assert (is_last, session.wire.done) == (False, [])
    counts = session.hosting.counts
    assert +counts.handshakes == {Handshake.COMPLETE: 1}
    assert (+counts.responses, series(counts.text(), "handshake_seconds_count")) == ({"200": 1}, 1)
    assert session.wire.high == UNSENT_BYTES_MAX


@clocked
async def test_a_request_that_comes_with_the_end_of_the_handshake_is_answered() -> None:
    session = Session()
    with pytest.raises(ssl.SSLWantReadError):
        session.client.tls.do_handshake()
    session.client.hear(session.carried(session.client.said()))
    session.client.tls.do_handshake()
    assert status_of(session.ask()) == 200


@clocked
async def test_requests_that_come_at_once_are_answered_in_their_order() -> None:
    session = shaken()
    text, _ = session.ask(REQUEST + REQUEST.replace(PATH.encode(), b"/") + REQUEST[:10])
    assert [one[:3] for one in text.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404"]
    assert status_of(session.ask(REQUEST[10:])) == 200


@clocked
async def test_the_hundredth_request_of_a_connection_is_its_last() -> None:
    session = shaken()
    for _ in range(99):
        text, is_last = session.ask()
        assert b"Connection: close" not in text
        assert not is_last
    text, is_last = session.ask(REQUEST * 2)
    assert (text.count(b"HTTP/1.1 "), text.count(b"Connection: close\r\n")) == (1, 1)
    assert (is_last, session.wire.done) == (True, ["closed"])
    assert +session.hosting.counts.responses == {"200": 100}


@clocked
async def test_what_is_no_request_is_answered_and_the_last() -> None:
    session = shaken()
    text, is_last = session.ask(b"\0\r\n\r\n")
    assert (status_of((text, is_last)), is_last) == (HTTPStatus.BAD_REQUEST, True)
    assert (session.carried(b"more"), session.wire.done) == (b"", ["closed"])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (REQUEST, f"status=200 from=192.0.2.7 tls=TLSv1.3 request='GET {PATH}'"),
        (b"\0\r\n\r\n", "status=400 from=192.0.2.7 tls=TLSv1.3 request='-'"),
        (
            b"GET /" + b"x" * 200 + b" HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\n\r\n",
            "status=404 from=192.0.2.7 tls=TLSv1.3 request='GET /" + "x" * 95 + "…'",
        ),
    ],
    ids=["a request", "none", "a long one"],
)
def test_each_answer_is_a_line_of_the_log(text: bytes, line: str, caplog: pytest.LogCaptureFixture) -> None:
    async def asked() -> None:
        shaken().ask(text)

    caplog.set_level(logging.INFO)
    run(asked(), patience_s=0)
    assert logged(caplog) == [f"host={HOST} {line}"]


@clocked
async def test_a_client_that_names_no_host_and_comes_by_a_socket_file_has_neither_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    session = shaken(hosting=made_hosting(default_host=HOST), client=MemoryClient(None), peer="")
    assert status_of(session.ask()) == HTTPStatus.MISDIRECTED_REQUEST
    assert logged(caplog) == [f"host=- status=421 from=unix tls=TLSv1.3 request='GET {PATH}'"]


@clocked
async def test_without_a_log_of_who_asks_nothing_is_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert status_of(shaken(hosting=made_hosting(access_log=False)).ask()) == 200
    assert logged(caplog) == []


@clocked
async def test_a_client_that_says_that_this_was_all_is_told_so_too() -> None:
    session = shaken()
    with pytest.raises(ssl.SSLWantReadError):
        session.client.tls.unwrap()
    session.client.hear(session.carried(session.client.said()))
    assert (session.client.read(), session.wire.done) == ((b"", True), ["closed"])
    assert +session.hosting.counts.dropped == {}


@clocked
async def test_a_host_that_has_no_certificate_here_is_counted_apart(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = Session(client=MemoryClient(f"mta-sts.{OTHER}"))
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        session.shake_hands()
    session.connection.connection_lost(None)
    assert session.wire.done == ["closed"]
    assert +session.hosting.counts.handshakes == {Handshake.NO_CERTIFICATE: 1}
    (line,) = logged(caplog)
    assert line.partition(": ")[0] == f"host=mta-sts.{OTHER} handshake=no-certificate from=192.0.2.7"


@clocked
async def test_what_is_no_tls_is_a_handshake_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = Session()
    session.carried(REQUEST)
    session.connection.connection_lost(None)
    assert session.wire.done == ["closed"]
    assert +session.hosting.counts.handshakes == {Handshake.FAILED: 1}
    (line,) = logged(caplog)
    assert line.partition(": ")[0] == "host=- handshake=failed from=192.0.2.7"


@clocked
async def test_tls_that_breaks_after_the_handshake_ends_the_connection_and_is_no_handshake_that_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    session = shaken()
    assert session.carried(b"\x17\x03\x03\x00\x20" + b"x" * 32) != b""
    assert session.wire.done == ["closed"]
    assert +session.hosting.counts.handshakes == {Handshake.COMPLETE: 1}
    assert logged(caplog) == []


@pytest.mark.parametrize(
    ("begun", "unfinished"),
    [(Session, {Handshake.UNFINISHED: 1}), (shaken, {Handshake.COMPLETE: 1})],
    ids=["in the handshake", "after it"],
)
def test_a_client_that_leaves_gives_its_place_back_and_a_handshake_that_has_no_end_is_counted(
    begun: Callable[[], Session], unfinished: dict[str, int]
) -> None:
    async def left() -> None:
        session = begun()
        assert session.hosting.counts.connections == 1
        session.connection.connection_lost(None)
        counts = session.hosting.counts
        assert (+counts.handshakes, +counts.dropped, counts.connections) == (unfinished, {}, 0)
        await at(100)
        assert session.wire.done == []

    run(left(), patience_s=0)


@clocked
async def test_a_handshake_has_its_time_whatever_comes_meanwhile() -> None:
    session = Session()
    await at(LIMITS.handshake_s - 0.1)
    with pytest.raises(ssl.SSLWantReadError):
        session.client.tls.do_handshake()
    assert session.carried(session.client.said()) != b""
    assert session.wire.done == []
    await at(LIMITS.handshake_s + 0.1)
    session.connection.connection_lost(None)
    counts = session.hosting.counts
    assert session.wire.done == ["aborted"]
    assert (+counts.dropped, +counts.handshakes) == ({Dropped.SLOW: 1}, {Handshake.UNFINISHED: 1})


@clocked
async def test_a_request_has_its_time_from_the_answer_before_it_whatever_trickles_in() -> None:
    session = shaken()
    await at(LIMITS.request_s - 1)
    assert status_of(session.ask()) == 200
    await at(2 * LIMITS.request_s - 2)
    assert session.ask(REQUEST[:5]) == (b"", False)
    assert session.wire.done == []
    await at(2 * LIMITS.request_s)
    assert session.wire.done == ["aborted"]
    counts = session.hosting.counts
    assert (+counts.dropped, +counts.handshakes) == ({Dropped.SLOW: 1}, {Handshake.COMPLETE: 1})


@clocked
async def test_what_was_ended_lingers_a_while_and_is_counted_as_dropped_by_nobody() -> None:
    session = shaken()
    session.connection.finish()
    await at(LINGERING_S - 0.1)
    assert session.wire.done == ["closed"]
    await at(LINGERING_S + 0.1)
    session.connection.drop(Dropped.FULL)
    assert session.wire.done == ["closed", "aborted", "aborted"]
    assert +session.hosting.counts.dropped == {}


@clocked
async def test_a_client_that_does_not_read_is_read_no_more_until_it_does() -> None:
    session = shaken()
    session.connection.pause_writing()
    assert (session.ask(REQUEST * 2), session.wire.done) == ((b"", False), ["paused"])
    session.connection.resume_writing()
    session.client.hear(session.taken())
    assert session.client.read()[0].count(b"HTTP/1.1 200 OK\r\n") == 2
    assert session.wire.done == ["paused", "resumed"]


@clocked
async def test_what_was_ended_is_not_read_again_when_the_client_has_read() -> None:
    session = shaken()
    session.connection.pause_writing()
    session.carried(session.client.say(REQUEST))
    session.connection.finish()
    session.connection.resume_writing()
    session.client.hear(session.taken())
    assert session.client.read() == (b"", True)
    assert session.wire.done == ["paused", "closed"]


@clocked
async def test_at_the_end_of_the_host_who_waits_is_ended_and_who_has_begun_to_ask_is_answered() -> None:
    waiting, asking, shaking = shaken(), shaken(), Session()
    asking.ask(REQUEST[:5])
    for one in (waiting, asking, shaking):
        one.connection.finish()
    waiting.client.hear(waiting.taken())
    assert (waiting.client.read(), waiting.wire.done) == ((b"", True), ["closed"])
    text, is_last = asking.ask(REQUEST[5:])
    assert (text.count(b"Connection: close\r\n"), is_last, asking.wire.done) == (1, True, ["closed"])
    assert shaking.wire.done == []
    shaking.shake_hands()
    text, is_last = shaking.ask()
    assert (text.count(b"Connection: close\r\n"), is_last, shaking.wire.done) == (1, True, ["closed"])


@clocked
async def test_who_has_said_nothing_yet_when_the_host_ends_is_left_its_time() -> None:
    session = Session()
    session.connection.finish()
    session.connection.resume_writing()
    assert (session.taken(), session.wire.done) == (b"", [])
