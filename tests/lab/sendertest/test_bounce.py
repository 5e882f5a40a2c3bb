"""Bounces that come back to a sender test: their status is kept, and nothing else of them."""

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import ToldBounce, concluded
from mxproof.judge.senders.inference.observation import SeenBounce, SeenRecipient, read_test, write_test
from mxproof.lab.sendertest.bounce import BOUNCE_BYTES_MAX, BOUNCED_RECIPIENTS_MAX, bounce_of
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.run import Run, run_of
from mxproof.lab.sendertest.serving import SMTP_PORT
from mxproof.lab.sendertest.setup import domain_of, sender_of
from support_certificates import NOW
from support_long import EXHAUSTIVE
from support_public import RUNS, SITE, ZONE, Reached, public_set_at
from support_public import watched as public_watched
from support_sendertest import CLIENT, RUN
from support_served import CLIENT_S_MAX, Set, watched

TO = f"test@{domain_of('mx-unlisted', RUN)}"
STATUS = f"""\
Reporting-MTA: dns; out.example.net
Arrival-Date: Fri, 27 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; {TO}
Original-Recipient: rfc822;{TO}
Action: failed
Status: 4.7.5
Diagnostic-Code: X-Postfix; Server certificate not verified
"""


def notice(status: str = STATUS, returned: str = "Subject: test\n\nwhat was in it\n") -> str:
    """Return a bounce with this status, which gives `returned` back."""
    parts = (
        ("text/plain", "I'm sorry to have to inform you\n"),
        ("message/delivery-status", status),
        ("message/rfc822", returned),
    )
    body = "".join(f"--b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    head = "From: MAILER-DAEMON@out.example.net\nSubject: Undelivered Mail\n"
    return f'{head}Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n{body}--b--\n'


@pytest.fixture(scope="module")
def made() -> Run:
    return run_of(RUN, datetime.now(UTC), {case: SETUPS[case] for case in ("mx-unlisted", "open")})


def returning(text: str, *, sender: str = "", to: str = sender_of(RUN)) -> Callable[[Set], None]:
    """Return a client that brings a mail to the address that the mails of the run are from."""

    def client(one: Set) -> None:
        (server,) = (
            each for each in one.run.lab.world.smtp_servers if each.name.endswith(f".{to.rpartition('@')[2]}")
        )
        with smtplib.SMTP(*one.at(server.addresses[0], SMTP_PORT), timeout=CLIENT_S_MAX) as talk:
            talk.sendmail(sender, [to], text)

    return client


def test_a_bounce_that_comes_back_is_told_with_the_case_it_is_about(made: Run) -> None:
    test = watched(made, returning(notice()))
    (bounce,) = test.bounces
    assert (bounce.reporting_mta, bounce.recipients) == (
        "out.example.net",
        (SeenRecipient(TO, "failed", "4.7.5", "", "Server certificate not verified"),),
    )
    assert b"what was in it" not in write_test(test)
    assert read_test(write_test(test)).bounces == test.bounces
    told = concluded(test, SENDERS, "test").bounces
    assert told == (ToldBounce("mx-unlisted", "failed", "4.7.5", "Server certificate not verified"),)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        (notice(), "me@example.net"),
        (notice(STATUS.replace(TO, "you@example.org")), ""),
        ("Subject: away\n\nI am on holiday.\n", ""),
    ],
    ids=["with a sender, as no bounce has", "about mail to anybody else", "an answer by a machine"],
)
def test_what_is_no_bounce_of_mail_to_the_set_is_a_mail_like_others(
    made: Run, text: str, sender: str
) -> None:
    test = watched(made, returning(text, sender=sender))
    assert test.bounces == ()
    assert [one.headers is not None for one in test.connections] == [True]


def test_of_a_long_bounce_the_beginning_is_read(made: Run) -> None:
    test = watched(made, returning(notice(returned="y" * 900 + "\n" + f"{'x' * 900}\n" * 200)))
    assert [one.recipients[0].status for one in test.bounces] == ["4.7.5"]


def test_a_bounce_is_kept_within_its_bounds() -> None:
    long = STATUS.replace("Server", "S" * 1500).replace("out.", f"{'o' * 500}.")
    many = "\n".join([long, *(long.partition("\n\n")[2] for _ in range(2 * BOUNCED_RECIPIENTS_MAX))])
    found = bounce_of(notice(many).encode(), NOW, CLIENT, lambda address: True)
    assert found is not None
    assert len(found.recipients) == BOUNCED_RECIPIENTS_MAX
    assert max(len(one.diagnostic) for one in found.recipients) <= 1000
    assert len(found.reporting_mta) <= 320
    unreached = notice(returned="", status="x\n" * BOUNCE_BYTES_MAX + STATUS)
    assert bounce_of(unreached.encode(), NOW, CLIENT, lambda address: True) is None
    unsaid = STATUS.replace("failed", "eaten")
    told = bounce_of(notice(unsaid).encode(), NOW, CLIENT, lambda address: True)
    assert told is not None
    assert told.recipients[0].action == "unstated"
    overlong = STATUS.replace(TO, f"{'t' * 400}@example.org")
    assert bounce_of(notice(overlong).encode(), NOW, CLIENT, lambda address: True) is None


@EXHAUSTIVE
def test_on_a_public_host_a_bounce_is_noted_in_the_run_that_it_is_about_and_one_with_another_token_is_not() -> (
    None
):
    made = public_set_at(datetime.now(UTC))
    door = SITE.addresses[0]

    def client(reached: Reached) -> None:
        for run, token in ((RUNS[1], f"token-{RUNS[1]}"), (RUNS[0], "guessed")):
            about = f"{token}@mx-unlisted-{run}.{ZONE}"
            with smtplib.SMTP(*reached.at(door, SMTP_PORT), timeout=CLIENT_S_MAX) as talk:
                talk.sendmail("", [f"token-{run}@open-{run}.{ZONE}"], notice(STATUS.replace(TO, about)))

    tests = public_watched(made, client, lambda: datetime.now(UTC)).tests
    assert [len(tests[run].bounces) for run in RUNS] == [0, 1]
    assert [one.case for one in concluded(tests[RUNS[1]], SENDERS, "test").bounces] == ["mx-unlisted"]


def test_what_a_bounce_says_can_be_written_whatever_its_charset() -> None:
    said = notice().replace(
        "Content-Type: message/delivery-status", "Content-Type: message/delivery-status; charset=utf-7"
    )
    bounce = bounce_of(said.replace("not verified", "+2AA-").encode(), NOW, CLIENT, lambda _: True)
    assert bounce is not None
    (told,) = bounce.recipients
    assert told.diagnostic == "Server certificate +2AA-"
    assert msgspec.json.decode(msgspec.json.encode(bounce), type=SeenBounce) == bounce


def test_a_bounce_is_of_whoever_reports_of_our_mail() -> None:
    other = "Reporting-MTA: dns; first.example\n\nFinal-Recipient: rfc822; a@elsewhere.example\nAction: failed\nStatus: 5.0.0\n"
    said = notice().replace(
        "--b\nContent-Type: message/d",
        f"--b\nContent-Type: message/delivery-status\n\n{other}\n--b\nContent-Type: message/d",
    )
    bounce = bounce_of(said.encode(), NOW, CLIENT, lambda address: address == TO)
    assert bounce is not None
    assert bounce.reporting_mta == "out.example.net"
