"""Every way in which an SMTP dialogue can go, and how far it came."""

import asyncio
import ssl

import pytest

from mxproof.evidence import Der, HelloData, Kind, Outcome, Question, SmtpLine, SmtpStage
from mxproof.formats.tls_offer import Offer
from mxproof.net.asking import Asking
from mxproof.net.smtp_talk import PARTIAL_LINE_BYTES_MAX, SmtpTalk, address_literal
from mxproof.net.stream import StreamError
from support_certificates import INTERMEDIATE, leaf
from support_clock import run
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
    smtp_data,
)
from support_stream import Do, certified, script, stream_server


def test_a_whole_dialogue_is_written_down_with_the_chain_as_sent() -> None:
    secured = b"250-mx.example.com\r\n250 SIZE 1000\r\n"
    answer = probe(
        script(*UP_TO_STARTTLS, READY, Do.START_TLS, Do.READ_LINE, secured, Do.READ_LINE, BYE, Do.HANG)
    )
    data = smtp_data(answer)
    assert came(answer) == (Outcome.FOUND, SmtpStage.SECURED)
    assert data.transcript == (
        SmtpLine("S", b"220 mx.example.com ESMTP"),
        SmtpLine("C", b"EHLO probe.example.net"),
        SmtpLine("S", b"250-mx.example.com"),
        SmtpLine("S", b"250-SIZE 1000"),
        SmtpLine("S", b"250 STARTTLS"),
        SmtpLine("C", b"STARTTLS"),
        SmtpLine("S", b"220 go ahead"),
        SmtpLine("C", b"EHLO probe.example.net"),
        SmtpLine("S", b"250-mx.example.com"),
        SmtpLine("S", b"250 SIZE 1000"),
        SmtpLine("C", b"QUIT"),
        SmtpLine("S", b"221 bye"),
    )
    assert data.keywords == ("SIZE 1000", "STARTTLS")
    assert data.early == b""
    assert data.tls is not None
    assert data.tls.version == "TLSv1.3"
    assert data.tls.cipher.startswith("TLS_")
    der = INTERMEDIATE.der
    assert data.tls.chain == (Der(leaf((NAME,)).der), Der(der))


def test_the_name_of_the_question_is_put_in_sni() -> None:
    own = leaf((NAME,))
    context = certified("sni.example.com")
    names: list[str | None] = []

    def note(_connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        names.append(name)

    context.sni_callback = note
    answer = probe(script(*UP_TO_STARTTLS, READY, Do.START_TLS, Do.READ_LINE, EXTENSIONS, tls=context))
    tls = smtp_data(answer).tls
    assert names == [NAME]
    assert tls is not None
    assert tls.chain[0] != own.der


def test_a_server_that_knows_only_outdated_tls_is_recorded_with_its_certificate() -> None:
    context = certified(only="TLSv1")
    answer = probe(script(*UP_TO_STARTTLS, READY, Do.START_TLS, Do.READ_LINE, EXTENSIONS, tls=context))
    tls = smtp_data(answer).tls
    assert came(answer) == (Outcome.FOUND, SmtpStage.SECURED)
    assert tls is not None
    assert (tls.version, len(tls.chain)) == ("TLSv1", 2)


@pytest.mark.parametrize("greeting", [b"554 not here\r\n", b"421-busy\r\n421 later\r\n"])
def test_a_server_that_turns_us_away_at_the_door_is_taken_leave_of(greeting: bytes) -> None:
    heard: list[bytes] = []
    answer = probe(script(greeting, Do.READ_LINE, BYE, heard=heard))
    assert came(answer) == (Outcome.FOUND, SmtpStage.GREETING)
    assert heard == [b"QUIT\r\n"]


@pytest.mark.parametrize("greeting", [GREETING, b"554 not here\r\n"])
@pytest.mark.parametrize("pause_s", [0, 4])
def test_how_long_a_server_takes_to_greet_is_written_down(greeting: bytes, pause_s: int) -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(pause_s)
        writer.write(greeting)
        await asyncio.sleep(3)

    answer = probe(slow)
    assert round(smtp_data(answer).greeted_ms, -3) == 1000 * pause_s
    assert answer.elapsed_ms > 1000 * pause_s + 1500


def test_a_server_without_starttls_is_asked_for_nothing_more() -> None:
    heard: list[bytes] = []
    handler = script(GREETING, Do.READ_LINE, b"250 mx\r\n", Do.READ_LINE, BYE, heard=heard)
    assert came(probe(handler)) == (Outcome.FOUND, SmtpStage.EHLO)
    assert heard == [b"EHLO probe.example.net\r\n", b"QUIT\r\n"]


def test_a_server_that_does_not_know_ehlo_is_told_helo() -> None:
    heard: list[bytes] = []
    steps = (GREETING, Do.READ_LINE, b"502 what?\r\n", Do.READ_LINE, b"250 mx\r\n", Do.READ_LINE, BYE)
    answer = probe(script(*steps, heard=heard))
    assert came(answer) == (Outcome.FOUND, SmtpStage.EHLO)
    assert heard == [b"EHLO probe.example.net\r\n", b"HELO probe.example.net\r\n", b"QUIT\r\n"]


@pytest.mark.parametrize(
    ("reply", "is_followed_by_helo"),
    [
        (b"500 what?\r\n", True),
        (b"554 no\r\n", True),
        (b"599 no\r\n", True),
        (b"499 later\r\n", False),
        (b"450 later\r\n", False),
        (b"400 later\r\n", False),
        (b"421 closing\r\n", False),
        (b"354 what?\r\n", False),
        (b"250 mx\r\n", False),
    ],
)
def test_helo_follows_in_the_clear_where_ehlo_is_not_known_and_not_where_the_server_is_busy(
    reply: bytes, *, is_followed_by_helo: bool
) -> None:
    """RFC 5321 section 3.2: an old server answers EHLO with an error of the 500s; a passing one means come again."""
    heard: list[bytes] = []
    probe(script(GREETING, Do.READ_LINE, reply, Do.READ_LINE, BYE, Do.READ_LINE, BYE, heard=heard))
    assert (heard[1][:4] == b"HELO") is is_followed_by_helo


@pytest.mark.parametrize(
    ("reply", "is_followed_by_helo"),
    [
        (b"400 later\r\n", True),
        (b"450 later\r\n", True),
        (b"499 later\r\n", True),
        (b"502 what?\r\n", True),
        (b"599 what?\r\n", True),
        (b"421 closing\r\n", False),
        (b"250 mx\r\n", False),
        (b"354 what?\r\n", False),
    ],
)
def test_helo_follows_inside_tls_on_a_passing_error_too_but_no_goodbye(
    reply: bytes, *, is_followed_by_helo: bool
) -> None:
    steps = (READY, Do.START_TLS, Do.READ_LINE, reply, Do.READ_LINE, BYE, Do.READ_LINE, BYE)
    said_inside = said(probe(script(*UP_TO_STARTTLS, *steps)), "C")[3]
    assert (said_inside[:4] == b"HELO") is is_followed_by_helo


def test_a_client_without_a_name_shows_its_address() -> None:
    answer = probe(script(GREETING, Do.READ_LINE, b"250 mx\r\n"), helo_name="")
    assert said(answer, "C")[0] == b"EHLO [127.0.0.1]"


def test_starttls_offered_and_then_declined_is_recorded() -> None:
    answer = probe(script(*UP_TO_STARTTLS, b"454 not now\r\n", Do.READ_LINE, BYE))
    assert came(answer) == (Outcome.FOUND, SmtpStage.STARTTLS)
    assert said(answer, "S")[-2:] == [b"454 not now", b"221 bye"]


def test_bytes_in_the_clear_behind_the_220_are_kept_and_no_part_of_the_talk_inside_tls() -> None:
    early = b"250 injected\r\n" * 100
    answer = probe(
        script(*UP_TO_STARTTLS, READY + early, Do.START_TLS, Do.READ_LINE, b"502 no\r\n", Do.READ_LINE, BYE)
    )
    assert came(answer) == (Outcome.FOUND, SmtpStage.SECURED)
    assert smtp_data(answer).early == early[:1000]
    assert said(answer, "S")[-2:] == [b"502 no", b"221 bye"]


STAGES = [
    ((), SmtpStage.GREETING),
    ((b"220-mx.exa",), SmtpStage.GREETING),
    ((GREETING, Do.READ_LINE), SmtpStage.EHLO),
    ((GREETING, Do.READ_LINE, b"250-mx\r\n250-SI"), SmtpStage.EHLO),
    (UP_TO_STARTTLS, SmtpStage.STARTTLS),
    ((*UP_TO_STARTTLS, READY), SmtpStage.HANDSHAKE),
    ((*UP_TO_STARTTLS, READY, Do.START_TLS, Do.READ_LINE), SmtpStage.SECURED),
]


@pytest.mark.parametrize(("steps", "stage"), STAGES)
def test_a_server_that_falls_silent_is_a_timeout_of_that_stage(
    steps: tuple[bytes | Do, ...], stage: SmtpStage
) -> None:
    assert came(probe(script(*steps, Do.HANG))) == (Outcome.TIMEOUT, stage)


@pytest.mark.parametrize("ending", [Do.END, Do.RESET])
@pytest.mark.parametrize(("steps", "stage"), STAGES)
def test_a_server_that_goes_away_has_closed_at_that_stage(
    steps: tuple[bytes | Do, ...], stage: SmtpStage, ending: Do
) -> None:
    assert came(probe(script(*steps, ending))) == (Outcome.CLOSED, stage)


def test_a_reply_that_never_ended_is_in_the_transcript() -> None:
    answer = probe(script(GREETING, Do.READ_LINE, b"250-mx\r\n250-SI", Do.END))
    assert said(answer, "S") == [b"220 mx.example.com ESMTP", b"250-mx", b"250-SI"]


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n", b"\x15\x03\x01\0\x02\x02\n", b"\r\n"])
def test_a_server_of_another_protocol_is_malformed(greeting: bytes) -> None:
    assert came(probe(script(greeting, Do.HANG))) == (Outcome.MALFORMED, SmtpStage.GREETING)


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        ((b"220-so much to say\r\n", Do.FLOOD), SmtpStage.GREETING),
        ((b"220 a line without an end ", Do.FLOOD), SmtpStage.GREETING),
        ((GREETING, Do.READ_LINE, b"250-X\r\n" * 100_000, Do.FLOOD), SmtpStage.EHLO),
    ],
)
def test_a_reply_without_end_is_cut_off(steps: tuple[bytes | Do, ...], stage: SmtpStage) -> None:
    answer = probe(script(*steps))
    assert came(answer) == (Outcome.OVERSIZE, stage)
    assert sum(map(len, said(answer, "S"))) <= 64 * 1024


def test_something_other_than_tls_behind_the_220_fails_the_handshake() -> None:
    answer = probe(script(*UP_TO_STARTTLS, READY, Do.READ_SOME, GREETING, Do.HANG))
    assert came(answer) == (Outcome.TLS_FAILED, SmtpStage.HANDSHAKE)


def test_an_alert_of_the_server_is_named() -> None:
    alert = b"\x15\x03\x03\0\x02\x02" + bytes([ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME])
    answer = probe(script(*UP_TO_STARTTLS, READY, Do.READ_SOME, alert, Do.HANG))
    assert came(answer) == (Outcome.TLS_FAILED, SmtpStage.HANDSHAKE)
    assert "unrecognized name" in answer.detail


@pytest.mark.parametrize("other", [b"SIZE 1000", b"XSTARTTLS", b"X-NOTE STARTTLS", b"STARTTLSX"])
def test_a_server_with_other_extensions_alone_is_not_told_starttls(other: bytes) -> None:
    answer = probe(script(GREETING, Do.READ_LINE, b"250-mx\r\n250 " + other + b"\r\n", Do.READ_LINE, BYE))
    assert came(answer) == (Outcome.FOUND, SmtpStage.EHLO)
    assert said(answer, "C") == [b"EHLO probe.example.net", b"QUIT"]


@pytest.mark.parametrize("word", [b"STARTTLS", b"starttls", b"STARTTLS required"])
def test_a_server_with_starttls_alone_is_told_it(word: bytes) -> None:
    answer = probe(
        script(
            GREETING,
            Do.READ_LINE,
            b"250-mx\r\n250 " + word + b"\r\n",
            Do.READ_LINE,
            b"454 no\r\n",
            Do.READ_LINE,
            BYE,
        )
    )
    assert came(answer) == (Outcome.FOUND, SmtpStage.STARTTLS)


def test_of_a_line_that_never_ended_so_much_is_kept() -> None:
    answer = probe(script(b"220 " + b"x" * PARTIAL_LINE_BYTES_MAX, Do.HANG))
    assert PARTIAL_LINE_BYTES_MAX == 1000
    assert said(answer, "S") == [b"220 " + b"x" * 996]


def offered(*steps: bytes | Do) -> tuple[HelloData, bool]:
    """Return what one offer of TLS comes to, and whether the server may be talked to after it."""

    async def scenario() -> tuple[HelloData, bool]:
        async with stream_server(script(*steps)) as peer:
            talk = SmtpTalk(Question(Kind.TLS, NAME, ADDRESS, offer=Offer.TLS_1_2), asking(peer))
            try:
                await talk.open()
            finally:
                talk.close()
            return talk.hello_data(), talk.goes_on

    return run(scenario())


def test_an_offer_that_is_answered_by_an_alert_is_not_gone_on_from() -> None:
    alert = bytes((21, 3, 3, 0, 2, 2, ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE))
    assert offered(*UP_TO_STARTTLS, READY, Do.READ_SOME, alert) == (
        HelloData(SmtpStage.HANDSHAKE, alert="handshake_failure"),
        False,
    )


@pytest.mark.parametrize(
    ("steps", "stage", "reply"),
    [
        ((b"554 go away\r\n",), SmtpStage.GREETING, b"554 go away"),
        ((GREETING, Do.READ_LINE, b"250 mx\r\n"), SmtpStage.EHLO, b"250 mx"),
        ((*UP_TO_STARTTLS, b"454 not now\r\n"), SmtpStage.STARTTLS, b"454 not now"),
    ],
)
def test_a_server_that_is_not_offered_anything_is_quoted_and_still_listens(
    steps: tuple[bytes | Do, ...], stage: SmtpStage, reply: bytes
) -> None:
    assert offered(*steps, Do.HANG) == (HelloData(stage, reply=reply), True)


def test_what_was_said_before_a_handshake_that_is_lost_is_no_answer_to_the_offer() -> None:
    async def scenario() -> HelloData:
        async with stream_server(script(*UP_TO_STARTTLS, READY, Do.END)) as peer:
            talk = SmtpTalk(Question(Kind.TLS, NAME, ADDRESS, offer=Offer.TLS_1_2), asking(peer))
            try:
                with pytest.raises(StreamError):
                    await talk.open()
            finally:
                talk.close()
            return talk.hello_data()

    assert run(scenario()) == HelloData(SmtpStage.HANDSHAKE)


def test_a_talk_without_starttls_ends_with_what_the_server_offers() -> None:
    async def scenario() -> SmtpStage:
        async with stream_server(script(GREETING, Do.READ_LINE, EXTENSIONS, Do.HANG)) as peer:
            talk = SmtpTalk(QUESTION, asking(peer), starttls=False)
            try:
                await talk.open()
                return talk.data().stage
            finally:
                talk.close()

    assert run(scenario()) is SmtpStage.EHLO


def test_a_talk_that_was_never_opened_is_closed_and_left_without_a_word() -> None:
    async def scenario() -> tuple[SmtpStage, tuple[SmtpLine, ...]]:
        talk = SmtpTalk(QUESTION, Asking(()))
        await talk.leave()
        talk.close()
        return talk.data().stage, talk.data().transcript

    assert run(scenario()) == (SmtpStage.CONNECT, ())


def test_a_client_without_a_name_is_an_address_in_brackets() -> None:
    """RFC 5321 section 4.1.3."""
    assert address_literal("192.0.2.1") == "[192.0.2.1]"
    assert address_literal("2001:db8::1") == "[IPv6:2001:db8::1]"
