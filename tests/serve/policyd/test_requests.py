"""What a collector is told of a destination beside the reply, in the dialect of the reports, and how long the reply may be given again."""

import asyncio
from typing import cast

import pytest

from mxproof.formats.mtasts import Policy
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.requests import Requests
from mxproof.serve.policyd.telling import Telling
from mxproof.store.destinations.destination import Destination
from support_store import AT, POLICY

FRESH_S = 300.0
HOSTS = ("mx1.example.net",)
ENFORCED = Decision(Protection.STS, Reason.STS_ENFORCE, AT)
BY_DANE = Decision(Protection.DANE_ONLY, Reason.DANE_EVERYWHERE, AT)
UNPROTECTED = Decision(Protection.DEFAULT, Reason.STS_ABSENT, AT)
FAILED = Failure(AT, ResultType.STS_WEBPKI_INVALID, "expired", "2")
FAILS, SUCCEEDS, PASSED_OVER = "fails", "succeeds", "passed over"


class Known:
    """Answers with what is held of every destination; `hosts` are those that its policy passes over."""

    def __init__(self, held: Held, hosts: tuple[str, ...]) -> None:
        self._held = held
        self._hosts = hosts

    async def ask(self, hop: NextHop) -> Destination:
        return Destination(str(hop), self._held, AT)

    def fresh_s(self, _: Destination) -> float:
        return FRESH_S

    def passed_over(self, _: str) -> tuple[str, ...]:
        return self._hosts


class Heard:
    """Stands for the way to the collector, and keeps what is told."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def fetch_fails(self, _domain: str, _result_type: ResultType) -> None:
        self.words.append(FAILS)

    def fetch_succeeds(self, _domain: str) -> None:
        self.words.append(SUCCEEDS)

    def passed_over(self, _domain: str, _policy: Policy, _hosts: tuple[str, ...]) -> None:
        self.words.append(PASSED_OVER)


def asked(held: Held, hosts: tuple[str, ...] = (), map_: str = "postfix-tlsrpt") -> tuple[list[str], float]:
    """Return what is told as a destination is asked about, and for how long the reply may be given again."""
    heard = Heard()
    known = cast("Answers", Known(held, hosts))
    requests = Requests(known, {}, Counts(), cast("Telling", heard))
    _, keep_s = asyncio.run(requests(f"{map_} example.com".encode()))
    return heard.words, keep_s


@pytest.mark.parametrize(
    ("held", "hosts", "told", "keep_s"),
    [
        (Held(POLICY, None, ENFORCED), (), [SUCCEEDS], FRESH_S),
        (Held(POLICY, None, ENFORCED), HOSTS, [SUCCEEDS, PASSED_OVER], 0.0),
        (Held(POLICY, None, BY_DANE), HOSTS, [SUCCEEDS], FRESH_S),
        (Held(Memory(b"", AT, "1"), None, ENFORCED), HOSTS, [SUCCEEDS], FRESH_S),
        (Held(None, FAILED, UNPROTECTED), (), [FAILS], 0.0),
        (Held(POLICY, FAILED, ENFORCED), (), [SUCCEEDS], FRESH_S),
        (Held(None, None, UNPROTECTED), (), [SUCCEEDS], FRESH_S),
        (Held(), (), [], FRESH_S),
    ],
    ids=[
        "a policy",
        "a policy that covers no host",
        "DANE, which goes before it",
        "a text that is no policy",
        "none to be had",
        "none to be had, and one from before",
        "none",
        "nothing decided",
    ],
)
def test_what_postfix_cannot_see_is_told_with_every_question_as_long_as_it_holds(
    held: Held, hosts: tuple[str, ...], told: list[str], keep_s: float
) -> None:
    assert asked(held, hosts) == (told, keep_s)


def test_who_asks_in_another_dialect_makes_no_reports_so_that_nothing_is_told() -> None:
    assert asked(Held(None, FAILED, UNPROTECTED), map_="postfix") == ([], FRESH_S)
