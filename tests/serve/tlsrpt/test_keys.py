"""The DKIM keys of senders: asked for once, so many of a batch, and by nobody where there is no resolver."""

import asyncio

import dns.message

from mxproof.evidence import Kind, Outcome, Question
from mxproof.net.asking import Asking, Peer
from mxproof.serve.tlsrpt.keys import KEYS_ASKED_AT_ONCE, KeyAsker
from support_dns import dns_server, reply


def question(number: int) -> Question:
    return Question(Kind.TXT, f"s{number}._domainkey.sender.example")


def asked(*batches: list[Question]) -> tuple[list[dict[Question, Outcome]], int]:
    """Return the answers to batches of questions that one asker puts, and how many times DNS was asked."""
    queries: list[bytes] = []

    def respond(query: bytes, _: str) -> list[bytes]:
        queries.append(query)
        name = dns.message.from_wire(query).question[0].name
        return [reply(query, f'{name} 300 IN TXT "v=DKIM1; p="')]

    async def scenario() -> list[dict[Question, Outcome]]:
        async with dns_server(respond) as resolver:
            with KeyAsker(Asking((Peer(*resolver),), trust_ad=False)) as asker:
                found = [await asker.keys(batch) for batch in batches]
                return [{one: answer.outcome for one, answer in each.items()} for each in found]

    return asyncio.run(scenario()), len(queries)


def test_each_key_is_asked_for_once_while_its_answer_stands() -> None:
    one, two = question(1), question(2)
    answers, queries = asked([one, two, one], [two])
    assert answers == [{one: Outcome.FOUND, two: Outcome.FOUND}, {two: Outcome.FOUND}]
    assert queries == 2


def test_of_a_batch_so_many_are_asked_for() -> None:
    ((answers,), _) = asked([question(number) for number in range(KEYS_ASKED_AT_ONCE + 1)])
    assert list(answers) == [question(number) for number in range(KEYS_ASKED_AT_ONCE)]


def test_without_a_resolver_or_a_question_nobody_is_asked() -> None:
    assert asyncio.run(KeyAsker(None).keys([question(1)])) == {}
    answers, queries = asked([])
    assert (answers, queries) == ([{}], 0)
