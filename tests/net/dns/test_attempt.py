"""One attempt at one server: the form of the query, and what follows from what comes back."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack

import dns.message
import dns.rcode
import msgspec
import pytest

from mxproof.evidence import SMALL_BYTES, Edns, Kind, MxRecord, Outcome, Question, Transport
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns.attempt import FORMS, Came, DnsAttempt, Form, forms_of, share_of
from mxproof.net.dns.message import DNS_BYTES_MAX, DnsResult
from mxproof.net.dns.query import Fit, query
from mxproof.net.dns.response import HEADER, QR
from mxproof.net.dns.turns import STREAMS_PER_SERVER_MAX
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.stream import PUNCTUALITY
from support_clock import run
from support_dns import Respond, dns_server, framed, reply

NAMED = Question(Kind.MX, "example.com", server="192.0.2.53")
MX = Question(Kind.MX, "example.com")
GOOD = "example.com. 300 IN MX 10 mx.example.com."
RECORDS = (MxRecord(10, "mx.example.com"),)
TIMEOUT_S = 3.0


class Talk:
    """What was asked: the transport of each query, and whether it had an OPT record."""

    def __init__(self, respond: Respond) -> None:
        self.asked: list[tuple[str, bool]] = []
        self._respond = respond

    def __call__(self, wire: bytes, transport: str) -> Iterable[bytes]:
        self.asked.append((transport, dns.message.from_wire(wire).edns >= 0))
        return self._respond(wire, transport)


def over(udp: Iterable[bytes] | None = None, tcp: Iterable[bytes] | None = None) -> Respond:
    """Return a server that says these messages over each transport, None for the good answer."""

    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        said = tcp if transport == "tcp" else udp
        messages = [good(wire)] if said is None else [wire[:2] + one[2:] for one in said]
        return [framed(one) for one in messages] if transport == "tcp" else messages

    return respond


def good(wire: bytes) -> bytes:
    return reply(wire, GOOD)


def attempted(
    talk: Respond,
    question: Question = MX,
    *,
    form: Form = Form.EDNS,
    sockets: DatagramSockets | None = None,
    kept: bool | None = None,
    edns: bool | None = None,
) -> DnsResult:
    """Make an attempt; `kept` and `edns` are the habits that the server is known for."""

    async def scenario() -> DnsResult:
        async with dns_server(talk) as peer:
            asking = Asking((peer,), connect_to={Peer("192.0.2.53", 53): peer}, timeout_s=TIMEOUT_S)
            with sockets or DatagramSockets() as ours:
                now = asyncio.get_running_loop().time()
                if kept is not None:
                    ours.habits.saw_letters(peer, now, kept=kept)
                if edns is not None:
                    ours.habits.saw_edns(peer, now, answered=edns)
                to = Peer(question.server, 53) if question.server else peer
                return await DnsAttempt(question, asking, ours, to, now + TIMEOUT_S, form=form).run()

    return run(scenario())


def wire_of(rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> bytes:
    """Return an empty response, whose ID is put in later."""
    return reply(dns.message.make_query("example.com", "MX").to_wire(), rcode=rcode)


def test_a_good_answer_is_taken_as_it_comes() -> None:
    talk = Talk(over())
    result = attempted(talk)
    assert (result.outcome, result.data and result.data.records) == (Outcome.FOUND, RECORDS)
    assert talk.asked == [("udp", True)]


@pytest.mark.parametrize(
    ("form", "transport", "want"),
    [
        (Form.EDNS, Transport.ANY, ("udp", True)),
        (Form.PLAIN, Transport.ANY, ("udp", False)),
        (Form.STREAM, Transport.ANY, ("tcp", True)),
        (Form.STREAM, Transport.UDP, ("udp", True)),
        (Form.EDNS, Transport.TCP, ("tcp", True)),
        (Form.PLAIN, Transport.TCP, ("tcp", False)),
    ],
)
def test_a_query_has_its_form_unless_the_question_names_its_transport(
    form: Form, transport: Transport, want: tuple[str, bool]
) -> None:
    talk = Talk(over())
    question = msgspec.structs.replace(NAMED, transport=transport)
    assert attempted(talk, question, form=form).outcome is Outcome.FOUND
    assert talk.asked == [want]


@pytest.mark.parametrize(("known", "want"), [(None, True), (True, True), (False, False)])
def test_who_is_known_not_to_speak_edns_is_asked_without(known: bool | None, want: bool) -> None:
    talk = Talk(over())
    attempted(talk, edns=known)
    assert talk.asked == [("udp", want)]


@pytest.mark.parametrize("rcode", [dns.rcode.FORMERR, dns.rcode.NOTIMP])
def test_who_refuses_edns_is_asked_without_and_remembered(rcode: dns.rcode.Rcode) -> None:
    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        return [good(wire) if dns.message.from_wire(wire).edns < 0 else reply(wire, rcode=rcode)]

    async def scenario() -> tuple[DnsResult, bool | None]:
        async with dns_server(talk) as peer:
            with DatagramSockets() as sockets:
                loop = asyncio.get_running_loop()
                attempt = DnsAttempt(MX, Asking((peer,)), sockets, peer, loop.time() + TIMEOUT_S)
                return await attempt.run(), sockets.habits.speaks_edns(peer, loop.time())

    talk = Talk(respond)
    result, speaks = run(scenario())
    assert (result.outcome, speaks) == (Outcome.FOUND, False)
    assert talk.asked == [("udp", True), ("udp", False)]


def test_who_turns_out_to_refuse_edns_while_asked_with_it_is_asked_without() -> None:
    """Many questions are on their way when the first refusal comes: each of them is refused, too."""

    async def scenario() -> DnsResult:
        async with dns_server(Talk(over())) as peer:
            with DatagramSockets() as sockets:
                now = asyncio.get_running_loop().time()
                asked = query(MX)
                assert asked is not None
                refusal = asked.wire[:2] + HEADER.pack(0, QR | dns.rcode.FORMERR, 0, 0, 0, 0)[2:]
                came = Came(asked, refusal, Fit.UNASKED)
                sockets.habits.saw_edns(peer, now, answered=False)
                attempt = DnsAttempt(MX, Asking((peer,)), sockets, peer, now + TIMEOUT_S, came=came)
                return await attempt.run()

    assert run(scenario()).outcome is Outcome.FOUND


def test_who_refuses_a_query_without_edns_is_not_asked_again() -> None:
    talk = Talk(over([wire_of(dns.rcode.FORMERR)]))
    assert attempted(talk, form=Form.PLAIN).outcome is Outcome.SERVFAIL
    assert talk.asked == [("udp", False)]


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ([wire_of()], True),
        ([wire_of(dns.rcode.SERVFAIL)], True),
        ([wire_of(dns.rcode.FORMERR)], None),
        ([wire_of() + b"x"], None),
        ([], None),
    ],
    ids=["answer", "error", "refusal", "unreadable", "silence"],
)
def test_only_what_could_be_read_and_refuses_nothing_shows_a_habit(
    said: list[bytes], want: bool | None
) -> None:
    async def scenario() -> bool | None:
        async with dns_server(over(said, [])) as peer:
            with DatagramSockets() as sockets:
                loop = asyncio.get_running_loop()
                await DnsAttempt(MX, Asking((peer,)), sockets, peer, loop.time() + TIMEOUT_S).run()
                return sockets.habits.speaks_edns(peer, loop.time())

    assert run(scenario()) is want


def cut(wire: bytes) -> bytes:
    answer = bytearray(reply(wire))
    answer[2] |= 0x02
    return bytes(answer)


def test_an_answer_cut_short_is_asked_for_over_tcp_unless_udp_alone_was_asked() -> None:
    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        return [framed(good(wire))] if transport == "tcp" else [cut(wire)]

    either, alone = Talk(respond), Talk(respond)
    assert attempted(either).outcome is Outcome.FOUND
    assert (
        attempted(alone, msgspec.structs.replace(NAMED, transport=Transport.UDP)).outcome is Outcome.TRUNCATED
    )
    assert (either.asked, alone.asked) == ([("udp", True), ("tcp", True)], [("udp", True)])


def in_capitals(wire: bytes) -> bytes:
    return wire[:12] + wire[12:25].upper() + wire[25:]


@pytest.mark.parametrize(
    ("kept", "want"),
    [(None, ["udp", "tcp"]), (True, ["udp", "tcp"]), (False, ["udp"])],
)
def test_other_letters_are_looked_at_twice_unless_the_server_is_known_for_them(
    kept: bool | None, want: list[str]
) -> None:
    talk = Talk(
        lambda wire, transport: [framed(good(wire))] if transport == "tcp" else [in_capitals(good(wire))]
    )
    assert attempted(talk, kept=kept).outcome is Outcome.FOUND
    assert [transport for transport, _ in talk.asked] == want


def test_other_letters_without_an_answer_over_tcp_are_malformed() -> None:
    result = attempted(lambda wire, transport: [] if transport == "tcp" else [in_capitals(good(wire))])
    assert (result.outcome, result.data) == (Outcome.MALFORMED, None)


def test_other_letters_over_tcp_are_a_habit() -> None:
    async def scenario() -> bool | None:
        async with dns_server(lambda wire, _: [framed(in_capitals(good(wire)))]) as peer:
            with DatagramSockets() as sockets:
                loop = asyncio.get_running_loop()
                attempt = DnsAttempt(
                    MX, Asking((peer,)), sockets, peer, loop.time() + TIMEOUT_S, form=Form.STREAM
                )
                assert (await attempt.run()).outcome is Outcome.FOUND
                return sockets.habits.keeps_letters(peer, loop.time())

    assert run(scenario()) is False


@pytest.mark.parametrize(
    ("second", "want"),
    [
        (None, Outcome.FOUND),
        ([wire_of(dns.rcode.REFUSED)], Outcome.REFUSED),
        ([wire_of(dns.rcode.SERVFAIL)], Outcome.MALFORMED),
        ([wire_of(dns.rcode.FORMERR)], Outcome.MALFORMED),
        ([], Outcome.MALFORMED),
    ],
    ids=["answer", "refused", "servfail", "formerr", "nothing"],
)
def test_what_cannot_be_read_is_asked_for_once_more_without_edns_over_tcp(
    second: list[bytes] | None, want: Outcome
) -> None:
    talk = Talk(over([wire_of() + b"x"], second))
    assert attempted(talk).outcome is want
    assert talk.asked == [("udp", True), ("tcp", False)]


@pytest.mark.parametrize(
    ("sent", "want", "words"),
    [
        (b"", Outcome.CLOSED, "ended before the answer was whole"),
        (b"\x00", Outcome.CLOSED, "ended before the answer was whole"),
        (b"\x00\x40" + b"x" * 63, Outcome.CLOSED, "ended before the answer was whole"),
        (framed(wire_of()), Outcome.MALFORMED, "another question"),
        (framed(b""), Outcome.MALFORMED, "another question"),
    ],
    ids=["nothing", "half a length", "cut", "another id", "empty"],
)
def test_what_is_no_whole_answer_over_tcp_is_told(sent: bytes, want: Outcome, words: str) -> None:
    result = attempted(lambda _wire, _transport: [sent], form=Form.STREAM)
    assert result.outcome is want
    assert words in result.detail


@pytest.mark.parametrize(
    ("size", "want"), [(DNS_BYTES_MAX, Outcome.MALFORMED), (DNS_BYTES_MAX + 1, Outcome.OVERSIZE)]
)
def test_an_answer_over_tcp_is_read_up_to_its_limit(size: int, want: Outcome) -> None:
    """Bytes behind the last record make it unsound, which is seen only where it is read."""
    result = attempted(lambda wire, _: [framed(good(wire).ljust(size, b"x"))], form=Form.STREAM)
    assert result.outcome is want


def test_an_answer_of_any_length_is_not_waited_for_beyond_the_limit() -> None:
    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        return [b"\xff\xff" + good(wire).ljust(DNS_BYTES_MAX + 1, b"x")]

    assert attempted(respond, form=Form.STREAM).outcome is Outcome.OVERSIZE


def test_silence_is_a_timeout_that_says_how_long_was_waited_in_all() -> None:
    result = attempted(lambda _wire, _transport: [])
    assert (result.outcome, result.data) == (Outcome.TIMEOUT, None)
    assert result.detail.endswith(f"no answer within {TIMEOUT_S:g} s in all")


@pytest.mark.parametrize("form", [Form.EDNS, Form.STREAM])
def test_who_does_not_run_refuses(form: Form) -> None:
    async def scenario() -> Outcome:
        async with dns_server(over()) as peer:
            pass
        await asyncio.sleep(0)  # the sockets are closed on the next turn
        with DatagramSockets() as sockets:
            until = asyncio.get_running_loop().time() + TIMEOUT_S
            return (await DnsAttempt(MX, Asking((peer,)), sockets, peer, until, form=form).run()).outcome

    assert run(scenario()) is Outcome.REFUSED


def test_an_error_of_the_system_is_unreachable() -> None:
    async def scenario() -> Outcome:
        way = Peer("255.255.255.255", 53)  # broadcast is not permitted unasked
        with DatagramSockets() as sockets:
            until = asyncio.get_running_loop().time() + TIMEOUT_S
            return (await DnsAttempt(MX, Asking((way,)), sockets, way, until).run()).outcome

    assert run(scenario()) is Outcome.UNREACHABLE


@pytest.mark.parametrize(
    ("left_s", "parts", "want_s"), [(9.0, 3, 3.0), (9.0, 1, 9.0), (-5.0, 2, 0.0), (0.0, 1, 0.0)]
)
def test_a_share_is_an_equal_part_of_the_time_that_is_left(left_s: float, parts: int, want_s: float) -> None:
    async def scenario() -> float:
        now = asyncio.get_running_loop().time()
        return share_of(now + left_s, parts, now) - now

    assert run(scenario()) == pytest.approx(want_s * PUNCTUALITY, abs=0.5)


def test_the_time_until_there_is_a_connection_is_none_of_the_servers() -> None:
    heard: list[float] = []

    async def scenario() -> Outcome:
        async with dns_server(lambda wire, _: [framed(good(wire))]) as peer:
            with DatagramSockets() as sockets:
                loop = asyncio.get_running_loop()
                question = msgspec.structs.replace(MX, server=peer.address)
                asking = Asking((peer,), connect_to={Peer(peer.address, 53): peer})
                attempt = DnsAttempt(
                    question,
                    asking,
                    sockets,
                    Peer(peer.address, 53),
                    loop.time() + TIMEOUT_S,
                    form=Form.STREAM,
                    waited=heard.append,
                )
                async with AsyncExitStack() as held:
                    for _ in range(STREAMS_PER_SERVER_MAX):
                        await held.enter_async_context(sockets.streams.turn(peer))
                    asked = asyncio.create_task(attempt.run())
                    await asyncio.sleep(2 * TIMEOUT_S)
                    assert heard == []
                return (await asked).outcome

    assert run(scenario()) is Outcome.FOUND
    (waited_s,) = heard
    assert waited_s == pytest.approx(2 * TIMEOUT_S, abs=0.5)


@pytest.mark.parametrize(
    ("form", "version", "payload"),
    [(Edns.ONLY, 0, 1232), (Edns.VERSION_1, 1, 1232), (Edns.SMALL, 0, SMALL_BYTES)],
)
def test_a_question_that_names_its_opt_record_is_put_in_no_other_form(
    form: Edns, version: int, payload: int
) -> None:
    seen: list[tuple[int, int]] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        message = dns.message.from_wire(wire)
        seen.append((message.edns, message.payload))
        return [reply(wire, rcode=dns.rcode.FORMERR)]

    question = msgspec.structs.replace(NAMED, transport=Transport.UDP, edns=form)
    assert attempted(respond, question, edns=False).outcome is Outcome.SERVFAIL
    assert seen == [(version, payload)]


def test_silence_to_a_question_that_names_its_opt_record_is_met_with_the_same_again() -> None:
    assert set(forms_of(msgspec.structs.replace(NAMED, edns=Edns.ONLY))) == {Form.EDNS}
    assert forms_of(NAMED) == FORMS
