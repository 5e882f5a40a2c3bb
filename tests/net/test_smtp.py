"""Every way in which an SMTP dialogue can go, and how far it came."""

import asyncio
import ssl
from types import MappingProxyType

import pytest

from mxproof.evidence import Answer, Der, Kind, Outcome, Question, SmtpData, SmtpLine, SmtpStage
from mxproof.net.asking import Asking, Peer
from mxproof.net.smtp import ask_smtp
from mxproof.net.smtp_talk import EARLY_BYTES_MAX
from support_certificates import INTERMEDIATE, leaf
from support_clock import run
from support_stream import Do, Handler, certified, closed_port, script, stream_server

NAME = "mx.example.com"
ADDRESS = "192.0.2.25"
QUESTION = Question(Kind.SMTP, NAME, ADDRESS)

GREETING = b"220 mx.example.com ESMTP\r\n"
EXTENSIONS = b"250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"
READY = b"220 go ahead\r\n"
BYE = b"221 bye\r\n"
UP_TO_STARTTLS = (GREETING, Do.READ_LINE, EXTENSIONS, Do.READ_LINE)


def asking(way: tuple[str, int], timeout_s: float = 10, helo_name: str = "probe.example.net") -> Asking:
    detours = MappingProxyType({(ADDRESS, 25): way})
    return Asking((), connect_to=detours, timeout_s=timeout_s, helo_name=helo_name)


def probe(handler: Handler, timeout_s: float = 10, helo_name: str = "probe.example.net") -> Answer:
    async def scenario() -> Answer:
        async with stream_server(handler) as peer:
            return await ask_smtp(QUESTION, asking(peer, timeout_s, helo_name))

    return run(scenario())


def smtp_data(answer: Answer) -> SmtpData:
    assert isinstance(answer.data, SmtpData)
    return answer.data


def came(answer: Answer) -> tuple[Outcome, SmtpStage]:
    return answer.outcome, smtp_data(answer).stage


def said(answer: Answer, side: str) -> list[bytes]:
    return [line.text for line in smtp_data(answer).transcript if line.side == side]


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
    assert smtp_data(answer).early == early[:EARLY_BYTES_MAX]
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
