"""Mail is handed over as far as it is wanted, and never where nobody said so."""

import asyncio
import ssl
from types import MappingProxyType

import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question, SmtpData, SmtpStage
from mxproof.mail.transaction import Transaction, TransactionStage
from mxproof.net.asking import Asking
from mxproof.net.transaction import Envelope, NextMove, transact
from support_certificates import leaf
from support_clock import run
from support_stream import Do, Handler, certified, script, stream_server

QUESTION = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")
MESSAGE = b"Subject: x\r\n\r\n.hidden\r\nlast\r\n"
ENVELOPE = Envelope("", "you@example.com", MESSAGE, 10)
UP_TO_EHLO = (b"220 mx\r\n", Do.READ_LINE, b"250 mx\r\n", Do.READ_LINE)
OK, BYE = b"250 ok\r\n", b"221 bye\r\n"


def handed(
    *handlers: Handler, envelope: Envelope = ENVELOPE, move: NextMove = NextMove.GO_ON
) -> tuple[Transaction, list[Answer]]:
    """Hand over a mail to a server whose connections are led by `handlers` in turn."""
    asked: list[Answer] = []

    def course(session: Answer) -> NextMove:
        asked.append(session)
        return move

    async def scenario() -> Transaction:
        waiting = list(handlers)

        async def next_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await waiting.pop(0)(reader, writer)

        async with stream_server(next_one) as peer:
            detours = MappingProxyType({("192.0.2.25", 25): (peer.address, peer.port)})
            asking = Asking((), connect_to=detours, helo_name="probe.example.net")
            return await transact(QUESTION, asking, envelope, course)

    return run(scenario()), asked


def heard_by(*steps: bytes | Do) -> tuple[list[bytes], Handler]:
    heard: list[bytes] = []
    return heard, script(*steps, heard=heard)


def test_a_whole_mail_is_handed_over_with_its_dots_doubled() -> None:
    heard, handler = heard_by(
        *UP_TO_EHLO,
        OK,
        Do.READ_LINE,
        OK,
        Do.READ_LINE,
        b"354 go\r\n",
        *[Do.READ_LINE] * 5,
        OK,
        Do.READ_LINE,
        BYE,
    )
    made, _ = handed(handler)
    assert (made.stage, made.outcome, made.code) == (TransactionStage.MESSAGE, Outcome.FOUND, 250)
    assert heard == [
        b"EHLO probe.example.net\r\n",
        b"MAIL FROM:<>\r\n",
        b"RCPT TO:<you@example.com>\r\n",
        b"DATA\r\n",
        *(b"Subject: x\r\n", b"\r\n", b"..hidden\r\n", b"last\r\n", b".\r\n"),
        b"QUIT\r\n",
    ]


def test_without_data_the_recipient_is_the_last_that_is_named() -> None:
    heard, handler = heard_by(*UP_TO_EHLO, OK, Do.READ_LINE, OK, Do.READ_LINE, OK, Do.READ_LINE, BYE)
    made, _ = handed(handler, envelope=Envelope("a@example.net", "you@example.com", None))
    assert (made.stage, made.code) == (TransactionStage.RCPT, 250)
    assert heard[1:] == [
        b"MAIL FROM:<a@example.net>\r\n",
        b"RCPT TO:<you@example.com>\r\n",
        b"RSET\r\n",
        b"QUIT\r\n",
    ]


@pytest.mark.parametrize("reset", [b"250 ok\r\n", b"500 what?\r\n", b"421 closing\r\n"])
def test_what_is_said_to_the_reset_is_no_answer_to_the_recipient(reset: bytes) -> None:
    _, handler = heard_by(
        *UP_TO_EHLO, OK, Do.READ_LINE, b"251 he has moved\r\n", Do.READ_LINE, reset, Do.READ_LINE, BYE
    )
    made, _ = handed(handler, envelope=Envelope("", "you@example.com", None))
    assert (made.stage, made.code, made.reply) == (TransactionStage.RCPT, 251, (b"251 he has moved",))


@pytest.mark.parametrize(
    ("recipient", "code"), [(b"250 ok\r\n", 354), (b"251 he has moved\r\n", 354), (b"252 perhaps\r\n", 252)]
)
def test_data_follows_where_the_recipient_is_taken_here_or_elsewhere(recipient: bytes, code: int) -> None:
    """RFC 5321 section 3.3: 251 takes the mail as 250 does."""
    heard, handler = heard_by(
        *UP_TO_EHLO,
        OK,
        Do.READ_LINE,
        recipient,
        Do.READ_LINE,
        b"354 go\r\n",
        *[Do.READ_LINE] * 5,
        b"550 spam\r\n",
    )
    made, _ = handed(handler)
    wanted = (TransactionStage.MESSAGE, 550) if code == 354 else (TransactionStage.RCPT, 252)
    assert (made.stage, made.code) == wanted
    assert (b"DATA\r\n" in heard) is (code == 354)


def test_the_connection_ends_where_the_sender_cannot_say_how_to_go_on() -> None:
    async def scenario() -> bytes:
        rest: asyncio.Queue[bytes] = asyncio.Queue()

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await script(b"220 mx\r\n", Do.READ_LINE, b"250 mx\r\n")(reader, writer)
            rest.put_nowait(await reader.read(-1))

        def course(_session: Answer) -> NextMove:
            raise KeyError("ours")

        async with stream_server(listen) as peer:
            asking = Asking((), connect_to={("192.0.2.25", 25): peer})
            with pytest.raises(KeyError):
                await transact(QUESTION, asking, ENVELOPE, course)
            async with asyncio.timeout(10):
                return await rest.get()

    assert run(scenario()) == b""


@pytest.mark.parametrize(
    ("replies", "stage", "code"),
    [
        ((b"450 later\r\n",), TransactionStage.MAIL, 450),
        ((OK, b"550 no such user\r\n"), TransactionStage.RCPT, 550),
        ((OK, OK, b"451 no\r\n"), TransactionStage.DATA, 451),
    ],
)
def test_a_server_that_does_not_agree_is_left(
    replies: tuple[bytes, ...], stage: TransactionStage, code: int
) -> None:
    steps = [step for reply in replies for step in (reply, Do.READ_LINE)]
    heard, handler = heard_by(*UP_TO_EHLO, *steps, BYE)
    made, _ = handed(handler)
    assert (made.stage, made.code, heard[-1]) == (stage, code, b"QUIT\r\n")


@pytest.mark.parametrize(
    ("replies", "stage"),
    [
        ((), TransactionStage.MAIL),
        ((OK,), TransactionStage.RCPT),
        ((OK, OK), TransactionStage.DATA),
        ((OK, OK, b"354 go\r\n"), TransactionStage.MESSAGE),
    ],
)
@pytest.mark.parametrize(("ending", "outcome"), [(Do.END, Outcome.CLOSED), (Do.HANG, Outcome.TIMEOUT)])
def test_a_server_that_falls_silent_has_given_no_reply_to_what_was_said_last(
    replies: tuple[bytes, ...], stage: TransactionStage, ending: Do, outcome: Outcome
) -> None:
    """Its reply to the command before is none to this one, and no goodbye is said to a server that is gone."""
    steps = [step for reply in replies for step in (reply, Do.READ_LINE)]
    heard, handler = heard_by(*UP_TO_EHLO, *steps, ending)
    made, _ = handed(handler)
    assert (made.stage, made.outcome, made.code, made.reply) == (stage, outcome, 0, ())
    assert made.session.outcome is Outcome.FOUND
    assert made.detail
    assert b"QUIT\r\n" not in heard
    assert len(heard) == len(replies) + 2


def test_nothing_is_begun_where_the_sender_stops() -> None:
    heard, handler = heard_by(*UP_TO_EHLO, BYE)
    made, asked = handed(handler, move=NextMove.STOP)
    assert (made.stage, heard[-1], len(asked)) == (TransactionStage.SESSION, b"QUIT\r\n", 1)


def test_nothing_is_begun_where_the_server_turns_the_client_away() -> None:
    heard, handler = heard_by(b"554 no\r\n", Do.READ_LINE, BYE)
    made, _ = handed(handler)
    assert (made.stage, heard) == (TransactionStage.SESSION, [b"QUIT\r\n"])


def test_a_sender_that_does_without_tls_comes_again_in_clear_text() -> None:
    offer = b"250-mx\r\n250 STARTTLS\r\n"
    first = script(b"220 mx\r\n", Do.READ_LINE, offer, Do.READ_LINE, b"220 go\r\n", Do.READ_SOME, Do.END)
    heard, second = heard_by(
        b"220 mx\r\n",
        Do.READ_LINE,
        offer,
        Do.READ_LINE,
        b"550 no\r\n",
        Do.READ_LINE,
        BYE,
    )
    made, asked = handed(first, second, move=NextMove.CLEAR_TEXT)
    assert (made.again, made.stage, made.code) == (True, TransactionStage.MAIL, 550)
    assert [one.data.stage for one in asked if isinstance(one.data, SmtpData)] == [SmtpStage.HANDSHAKE]
    assert made.session == asked[0]
    assert [line.text for line in made.transcript if line.side == "C"] == [
        b"EHLO probe.example.net",
        b"MAIL FROM:<>",
        b"QUIT",
    ]
    assert b"STARTTLS\r\n" not in heard


def test_both_connections_count_for_the_time_that_a_mail_took_and_the_first_holds_none_of_it() -> None:
    heard, _ = heard_by()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)
        await script(*UP_TO_EHLO, BYE, heard=heard)(reader, writer)

    async def slower(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(4)
        await script(*UP_TO_EHLO, b"550 no\r\n", Do.READ_LINE, BYE)(reader, writer)

    made, asked = handed(slow, slower, move=NextMove.CLEAR_TEXT)
    assert (made.again, made.stage, made.code, len(asked)) == (True, TransactionStage.MAIL, 550, 1)
    assert (round(made.elapsed_ms, -3), round(made.session.elapsed_ms, -3)) == (7000, 3000)
    assert heard == [b"EHLO probe.example.net\r\n", b"QUIT\r\n"]


@pytest.mark.parametrize("reply", [b"421 too busy\r\n", b"450 later\r\n"])
def test_nothing_is_begun_where_the_server_does_not_take_the_greeting(reply: bytes) -> None:
    heard, handler = heard_by(b"220 mx\r\n", Do.READ_LINE, reply, Do.READ_LINE, BYE)
    made, _ = handed(handler)
    assert (made.stage, made.outcome, made.code) == (TransactionStage.SESSION, Outcome.FOUND, 0)
    assert heard == [b"EHLO probe.example.net\r\n", b"QUIT\r\n"]


def test_after_starttls_is_declined_the_mail_goes_over_the_session_that_there_is() -> None:
    heard, handler = heard_by(
        *(b"220 mx\r\n", Do.READ_LINE, b"250-mx\r\n250 STARTTLS\r\n", Do.READ_LINE, b"454 not now\r\n"),
        *(Do.READ_LINE, b"550 no\r\n", Do.READ_LINE, BYE),
    )
    made, _ = handed(handler)
    assert (made.stage, made.code) == (TransactionStage.MAIL, 550)
    assert heard[1:] == [b"STARTTLS\r\n", b"MAIL FROM:<>\r\n", b"QUIT\r\n"]


def test_under_tls_the_mail_is_handed_over_inside() -> None:
    context: ssl.SSLContext = certified("mx.example.com")
    offer = b"250-mx\r\n250 STARTTLS\r\n"
    handler = script(
        *(b"220 mx\r\n", Do.READ_LINE, offer, Do.READ_LINE, b"220 go\r\n", Do.START_TLS),
        *(Do.READ_LINE, OK, Do.READ_LINE, OK, Do.READ_LINE, b"550 no such user\r\n", Do.READ_LINE, BYE),
        tls=context,
    )
    made, asked = handed(handler)
    assert isinstance(asked[0].data, SmtpData)
    assert asked[0].data.tls is not None
    assert asked[0].data.tls.chain[0] == leaf(("mx.example.com",)).der
    assert (made.stage, made.code) == (TransactionStage.RCPT, 550)


def test_a_server_that_is_not_there_is_asked_for_nothing() -> None:
    async def scenario() -> Transaction:
        return await transact(QUESTION, Asking((), families=(6,)), ENVELOPE, lambda _session: NextMove.STOP)

    made = run(scenario())
    assert (made.outcome, made.stage, made.transcript) == (Outcome.UNASKED, TransactionStage.SESSION, ())
    assert (made.session.outcome, made.session.data) == (Outcome.UNASKED, None)
