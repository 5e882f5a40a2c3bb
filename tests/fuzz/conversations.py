"""Whole conversations with servers that say what the input says: DNS over datagrams and TCP, SMTP, HTTPS, TLS.

An input is turns with TURN between them; a server takes one after each thing that the client says. The clock leaps
(`support_clock`), so that waiting costs nothing.
"""

import asyncio
import ssl
from collections.abc import Iterable
from functools import cache
from types import MappingProxyType

from fuzz.target import Target, assert_bounded, assert_harmless
from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    Kind,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
)
from mxproof.formats.mtasts import POLICY_BYTES_MAX
from mxproof.judge.judging import report_on
from mxproof.net.asking import HTTPS_PORT, SMTP_PORT, Asking
from mxproof.net.dns.lookup import ask_dns
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.https import ask_policy
from mxproof.net.smtp import ask_smtp
from mxproof.net.stream import STREAM_BYTES_MAX
from mxproof.net.tls import Tls, TlsCutError, TlsError
from mxproof.render import json
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import text
from support_clock import run
from support_dns import dns_server, framed, reply
from support_evidence import small_evidence
from support_stream import Do, certified, script, stream_server

TURN = b"\n===\n"
TIMEOUT_S = 2.0
TIMEOUT_MS = 30_000
"""Far beyond what a busy machine adds, and what is waited for without a deadline comes to far more: the clock leaps."""
TURNS_MAX = 12
_COMMANDS = (b"EHLO ", b"HELO ", b"STARTTLS", b"QUIT")
_STEPS = {
    b"!tls": Do.START_TLS,
    b"!hang": Do.HANG,
    b"!end": Do.END,
    b"!reset": Do.RESET,
}


def smtp_conversation(data: bytes) -> None:
    question = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")

    async def talk() -> Answer:
        async with stream_server(script(*_steps(data, Do.READ_SOME))) as peer:
            detours = MappingProxyType({("192.0.2.25", SMTP_PORT): peer})
            return await ask_smtp(question, Asking((), connect_to=detours, timeout_s=TIMEOUT_S))

    answer = run(talk())
    seen = answer.data
    assert isinstance(seen, SmtpData)
    assert answer.elapsed_ms <= TIMEOUT_MS
    assert (seen.tls is not None) == (seen.stage is SmtpStage.SECURED)
    said = [line.text for line in seen.transcript if line.side == "C"]
    assert all(line.startswith(_COMMANDS) for line in said)
    assert sum(len(line.text) for line in seen.transcript) <= STREAM_BYTES_MAX
    _said(question, answer)


def https_conversation(data: bytes) -> None:
    question = Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80")

    async def fetch() -> Answer:
        steps = (Do.READ_REQUEST, *_steps(data, None))
        async with stream_server(script(*steps), _policy_host_context()) as peer:
            detours = MappingProxyType({("192.0.2.80", HTTPS_PORT): peer})
            return await ask_policy(question, Asking((), connect_to=detours, timeout_s=TIMEOUT_S))

    answer = run(fetch())
    seen = answer.data
    assert isinstance(seen, PolicyData)
    assert answer.elapsed_ms <= TIMEOUT_MS
    assert len(seen.body) <= POLICY_BYTES_MAX
    if answer.outcome is Outcome.FOUND:
        assert 200 <= seen.status <= 599 or seen.status > 599
        assert seen.body in b"".join(data.split(TURN)) or b"hunked" in data
    _said(question, answer)


@cache
def _policy_host_context() -> ssl.SSLContext:
    """Return the context of all conversations, which none of them changes: to make one costs more than an input."""
    return certified("mta-sts.example.com")


def _said(question: Question, answer: Answer) -> None:
    """Judge evidence with this answer, and assert that what is said of it steers no terminal."""
    evidence = small_evidence().with_answers([(question, answer)])
    report = report_on(evidence, now=evidence.observed_at())
    assert_harmless(text(report, Paper(unicode=True, verbose=True)), 256 * 1024)
    assert json.encode(report).isascii()


def _steps(data: bytes, between: Do | None) -> Iterable[bytes | Do]:
    for number, turn in enumerate(data.split(TURN)[:TURNS_MAX]):
        if number and between is not None and turn != b"!tls":  # the handshake reads for itself
            yield between
        yield _STEPS.get(turn, turn)


ATTACKED, BESIDE = "attacked.example.com", ("one.example.com", "two.example.com")
SOUND = {ATTACKED: "192.0.2.1", BESIDE[0]: "192.0.2.2", BESIDE[1]: "192.0.2.3"}
FORGED = "203.0.113.66"
_STRANGERS = frozenset(b"SWXQN")
"""What somebody who cannot read the query sends, and the sound answer."""


class _Resolver:
    """Answers every question soundly, but those about ATTACKED as the turns say, one after the other.

    A turn is signs, a colon, and bytes. Each sign sends something: S the sound answer, W a forged one with another
    ID, C one with the letters in the other case, T the sound one cut short, E an error with the first byte as its code,
    Q the query, X the bytes as they are, R the bytes behind our ID, H the bytes behind our header and question; N nothing.
    """

    def __init__(self, data: bytes) -> None:
        self._turns = [turn.partition(b":") for turn in data.split(TURN)[:TURNS_MAX]]
        self.strangers_only = all({*signs} <= _STRANGERS for signs, _, _ in self._turns)

    def respond(self, wire: bytes, transport: str) -> Iterable[bytes]:
        end = wire.index(b"\0", 12)
        labels = wire[12:end].lower()
        name = next(
            (
                one
                for one in SOUND
                if labels.startswith(bytes((len(one.split(".")[0]),)) + one.split(".")[0].encode())
            ),
            "",
        )
        sound = reply(wire, f"{name}. 300 IN A {SOUND[name]}")
        if name != ATTACKED:
            return [framed(sound) if transport == "tcp" else sound]
        signs, _, body = self._turns.pop(0) if len(self._turns) > 1 else self._turns[0]
        sent = [one for sign in signs[:40] for one in self._one(sign, body, wire, sound)]
        return [framed(one[:65535]) if transport == "tcp" else one[:60000] for one in sent]

    def _one(self, sign: int, body: bytes, wire: bytes, sound: bytes) -> Iterable[bytes]:
        forged = reply(wire, f"{ATTACKED}. 300 IN A {FORGED}")
        question = wire[12 : wire.index(b"\0", 12) + 5]
        match chr(sign):
            case "S":
                yield sound
            case "W":
                yield (int.from_bytes(wire[:2], "big") ^ 0x0101).to_bytes(2, "big") + forged[2:]
            case "C":
                yield forged.replace(question[:-4], question[:-4].swapcase())
            case "T":
                yield sound[:2] + bytes((sound[2] | 2,)) + sound[3:]
            case "E":
                yield (
                    sound[:3]
                    + bytes((0x80 | (body[0] & 15 if body else 2),))
                    + sound[4:6]
                    + bytes(6)
                    + question
                )
            case "Q":
                yield wire
            case "X":
                yield b"\0\0" + body[2:]
            case "R":
                yield wire[:2] + body
            case "H":
                yield wire[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + question + body
            case _:
                pass


def dns_conversation(data: bytes) -> None:
    resolver = _Resolver(data)

    async def ask() -> list[Answer]:
        async with dns_server(resolver.respond) as peer:
            with DatagramSockets() as sockets:
                asking = Asking((peer,), timeout_s=TIMEOUT_S)
                questions = (Question(Kind.A, name) for name in (ATTACKED, *BESIDE))
                return await asyncio.gather(*(ask_dns(one, asking, sockets) for one in questions))

    attacked, *beside = run(ask())
    assert [_addresses(answer) for answer in beside] == [(SOUND[name],) for name in BESIDE]
    assert attacked.elapsed_ms <= TIMEOUT_S * 1000
    assert_harmless(attacked.detail, 4000)
    assert_bounded(attacked, data)
    if resolver.strangers_only and attacked.outcome is Outcome.FOUND:
        assert _addresses(attacked) == (SOUND[ATTACKED],)


def _addresses(answer: Answer) -> tuple[str, ...]:
    records = answer.data.records if isinstance(answer.data, DnsData) else ()
    return tuple(record.address for record in records if isinstance(record, AddressRecord))


def tls_handshake(data: bytes) -> None:
    """Feed a client what a server may have sent, in pieces of the size that the first byte says."""
    tls = Tls("mx.example.com")
    size = 1 + (data[0] if data else 0) * 16
    try:
        for start in range(1, len(data) or 1, size):
            tls.shake_hands()
            tls.outgoing()
            tls.feed(data[start : start + size])
            assert not tls.shake_hands(), "a handshake with a server that does not hear us"
        tls.feed(b"")
        tls.shake_hands()
    except (TlsError, TlsCutError) as error:
        assert_harmless(str(error), 600)
    assert len(tls.outgoing()) < 64 * 1024
    tls.ended()


def _flight(version: str) -> bytes:
    """Return what a server says first to a client of ours."""
    client, received, sent = Tls("mx.example.com"), ssl.MemoryBIO(), ssl.MemoryBIO()
    client.shake_hands()
    received.write(client.outgoing())
    server = certified(only=version).wrap_bio(received, sent, server_side=True)
    try:
        server.do_handshake()
    except ssl.SSLWantReadError:
        return sent.read()
    raise AssertionError("a server that waits for nothing")


_SMTP = TURN.join(
    (
        b"220 mx.example.com ESMTP\r\n",
        b"250-mx.example.com\r\n250 STARTTLS\r\n",
        b"220 go\r\n",
        b"!tls",
        b"250 mx\r\n",
        b"221 bye\r\n",
    )
)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
_BODY = b"version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 86400\n"
_A_RECORD = b"\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xcb\0\x71\x42"

TARGETS = (
    Target(
        "smtp-conversation",
        smtp_conversation,
        (_SMTP, b"554 no\r\n", TURN.join((b"220 x\r\n", b"502 no\r\n", b"250 x\r\n", b"221 y\r\n"))),
        (
            TURN,
            b"!tls",
            b"!hang",
            b"!end",
            b"!reset",
            b"250-STARTTLS\r\n",
            b"220 ",
            b"421 4.3.2 \r\n",
            b"220 a\r\n220 b\r\n",
        ),
        25,
    ),
    Target(
        "https-conversation",
        https_conversation,
        (
            _OK + b"Content-Length: %d\r\n\r\n" % len(_BODY) + _BODY,
            _OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(_BODY), _BODY),
            b"HTTP/1.1 100 Continue\r\n\r\n" + _OK + b"\r\n" + _BODY,
            TURN.join((_OK + b"\r\n", _BODY, b"!end")),
        ),
        (
            TURN,
            b"!hang",
            b"!end",
            b"!reset",
            b"Content-Length: ",
            b"Transfer-Encoding: ",
            b"HTTP/1.0 ",
            b"0\r\n\r\n",
            b"206 ",
        ),
        25,
    ),
    Target(
        "dns-conversation",
        dns_conversation,
        (
            b"S:",
            b"WWXQS:",
            TURN.join((b"N:", b"T:", b"CS:")),
            TURN.join((b"E:\2", b"H:" + _A_RECORD, b"S:")),
            b"W" * 40 + b":" + TURN + b"S:",
        ),
        (
            TURN,
            b"W" * 30,
            b"C",
            b"R",
            b"H:",
            b"E:",
            b"X:",
            b"N",
            b"T",
            b"S",
            _A_RECORD,
            b"\xc0\x0c\0\5\0\1\0\0\0\0\0\2\xc0\x0c",
        ),
        30,
    ),
    Target(
        "tls-handshake",
        tls_handshake,
        tuple(bytes((head,)) + _flight(version) for version in ("TLSv1.2", "TLSv1.3") for head in (0, 255)),
        (
            b"\x16\3\3",
            b"\x15\3\3\0\2\2\x28",
            b"\x0b\0\0\x03\0\0\0",
            b"\x0c\0",
            b"\x0e\0\0\0",
            b"\xff\xff\xff",
        ),
        80,
    ),
)
