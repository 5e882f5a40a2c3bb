"""For how long a reply is given again, what goes before it, and what becomes of a request that has none."""

import asyncio
import logging
from datetime import timedelta
from typing import cast

import pytest

from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.judge.decision import Decision, Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.reply import NOT_FOUND
from mxproof.serve.policyd.requests import (
    NEVER_CHANGING_S,
    STAND_IN_S,
    UNKNOWN_MAPS_TOLD_MAX,
    Requests,
)
from mxproof.store.destinations.destination import Destination
from support_store import AT

FRESH_S = 42.0
POLICY = Memory(b"version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n", AT, "1")
ENFORCED = Held(POLICY, None, Decision(Protection.STS, Reason.STS_ENFORCE, AT))
KEPT = Held(POLICY, None, Decision(Protection.STS, Reason.STS_ENFORCE, AT, kept=True))
UNDECIDED = Held(None, None, Decision(Protection.UNDECIDED, Reason.MX_UNANSWERED, AT, "no MX"))
NONE = Held(None, None, Decision(Protection.DEFAULT, Reason.STS_NONE, AT))
SECURE = SocketmapReply(Status.OK, "secure match=mx1.example.com servername=hostname")
ENCRYPT = SocketmapReply(Status.OK, "encrypt")


class Asked:
    """Answers that hold `held` of everything, or end in `fault`; each question waits until `going`."""

    def __init__(self, held: Held = ENFORCED, fault: BaseException | None = None) -> None:
        self.held = held
        self.fault = fault
        self.moment = AT
        self.keys: list[str] = []
        self.going = asyncio.Event()
        self.going.set()

    async def ask(self, hop: NextHop) -> Destination:
        self.keys.append(str(hop))
        await self.going.wait()
        if self.fault is not None:
            raise self.fault
        return Destination(str(hop), self.held, AT)

    def fresh_s(self, _: Destination) -> float:
        return FRESH_S

    def now(self) -> object:
        return self.moment


def requests_to(answers: Asked, overrides: dict[str, ReadyOverride] | None = None) -> tuple[Requests, Counts]:
    counts = Counts()
    return Requests(cast("Answers", answers), overrides or {}, counts), counts


def told(answers: Asked, payload: bytes = b"postfix example.com") -> tuple[SocketmapReply, float]:
    """Return the reply to one request, and for how long it may be given again."""
    return asyncio.run(requests_to(answers)[0](payload))


@pytest.mark.parametrize(
    ("held", "status", "keep_s"),
    [
        (ENFORCED, Status.OK, FRESH_S),
        (NONE, Status.NOTFOUND, FRESH_S),
        (KEPT, Status.OK, STAND_IN_S),
        (UNDECIDED, Status.TEMP, STAND_IN_S),
    ],
)
def test_what_stands_in_for_a_better_reply_is_given_again_for_a_moment_only(
    held: Held, status: Status, keep_s: float
) -> None:
    reply, found_s = told(Asked(held))
    assert (reply.status, found_s) == (status, keep_s)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (TimeoutError("the look-ups took longer than 60 s"), "the look-ups took longer than 60 s"),
        (asyncio.CancelledError(), "the daemon is stopping"),
        (ValueError("secret"), "internal error, see the log of mxproof policyd"),
    ],
)
def test_a_question_that_ends_without_an_answer_is_put_off_and_asked_again_with_the_next_request(
    fault: BaseException, words: str
) -> None:
    async def scene() -> None:
        answers = Asked(fault=fault)
        requests, counts = requests_to(answers)
        want = (SocketmapReply(Status.TEMP, f"example.com: {words}"), 0.0)
        assert [await requests(b"postfix example.com") for _ in range(2)] == [want, want]
        assert "answer_duration_seconds_count 2\n" in counts.text()
        answers.fault = None
        assert (await requests(b"postfix example.com"))[0].status is Status.OK
        assert answers.keys == ["example.com"] * 3

    asyncio.run(scene())


def test_what_can_never_be_a_destination_is_answered_without_a_question_and_what_is_no_request_is_counted() -> (
    None
):
    async def scene() -> None:
        answers = Asked()
        requests, counts = requests_to(answers)
        assert await requests(b"postfix .example.com") == (NOT_FOUND, NEVER_CHANGING_S)
        assert counts.malformed == 0
        assert await requests(b"postfix") == (NOT_FOUND, 0.0)
        assert (counts.malformed, answers.keys) == (1, [])
        assert "answer_duration_seconds_count 0\n" in counts.text()

    asyncio.run(scene())


def test_an_override_goes_before_everything_until_its_end_and_no_reply_outlives_it() -> None:
    async def scene() -> None:
        until = AT + timedelta(seconds=2 * NEVER_CHANGING_S)
        answers = Asked()
        requests, _ = requests_to(answers, {"example.com": ReadyOverride(ENCRYPT, "why", until)})
        for left_s, keep_s in ((7200.0, 3600.0), (3601.0, 3600.0), (3599.0, 3599.0), (0.5, 0.5)):
            answers.moment = until - timedelta(seconds=left_s)
            assert await requests(b"postfix example.com") == (ENCRYPT, keep_s)
            assert await requests(b"postfix Example.com:25") == (ENCRYPT, keep_s)
        assert answers.keys == []
        assert (await requests(b"postfix example.net"))[1] == FRESH_S, (
            "of another destination it says nothing"
        )
        for left_s in (0.0, -1.0):
            answers.moment = until - timedelta(seconds=left_s)
            found = [await requests(b"postfix " + name) for name in (b"example.com", b"example.org")]
            assert found == [(SECURE, FRESH_S)] * 2
        assert answers.keys == ["example.net"] + ["example.com", "example.org"] * 2

    asyncio.run(scene())


def test_overrides_that_come_and_end_while_the_answer_is_sought_are_heeded() -> None:
    async def scene() -> None:
        answers = Asked()
        requests, _ = requests_to(answers)
        until = AT + timedelta(seconds=60)
        for overrides, passes_s, want in (
            ({"example.com": ReadyOverride(ENCRYPT, "why", until)}, 0, (ENCRYPT, 60.0)),
            ({"example.com": ReadyOverride(ENCRYPT, "why", until)}, 61, (SECURE, FRESH_S)),
            ({"example.net": ReadyOverride(ENCRYPT, "why", until)}, 0, (SECURE, FRESH_S)),
        ):
            requests.overrides, answers.moment = {}, AT
            answers.going.clear()
            asking = asyncio.create_task(requests(b"postfix example.com"))
            await asyncio.sleep(0)
            assert answers.keys.pop() == "example.com"
            requests.overrides = overrides
            answers.moment = AT + timedelta(seconds=passes_s)
            answers.going.set()
            assert await asking == want

    asyncio.run(scene())


def test_a_map_that_is_not_known_is_told_once_and_of_many_only_some(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        requests, _ = requests_to(Asked())
        classic = await requests(b"postfix example.com")
        for number in range(UNKNOWN_MAPS_TOLD_MAX + 5):
            for _ in range(2):
                assert await requests(b"map%d example.com" % number) == classic
        assert (await requests(b"postfix-tlsrpt example.com"))[0] != classic[0]

    with caplog.at_level(logging.WARNING, "mxproof.policyd"):
        asyncio.run(scene())
    told_of = [record.getMessage().split()[0] for record in caplog.records]
    assert told_of == [f"map=map{number}" for number in range(UNKNOWN_MAPS_TOLD_MAX)]
