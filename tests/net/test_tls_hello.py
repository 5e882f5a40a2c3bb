"""One offer of TLS over a real connection: what a server makes of it, and how it is left."""

import asyncio
from types import MappingProxyType

import pytest

from mxproof.evidence import Answer, HelloData, Kind, Outcome, Question, SmtpStage
from mxproof.formats.tls_hello import LEAVE
from mxproof.formats.tls_offer import Offer
from mxproof.net.asking import Asking
from mxproof.net.smtp import ask_smtp
from support_clock import run
from support_stream import Do, Handler, script, stream_server

NAME, ADDRESS = "mx.example.com", "192.0.2.25"
GREETING, READY = b"220 mx.example.com ESMTP\r\n", b"220 go ahead\r\n"
UP_TO_STARTTLS = (GREETING, Do.READ_LINE, b"250-mx.example.com\r\n250 STARTTLS\r\n", Do.READ_LINE, READY)
AGREED = bytes.fromhex("160303002c 02000028 0303") + bytes(32) + bytes.fromhex("00 c02f 00 0000")


def offering(handler: Handler, offer: Offer = Offer.TLS_1_2) -> Answer:
    async def scenario() -> Answer:
        async with stream_server(handler) as peer:
            asking = Asking(
                (), connect_to=MappingProxyType({(ADDRESS, 25): peer}), helo_name="probe.example.net"
            )
            return await ask_smtp(Question(Kind.TLS, NAME, ADDRESS, offer=offer), asking)

    return run(scenario())


def saying(*said: bytes) -> Handler:
    """Return a server that answers a hello with these bytes, and ends the connection."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(*UP_TO_STARTTLS)(reader, writer)
        await reader.readexactly(5)
        for one in said:
            writer.write(one)
        await writer.drain()

    return handle


def test_what_a_server_agrees_to_is_written_down() -> None:
    answer = offering(saying(AGREED))
    suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    assert (answer.outcome, answer.data) == (
        Outcome.FOUND,
        HelloData(SmtpStage.HANDSHAKE, version="TLSv1.2", cipher=suite),
    )


@pytest.mark.parametrize("at_once", [1, 5, 30])
def test_what_a_server_agrees_to_may_come_in_pieces(at_once: int) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(*UP_TO_STARTTLS)(reader, writer)
        await reader.readexactly(5)
        for place in range(0, len(AGREED), at_once):
            writer.write(AGREED[place : place + at_once])
            await asyncio.sleep(0.001)

    answer = offering(handle)
    assert isinstance(answer.data, HelloData)
    assert (answer.outcome, answer.data.version) == (Outcome.FOUND, "TLSv1.2")


@pytest.mark.parametrize(
    ("code", "alert"), [(40, "handshake_failure"), (70, "protocol_version"), (71, "insufficient_security")]
)
def test_an_alert_that_nothing_suits_is_an_answer(code: int, alert: str) -> None:
    answer = offering(saying(bytes((21, 3, 3, 0, 2, 2, code))))
    assert (answer.outcome, answer.data) == (Outcome.FOUND, HelloData(SmtpStage.HANDSHAKE, alert=alert))


@pytest.mark.parametrize(
    ("said", "want"),
    [
        (b"", Outcome.CLOSED),
        (AGREED[:20], Outcome.CLOSED),
        (bytes((21, 3, 3, 0, 2, 2, 80)), Outcome.TLS_FAILED),
        (b"454 4.7.0 not now, sorry\r\n", Outcome.MALFORMED),
        (AGREED.replace(b"\xc0\x2f", b"\x00\x05"), Outcome.MALFORMED),
    ],
)
def test_anything_else_is_no_answer(said: bytes, want: Outcome) -> None:
    answer = offering(saying(said))
    assert (answer.outcome, answer.data) == (want, HelloData(SmtpStage.HANDSHAKE))


def test_a_server_that_turns_us_away_is_quoted() -> None:
    away = b"421 4.7.0 too many connections"
    answer = offering(script(away + b"\r\n", Do.READ_LINE, b"221 bye\r\n", Do.HANG))
    assert (answer.outcome, answer.data) == (Outcome.FOUND, HelloData(SmtpStage.GREETING, reply=away))
    assert away.decode() in answer.detail


def test_a_server_that_goes_away_in_the_middle_is_not_said_to_turn_anybody_away() -> None:
    answer = offering(script(GREETING, Do.READ_LINE))
    assert (answer.outcome, answer.data) == (
        Outcome.CLOSED,
        HelloData(SmtpStage.EHLO, reply=GREETING.strip()),
    )
    assert answer.detail == "the server ended the connection"


@pytest.mark.parametrize(
    ("name", "is_named"), [(NAME, True), ("192.0.2.25", False), ("mx.exämple.com", False)]
)
def test_the_hello_names_whom_it_is_for_where_that_is_a_name(name: str, *, is_named: bool) -> None:
    heard: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(*UP_TO_STARTTLS)(reader, writer)
        head = await reader.readexactly(5)
        heard.append(await reader.readexactly(int.from_bytes(head[3:])))
        writer.write(AGREED)

    async def scenario() -> Answer:
        async with stream_server(handle) as peer:
            asking = Asking((), connect_to=MappingProxyType({(ADDRESS, 25): peer}), helo_name="probe.example")
            return await ask_smtp(Question(Kind.TLS, name, ADDRESS, offer=Offer.TLS_1_2), asking)

    assert run(scenario()).outcome is Outcome.FOUND
    assert (name.encode() in heard[0]) is is_named


@pytest.mark.parametrize(
    ("said", "last"), [(AGREED, LEAVE), (bytes((21, 3, 3, 0, 2, 2, 40)), b"")], ids=["agreed", "refused"]
)
def test_a_server_is_left_in_the_middle_of_the_handshake_without_a_word_of_smtp(
    said: bytes, last: bytes
) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(*UP_TO_STARTTLS)(reader, writer)
        head = await reader.readexactly(5)
        await reader.readexactly(int.from_bytes(head[3:]))
        writer.write(said)
        heard.put_nowait(await reader.read(-1))

    async def scenario() -> tuple[Outcome, bytes]:
        async with stream_server(handle) as peer:
            asking = Asking((), connect_to=MappingProxyType({(ADDRESS, 25): peer}), helo_name="probe.example")
            answer = await ask_smtp(Question(Kind.TLS, NAME, ADDRESS, offer=Offer.TLS_1_2), asking)
            return answer.outcome, await heard.get()

    assert run(scenario()) == (Outcome.FOUND, last)
