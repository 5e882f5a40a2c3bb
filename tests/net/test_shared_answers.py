"""What several domains have in common is asked once, and only as long as the answer stands."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from mxproof.evidence import Alias, Answer, DnsData, Evidence, Kind, MxRecord, Outcome, Question
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking
from mxproof.net.collect import collect
from mxproof.net.shared_answers import SharedAnswers
from support_clock import run
from support_stream import Do, script, stream_server

QUESTION = Question(Kind.A, "mx.example.com")
OTHER = Question(Kind.A, "mx.example.net")
ADDRESS = "192.0.2.25"


class Asked:
    """Brings an answer, and counts how often."""

    def __init__(self, ttl_s: int = 300, age_s: float = 0) -> None:
        self.count = 0
        self._ttl_s = ttl_s
        self._age_s = age_s

    async def __call__(self) -> Answer:
        self.count += 1
        await asyncio.sleep(0)
        return Answer(Outcome.FOUND, datetime.now(UTC) - timedelta(seconds=self._age_s), ttl_s=self._ttl_s)


def test_an_answer_that_stands_is_given_again_and_marked() -> None:
    ask = Asked()

    async def scenario() -> list[bool]:
        shared = SharedAnswers()
        return [(await shared.answer(QUESTION, ask)).shared for _ in range(3)]

    assert run(scenario()) == [False, True, True]
    assert ask.count == 1


@pytest.mark.parametrize("ask", [Asked(ttl_s=0), Asked(ttl_s=300, age_s=301)])
def test_an_answer_that_stands_no_longer_is_asked_for_again(ask: Asked) -> None:
    async def scenario() -> None:
        shared = SharedAnswers()
        for _ in range(2):
            await shared.answer(QUESTION, ask)

    run(scenario())
    assert ask.count == 2


def test_what_only_some_share_is_kept_for_them_and_asked_by_all_others() -> None:
    async def scenario() -> tuple[bool, bool, int]:
        shared = SharedAnswers(of=lambda question: question == QUESTION)
        ask = Asked()
        for _ in range(2):
            await shared.answer(QUESTION, ask)
        return shared.takes(QUESTION), shared.takes(OTHER), ask.count

    assert run(scenario()) == (True, False, 1)


def test_no_failure_is_kept_for_those_who_share_some() -> None:
    async def scenario() -> int:
        count = 0

        async def fail() -> Answer:
            nonlocal count
            count += 1
            return Answer(Outcome.SERVFAIL, datetime.now(UTC))

        shared = SharedAnswers(of=lambda _question: True)
        for _ in range(2):
            await shared.answer(QUESTION, fail)
        return count

    assert run(scenario()) == 2


def test_a_failure_is_one_for_all_of_a_run_and_is_not_asked_for_again_at_once() -> None:
    """Else a server that is away would cost each domain that it serves its whole time."""
    moments = [datetime.now(UTC)]
    count = 0

    async def fail() -> Answer:
        nonlocal count
        count += 1
        return Answer(Outcome.TIMEOUT, moments[-1], detail="no answer")

    async def scenario() -> list[tuple[Outcome, str, bool, int]]:
        shared = SharedAnswers(now=lambda: moments[-1])
        question = Question(Kind.SMTP, "mx.example.com", ADDRESS)
        got = []
        for later_s in (0, 299, 301):
            moments.append(moments[0] + timedelta(seconds=later_s))
            answer = await shared.answer(question, fail)
            got.append((answer.outcome, answer.detail, answer.shared, count))
        return got

    assert run(scenario()) == [
        (Outcome.TIMEOUT, "no answer", False, 1),
        (Outcome.TIMEOUT, "no answer", True, 1),
        (Outcome.TIMEOUT, "no answer", False, 2),
    ]


def test_what_has_expired_is_known_by_the_clock_that_is_given() -> None:
    async def scenario() -> int:
        ask, later = Asked(ttl_s=300), timedelta(seconds=301)
        shared = SharedAnswers(now=lambda: datetime.now(UTC) + later)
        for _ in range(2):
            await shared.answer(QUESTION, ask)
        return ask.count

    assert run(scenario()) == 2


def test_all_wait_for_one_answer_whatever_its_ttl() -> None:
    ask = Asked(ttl_s=0)

    async def scenario() -> list[Answer]:
        shared = SharedAnswers()
        return await asyncio.gather(*(shared.answer(QUESTION, ask) for _ in range(5)))

    assert sorted(answer.shared for answer in run(scenario())) == [False, True, True, True, True]
    assert ask.count == 1


def test_where_whoever_asks_is_ended_the_next_asks() -> None:
    ask = Asked()

    async def forever() -> Answer:
        await asyncio.get_running_loop().create_future()
        raise AssertionError("never")

    async def scenario() -> Answer:
        shared = SharedAnswers()
        first = asyncio.create_task(shared.answer(QUESTION, forever))
        await asyncio.sleep(0)
        second = asyncio.create_task(shared.answer(QUESTION, ask))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert not run(scenario()).shared
    assert ask.count == 1


def test_what_was_wanted_last_is_held_and_no_more() -> None:
    asks = {QUESTION: Asked(), OTHER: Asked()}
    more = [Question(Kind.A, f"mx{number}.example.com") for number in range(10)]

    async def scenario() -> int:
        shared = SharedAnswers(held_max=4)
        for question in more:
            await shared.answer(QUESTION, asks[QUESTION])
            await shared.answer(question, Asked())
        await shared.answer(OTHER, asks[OTHER])
        return len(shared)

    assert run(scenario()) == 4
    assert asks[QUESTION].count == 1


@pytest.mark.parametrize("first_again", ["while it stands", "when it has expired"])
def test_where_there_is_no_room_the_one_that_was_wanted_longest_ago_goes(first_again: str) -> None:
    first, second, third = (Question(Kind.A, f"mx{number}.example.com") for number in range(3))
    now = datetime.now(UTC)
    moments = [now]
    asked: list[Question] = []

    async def wanted(shared: SharedAnswers, question: Question, ttl_s: int) -> None:
        async def ask() -> Answer:
            asked.append(question)
            return Answer(Outcome.FOUND, moments[-1], ttl_s=ttl_s)

        await shared.answer(question, ask)

    async def scenario() -> int:
        shared = SharedAnswers(held_max=2, now=lambda: moments[-1])
        await wanted(shared, first, 60 if first_again == "when it has expired" else 600)
        await wanted(shared, second, 600)
        moments.append(now + timedelta(seconds=100))
        await wanted(shared, first, 600)
        await wanted(shared, third, 600)
        asked.clear()
        for question in (third, first, second):
            await wanted(shared, question, 600)
        return len(shared)

    assert run(scenario()) == 2
    assert asked == [second]


def test_two_domains_with_one_mail_server_connect_to_it_once() -> None:
    greeted: list[None] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeted.append(None)
        await script(b"554 no\r\n", Do.READ_LINE, b"221 bye\r\n")(reader, writer)

    async def scenario() -> list[Evidence]:
        async with stream_server(handler) as mail:
            asking = Asking((), connect_to={(ADDRESS, 25): mail}, trust_ad=False)
            question = Question(Kind.SMTP, "mx.example.net", ADDRESS)
            with Asker(asking, SharedAnswers()) as asker:
                runs = (collect(one, asker, lambda _: (question,)) for one in ("one.example", "two.example"))
                return await asyncio.gather(*runs)

    answers = [answer for evidence in run(scenario()) for answer in evidence.answers.values()]
    assert sorted(answer.shared for answer in answers) == [False, True]
    assert len(greeted) == 1


def test_an_asker_with_other_options_shares_no_answers() -> None:
    with Asker(Asking(()), SharedAnswers()) as asker:
        assert asker.with_options(Asking((), timeout_s=1)).shared is None


def test_what_is_the_domain_s_own_is_let_go_when_it_is_done() -> None:
    own, host = Question(Kind.TXT, "_mta-sts.example.com"), Question(Kind.SMTP, "mx.example.com", ADDRESS)
    elsewhere, common = Question(Kind.A, "mx.example.net"), Question(Kind.NS, "example.com")
    mx = Answer(
        Outcome.FOUND, datetime.now(UTC), DnsData("NOERROR", False, (MxRecord(10, "mx.example.com"),))
    )

    async def scenario() -> dict[Question, int]:
        shared, asked = SharedAnswers(), {one: Asked() for one in (own, host, elsewhere, common)}
        for one in (own, host, elsewhere, common, common):
            await shared.answer(one, asked[one])
        evidence = Evidence("example.com").with_answers(
            [(Question(Kind.MX, "example.com"), mx), *((one, mx) for one in asked)]
        )
        shared.let_go(evidence)
        for one, ask in asked.items():
            await shared.answer(one, ask)
        return {one: count.count for one, count in asked.items()}

    assert run(scenario()) == {own: 2, host: 1, elsewhere: 1, common: 1}


def test_that_others_waited_for_an_answer_is_forgotten_once_it_is_there() -> None:
    own = Question(Kind.TXT, "_mta-sts.example.com")
    moments = [datetime.now(UTC)]

    async def ask() -> Answer:
        await asyncio.sleep(0)
        return Answer(Outcome.FOUND, moments[-1], ttl_s=300)

    async def scenario() -> tuple[int, int]:
        shared = SharedAnswers(now=lambda: moments[-1])
        answer, _ = await asyncio.gather(shared.answer(own, ask), shared.answer(own, ask))
        evidence = Evidence("example.com").with_answers([(own, answer)])
        shared.let_go(evidence)
        wanted_by_two = len(shared)
        moments.append(moments[0] + timedelta(seconds=301))
        await shared.answer(own, ask)
        shared.let_go(evidence)
        return wanted_by_two, len(shared)

    assert run(scenario()) == (1, 0)


def test_of_a_mail_server_whose_name_is_an_alias_both_names_stay_and_their_like_do_not() -> None:
    """The TLSA records and the server itself stand at the name that the alias leads to, and others may share that one."""
    address = Question(Kind.A, "mx.example.com")
    stays = [
        address,
        Question(Kind.TLSA, "_25._tcp.mail.example.com"),
        Question(Kind.SMTP, "mail.example.com", ADDRESS),
    ]
    goes = [
        Question(Kind.TXT, "example.com"),
        Question(Kind.TXT, "_mta-sts.example.com"),
        Question(Kind.A, "webmail.example.com"),
        Question(Kind.A, "notmx.example.com"),
    ]
    elsewhere = Question(Kind.A, "www.badexample.com")
    now = datetime.now(UTC)
    mx = Answer(Outcome.FOUND, now, DnsData("NOERROR", False, (MxRecord(10, "mx.example.com"),)))
    alias = Answer(
        Outcome.FOUND,
        now,
        DnsData("NOERROR", False, chain=(Alias("mx.example.com", "mail.example.com", 300),)),
    )

    async def scenario() -> set[Question]:
        shared, asked = SharedAnswers(), {one: Asked() for one in (*stays, *goes, elsewhere)}
        for one, ask in asked.items():
            await shared.answer(one, ask)
        answers = {**dict.fromkeys(asked, mx), address: alias, Question(Kind.MX, "example.com"): mx}
        shared.let_go(Evidence("example.com").with_answers(list(answers.items())))
        assert len(shared) == len(stays) + 1
        for one, ask in asked.items():
            await shared.answer(one, ask)
        return {one for one, ask in asked.items() if ask.count == 1}

    assert run(scenario()) == {*stays, elsewhere}
