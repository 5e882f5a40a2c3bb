"""One port of many look-ups by itself: whose answer a datagram is, what its owner is told, and what it leaves behind."""

import asyncio
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.net.asking import Peer
from mxproof.net.dns.bulk_port import PROMPT_S, BulkPort, BulkQuestion
from mxproof.net.dns.message import DNS_BYTES_MAX
from mxproof.net.dns.query import section_of
from support_clock import passed_s, run
from support_dns import reply

LOOK_S = 0.001
LATER_S = 2.0
STRAY = b"\xff\xff" + bytes(10)


class Owner:
    """Notes what its port tells it, in order."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.told: list[str] = []
        self.careful: list[BulkQuestion] = []

    def look_up_with_care(self, put: BulkQuestion) -> None:
        self.careful.append(put)

    def lost(self, _now: float) -> None:
        self.told.append("lost")

    def heard(self, _now: float) -> None:
        self.told.append("heard")

    def received(self, count: int, _now: float) -> None:
        self.told.append(f"received {count}")

    def refused(self) -> None:
        self.told.append("refused")


class Server:
    """A resolver that answers when it is told to."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.peer = Peer(*listening.getsockname())
        self.queries: list[tuple[bytes, tuple[str, int]]] = []

    def take(self) -> list[bytes]:
        """Take what has come, and return it."""
        before = len(self.queries)
        while True:
            try:
                self.queries.append(self._listening.recvfrom(DNS_BYTES_MAX))
            except BlockingIOError:
                return [wire for wire, _ in self.queries[before:]]

    async def say(self, *messages: bytes) -> None:
        """Send these to who asked last, and let them be received."""
        for message in messages:
            self._listening.sendto(message, self.queries[-1][1])
        await asyncio.sleep(LOOK_S)


Told = list[tuple[Question, Answer | Exception]]


@contextmanager
def world() -> Iterator[tuple[Server, Owner, BulkPort]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        server = Server(listening)
        owner = Owner(server.peer)
        port = BulkPort(owner, server.peer)
        try:
            yield server, owner, port
        finally:
            port.close()


def waiting(told: Told, *names: str) -> deque[BulkQuestion]:
    found = deque[BulkQuestion]()
    for name in names:
        question = Question(Kind.A, name)
        section = section_of(question)
        assert section is not None
        found.append(BulkQuestion(question, lambda *it: told.append(it), section))
    return found


def now() -> float:
    return asyncio.get_running_loop().time()


def test_an_id_under_which_an_answer_may_still_come_is_not_given_to_another_question() -> None:
    """Neither that of a question asked once, nor of one asked again."""

    async def scenario() -> tuple[list[bytes], list[bytes]]:
        with world() as (_, _, port):
            port._drawn = iter([b"aa", b"bb", b"aa", b"bb", b"bb", b"cc"])
            port.send(waiting([], "a.example"), 1, now())
            port.send_again(now(), 1, now())
            port.send(waiting([], "b.example", "c.example"), 2, now())
            return list(port.resent), list(port.asked)

    assert run(scenario(), patience_s=0) == ([b"aa"], [b"bb", b"cc"])


def test_strays_are_counted_until_something_comes_that_was_asked_for() -> None:
    async def scenario() -> list[int]:
        with world() as (server, _, port):
            counts = []
            port.send(waiting([], "a.example", "b.example"), 2, now())
            first, second = server.take()
            await server.say(STRAY, STRAY)
            counts.append(port.strays)
            await server.say(reply(first, flags=dns.flags.TC))
            counts.append(port.strays)
            await server.say(STRAY, reply(first), second[:2] + reply(first)[2:])
            counts.append(port.strays)
            await server.say(reply(second, "b.example. 60 IN A 192.0.2.1"))
            counts.append(port.strays)
            return counts

    assert run(scenario(), patience_s=0) == [2, 0, 3, 0]


def test_that_somebody_is_there_is_told_once_for_each_time_that_the_root_was_asked_about() -> None:
    async def scenario() -> tuple[list[str], int]:
        with world() as (server, owner, port):
            port.ask_root()
            (first,) = server.take()
            await server.say(reply(first))
            await server.say(reply(first))
            port.ask_root()
            (again,) = server.take()
            await server.say(reply(again))
            return owner.told, port.strays

    told, strays = run(scenario(), patience_s=0)
    assert told == ["heard", "received 0", "received 0", "heard", "received 0"]
    assert strays == 1


def test_a_question_sent_again_was_lost_where_it_is_answered_at_once_and_late_where_not() -> None:
    told: Told = []

    async def scenario() -> tuple[list[str], int]:
        with world() as (server, owner, port):
            port.send(waiting(told, "lost.example", "slow.example", "prompt.example"), 3, now())
            lost, slow, prompt = server.take()
            await server.say(reply(prompt, "prompt.example. 60 IN A 192.0.2.1"))
            await asyncio.sleep(LATER_S)
            port.send_again(now(), 3, now())
            assert server.take() == [lost, slow]
            await server.say(reply(lost, "lost.example. 60 IN A 192.0.2.1"))
            await asyncio.sleep(2 * PROMPT_S)
            await server.say(reply(slow, "slow.example. 60 IN A 192.0.2.1"))
            return owner.told, len(port.asked) + len(port.resent)

    assert run(scenario(), patience_s=0) == (["received 1", "lost", "received 1", "received 1"], 0)
    answers = {question.name: one for question, one in told if isinstance(one, Answer)}
    assert {name: one.attempts for name, one in answers.items()} == {
        "prompt.example": 1,
        "lost.example": 2,
        "slow.example": 2,
    }
    assert answers["prompt.example"].elapsed_ms < 100
    assert 2000 <= answers["lost.example"].elapsed_ms < 2100
    assert 2500 <= answers["slow.example"].elapsed_ms < 2600


def test_only_what_was_sent_before_is_sent_again_and_the_oldest_first_where_not_all_may_be() -> None:
    async def scenario() -> list[list[bytes]]:
        with world() as (server, _, port):
            port.send(waiting([], "a.example", "b.example", "c.example"), 3, now())
            await asyncio.sleep(LATER_S)
            port.send(waiting([], "d.example"), 1, now())
            server.take()
            seen = []
            for count in (2, 0, 5):
                port.send_again(now() - LATER_S / 2, count, now())
                seen.append([wire[13:14] for wire in server.take()])
            return seen

    assert run(scenario(), patience_s=0) == [[b"a", b"b"], [], [b"c"]]


def test_what_is_given_up_has_spent_the_time_of_both_sendings_and_its_late_answer_is_a_stray() -> None:
    told: Told = []

    async def scenario() -> tuple[list[BulkQuestion], list[BulkQuestion], int]:
        with world() as (server, _, port):
            port.send(waiting(told, "a.example"), 1, now())
            await asyncio.sleep(LATER_S)
            port.send_again(now(), 1, now())
            await asyncio.sleep(LATER_S)
            early = port.given_up(now() - 2 * LATER_S, now())
            late = port.given_up(now() - LATER_S / 2, now())
            first, _ = server.take()
            await server.say(reply(first, "a.example. 60 IN A 192.0.2.1"))
            return early, late, port.strays

    early, (put,), strays = run(scenario(), patience_s=0)
    assert (early, told, strays) == ([], [], 1)
    assert (round(put.spent_s, 2), put.sendings) == (2 * LATER_S, 2)


def test_what_is_no_plain_answer_is_handed_on_with_the_time_it_took_and_waited_for_no_longer() -> None:
    told: Told = []

    async def scenario() -> tuple[list[BulkQuestion], list[str], int]:
        with world() as (server, owner, port):
            port.send(waiting(told, "a.example"), 1, now())
            (query,) = server.take()
            await asyncio.sleep(LATER_S)
            await server.say(reply(query, rcode=dns.rcode.SERVFAIL))
            await server.say(reply(query, "a.example. 60 IN A 192.0.2.1"))
            return owner.careful, owner.told, port.strays

    (put,), said, strays = run(scenario(), patience_s=0)
    assert (round(put.spent_s, 2), put.sendings) == (LATER_S, 1)
    assert (told, said, strays) == ([], ["received 1", "received 0"], 1)


def test_what_is_handed_back_is_what_was_sent_again_before_the_rest_and_its_answers_are_strays() -> None:
    told: Told = []

    async def scenario() -> tuple[list[str], int]:
        with world() as (server, _, port):
            port.send(waiting(told, "a.example", "b.example"), 2, now())
            await asyncio.sleep(LATER_S)
            port.send_again(now(), 1, now())
            first, *_ = server.take()
            back = [put.question.name for put in port.handed_back()]
            await server.say(reply(first, "a.example. 60 IN A 192.0.2.1"))
            return back, port.strays + len(port.asked) + len(port.resent)

    assert run(scenario(), patience_s=0) == (["a.example", "b.example"], 1)
    assert told == []


def test_an_answer_is_told_as_the_resolver_gave_it_and_once() -> None:
    told: Told = []

    async def scenario() -> None:
        with world() as (server, _, port):
            port.send(waiting(told, "a.example"), 1, now())
            (query,) = server.take()
            whole = reply(query, "a.example. 60 IN A 192.0.2.1")
            await server.say(whole, whole)
            assert passed_s() < 1

    run(scenario(), patience_s=0)
    ((question, answer),) = told
    assert isinstance(answer, Answer)
    assert (question, answer.outcome, answer.ttl_s) == (Question(Kind.A, "a.example"), Outcome.FOUND, 60)


def test_a_port_that_is_closed_twice_says_nothing_more_and_does_the_next_no_harm() -> None:
    async def scenario() -> list[str]:
        with world() as (server, owner, port):
            port.ask_root()
            (query,) = server.take()
            port.close()
            next_owner = Owner(server.peer)
            next_port = BulkPort(next_owner, server.peer)
            port.close()
            await server.say(reply(query))
            next_port.ask_root()
            (next_query,) = server.take()
            await server.say(reply(next_query))
            next_port.close()
            assert owner.told == []
            return next_owner.told

    assert run(scenario(), patience_s=0) == ["heard", "received 0"]


def test_what_cannot_be_read_is_handed_on() -> None:
    told: Told = []

    async def scenario() -> list[BulkQuestion]:
        with world() as (server, owner, port):
            port.send(waiting(told, "a.example"), 1, now())
            (query,) = server.take()
            await server.say(reply(query, "a.example. 60 IN A 192.0.2.1")[:-1])
            return owner.careful

    (put,) = run(scenario(), patience_s=0)
    assert (put.question.name, told) == ("a.example", [])
