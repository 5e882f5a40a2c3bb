"""The lab's SMTP servers: the session as a value, and each fault as a real client meets it."""

import asyncio
import smtplib
import socket
import ssl
import warnings
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from mxproof.evidence import Answer, Der, Kind, Outcome, Question, SmtpData, SmtpStage
from mxproof.lab.ca import issue_for, make_ca
from mxproof.lab.running import RunningLab
from mxproof.lab.scenario import CertificateSetup, Scenario, ScenarioError
from mxproof.lab.serving import Serving
from mxproof.lab.smtp import LAB_RECIPIENTS_MAX, Conversation, SmtpServing, Then, respond
from mxproof.lab.tls import server_context
from mxproof.mail.transcript import last_reply
from mxproof.net.asking import Asking
from mxproof.net.smtp import ask_smtp
from mxproof.world.answer import answer
from mxproof.world.world import SmtpServer, World
from support_lab import CLIENT_S_MAX, careless, in_lab, mail, reach, start_tls, trusting, world

NOW = datetime.now(UTC)
ADDRESS = ("192.0.2.25", 25)


def server(*lines: str) -> Scenario:
    return world('[[smtp]]\nname = "mx1.example.com"\n' + "\n".join(lines))


def talk(*lines: str, session: Conversation | None = None) -> list[int]:
    session = session or Conversation("mx1.example.com")
    codes = []
    for line in lines:
        session, reply = respond(session, line.encode() + b"\r\n")
        codes.append(reply.code)
    return codes


def dial(lab: RunningLab, timeout_s: float = CLIENT_S_MAX) -> socket.socket:
    return socket.create_connection(reach(lab, *ADDRESS), timeout=timeout_s)


def test_a_session_goes_from_greeting_to_quit() -> None:
    lines = ("EHLO c", "MAIL FROM:<a@example.net>", "RCPT TO:<b@example.com>", "DATA", "RSET", "NOOP", "QUIT")
    assert talk(*lines) == [250, 250, 250, 354, 250, 250, 221]


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (("MAIL FROM:<>",), 503),
        (("HELO c", "RCPT TO:<a@example.com>"), 503),
        (("HELO c", "MAIL FROM:<>", "DATA"), 503),
        (("HELO c", "MAIL FROM:<>", "MAIL FROM:<>"), 503),
        (("HELO c", "MAIL FROM:<>", "EHLO c", "RCPT TO:<a@example.com>"), 503),
        (("VRFY a",), 502),
        (("", "BDAT 1 LAST"), 502),
    ],
)
def test_a_command_out_of_order_is_refused(lines: tuple[str, ...], want: int) -> None:
    assert talk(*lines)[-1] == want


def test_the_number_of_recipients_is_limited() -> None:
    lines = ["RCPT TO:<a@example.com>"] * (LAB_RECIPIENTS_MAX + 1)
    assert talk("EHLO c", "MAIL FROM:<>", *lines)[-2:] == [250, 452]


def test_starttls_is_offered_until_it_is_in_force() -> None:
    clear, secured = Conversation("mx1.example.com"), Conversation("mx1.example.com", secured=True)
    assert "STARTTLS" in respond(clear, b"EHLO c\r\n")[1].lines
    assert respond(clear, b"STARTTLS\r\n")[1].then is Then.HANDSHAKE
    assert "STARTTLS" not in respond(secured, b"EHLO c\r\n")[1].lines
    assert talk("STARTTLS", session=secured) == [502]


def test_a_reply_of_several_lines_has_a_hyphen_on_all_but_the_last() -> None:
    encoded = respond(Conversation("mx1.example.com"), b"EHLO c\r\n")[1].encoded()
    assert {line[:4] for line in encoded.splitlines()[:-1]} == {b"250-"}
    assert encoded.endswith(b"250 STARTTLS\r\n")


def test_bytes_outside_ascii_in_a_command_do_no_harm() -> None:
    assert respond(Conversation("mx1.example.com"), b"\xff\xfe\r\n")[1].code == 502


def test_the_greeting_names_the_server_and_its_banner() -> None:
    def client(lab: RunningLab) -> bytes:
        with dial(lab) as connection:
            return connection.recv(1000)

    assert in_lab(server("banner = 'ESMTP Postfix'"), client) == b"220 mx1.example.com ESMTP Postfix\r\n"


def test_a_server_without_starttls_offers_none_and_knows_none() -> None:
    def client(lab: RunningLab) -> tuple[bool, int]:
        with mail(lab) as session:
            session.ehlo()
            return session.has_extn("STARTTLS"), session.docmd("STARTTLS")[0]

    assert in_lab(server("fault = 'no-starttls'"), client) == (False, 502)


def test_starttls_454_offers_and_then_refuses() -> None:
    def client(lab: RunningLab) -> tuple[bool, int, int]:
        with mail(lab) as session:
            session.ehlo()
            return session.has_extn("STARTTLS"), session.docmd("STARTTLS")[0], session.noop()[0]

    assert in_lab(server("fault = 'starttls-454'"), client) == (True, 454, 250)


def test_an_aborted_handshake_ends_the_connection() -> None:
    def client(lab: RunningLab) -> None:
        with dial(lab) as connection:
            connection.recv(1000)
            connection.sendall(b"STARTTLS\r\n")
            assert connection.recv(1000).startswith(b"220 ")
            careless().wrap_socket(connection)

    with pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
        in_lab(server("fault = 'handshake-abort'"), client)


def test_early_data_follows_the_220_and_the_handshake_still_works() -> None:
    def client(lab: RunningLab) -> tuple[bytes, str | None]:
        with dial(lab) as connection:
            connection.recv(1000)
            connection.sendall(b"STARTTLS\r\n")
            received = b""
            while received.count(b"\n") < 2:
                received += connection.recv(1000)
            with careless().wrap_socket(connection) as secured:
                return received, secured.version()

    assert in_lab(server("fault = 'early-data'"), client) == (
        b"220 2.0.0 Ready to start TLS\r\n250 2.0.0 sent before the handshake\r\n",
        "TLSv1.3",
    )


def test_a_server_of_tls_1_0_speaks_nothing_newer() -> None:
    def old() -> ssl.SSLContext:
        context = careless()
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        return context

    def client(lab: RunningLab) -> str | None:
        with mail(lab) as session:
            start_tls(session, "mx1.example.com", old())
            assert isinstance(session.sock, ssl.SSLSocket)
            return session.sock.version()

    def modern(lab: RunningLab) -> None:
        with mail(lab) as session:
            start_tls(session, "mx1.example.com", careless())

    one = server("fault = 'tls1.0-only'")
    assert in_lab(one, client) == "TLSv1"
    with pytest.raises((ssl.SSLError, smtplib.SMTPServerDisconnected)):
        in_lab(one, modern)


def test_a_greeting_of_554_is_followed_by_nothing_but_quit() -> None:
    def client(lab: RunningLab) -> tuple[bytes, bytes, bytes]:
        with dial(lab) as connection:
            greeting = connection.recv(1000)
            connection.sendall(b"EHLO c\r\n")
            ehlo = connection.recv(1000)
            connection.sendall(b"QUIT\r\n")
            return greeting[:4], ehlo[:4], connection.recv(1000)[:4]

    assert in_lab(server("fault = 'greeting-554'"), client) == (b"554 ", b"503 ", b"221 ")


def test_an_endless_banner_goes_on_after_any_sensible_limit() -> None:
    def client(lab: RunningLab) -> bytes:
        with dial(lab) as connection:
            received = bytearray()
            while len(received) < 256 * 1024:
                received += connection.recv(65536)
            return bytes(received)

    lines = in_lab(server("fault = 'endless-banner'"), client).splitlines()[:-1]
    assert {line[:4] for line in lines} == {b"220-"}


def test_a_dripping_banner_is_not_whole_in_time() -> None:
    def client(lab: RunningLab) -> bytes:
        with dial(lab, timeout_s=0.2) as connection:
            return connection.recv(1000)

    with pytest.raises(TimeoutError):
        in_lab(server("fault = 'slow-drip'"), client)


def test_a_refused_port_refuses() -> None:
    with pytest.raises(ConnectionRefusedError):
        in_lab(server("fault = 'refused'"), dial)


def test_a_black_hole_never_answers() -> None:
    def client(lab: RunningLab) -> bytes:
        with dial(lab, timeout_s=0.2) as connection:
            return connection.recv(1)

    with pytest.raises(TimeoutError):
        in_lab(server("fault = 'blackhole'"), client)


def test_a_server_shows_the_certificate_of_the_name_asked_for() -> None:
    tables = "[[smtp.sni]]\nname = 'mail.example.com'\n[[smtp.sni]]\nname = 'old.example.com'\ncertificate.defect = 'expired'"

    def client(lab: RunningLab) -> list[str]:
        seen = []
        for name in ("mx1.example.com", "mail.example.com", "old.example.com", "other.example.com"):
            with mail(lab) as session:
                try:
                    start_tls(session, name, trusting(lab))
                    seen.append("ok")
                except ssl.SSLCertVerificationError as error:
                    seen.append(error.verify_message.split(",")[0])
        return seen

    assert in_lab(server(tables), client) == [
        "ok",
        "ok",
        "certificate has expired",
        "Hostname mismatch",
    ]


def test_a_client_that_sends_a_line_without_end_is_let_go() -> None:
    def client(lab: RunningLab) -> bytes:
        with dial(lab) as connection:
            connection.recv(1000)
            try:
                connection.sendall(b"x" * 1_000_000)
                return connection.recv(1000)
            except ConnectionError:
                return b""

    assert in_lab(server(), client) == b""


def test_a_message_too_large_is_cut_off() -> None:
    def client(lab: RunningLab) -> None:
        with mail(lab) as session:
            session.sendmail("a@example.net", ["b@example.com"], (b"x" * 998 + b"\r\n") * 11_000)

    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        in_lab(server(), client)


def test_a_client_that_leaves_with_its_last_word_of_the_handshake_leaves_quietly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def client(lab: RunningLab) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = careless().wrap_bio(incoming, outgoing)
        with dial(lab) as connection:
            connection.recv(1000)
            connection.sendall(b"STARTTLS\r\n")
            connection.recv(1000)
            while not done(tls.do_handshake):
                connection.sendall(outgoing.read())
                incoming.write(connection.recv(16384))
            assert not done(tls.unwrap)
            connection.sendall(outgoing.read())
            while connection.recv(16384):
                pass

    def done(step: Callable[[], object]) -> bool:
        try:
            step()
        except ssl.SSLWantReadError:
            return False
        return True

    in_lab(server(), client)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("stage", "outcome", "reply"),
    [
        (SmtpStage.CONNECT, Outcome.REFUSED, b""),
        (SmtpStage.GREETING, Outcome.FOUND, b"421 4.3.2 later"),
        (SmtpStage.GREETING, Outcome.CLOSED, b""),
        (SmtpStage.GREETING, Outcome.TIMEOUT, b""),
        (SmtpStage.EHLO, Outcome.FOUND, b"421 4.3.2 later"),
        (SmtpStage.EHLO, Outcome.CLOSED, b""),
        (SmtpStage.STARTTLS, Outcome.FOUND, b"501 5.5.4 no"),
        (SmtpStage.STARTTLS, Outcome.CLOSED, b""),
        (SmtpStage.STARTTLS, Outcome.TIMEOUT, b""),
        (SmtpStage.HANDSHAKE, Outcome.CLOSED, b""),
        (SmtpStage.HANDSHAKE, Outcome.TIMEOUT, b""),
        (SmtpStage.SECURED, Outcome.FOUND, b""),
        (SmtpStage.SECURED, Outcome.CLOSED, b""),
        (SmtpStage.SECURED, Outcome.TIMEOUT, b""),
    ],
)
def test_a_server_of_a_world_ends_a_talk_where_and_as_the_world_says(
    stage: SmtpStage, outcome: Outcome, reply: bytes
) -> None:
    issued = issue_for(
        CertificateSetup(), "mx1.example.com", authority=make_ca(NOW), stranger=make_ca(NOW), now=NOW
    )
    chain = tuple(Der(der) for der in issued.ders())
    one = SmtpServer("mx1.example.com", ADDRESS[:1], chain, stage=stage, outcome=outcome, reply=reply)
    question = Question(Kind.SMTP, one.name, ADDRESS[0])

    async def run() -> Answer:
        serving = Serving()
        try:
            endpoint = SmtpServing(one, server_context(issued), 0.0, print).serve(serving)
            detour = {ADDRESS: endpoint}
            return await ask_smtp(question, Asking(resolvers=(), connect_to=detour, timeout_s=0.5))
        finally:
            await serving.close()

    def told(one: Answer) -> tuple[object, ...]:
        assert isinstance(one.data, SmtpData)
        shown = one.data.tls.chain if one.data.tls is not None else ()
        return (
            one.outcome,
            one.data.stage,
            frozenset(one.data.keywords),
            last_reply(one.data.transcript),
            shown,
        )

    got, want = told(asyncio.run(run())), told(answer(World(smtp_servers=(one,)), question, NOW))
    assert got[:3] == want[:3]
    assert got[4] == want[4]
    if outcome is Outcome.FOUND and reply:
        assert got[3] == want[3] == reply


def test_what_is_the_clients_own_outcome_cannot_be_served() -> None:
    one = SmtpServer("mx1.example.com", ADDRESS[:1], outcome=Outcome.OVERSIZE)
    with pytest.raises(ScenarioError):
        SmtpServing(one, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), 0.0, print).serve(Serving())
