"""From what is given to the answer: forms, other kinds, leads and exit statuses."""

import base64

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, status_of_explanation
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.engine import explain
from support_tlsrpt import SAMPLES

REPORT = """From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

This is the mail system at host mx.example.net.

{notice}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Fri, 20 Nov 2026 09:00:00 +0000

Final-Recipient: rfc822; user@example.com
Action: {action}
Status: {status}
{diagnostic}
--b
Content-Type: message/rfc822

From: author@sender.example
Subject: SPF and DMARC policy: 550 5.7.26 Multiple authentication checks failed

--b--
"""


def _report(notice: str = "", diagnostic: str = "", status: str = "5.0.0", action: str = "failed") -> bytes:
    field = f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else ""
    return REPORT.format(notice=notice, diagnostic=field, status=status, action=action).encode()


def _codes(data: bytes) -> list[str]:
    return [claim.code for claim in explain(data).causes]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("450 4.7.325 certificate-host-mismatch: Remote certificate MUST have", ["dane_cert_name"]),
        (
            "status=deferred (server unavailable or unable to receive mail)",
            ["mtasts_mx_mismatch_or_all_mx_skipped"],
        ),
        (
            "warning: MX name 'a.example.com' does not match STS MX pattern for 'example.com'",
            ["mtasts_mx_mismatch"],
        ),
        ("550 5.7.25 nobody knows these words", ["ptr_missing"]),
        ("421 4.7.26 words\n550 5.1.10 words", ["auth_multiple", "null_mx"]),
    ],
)
def test_lines_of_text_are_explained(text: str, want: list[str]) -> None:
    assert _codes(text.encode()) == want


@pytest.mark.parametrize(
    "text", ["", "   \n", "hello world", "Subject: hello", "\x00\x01\x02", "From: a@b.c\nTo: d@e.f\n\nhi"]
)
def test_what_is_nothing_of_the_kind_is_not_understood(text: str) -> None:
    got = explain(text.encode())
    assert (status_of_explanation(got), got.kind, got.causes) == (UNKNOWN, CauseKind.OTHER, ())


@pytest.mark.parametrize(
    ("diagnostic", "status", "want"),
    [
        ("550 5.1.1 <user@example.com>: User unknown", "5.1.1", "user-unknown"),
        ("552 5.2.2 over quota", "5.2.2", "mailbox-full"),
        ("554 5.7.1 <user@example.com>: Relay access denied", "5.7.1", "relay-denied"),
        ("550 what is this", "5.2.2", "mailbox-full"),
        ("552 Too many recipients", "5.0.0", "too-many"),
        ("", "5.0.0", "unstated"),
        ("", "5.4.7", "expired"),
    ],
)
def test_a_bounce_of_another_kind_is_named(diagnostic: str, status: str, want: str) -> None:
    got = explain(_report(diagnostic=diagnostic, status=status))
    assert got.other == want
    assert (status_of_explanation(got), got.kind, got.causes) == (PROBLEM, CauseKind.OTHER, ())


def test_words_of_the_returned_message_state_nothing() -> None:
    assert _codes(_report(diagnostic="550 5.1.1 User unknown", status="5.1.1")) == []


def test_a_code_in_a_report_is_a_lead_and_no_claim() -> None:
    got = explain(_report(diagnostic="550 5.7.25 nobody knows these words", status="5.7.25"))
    assert (got.causes, [lead.code for lead in got.leads]) == ((), ["ptr_missing"])
    assert got.other == "unclear"
    assert status_of_explanation(got) == PROBLEM


def test_an_expiry_is_claimed_only_where_nothing_else_is() -> None:
    expired = "retry timeout exceeded"
    assert _codes(_report(diagnostic=expired)) == ["queue_expired"]
    refused = "connect to mx.example.com[192.0.2.1]:25: Connection refused"
    assert _codes(_report(notice=f"<user@example.com>: {refused}", diagnostic=expired)) == ["connect_refused"]
    assert _codes(_report(notice="<user@example.com>: mailbox is full", diagnostic=expired)) == []


def test_the_diagnostic_decides_before_the_prose() -> None:
    got = _codes(
        _report(
            notice="<user@example.com>: 550 5.7.26 Multiple authentication checks failed",
            diagnostic="4.7.5 Server certificate not verified",
        )
    )
    assert got == ["cert_not_verified"]


def test_a_transcript_is_a_lead_beside_a_diagnostic_and_a_claim_without() -> None:
    said = "<<< 550-5.7.1 This message does not have authentication information or fails to pass\n"
    said += "<<< 550 5.7.1 authentication checks."
    beside = explain(
        _report(notice=said, diagnostic="550-5.7.1 This message does not have authentication information")
    )
    assert ([one.code for one in beside.causes], [one.code for one in beside.leads]) == ([], ["auth_none"])
    alone = explain(_report(notice=said))
    assert [one.code for one in alone.causes] == ["auth_none"]


def test_a_delay_without_a_reason_is_a_delay() -> None:
    assert explain(_report(status="4.0.0", action="delayed")).other == "delayed"


def test_a_receipt_is_no_bounce() -> None:
    got = explain(_report(status="2.0.0", action="delivered", diagnostic="250 2.1.5 Ok"))
    assert (got.other, status_of_explanation(got)) == ("delivered", PROBLEM)


def test_the_sender_model_of_postfix_follows_from_the_cause() -> None:
    by = {
        "4.7.5 TLSA lookup error for mx.example.com:25": "postfix-dane",
        "MX name 'a.example.com' does not match STS MX pattern for 'example.com'": "postfix-sts",
        "4.7.4 TLS is required, but was not offered by host mx.example.com[192.0.2.1]": None,
    }
    for words, want in by.items():
        got = explain(_report(diagnostic=words))
        assert (got.reporter.name, got.reporter.sender) == ("Postfix", want)


def test_the_domain_to_look_at_is_the_one_that_was_found_wanting() -> None:
    sent = explain(_report(diagnostic="4.7.5 Server certificate not verified"))
    assert (sent.decided_by, sent.domain) == ("sender", "example.com")
    received = explain(_report(diagnostic="550 5.7.26 Multiple authentication checks failed"))
    assert (received.decided_by, received.domain) == ("receiver", "sender.example")


def test_a_log_tells_how_long_it_was_tried() -> None:
    line = (
        "2026-11-20T0{}:02:44+00:00 mail postfix/smtp[1]: 4F: to=<a@example.com>, relay=mx.example.com[192.0.2.1]:25,"
        " delay={}, dsn=4.7.5, status=deferred (Server certificate not verified)\n"
    )
    got = explain("".join(line.format(hour, hour * 3600) for hour in (1, 2, 3)).encode())
    assert got.retried_s == 3 * 3600
    assert [(one.address, one.status, one.causes) for one in got.recipients] == [
        ("a@example.com", "4.7.5", ("cert_not_verified",))
    ]
    assert got.causes[0].host == "mx.example.com"


def test_the_kind_of_a_recipient_is_told_of_each_of_several() -> None:
    def kinds(report: bytes) -> list[tuple[str, str | None]]:
        return [(one.address, one.other) for one in explain(report).recipients]

    unknown = _report(diagnostic="550 5.1.1 <user@example.com>: User unknown", status="5.1.1")
    full = (
        b"\nFinal-Recipient: rfc822; more@example.com\nAction: failed\nStatus: 5.2.2\n"
        b"Diagnostic-Code: smtp; 552 5.2.2 over quota\n"
    )
    place = unknown.index(b"\n--b\nContent-Type: message/rfc822")
    assert kinds(unknown) == [("user@example.com", None)]
    assert kinds(unknown[:place] + full + unknown[place:]) == [
        ("user@example.com", "user-unknown"),
        ("more@example.com", "mailbox-full"),
    ]


def test_a_report_pasted_without_its_message_is_a_report() -> None:
    text = "Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; b@example.com\nAction: failed\nStatus: 5.1.1\n"
    got = explain(text.encode())
    assert (got.other, [one.address for one in got.recipients]) == ("user-unknown", ["b@example.com"])


def test_a_tls_report_is_told_apart() -> None:
    rows = '{"organization-name": "x", "policies": [{"failure-details": [{"result-type": "validation-failure"}]}]}'
    got = explain(rows.encode())
    assert (got.other, got.causes, status_of_explanation(got)) == ("tls-report", (), PROBLEM)
    reason = rows.replace("validation-failure", 'x", "failure-reason-code": "MX_HOSTS_MISMATCH')
    assert status_of_explanation(explain(reason.encode())) == DONE


def test_the_rows_of_a_tls_report_are_causes_the_most_frequent_first() -> None:
    got = explain((SAMPLES / "syn-incident-cname.json").read_bytes())
    assert [(one.code, one.host) for one in got.causes] == [
        ("mtasts_fetch", "smol.example.com"),
        ("mtasts_cert_name", "tol.example.com"),
    ]
    assert (got.domain, got.reporter.sender) == ("example.com", "microsoft")


def test_a_tls_report_that_is_no_json_is_searched_for_reason_codes() -> None:
    broken = '{"organization-name": "x", "policies": [{"failure-reason-code": "MX_HOSTS_MISMATCH", ...'
    assert [one.code for one in explain(broken.encode()).causes] == ["mtasts_mx_mismatch"]


QUOTING = "From: {author}\nTo: b@example.com\nSubject: {subject}\n{field}\nSee: 451 4.4.8 MX hosts of 'a.example' failed MTA-STS"


@pytest.mark.parametrize(
    "field",
    [
        "List-Id: <list.example>\n",
        "List-Unsubscribe: <https://list.example>\n",
        "Precedence: bulk\n",
        "Auto-Submitted: auto-generated\n",
        "Auto-Submitted: auto-replied\n",
    ],
)
def test_mail_to_many_and_automatic_answers_only_quote_a_bounce(field: str) -> None:
    given = QUOTING.format(author="a@example.org", subject="Undeliverable: so what?", field=field)
    assert explain(given.encode()).causes == ()


@pytest.mark.parametrize(
    ("author", "field"),
    [("a@example.org", ""), ("mailer-daemon@example.org", "Auto-Submitted: auto-replied\n")],
)
def test_a_person_who_pastes_and_a_system_that_reports_are_believed(author: str, field: str) -> None:
    given = QUOTING.format(author=author, subject="Help", field=field)
    assert [claim.code for claim in explain(given.encode()).causes] == ["mtasts_mx_mismatch"]


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
def test_the_report_attached_to_a_forwarded_bounce_counts_whatever_its_subject(encoding: str) -> None:
    inner = _report(diagnostic="550 5.7.5 Remote certificate failed MTA-STS validation. Reason: Expired")
    attached = base64.encodebytes(inner) if encoding == "base64" else inner
    given = (
        b"From: a@example.org\nTo: b@example.com\nSubject: Fwd: Undeliverable\nContent-Type: multipart/mixed; boundary=F\n\n"
        b"--F\n\nSee below.\n--F\nContent-Type: message/rfc822\nContent-Transfer-Encoding: "
        + encoding.encode()
        + b"\n\n"
        + attached
        + b"\n--F--\n"
    )
    assert [claim.code for claim in explain(given).causes] == ["mtasts_cert_invalid"]


def test_words_of_another_kind_count_for_more_than_a_code() -> None:
    got = explain(b"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup")
    assert (got.causes, got.other) == ((), "user-unknown")


def test_prose_without_a_code_is_not_understood() -> None:
    assert status_of_explanation(explain(b"Our policy is that nobody is refused a rejected cake.")) == UNKNOWN


@pytest.mark.parametrize(
    ("kind", "want"),
    [("message/disposition-notification", "receipt"), ("message/feedback-report", "complaint")],
)
def test_reports_about_mail_that_arrived_are_no_bounces(kind: str, want: str) -> None:
    given = _report("Connection refused").replace(b"message/delivery-status", kind.encode())
    got = explain(given)
    assert (got.causes, got.other) == ((), want)


@pytest.mark.parametrize(("status", "want"), [("4.4.1", ["connect_timeout"]), ("4.0.0", [])])
def test_general_words_about_a_connection_count_beside_the_status_that_no_host_answered(
    status: str, want: list[str]
) -> None:
    got = explain(_report(diagnostic="Cannot connect: Connection timed out", status=status, action="delayed"))
    assert [claim.code for claim in got.causes] == want


@pytest.mark.parametrize(
    "words",
    ["The subject of the message is: {}", "554 with the subject of ({}) looks like spam", 'subject "{}"'],
)
def test_the_subject_of_the_returned_message_is_no_diagnosis(words: str) -> None:
    assert explain(words.format("Server certificate not verified").encode()).causes == ()


def test_what_is_quoted_goes_on_behind_an_apostrophe() -> None:
    got = explain(b"TLS Negotiation failed, the certificate doesn't match the host. Try again later.")
    assert got.causes[0].because == "TLS Negotiation failed, the certificate doesn't match the host"


def test_a_reason_that_mails_quoted_unevenly_is_read_whole() -> None:
    got = explain(
        b">> > Remote server returned '550 5.4.300 Message expired -> 451 4.7.5\n>> Remote\n"
        b">> > certificate MUST have a subject alternative name matching the\n>> hostname\n>> > (MTA-STS)'\n"
    )
    assert [one.code for one in got.causes] == ["mtasts_cert_name"]


def test_the_log_of_a_server_is_not_that_of_a_sender() -> None:
    client = "from mail-a.outbound.example[192.0.2.9]"
    log = "\n".join(
        f"Nov 25 10:00:00 mx1 postfix/smtpd[44]: {said}"
        for said in (
            f"connect {client}",
            f"SSL_accept error {client}: -1",
            "warning: TLS library problem: error:0A000412:SSL routines::ssl/tls alert bad certificate:rec.c:16:42:",
            f"lost connection after STARTTLS {client}",
        )
    )
    got = explain(log.encode())
    assert [one.code for one in got.causes] == ["cert_not_verified"]
    assert "had the message" not in got.words
    sent = "Nov 25 10:00:01 mx1 postfix/smtp[45]: 4c9: to=<a@example.com>, relay=none, status=deferred (x)\n"
    assert "had the message" in explain((sent + log.replace("smtpd[44]", "smtp[45]")).encode()).words


def test_a_piece_of_a_tls_report_is_one() -> None:
    piece = (
        '", "mx: mx.example.com" ],\n"policy-domain": "example.com" },\n"summary": {\n'
        '"total-failure-session-count": 7 },\n"failure-details": [ {\n"result-type": "certificate-host-mismatch",\n'
    )
    got = explain(piece.encode())
    assert (got.other, got.causes, got.leads) == ("tls-report", (), ())


def test_a_bounce_beside_a_piece_of_a_tls_report_is_read() -> None:
    piece = b'"policy-type": "sts",\n"failure-details": [ {\n"result-type": "certificate-expired" } ]\n'
    bounce = b"451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation\n"
    for text in (bounce + piece, piece + bounce):
        assert [one.code for one in explain(text).causes] == ["mtasts_mx_mismatch"]


def test_a_policy_that_authorizes_no_host_is_no_refusal_of_a_receiver() -> None:
    got = explain(
        b"to=<a@example.com>, relay=none, delay=5, delays=0/0/5/0, dsn=4.7.5, status=deferred "
        b"(no available MX host is authorized by the MTA-STS policy)"
    )
    assert [(one.code, one.confidence.value) for one in got.causes] == [("mtasts_mx_mismatch", "guess")]


def test_what_stands_in_html_is_looked_at_only_where_the_plain_text_tells_no_cause() -> None:
    def told(plain: str) -> list[str]:
        html = "<p>450 4.7.325 certificate-host-mismatch: Remote certificate MUST have</p>"
        mail = (
            "From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered Mail\n"
            "Content-Type: multipart/alternative; boundary=b\n\n"
            f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
        )
        return _codes(mail.encode())

    assert told("Your mail could not be delivered.") == ["dane_cert_name"]
    assert told("550 5.7.26 Multiple authentication checks failed") == ["auth_multiple"]
