"""An MX host of a sender test: whose mail it takes, what it notes of a conversation, and where it ends one."""

import asyncio
import ssl
from datetime import timedelta
from typing import Any, cast

import pytest
from msgspec.structs import replace

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.senders.inference.observation import SeenCommand, SeenConnection, SeenTls
from mxproof.lab.making import SIZE_BYTES_MAX
from mxproof.lab.sendertest.receiver import (
    ADDRESS_CHARACTERS_MAX,
    COMMANDS_KEPT_MAX,
    HEADER_KEPT_BYTES_MAX,
    RECIPIENTS_KEPT_MAX,
    VERB_CHARACTERS_MAX,
    MailReceiver,
    Talk,
)
from mxproof.lab.sendertest.stream import WatchedStream
from mxproof.world.world import SmtpServer
from support_certificates import NOW
from support_tlsrpt import message
from support_tlsrpt_days import written

DOMAIN = "control.sendertest.example"
SERVER = SmtpServer(f"mx1.{DOMAIN}", ("192.0.2.25",))
BEGIN = [b"EHLO out.example.net\r\n", b"MAIL FROM:<a@example.net>\r\n"]
DELIVERY = [*BEGIN, f"RCPT TO:<token@{DOMAIN}>\r\n".encode(), b"DATA\r\n"]
SECURED = SeenTls("mx.example.net", "TLSv1.3")
BOUNCE = f"""\
From: MAILER-DAEMON@example.net
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; out.example.net

Final-Recipient: rfc822; token@{DOMAIN}
Action: failed
Status: 5.7.1

--b--
""".replace("\n", "\r\n").encode()


class Lines(WatchedStream):
    """A client that says these lines, whatever it hears; `handshake` tells whether its one comes about."""

    def __init__(self, *lines: bytes, handshake: bool = True) -> None:
        super().__init__(cast("Any", None), cast("Any", None))
        self._lines = list(lines)
        self._handshake = handshake
        self.said = b""
        self.hellos = 0

    async def line(self) -> bytes:
        return self._lines.pop(0) if self._lines else b""

    async def write(self, data: bytes) -> None:
        self.said += data

    async def hello(self) -> bytes:
        self.hellos += 1
        return b""

    async def start_tls(self, context: ssl.SSLContext) -> bool:
        self.tls = SECURED if self._handshake else SeenTls("mx.example.net", "", "unknown ca")
        return self._handshake

    @property
    def codes(self) -> list[int]:
        """The codes of all replies."""
        return [int(line[:3]) for line in self.said.split(b"\r\n") if line[3:4] == b" "]


class Met:
    """A conversation that was held."""

    def __init__(self, *lines: bytes, server: SmtpServer = SERVER, handshake: bool = True) -> None:
        self.stream, self.taken = Lines(*lines, handshake=handshake), list[str]()
        self.talk = Talk("192.0.2.7", "192.0.2.25", server.name, NOW)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        receiver = MailReceiver(server, context, self._takes, self.taken.append)
        asyncio.run(receiver.talk(self.stream, self.talk))

    def _takes(self, recipient: str) -> bool:
        return recipient.lower().endswith("sendertest.example")

    @property
    def seen(self) -> tuple[SeenConnection, ...]:
        """What is noted in the end, two seconds after the beginning."""
        return self.talk.seen(self.stream, lambda: NOW + timedelta(seconds=2))


def _mail(*lines: bytes, delivery: list[bytes] = DELIVERY) -> list[bytes]:
    return [*delivery, *lines, b".\r\n"]


def test_a_mail_is_taken_its_header_kept_and_its_body_dropped() -> None:
    met = Met(*_mail(b"Subject: hello\r\n", b"X: 1\r\n", b"\r\n", b"body\r\n", b"Y: 2\r\n"), b"QUIT\r\n")
    (one,) = met.seen
    assert (one.headers, one.sender, one.recipients) == (
        "Subject: hello\nX: 1\n",
        "a@example.net",
        (f"token@{DOMAIN}",),
    )
    assert met.taken == [f"token@{DOMAIN}"]
    assert met.stream.codes == [220, 250, 250, 250, 354, 250, 221]
    assert one.commands == (
        SeenCommand("EHLO", 250),
        SeenCommand("MAIL", 250),
        SeenCommand("RCPT", 250),
        SeenCommand("DATA", 354),
        SeenCommand("QUIT", 221),
    )
    assert (one.greeting, one.elapsed_ms, one.tls) == ("EHLO out.example.net", 2000, None)


def test_mail_for_anybody_else_is_refused_and_nothing_of_its_recipient_is_noted() -> None:
    met = Met(*BEGIN, b"RCPT TO:<a@example.org>\r\n", b"DATA\r\n")
    (one,) = met.seen
    assert met.stream.codes[3:] == [550, 503]
    assert (one.recipients, one.headers, met.taken) == ((), None, [])


def test_mail_for_two_domains_is_split_and_for_two_in_one_domain_is_not() -> None:
    met = Met(
        *DELIVERY[:3],
        f"RCPT TO:<other@{DOMAIN.upper()}>\r\n".encode(),
        b"RCPT TO:<token@open.sendertest.example>\r\n",
    )
    assert met.stream.codes[3:] == [250, 250, 452]
    assert met.seen[0].recipients == (f"token@{DOMAIN}", f"other@{DOMAIN.upper()}")


def test_no_more_recipients_and_no_longer_addresses_are_kept_than_said() -> None:
    long = b"a" * 400
    many = [b"RCPT TO:<%d@%s>\r\n" % (number, DOMAIN.encode()) for number in range(RECIPIENTS_KEPT_MAX + 3)]
    (one,) = Met(BEGIN[0], b"MAIL FROM:<%s@example.net>\r\n" % long, *many).seen
    assert len(one.recipients) == RECIPIENTS_KEPT_MAX
    assert len(one.sender) == ADDRESS_CHARACTERS_MAX
    (one,) = Met(*BEGIN, b"RCPT TO:<%s@%s>\r\n" % (long, DOMAIN.encode())).seen
    assert [len(each) for each in one.recipients] == [ADDRESS_CHARACTERS_MAX]


def test_a_second_mail_in_the_connection_is_noted_by_itself() -> None:
    second = [b"MAIL FROM:<>\r\n", f"RCPT TO:<other@{DOMAIN}>\r\n".encode(), b"DATA\r\n"]
    met = Met(*_mail(b"A: 1\r\n"), *_mail(b"B: 2\r\n", delivery=second), b"RSET\r\n", b"QUIT\r\n")
    first, then = met.seen
    assert (first.headers, then.headers) == ("A: 1\n", "B: 2\n")
    assert (then.sender, then.recipients) == ("", (f"other@{DOMAIN}",))
    assert [one.verb for one in first.commands] == ["EHLO", "MAIL", "RCPT", "DATA"]
    assert [one.verb for one in then.commands] == ["MAIL", "RCPT", "DATA", "RSET", "QUIT"]


def test_a_mail_that_is_begun_behind_another_one_is_noted_as_not_taken() -> None:
    met = Met(*_mail(b"A: 1\r\n"), b"MAIL FROM:<b@example.net>\r\n", DELIVERY[2])
    assert [(one.headers, one.sender) for one in met.seen] == [
        ("A: 1\n", "a@example.net"),
        (None, "b@example.net"),
    ]


def test_nothing_is_taken_of_a_mail_that_does_not_end() -> None:
    met = Met(*DELIVERY, b"Subject: hello\r\n")
    assert (met.seen[0].headers, met.taken, met.stream.codes[-1]) == (None, [], 354)


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_a_mail_that_is_larger_than_said_ends_the_connection(more: int, *, is_taken: bool) -> None:
    met = Met(*_mail(b"\r\n", b"x" * (SIZE_BYTES_MAX - 4 + more) + b"\r\n"), b"QUIT\r\n")
    assert (met.stream.codes[-1] == 221, bool(met.taken)) == (is_taken, is_taken)


@pytest.mark.parametrize(("more", "kept"), [(0, HEADER_KEPT_BYTES_MAX), (1, 0)])
def test_a_header_is_kept_line_by_line_as_long_as_there_is_room(more: int, kept: int) -> None:
    line = b"X: " + b"x" * (HEADER_KEPT_BYTES_MAX - 5 + more) + b"\r\n"
    headers = Met(*_mail(line, b"Y: 1\r\n")).seen[0].headers
    assert headers is not None
    assert len(headers) == (kept - 1 if kept else len("Y: 1\n"))


def test_a_command_without_an_end_is_the_end() -> None:
    met = Met(b"EHLO out.example.net")
    assert (met.stream.codes, met.seen[0].commands) == ([220], ())


def test_commands_are_counted_and_too_many_end_the_connection() -> None:
    met = Met(*[b"NOOP\r\n"] * (COMMANDS_KEPT_MAX + 1))
    assert met.stream.codes == [220, *[250] * COMMANDS_KEPT_MAX, 421]
    assert len(met.seen[0].commands) == COMMANDS_KEPT_MAX


def test_of_a_command_its_verb_is_kept_and_of_a_greeting_who_greets() -> None:
    met = Met(b"\r\n", b"averylongverbindeed x\r\n", b"HELO  " + b"h" * 400 + b"\r\n", b"\xff\x00 x\r\n")
    (one,) = met.seen
    assert [each.verb for each in one.commands] == [
        "",
        "AVERYLONGVERBINDEED"[:VERB_CHARACTERS_MAX],
        "HELO",
        "\\XFF\x00",
    ]
    assert one.greeting == ("HELO " + "h" * 400)[:ADDRESS_CHARACTERS_MAX]


def test_after_a_handshake_the_client_begins_anew() -> None:
    met = Met(b"EHLO out.example.net\r\n", b"STARTTLS\r\n", *DELIVERY[1:], *DELIVERY, b"QUIT\r\n")
    assert b"STARTTLS\r\n" in met.stream.said.partition(b"220 2.0.0")[0]
    assert b"STARTTLS" not in met.stream.said.partition(b"220 2.0.0")[2]
    assert met.stream.codes[2:6] == [220, 503, 503, 503]
    assert met.seen[0].tls == SECURED


def test_a_handshake_that_fails_ends_the_connection() -> None:
    met = Met(BEGIN[0], b"STARTTLS\r\n", BEGIN[0], handshake=False)
    assert met.stream.codes == [220, 250, 220]
    assert met.seen[0].tls == SeenTls("mx.example.net", "", "unknown ca")


def test_a_server_that_hangs_up_in_the_handshake_hears_the_hello_and_no_more() -> None:
    server = replace(SERVER, stage=SmtpStage.HANDSHAKE, outcome=Outcome.CLOSED)
    met = Met(BEGIN[0], b"STARTTLS\r\n", BEGIN[0], server=server)
    assert (met.stream.hellos, met.stream.codes, met.seen[0].tls) == (1, [220, 250, 220], None)


def test_a_server_that_ends_behind_the_handshake_makes_it_first() -> None:
    met = Met(BEGIN[0], b"STARTTLS\r\n", BEGIN[0], server=replace(SERVER, outcome=Outcome.CLOSED))
    assert (met.stream.codes, met.seen[0].tls) == ([220, 250, 220], SECURED)


def test_what_a_server_sends_early_stands_behind_its_reply_to_starttls_alone() -> None:
    met = Met(BEGIN[0], b"STARTTLS\r\n", b"QUIT\r\n", server=replace(SERVER, early=b"250 early\r\n"))
    assert met.stream.said.count(b"250 early\r\n") == 1
    assert met.stream.said.partition(b"250 early\r\n")[0].endswith(b"Ready to start TLS\r\n")


def test_a_server_may_refuse_ehlo_inside_tls_and_not_before() -> None:
    server = replace(SERVER, inside=b"421 4.3.0 not now")
    met = Met(BEGIN[0], b"STARTTLS\r\n", BEGIN[0], b"HELO x\r\n", b"NOOP\r\n", server=server)
    assert met.stream.codes == [220, 250, 220, 421, 421, 250]


def test_a_server_that_refuses_starttls_goes_on_in_the_clear() -> None:
    server = replace(SERVER, stage=SmtpStage.STARTTLS, reply=b"454 4.7.0 not today")
    met = Met(BEGIN[0], b"STARTTLS\r\n", b"NOOP\r\n", server=server)
    assert met.stream.codes == [220, 250, 454, 250]
    assert b"\r\n454 4.7.0 not today\r\n" in met.stream.said
    assert met.seen[0].tls is None


def test_a_bounce_is_read_where_the_mail_is_from_nobody() -> None:
    nobody = [BEGIN[0], b"MAIL FROM:<>\r\n", *DELIVERY[2:]]
    lines = BOUNCE.splitlines(keepends=True)
    (bounce,) = Met(*_mail(*lines, delivery=nobody)).talk.bounces
    assert [(one.recipient, one.status) for one in bounce.recipients] == [(f"token@{DOMAIN}", "5.7.1")]
    assert (bounce.client, bounce.at) == ("192.0.2.7", NOW)
    assert Met(*_mail(*lines)).talk.bounces == []


def test_a_mail_from_nobody_that_says_nothing_of_others_is_no_bounce() -> None:
    nobody = [BEGIN[0], b"MAIL FROM:<>\r\n", *DELIVERY[2:]]
    assert Met(*_mail(b"Subject: hello\r\n", delivery=nobody)).talk.bounces == []


@pytest.mark.parametrize(("local", "reports"), [("reports", 1), ("REPORTS", 1), ("token", 0)])
def test_tls_reports_are_read_in_mail_to_their_own_address(local: str, reports: int) -> None:
    delivery = [*BEGIN, f"RCPT TO:<{local}@{DOMAIN}>\r\n".encode(), b"DATA\r\n"]
    met = Met(*_mail(*message(written()).splitlines(keepends=True), delivery=delivery))
    assert [one.client for one in met.talk.reports] == ["192.0.2.7"] * reports


def test_a_report_is_read_where_one_of_several_recipients_is_that_address() -> None:
    recipients = [f"RCPT TO:<{one}@{DOMAIN}>\r\n".encode() for one in ("token", "reports")]
    delivery = [*BEGIN, *recipients, b"DATA\r\n"]
    met = Met(*_mail(*message(written()).splitlines(keepends=True), delivery=delivery))
    assert len(met.talk.reports) == 1


def test_a_line_that_begins_with_a_dot_is_read_without_the_one_that_hides_it() -> None:
    nobody = [BEGIN[0], b"MAIL FROM:<>\r\n", *DELIVERY[2:]]
    parted = BOUNCE.replace(
        b"status\r\n\r\n", b"status\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = parted.replace(b"5.7.1", b"5=\r\n..7.1").splitlines(keepends=True)
    (bounce,) = Met(*_mail(*lines, delivery=nobody)).talk.bounces
    assert bounce.recipients[0].status == "5.7.1"
