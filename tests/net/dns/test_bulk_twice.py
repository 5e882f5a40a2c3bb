"""Many questions for the resolvers, again: after a loss, after an absence, after giving up, and after the end."""

import asyncio
from collections.abc import Iterable

import dns.flags

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.net.asking import Asking
from mxproof.net.dns.bulk import (
    RESENT_AFTER_S,
    ROOT_ASKED_EACH_S,
    SILENT_S,
    WINDOW_FIRST,
    WINDOW_KEPT,
    BulkLookups,
    ResolversAwayError,
)
from support_bulk import AT, Care, Resolver, found, is_root, questions, resolver
from support_clock import passed_s, run
from support_dns import reply

TICKS_S = 0.3
"""What a clock that is looked at ten times a second may be late by."""
TIMEOUT_S = 9.0
CAREFUL = Answer(Outcome.FOUND, AT, attempts=2, elapsed_ms=100)

Told = list[tuple[Question, Answer | Exception]]


def cut(wire: bytes) -> Iterable[bytes]:
    return [reply(wire, flags=dns.flags.TC)]


def at_root(wire: bytes) -> Iterable[bytes]:
    """Tell that somebody is there, and no more."""
    return found(wire) if is_root(wire) else []


def names_asked(server: Resolver) -> list[bytes]:
    return [wire for wire in server.asked if not is_root(b"\0" * 12 + wire)]


def test_who_looks_up_with_care_has_the_time_that_is_left_and_all_sendings_are_told() -> None:
    """Given up after two sendings, and answered to the second by something that is no plain answer."""

    def to_the_second(wire: bytes) -> Iterable[bytes]:
        if is_root(wire):
            return found(wire)
        sendings[wire] = sendings.get(wire, 0) + 1
        return cut(wire) if b"\x02d1" in wire and sendings[wire] == 2 else []

    sendings: dict[bytes, int] = {}
    care = Care(CAREFUL)

    async def scenario() -> list[Answer]:
        async with resolver(to_the_second) as server:
            with BulkLookups(Asking((server.peer,), timeout_s=TIMEOUT_S), 8, care) as lookups:
                return list(await asyncio.gather(*map(lookups.ask, questions(2))))

    told = run(scenario(), patience_s=0)
    left_s = dict(zip(care.asked, care.within_s, strict=True))
    given_up, resent = questions(2)
    assert TIMEOUT_S - TIMEOUT_S / 3 - TICKS_S <= left_s[given_up] <= TIMEOUT_S - TIMEOUT_S / 3
    assert TIMEOUT_S - RESENT_AFTER_S - TICKS_S <= left_s[resent] <= TIMEOUT_S - RESENT_AFTER_S
    assert [one.attempts for one in told] == [4, 4]
    spent_ms = [round(1000 * (TIMEOUT_S - left_s[one])) for one in (given_up, resent)]
    assert [one.elapsed_ms for one in told] == [100 + one for one in spent_ms]


def test_the_time_in_which_nobody_was_there_is_none_of_a_questions() -> None:
    """Neither of one that was under way, nor of one that was being looked up with care."""
    asked_at: list[float] = []

    class CareInVain(Care):
        async def __call__(self, question: Question, within_s: float) -> Answer:
            await asyncio.sleep(TIMEOUT_S)
            return await super().__call__(question, within_s)

    care = CareInVain(Answer(Outcome.TIMEOUT, AT))

    async def scenario() -> list[Answer]:
        async with resolver() as server:

            def going(wire: bytes) -> Iterable[bytes]:
                asked_at.append(passed_s())
                if len(asked_at) == 4:
                    server.is_there, server.respond = False, found
                    asyncio.get_running_loop().call_later(2 * TIMEOUT_S, setattr, server, "is_there", True)
                return cut(wire) if len(asked_at) == 3 else []

            server.respond = going
            with BulkLookups(Asking((server.peer,), timeout_s=30), 8, care) as lookups:
                return list(await asyncio.gather(*map(lookups.ask, questions(2))))

    told = run(scenario(), patience_s=0)
    assert asked_at[2] - asked_at[0] >= RESENT_AFTER_S
    assert care.asked == questions(1)
    assert [one.outcome for one in told] == [Outcome.FOUND] * 2
    assert [one.attempts for one in told] == [3, 3]
    assert all(one.elapsed_ms < 1000 * TICKS_S for one in told)


def test_what_was_under_way_at_who_went_away_is_asked_again_in_its_order_before_all_others() -> None:
    wanted = questions(15)

    async def scenario() -> tuple[list[bytes], list[bytes]]:
        async with resolver(lambda _wire: []) as server:
            with BulkLookups(Asking((server.peer,), timeout_s=60), 8, Care()) as lookups:
                answers = [lookups.ask(one) for one in wanted[:12]]
                await asyncio.sleep(SILENT_S + 2 * ROOT_ASKED_EACH_S + 2 * TICKS_S)
                before = names_asked(server)
                answers += map(lookups.ask, wanted[12:])
                server.asked.clear()
                server.respond = found
                await asyncio.gather(*answers)
                return before, names_asked(server)

    before, after = run(scenario(), patience_s=0)
    assert [wire[1:4].rstrip(b"\x07") for wire in after] == [f"d{number}".encode() for number in range(15)]
    assert after[:12] == before


def test_many_losses_at_once_make_it_ask_less_by_one_step_alone() -> None:
    lost: set[bytes] = set()

    def first_lost(wire: bytes) -> Iterable[bytes]:
        if wire in lost:
            return found(wire)
        lost.add(wire)
        return []

    async def scenario() -> int:
        async with resolver(first_lost) as server:
            with BulkLookups(Asking((server.peer,)), 256, Care()) as lookups:
                await asyncio.gather(*map(lookups.ask, questions(WINDOW_FIRST)))
                server.respond = at_root
                server.asked.clear()
                for one in questions(200)[WINDOW_FIRST:]:
                    lookups.put(one, lambda _question, _answer: None)
                await asyncio.sleep(RESENT_AFTER_S / 2)
                return len(names_asked(server))

    once = WINDOW_FIRST * WINDOW_KEPT
    assert int(once) <= run(scenario(), patience_s=0) <= int(once + WINDOW_FIRST / once) + 1


def test_who_was_not_asked_anything_for_long_is_not_taken_for_silent() -> None:
    async def scenario() -> tuple[Answer, list[bytes]]:
        async with resolver() as server:
            with BulkLookups(Asking((server.peer,)), 8, Care()) as lookups:
                first, second = questions(2)
                await lookups.ask(first)
                await asyncio.sleep(60)
                server.respond = lambda _wire: []
                answer = lookups.ask(second)
                await asyncio.sleep(SILENT_S - TICKS_S)
                asked = [wire for wire in server.asked if is_root(b"\0" * 12 + wire)]
                server.respond = found
                return await answer, asked

    answer, asked = run(scenario(), patience_s=0)
    assert (answer.outcome, asked) == (Outcome.FOUND, [])


def test_what_was_given_up_is_told_once_and_who_comes_back_then_is_asked_the_next() -> None:
    told: Told = []
    away_s = 10.0

    async def scenario() -> Answer:
        async with resolver(lambda _wire: []) as server:
            with BulkLookups(Asking((server.peer,), timeout_s=60), 8, Care(), away_s) as lookups:
                for one in questions(3):
                    lookups.put(one, lambda *it: told.append(it))
                await asyncio.sleep(3 * away_s)
                server.respond = found
                lookups.put(questions(4)[3], lambda *_: None)
                await asyncio.sleep(ROOT_ASKED_EACH_S)
                return await lookups.ask(Question(Kind.A, "later.example"))

    assert run(scenario(), patience_s=0).outcome is Outcome.FOUND
    assert [one for one, _ in told] == questions(3)
    assert {type(one) for _, one in told} == {ResolversAwayError}


def test_nobody_is_told_anything_after_the_end() -> None:
    """Neither what was being looked up with care, nor what waited for a resolver to come back."""
    told: Told = []
    ended: list[Question] = []
    away_s = 10.0

    async def careful(question: Question, _within_s: float) -> Answer:
        await asyncio.sleep(away_s)
        ended.append(question)
        return CAREFUL

    async def scenario() -> None:
        async with resolver(lambda _wire: []) as server:
            with BulkLookups(Asking((server.peer,), timeout_s=60), 8, careful, away_s) as lookups:
                for one in (*questions(3), Question(Kind.A, f"{'a' * 64}.example")):
                    lookups.put(one, lambda *it: told.append(it))
                await asyncio.sleep(SILENT_S + 2 * ROOT_ASKED_EACH_S + TICKS_S)
                asked = server.asked.total()
            await asyncio.sleep(3 * away_s)
            assert server.asked.total() == asked

    run(scenario(), patience_s=0)
    assert (told, ended) == ([], [])
