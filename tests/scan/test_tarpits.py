"""How a scan treats servers, over real sockets: who keeps it waiting delays nobody else, and everybody is told who asks."""

import asyncio
import resource
from datetime import UTC, datetime

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.scan.asking import FILES_KEPT, all_answered
from mxproof.scan.network import NetworkAsk
from mxproof.scan.rate import Rates
from support_clock import run
from support_scan import network_manifest
from support_stream import script, stream_server

QUICK_COUNT = 140
TARPITS_COUNT = 60
"""Three of ten, and more than there are places."""
PLACES = 16


def asked(address: str) -> Question:
    return Question(Kind.SMTP, "mx.example", address)


def test_tarpits_delay_nobody_else() -> None:
    quick = [f"192.0.2.{number}" for number in range(1, QUICK_COUNT + 1)]
    slow = [f"198.51.100.{number}" for number in range(1, TARPITS_COUNT + 1)]
    order: list[str] = []
    outcomes: dict[str, Outcome] = {}

    async def scenario() -> None:
        all_quick = asyncio.Event()

        async def tarpit(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await all_quick.wait()
            writer.write(b"554 at last\r\n")

        async with stream_server(script(b"554 not today\r\n")) as prompt, stream_server(tarpit) as held:
            ways = {**dict.fromkeys(quick, prompt), **dict.fromkeys(slow, held)}
            with NetworkAsk(network_manifest(ways, connections=PLACES)) as network:

                async def ask(question: Question) -> Answer:
                    answer = await network(question)
                    order.append(question.at)
                    outcomes[question.at] = answer.outcome
                    if set(quick) <= set(order):
                        all_quick.set()
                    return answer

                await all_answered([asked(one) for one in (*slow, *quick)], ask, PLACES, Rates(60, 600))

    run(scenario())
    assert set(order[:QUICK_COUNT]) == set(quick)
    assert set(order[QUICK_COUNT:]) == set(slow)
    assert set(outcomes.values()) == {Outcome.FOUND}


def test_one_address_has_its_connections_a_minute() -> None:
    """Three names at one address, and one connection each half minute: the third comes after a minute."""

    async def scenario() -> float:
        loop = asyncio.get_running_loop()
        async with stream_server(script(b"554 not today\r\n")) as peer:
            with NetworkAsk(network_manifest({"192.0.2.1": peer}, connections=PLACES)) as network:
                began = loop.time()
                names = [Question(Kind.SMTP, f"mx{number}.example", "192.0.2.1") for number in range(3)]
                await all_answered(names, network, PLACES, Rates(2, 600))
                return loop.time() - began

    assert 60.0 <= run(scenario()) < 90.0


def test_few_files_leave_few_places() -> None:
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    at_once, under_way = 0, 0

    async def ask(_question: Question) -> Answer:
        nonlocal at_once, under_way
        under_way += 1
        at_once = max(at_once, under_way)
        await asyncio.sleep(60.0)
        under_way -= 1
        return Answer(Outcome.FOUND, datetime(2026, 11, 1, tzinfo=UTC))

    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_KEPT + 20, most))
        addresses = [asked(f"192.0.2.{number}") for number in range(1, 101)]
        run(all_answered(addresses, ask, 1024))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    assert at_once == 20
