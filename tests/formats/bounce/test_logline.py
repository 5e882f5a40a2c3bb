"""Lines of mail logs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.logline import LogLine, parse_log_line

AT = datetime(2026, 11, 20, 9, 2, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "want"),
    [
        (
            (
                "2026-11-20T09:02:44.5+00:00 mail postfix/smtp[123]: 4Fxyz: to=<a@example.com>, relay=mx.example.com[192.0.2.1]:25,"
                " delay=300.5, delays=1/0/2/3, dsn=4.7.5, status=deferred (Server certificate not verified)"
            ),
            LogLine(
                "postfix",
                "Server certificate not verified",
                "a@example.com",
                "mx.example.com",
                "192.0.2.1",
                "4.7.5",
                "deferred",
                300,
                AT,
                "123",
                "4Fxyz",
            ),
        ),
        (
            "Nov 20 09:02:44 mail postfix/smtp[123]: 4F: to=<a@example.com>, relay=none, delay=1, dsn=5.4.4, status=bounced (Host not found (x))",
            LogLine(
                "postfix",
                "Host not found (x)",
                "a@example.com",
                "",
                "",
                "5.4.4",
                "bounced",
                1,
                None,
                "123",
                "4F",
            ),
        ),
        (
            "Nov 20 09:02:44 mail postfix/smtp[123]: warning: TLS policy lookup for example.com/mx: non DNSSEC destination",
            LogLine(
                "postfix",
                "warning: TLS policy lookup for example.com/mx: non DNSSEC destination",
                session="123",
            ),
        ),
        (
            (
                "Nov 20 09:02:44 mail sendmail[9]: x1: to=<a@example.com>, delay=1+02:00:09, xdelay=00:00:01, mailer=esmtp,"
                " relay=mx.example.com. [192.0.2.1], dsn=4.0.0, stat=Deferred: 403 4.7.0 TLS handshake failed."
            ),
            LogLine(
                "sendmail",
                "Deferred: 403 4.7.0 TLS handshake failed.",
                "a@example.com",
                "mx.example.com.",
                "192.0.2.1",
                "4.0.0",
                "deferred",
                93609,
                None,
                "9",
                "x1",
            ),
        ),
        (
            (
                "2026-11-20 09:02:44 1tDabc-0000000abcd-1xyz == a@example.com R=dnslookup T=remote_smtp H=mx.example.com [192.0.2.1]"
                " defer (-37): TLS session: (certificate verify failed): error"
            ),
            LogLine(
                "exim",
                "defer (-37): TLS session: (certificate verify failed): error",
                "a@example.com",
                "mx.example.com",
                "192.0.2.1",
                "",
                "deferred",
                None,
                AT,
                "1tDabc-0000000abcd-1xyz",
                "1tDabc-0000000abcd-1xyz",
            ),
        ),
        (
            "2026-11-20 09:02:44 1tDabc-0005xY-Qz ** a@example.com R=dnslookup T=remote_smtp: retry timeout exceeded",
            LogLine(
                "exim",
                "retry timeout exceeded",
                "a@example.com",
                outcome="bounced",
                at=AT,
                session="1tDabc-0005xY-Qz",
                queue_id="1tDabc-0005xY-Qz",
            ),
        ),
        (
            (
                "Reason: [{LED=450 4.4.317 Cannot connect [Message=451 4.4.8 x]};{MSG=x};{FQDN=mx.example.com};{IP=192.0.2.1};"
                "{LRT=11/20/2026 9:02:44 AM}]"
            ),
            LogLine(
                "exchange",
                "450 4.4.317 Cannot connect [Message=451 4.4.8 x]",
                "",
                "mx.example.com",
                "192.0.2.1",
                "",
                "deferred",
                None,
                AT,
            ),
        ),
        (
            "Nov 20 mail qmail: 1793700764.123456 delivery 7: deferral: I_wasn't_able_to_connect._(#4.4.1)/I'll_try_again./",
            LogLine(
                "qmail", "I wasn't able to connect. (#4.4.1) I'll try again.", outcome="deferred", at=None
            ),
        ),
        (
            "2026-11-20 09:02:44 1tDabc-0000000abcd-1xyz DANE attempt failed; TLS connection to mx.example.com: error",
            LogLine(
                "exim",
                "DANE attempt failed; TLS connection to mx.example.com: error",
                at=AT,
                session="1tDabc-0000000abcd-1xyz",
            ),
        ),
    ],
)
def test_a_line_tells_of_an_attempt(line: str, want: LogLine) -> None:
    assert parse_log_line(line) == want


@pytest.mark.parametrize(
    "line",
    [
        '2026-11-20 09:02:44 1tDabc-0000000abcd-1xyz <= a@example.com H=mx [192.0.2.1] T="Connection refused"',
        "",
        "451 4.4.8 MX hosts",
        "Nov 20 09:02:44 mail sshd[1]: Accepted",
        "From: a@example.com",
    ],
)
def test_other_lines_are_none(line: str) -> None:
    assert parse_log_line(line) is None


@given(st.text(max_size=300))
def test_any_line_is_read_or_not(line: str) -> None:
    parse_log_line(line)
    parse_log_line(f"postfix/smtp[1]: {line}")
    parse_log_line(f"1tDabc-0005xY-Qz == {line}")


def test_a_line_is_that_of_the_program_that_wrote_it_whatever_it_quotes() -> None:
    quoted = "[{LED=450 4.4.317 no};{FQDN=mx.example.net};{IP=192.0.2.9};{LRT=11/20/2026 9:02:44 AM}]"
    exim = parse_log_line(f"2026-11-20 09:02:44 1tDabc-0005xY-Qz == a@example.com R=r defer (-37): {quoted}")
    assert exim == LogLine(
        "exim",
        f"defer (-37): {quoted}",
        "a@example.com",
        outcome="deferred",
        at=AT,
        session="1tDabc-0005xY-Qz",
        queue_id="1tDabc-0005xY-Qz",
    )
    qmail = parse_log_line(f"delivery 7: failure: {quoted}")
    assert (qmail and qmail.program, qmail and qmail.outcome) == ("qmail", "bounced")
    postfix = parse_log_line(
        f"postfix/smtp[1]: 4F: to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred (1tDabc-0005xY-Qz ** b {quoted})"
    )
    assert postfix == LogLine(
        "postfix",
        f"1tDabc-0005xY-Qz ** b {quoted}",
        "a@example.com",
        status="4.4.1",
        outcome="deferred",
        session="1",
        queue_id="4F",
    )


def test_a_date_that_is_said_of_a_delivery_is_not_that_of_its_line() -> None:
    said = "delivery 7: failure: quota_until_2026-11-20_09:02:44_and_2026-11-20T09:02:44Z/"
    got = parse_log_line(said)
    assert (got and got.at, got and got.outcome) == (None, "bounced")
    stamped = parse_log_line(f"2026-11-20 09:02:44 {said}")
    assert (stamped and stamped.at) == AT


def test_the_process_of_a_line_is_told_from_the_address_of_its_relay() -> None:
    got = parse_log_line(
        "Nov 20 09:02:44 [mail] sm-mta[77]: x1: to=<a@example.com>, delay=2+00:00:01, relay=mx.example.com [192.0.2.1], stat=User unknown [5]"
    )
    assert got == LogLine(
        "sendmail",
        "User unknown [5]",
        "a@example.com",
        "mx.example.com",
        "192.0.2.1",
        outcome="bounced",
        delay_s=172_801,
        session="77",
        queue_id="x1",
    )
