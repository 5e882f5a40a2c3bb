"""What asking an SMTP server comes to, and that nothing more is done than asking."""

import asyncio

import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question, SmtpStage
from mxproof.net.asking import Asking, Peer
from mxproof.net.smtp import ask_smtp
from support_probe import (
    ADDRESS,
    BYE,
    EXTENSIONS,
    GREETING,
    NAME,
    QUESTION,
    READY,
    UP_TO_STARTTLS,
    asking,
    came,
    probe,
    said,
)
from support_stream import Do, closed_port, script


def test_a_reply_that_drips_in_is_a_timeout_in_total() -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"2")
            await asyncio.sleep(1)

    answer = probe(drip)
    assert came(answer) == (Outcome.TIMEOUT, SmtpStage.GREETING)
    assert 9_000 <= answer.elapsed_ms <= 11_000


def test_leaving_is_not_part_of_what_was_asked() -> None:
    answer = probe(script(GREETING, Do.READ_LINE, b"250 mx\r\n", Do.HANG))
    assert came(answer) == (Outcome.FOUND, SmtpStage.EHLO)
    assert said(answer, "C")[-1] == b"QUIT"


@pytest.mark.parametrize(
    ("pause_s", "took_ms"), [(1, 2940), (9, 9485)], ids=["time enough", "hardly any time"]
)
def test_a_server_that_lets_us_wait_for_its_goodbye_has_answered_all_the_same(
    pause_s: int, took_ms: int
) -> None:
    """Two seconds for the goodbye, or half of what is left of the ten."""

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(GREETING, Do.READ_LINE)(reader, writer)
        await asyncio.sleep(pause_s)
        await script(b"250 mx\r\n", Do.HANG)(reader, writer)

    answer = probe(slow)
    assert came(answer) == (Outcome.FOUND, SmtpStage.EHLO)
    assert abs(answer.elapsed_ms - took_ms) <= 5
    assert answer.detail == ""


def test_a_port_where_nobody_listens_refuses() -> None:
    async def scenario() -> Answer:
        return await ask_smtp(QUESTION, asking(await closed_port()))

    assert came(asyncio.run(scenario())) == (Outcome.REFUSED, SmtpStage.CONNECT)


def test_an_address_without_a_route_is_unreachable() -> None:
    multicast = ("224.0.0.1", 25)  # TCP has no way there, on any machine
    answer = asyncio.run(ask_smtp(QUESTION, asking(multicast)))
    assert came(answer) == (Outcome.UNREACHABLE, SmtpStage.CONNECT)


def test_a_family_that_is_not_asked_is_left_alone() -> None:
    four = Asking((), families=(4,))
    answer = asyncio.run(ask_smtp(Question(Kind.SMTP, NAME, "2001:db8::1"), four))
    assert (answer.outcome, answer.data) == (Outcome.UNASKED, None)


def test_no_mail_is_ever_begun() -> None:
    heard: list[bytes] = []
    probe(
        script(*UP_TO_STARTTLS, READY, Do.START_TLS, Do.READ_LINE, EXTENSIONS, Do.READ_LINE, BYE, heard=heard)
    )
    assert {line.split()[0] for line in heard} == {b"EHLO", b"STARTTLS", b"QUIT"}


def test_a_detour_leaves_the_address_of_the_question_as_it_is() -> None:
    assert asking(Peer("127.0.0.1", 1)).way_to(Peer(ADDRESS, 25)) == ("127.0.0.1", 1)
