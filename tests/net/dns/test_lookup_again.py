"""Look-ups of several steps: whose failure is told, who is asked what, and whose time the waiting is."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question, Transport
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns.lookup import ask_dns, root_answers, sets_ad, validates
from mxproof.net.dns.turns import STREAMS_PER_SERVER_MAX
from mxproof.net.dns.udp import DatagramSockets
from support_clock import run
from support_dns import Respond, dns_server, framed, reply

MX = Question(Kind.MX, "example.com")
GOOD = "example.com. 300 IN MX 10 mx.example.com."
SOA = "example.com. 300 IN SOA ns.example.com. root.example.com. 1 2 3 4 60"
ROOT_SOA = ". 86400 IN SOA a.root-servers.example. nstld.example. 1 1800 900 604800 86400"


class Resolver:
    """Says the next of its words to each question but that for the root, the last of them again and again."""

    def __init__(self, *words: Respond, validating: bool = True) -> None:
        self.asked: list[str] = []
        self._words = list(words)
        self._validating = validating

    def __call__(self, wire: bytes, transport: str) -> Iterable[bytes]:
        query = dns.message.from_wire(wire)
        if query.question[0].name == dns.name.root:
            self.asked.append("root")
            return [reply(wire, ROOT_SOA, flags=dns.flags.AD if self._validating else 0)]
        self.asked.append("unchecked" if query.flags & dns.flags.CD else "checked")
        word = self._words.pop(0) if len(self._words) > 1 else self._words[0]
        return word(wire, transport)


def failing(rcode: dns.rcode.Rcode = dns.rcode.SERVFAIL, *extended: tuple[int, str]) -> Respond:
    return lambda wire, _transport: [reply(wire, rcode=rcode, extended=extended)]


def good(wire: bytes, _transport: str) -> Iterable[bytes]:
    return [reply(wire, GOOD)]


REFUSING = failing(dns.rcode.REFUSED)


def asked(question: Question, *resolvers: Respond) -> Answer:
    async def scenario() -> Answer:
        async with at(*resolvers) as peers:
            with DatagramSockets() as sockets:
                return await ask_dns(question, Asking(tuple(peers)), sockets)

    return run(scenario(), patience_s=0)


@asynccontextmanager
async def at(*resolvers: Respond) -> AsyncIterator[list[Peer]]:
    if not resolvers:
        yield []
        return
    async with dns_server(resolvers[0]) as first, at(*resolvers[1:]) as others:
        yield [first, *others]


@pytest.mark.parametrize(
    ("first", "second", "explained"),
    [
        (failing(), failing(), (True, False)),
        (failing(), REFUSING, (True, False)),
        (REFUSING, failing(), (False, True)),
        (REFUSING, REFUSING, (False, False)),
    ],
)
def test_the_first_resolver_whose_failure_may_be_one_of_validation_is_asked_to_explain_it(
    first: Respond, second: Respond, explained: tuple[bool, bool]
) -> None:
    resolvers = Resolver(first, first, good, first), Resolver(second, second, good, second)
    answer = asked(MX, *resolvers)
    assert tuple(len(one.asked) > 1 for one in resolvers) == explained
    assert answer.outcome is (Outcome.REFUSED if explained == (False, False) else Outcome.BOGUS)


def test_a_failure_is_looked_into_step_by_step_and_no_further_than_needed() -> None:
    """It is said again, without checking there is an answer, the resolver validates, and it is said once more."""
    for words, want, steps in (
        (
            (failing(), failing(), good, failing()),
            Outcome.BOGUS,
            ["checked"] * 2 + ["unchecked", "root", "checked"],
        ),
        (
            (failing(), failing(), good, good),
            Outcome.FOUND,
            ["checked"] * 2 + ["unchecked", "root", "checked"],
        ),
        ((failing(), failing(), failing()), Outcome.SERVFAIL, ["checked"] * 2 + ["unchecked"]),
        ((failing(), good), Outcome.FOUND, ["checked"] * 2),
    ):
        resolver = Resolver(*words)
        answer = asked(MX, resolver)
        assert (answer.outcome, resolver.asked, answer.attempts) == (want, steps, len(steps))


def test_a_failure_to_validate_is_told_in_the_words_in_which_it_was_said_first() -> None:
    first, second = (failing(dns.rcode.SERVFAIL, (code, "")) for code in (7, 9))
    resolver = Resolver(first, second)
    answer = asked(MX, resolver)
    assert (answer.outcome, answer.detail) == (Outcome.BOGUS, "SERVFAIL; 7 signature expired")
    assert resolver.asked == ["checked", "checked", "root"]


def test_what_is_said_to_be_a_failure_to_validate_is_none_where_it_was_not_said_again_or_nobody_validates() -> (
    None
):
    bogus = failing(dns.rcode.SERVFAIL, (7, ""))
    for resolver, want, detail, steps in (
        (Resolver(bogus, REFUSING, REFUSING), Outcome.SERVFAIL, "it was not said again", ["checked"] * 3),
        (
            Resolver(bogus, validating=False),
            Outcome.SERVFAIL,
            "this resolver does not validate",
            ["checked", "checked", "root", "checked"],
        ),
        (Resolver(bogus, good), Outcome.FOUND, "", ["checked"] * 2),
    ):
        answer = asked(MX, resolver)
        assert (answer.outcome, answer.detail.rpartition("; ")[2]) == (want, detail)
        assert (resolver.asked, answer.attempts) == (steps, len(steps))


def test_whoever_says_that_an_answer_does_not_validate_is_asked_whether_it_says_so_again() -> None:
    refusing, bogus = Resolver(REFUSING), Resolver(failing(dns.rcode.SERVFAIL, (7, "")))
    for resolvers, wanted in (
        ((refusing, bogus), [["checked"], ["checked", "checked", "root"]]),
        ((bogus, refusing), [["checked", "checked", "root"], []]),
    ):
        for one in resolvers:
            one.asked.clear()
        assert asked(MX, *resolvers).outcome is Outcome.BOGUS
        assert [one.asked for one in resolvers] == wanted


def test_of_failures_that_tell_as_much_the_first_is_told() -> None:
    first, second = (failing(dns.rcode.REFUSED, (code, "")) for code in (18, 20))
    for resolvers, code in (((first, second), "18"), ((second, first), "20")):
        answer = asked(MX, *map(Resolver, resolvers))
        assert (answer.outcome, answer.detail.split()[:2]) == (Outcome.REFUSED, ["REFUSED;", code])


def test_a_resolver_that_leads_nowhere_is_no_proof_that_there_is_no_zone() -> None:
    """Nor is it where a usual question would have its answer by the same message."""

    def nothing(wire: bytes, _transport: str) -> Iterable[bytes]:
        return [reply(wire, authority=(SOA,))]

    assert asked(Question(Kind.DELEGATION, "example.com"), nothing).outcome is Outcome.SERVFAIL
    assert asked(Question(Kind.NS, "example.com"), nothing).outcome is Outcome.EMPTY


def test_the_time_that_a_question_waits_for_its_turn_is_none_of_the_name_servers() -> None:
    """Neither of the time that it has, nor of the time that it is said to have taken."""
    address, takes_s, limit_s = Peer("192.0.2.53", 53), 0.8, 3.0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(2), "big")
        wire = await reader.readexactly(length)
        await asyncio.sleep(takes_s)
        writer.write(framed(reply(wire, GOOD, flags=dns.flags.AA)))
        await writer.drain()
        writer.close()

    async def scenario() -> list[Answer]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            way = Peer(*server.sockets[0].getsockname())
            asking = Asking((), connect_to={address: way}, server_timeout_s=limit_s)
            question = Question(Kind.MX, "example.com", server=address.address, transport=Transport.TCP)
            with DatagramSockets() as sockets:
                return await asyncio.gather(
                    *(ask_dns(question, asking, sockets) for _ in range(2 * STREAMS_PER_SERVER_MAX + 1))
                )

    answers = run(scenario())
    assert [(one.outcome, one.attempts) for one in answers] == [(Outcome.FOUND, 1)] * len(answers)
    assert {round(one.elapsed_ms, -2) for one in answers} == {1000 * takes_s}


def test_what_the_first_answer_shows_of_a_resolver_is_remembered_for_the_next_question() -> None:
    async def scenario() -> tuple[bool | None, bool | None]:
        async with dns_server(good) as peer:
            with DatagramSockets() as sockets:
                before = sockets.habits.speaks_edns(peer, sockets.now())
                await ask_dns(MX, Asking((peer,)), sockets)
                return before, sockets.habits.speaks_edns(peer, sockets.now())

    assert run(scenario(), patience_s=0) == (None, True)


@pytest.mark.parametrize("strays", [False, True])
def test_who_is_known_to_send_strays_is_asked_in_letters_that_are_drawn(strays: bool) -> None:
    name = "a" * 60
    seen: list[bytes] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        seen.append(wire[13:73])
        return [reply(wire, f"{name}. 60 IN MX 10 mx.example.com.")]

    async def scenario() -> Answer:
        async with dns_server(respond) as peer:
            with DatagramSockets() as sockets:
                if strays:
                    sockets.habits.saw_strays(peer, sockets.now())
                return await ask_dns(Question(Kind.MX, name), Asking((peer,)), sockets)

    assert run(scenario(), patience_s=0).outcome is Outcome.FOUND
    assert [one == name.encode() for one in seen] == [not strays]


def test_each_resolver_is_asked_about_the_root_by_itself_and_one_that_sets_no_ad_bit_is_named() -> None:
    setting, without = Resolver(good), Resolver(good, validating=False)

    async def scenario(*resolvers: Respond) -> tuple[bool, str, list[Peer]]:
        async with at(*resolvers) as peers:
            with DatagramSockets() as sockets:
                answers = await root_answers(Asking(tuple(peers)), sockets)
                assert list(answers) == peers
                assert [sets_ad(one) for one in answers.values()] == [one is setting for one in resolvers]
                return (*await validates(Asking(tuple(peers)), sockets), peers)

    assert run(scenario(setting, setting), patience_s=0)[0]
    for resolvers in ((setting, without), (without, setting)):
        believed, words, peers = run(scenario(*resolvers), patience_s=0)
        assert not believed
        assert words.startswith(f"{peers[resolvers.index(without)]} does not set the AD bit")


def test_of_several_resolvers_elsewhere_each_has_to_be_trusted() -> None:
    trusted, other = Peer("192.0.2.53", 53), Peer("192.0.2.54", 53)

    async def scenario(*resolvers: Peer) -> tuple[bool, str]:
        with DatagramSockets() as sockets:
            return await validates(Asking(resolvers, trusted=(trusted,)), sockets)

    for resolvers in ((trusted, other), (other, trusted)):
        believed, words = run(scenario(*resolvers))
        assert (believed, words.partition(" ")[0]) == (False, str(other).partition(" ")[0])


@pytest.mark.parametrize("words", [failing(dns.rcode.SERVFAIL, (7, "")), failing()])
def test_what_a_name_server_says_of_its_own_zone_is_its_word_and_nobody_is_asked_to_explain_it(
    words: Respond,
) -> None:
    resolver = Resolver(words)

    async def scenario() -> Answer:
        async with dns_server(resolver) as peer:
            asking = Asking((), connect_to={Peer("192.0.2.53", 53): peer})
            with DatagramSockets() as sockets:
                return await ask_dns(Question(Kind.MX, "example.com", server="192.0.2.53"), asking, sockets)

    answer = run(scenario(), patience_s=0)
    assert answer.outcome in {Outcome.BOGUS, Outcome.SERVFAIL}
    assert (answer.attempts, resolver.asked) == (1, ["checked"])
