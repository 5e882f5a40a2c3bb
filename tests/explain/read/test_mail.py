"""From a message to what it says: which part is the report, who is reported of, and what is a bounce at all."""

import gzip

import pytest

from mxproof.explain.read.mail import (
    ATTEMPTS_MAX,
    NESTING_MAX,
    SIGNATURES_MAX,
    bare_report,
    material,
    recipient,
    reporting_host,
    signatures,
    tls_report,
)
from mxproof.explain.read.material import Material, MaterialForm, Notification, Statement, StatementPlace
from mxproof.formats.bounce.dsn import Action, DeliveryStatus, RecipientStatus
from mxproof.formats.bounce.logline import LogLine
from mxproof.formats.bounce.mime import parse_mail
from support_evidence import OBSERVED_AT

REPLY = "550 5.1.1 no such user"
NOTICE = f"<user@example.com>: host mx.example.com said: {REPLY}"
STATUS = f"Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; user@example.com\nAction: failed\nDiagnostic-Code: smtp; {REPLY}\n"
RETURNED = "Return-Path: <bounce@news.sender.example>\nFrom: Author <author@sender.example>\nSubject: hello\n\nsecret\n"


def read(*parts: tuple[str, str], **fields: str) -> Material:
    """Return what a message with these parts, by media type, and these header fields says."""
    return material(parse_mail(mail(*parts, **fields).encode()), markup=False)


def mail(*parts: tuple[str, str], **fields: str) -> str:
    kind = fields.pop("kind", "mixed")
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    inner = sum(len(text) for _, text in parts)  # so that no part has the boundary of the whole
    whole = "".join(f"--b{inner}\nContent-Type: {media_type}\n\n{text}\n" for media_type, text in parts)
    return f"{head}Content-Type: multipart/{kind}; boundary=b{inner}\n\n{whole}--b{inner}--\n"


def texts(got: Material, place: StatementPlace) -> list[str]:
    return [one.text for one in got.statements if one.place is place]


def test_a_report_tells_its_recipients_and_beside_it_stand_the_notice_and_whose_mail_it_was() -> None:
    got = read(
        ("text/plain", NOTICE),
        ("message/delivery-status", STATUS),
        ("message/rfc822", RETURNED),
        From="MAILER-DAEMON@mx.example.net",
        To="bounce@news.sender.example",
    )
    assert (got.form, got.reporting_host, got.sender_domain) == (
        MaterialForm.BOUNCE,
        "mx.example.net",
        "news.sender.example",
    )
    assert [one.address for one in got.recipients] == ["user@example.com"]
    assert got.statements == (
        Statement(StatementPlace.DIAGNOSTIC, REPLY, "user@example.com"),
        Statement(StatementPlace.NOTICE, NOTICE.removeprefix("<user@example.com>: "), "user@example.com"),
    )
    assert "secret" not in got.marks


@pytest.mark.parametrize(
    ("returned", "to", "want"),
    [
        ("Return-Path: <>\nFrom: author@sender.example\n\n", "", "sender.example"),
        ("Subject: hello\n\nFrom: body@example.org\n", "x@to.example", ""),
        ("From: A@Sender.Example\nFrom: b@second.example\n\n", "", "sender.example"),
        (None, "author@to.example", "to.example"),
        (None, "nobody", ""),
    ],
)
def test_the_author_is_that_of_the_returned_message_or_who_the_bounce_went_to(
    returned: str | None, to: str, want: str
) -> None:
    parts = [("message/delivery-status", STATUS)]
    parts += [("text/rfc822-headers", returned)] if returned is not None else []
    assert read(*parts, From="postmaster@example.net", To=to).sender_domain == want


@pytest.mark.parametrize(
    "fields",
    [
        {"From": "Mail Delivery System <MAILER-DAEMON@example.net>"},
        {"From": "postmaster@example.net"},
        {"From": "=?utf-8?q?Mail_Delivery_Subsystem?= <x@example.net>"},
        {"Return_Path": "<>"},
        {"kind": "report; report-type=delivery-status"},
        {"From": "person@example.net", "Subject": "Undelivered Mail Returned to Sender"},
        {"From": "person@example.net", "Subject": "=?utf-8?q?Unzustellbar=3A_hallo?="},
    ],
)
def test_what_a_mail_system_sends_or_is_called_a_failure_is_a_bounce(fields: dict[str, str]) -> None:
    assert read(("text/plain", "words"), **fields).form is MaterialForm.BOUNCE


@pytest.mark.parametrize(
    "fields",
    [
        {"From": "person@example.net", "Subject": "hello"},
        {"From": "person@example.net", "Subject": "Undelivered parcel", "Auto_Submitted": "auto-replied"},
        {"From": "person@example.net", "Return_Path": "<person@example.net>"},
    ],
)
def test_what_a_person_or_an_answering_machine_sends_is_none(fields: dict[str, str]) -> None:
    assert read(("text/plain", "words"), **fields).form is MaterialForm.MESSAGE


@pytest.mark.parametrize(
    ("text", "fields", "form"),
    [
        (f"Look at this:\n\n{REPLY}\n", {}, MaterialForm.BOUNCE),
        (f"it said '{REPLY}'", {}, MaterialForm.BOUNCE),
        ("in 1550 they said no", {}, MaterialForm.MESSAGE),
        (REPLY, {"Auto_Submitted": "auto-replied"}, MaterialForm.MESSAGE),
        (REPLY, {"Authentication_Results": "mx.example.net; spf=pass"}, MaterialForm.MESSAGE),
    ],
)
def test_a_person_s_mail_is_a_bounce_where_a_reply_is_quoted_in_it(
    text: str, fields: dict[str, str], form: MaterialForm
) -> None:
    got = read(("text/plain", text), From="person@example.net", **fields)
    assert got.form is form


def test_a_reply_beside_what_was_found_of_the_sender_is_a_statement_unless_a_machine_answers() -> None:
    results = {"From": "a@sender.example", "Authentication_Results": "mx.example.net; spf=fail"}
    got = read(("text/plain", REPLY), **results)
    assert (got.form, got.sender_domain, len(got.auth)) == (MaterialForm.MESSAGE, "sender.example", 1)
    assert texts(got, StatementPlace.NOTICE) == [REPLY]
    assert texts(read(("text/plain", "hello"), **results), StatementPlace.NOTICE) == []
    automatic = read(("text/plain", REPLY), **results, Auto_Submitted="auto-replied")
    assert texts(automatic, StatementPlace.NOTICE) == []
    assert automatic.notification is Notification.AUTOMATIC_REPLY
    assert got.notification is None


def test_a_bounce_that_a_person_forwards_as_an_attachment_is_read_in_its_place() -> None:
    inner = mail(
        ("text/plain", NOTICE), ("message/delivery-status", STATUS), From="MAILER-DAEMON@example.net"
    )
    got = read(("text/plain", "what is this?"), ("message/rfc822", inner), From="person@example.org")
    assert [one.address for one in got.recipients] == ["user@example.com"]
    in_words = mail(("text/plain", "words"), From="MAILER-DAEMON@example.net", To="x@inner.example")
    assert read(("message/rfc822", in_words), From="person@example.org").sender_domain == "inner.example"


def test_the_message_that_a_mail_system_returns_is_not_read_in_place_of_its_bounce() -> None:
    inner = mail(("message/delivery-status", STATUS), From="MAILER-DAEMON@example.net")
    assert read(("message/rfc822", inner), From="MAILER-DAEMON@outer.example").recipients == ()
    other = STATUS.replace("user@", "outer@")
    got = read(("message/delivery-status", other), ("message/rfc822", inner), From="person@example.org")
    assert [one.address for one in got.recipients] == ["outer@example.com"]


def test_an_attachment_that_is_no_bounce_is_no_bounce() -> None:
    inner = "From: a@example.org\nSubject: hello\n\nhello\n"
    got = read(("message/rfc822", inner), From="person@example.org")
    assert (got.form, got.sender_domain) == (MaterialForm.MESSAGE, "example.org")


@pytest.mark.parametrize(("times", "is_found"), [(NESTING_MAX, True), (NESTING_MAX + 1, False)])
def test_a_bounce_is_looked_for_three_attachments_deep(times: int, *, is_found: bool) -> None:
    whole = mail(("message/delivery-status", STATUS), From="MAILER-DAEMON@example.net")
    for place in range(times):
        subject = "delivery failure" if place < times - 1 else "hello"
        outer = f"From: person@example.org\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=c{place}\n\n"
        whole = f"{outer}--c{place}\nContent-Type: message/rfc822\n\n{whole}\n--c{place}--\n"
    found = material(parse_mail(whole.encode()), markup=False)
    assert bool(found.recipients) is is_found


def test_a_report_in_the_prose_is_read_where_no_part_has_one() -> None:
    got = read(("text/plain", f"Sorry.\n\n{STATUS}"), From="MAILER-DAEMON@example.net")
    assert [one.address for one in got.recipients] == ["user@example.com"]
    assert got.reporting_host == "mx.example.net"
    both = read(
        ("text/plain", STATUS.replace("user@", "prose@")),
        ("message/delivery-status", STATUS),
        From="MAILER-DAEMON@example.net",
    )
    assert [one.address for one in both.recipients] == ["user@example.com"]


@pytest.mark.parametrize(
    ("media_type", "want"),
    [
        ("message/disposition-notification", Notification.RECEIPT),
        ("message/feedback-report", Notification.COMPLAINT),
    ],
)
def test_a_receipt_and_a_complaint_are_no_failure(media_type: str, want: Notification) -> None:
    got = read(("text/plain", REPLY), (media_type, "User-Agent: x\n"), From="person@example.org")
    assert (got.form, got.notification, got.statements) == (MaterialForm.BOUNCE, want, ())


def test_what_stands_in_html_is_read_where_that_is_wanted_and_else_told_as_unread() -> None:
    parts = (("text/plain", "see below"), ("text/html", f"<p>{REPLY}</p>"))
    without = read(*parts, From="MAILER-DAEMON@example.net")
    assert (texts(without, StatementPlace.NOTICE), without.has_markup_unread) == (["see below"], True)
    with_it = material(parse_mail(mail(*parts, From="MAILER-DAEMON@example.net").encode()), markup=True)
    assert any(REPLY in text for text in texts(with_it, StatementPlace.NOTICE))
    assert not with_it.has_markup_unread
    assert not read(parts[0], From="MAILER-DAEMON@example.net").has_markup_unread


def test_what_stands_behind_the_returned_message_is_no_notice() -> None:
    got = read(
        ("text/plain", "sorry"),
        ("message/delivery-status", STATUS),
        ("text/plain", "more"),
        ("message/rfc822", RETURNED),
        ("text/plain", "footer"),
        ("text/html", "footer"),
        From="MAILER-DAEMON@example.net",
    )
    said = " ".join(texts(got, StatementPlace.NOTICE))
    assert "sorry" in said
    assert "more" in said
    assert "footer" not in said
    assert not got.has_markup_unread


@pytest.mark.parametrize(
    ("notice", "want"),
    [
        ("of <other@example.com> and <user@example.com>", "user@example.com"),
        ("of <user@example.com> and <second@example.com>", ""),
        ("of <other@example.com>", ""),
        ("nobody", ""),
    ],
)
def test_a_notice_is_about_the_one_recipient_of_the_report_that_it_speaks_of(notice: str, want: str) -> None:
    second = "\nFinal-Recipient: rfc822; second@example.com\nAction: failed\n"
    got = read(
        ("text/plain", notice), ("message/delivery-status", STATUS + second), From="MAILER-DAEMON@x.example"
    )
    (said,) = (one for one in got.statements if one.place is StatementPlace.NOTICE)
    assert said.recipient == want


def test_the_attempts_that_a_notice_tells_stand_in_order_with_the_last_of_the_report() -> None:
    lines = "11/21/2026 9:02:51 AM - Server at x returned\n11/20/2026 9:02:51 PM - Server at x returned\n"
    status = f"{STATUS}Last-Attempt-Date: Fri, 20 Nov 2026 22:00:00 +0000\n"
    got = read(("text/plain", lines), ("message/delivery-status", status), From="MAILER-DAEMON@example.net")
    assert [(at.day, at.hour) for at in got.attempts] == [(20, 21), (20, 22), (21, 9)]
    many = lines.splitlines()[0] + "\n"
    assert (
        len(read(("text/plain", many * (ATTEMPTS_MAX + 1)), From="MAILER-DAEMON@x.example").attempts) == 100
    )


@pytest.mark.parametrize(
    ("notice", "want"),
    [
        ("This is the mail system at host mx.example.net.\n", "mx.example.net"),
        ("Generating server: AM0.example.com\n", "AM0.example.com"),
        ("This is the Postfix program at host mx1.example.org.", "mx1.example.org"),
        ("the program at rest\nGenerating server: mx.example.net\n", "rest"),
        ("a server\nthe mail system at host mx.example.net\n", "mx.example.net"),
        ("hello mx.example.net", ""),
        ("", ""),
    ],
)
def test_a_notice_names_the_host_that_it_comes_from(notice: str, want: str) -> None:
    assert reporting_host(notice) == want


def test_the_keys_of_ten_signatures_are_known_as_far_as_they_are_named() -> None:
    fields = [("DKIM-Signature", f"v=1; d=sender.example; s=s{place}") for place in range(SIGNATURES_MAX + 1)]
    assert [one.selector for one in signatures((("Subject", "d=x; s=y"), *fields))] == [
        f"s{place}" for place in range(10)
    ]
    assert signatures((("dkim-signature", "v=1; d=sender.example"),)) == ()


@pytest.mark.parametrize(
    ("outcome", "action"),
    [
        ("sent", Action.DELIVERED),
        ("deferred", Action.DELAYED),
        ("bounced", Action.FAILED),
        ("", Action.FAILED),
    ],
)
def test_a_line_of_a_log_tells_what_was_done_for_its_recipient(outcome: str, action: Action) -> None:
    line = LogLine(
        program="postfix",
        at=OBSERVED_AT,
        text="said\n no",
        outcome=outcome,
        status="5.1.1",
        relay="mx.example.com",
    )
    assert recipient("user@example.com", line) == RecipientStatus(
        "user@example.com", action, "5.1.1", "mx.example.com", "said no", OBSERVED_AT
    )


def test_an_attached_tls_report_is_the_material_packed_or_not() -> None:
    plain = read(("application/tlsrpt+json", '{"policies": []}'), From="postmaster@example.net")
    assert (plain.form, plain.tls_report.strip()) == (MaterialForm.TLS_REPORT, b'{"policies": []}')
    packed = gzip.compress(b'{"policies": []}')
    head = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: 8bit\n\n"
    for data, want in ((packed, b'{"policies": []}'), (b"no gzip", b"application/tlsrpt+gzip")):
        got = material(parse_mail(head + data + b"\n--b--\n"), markup=False)
        assert (got.form, got.tls_report.strip()) == (MaterialForm.TLS_REPORT, want)


def test_a_bare_report_has_its_text_for_its_notice() -> None:
    report = DeliveryStatus("mx.example.net", None, (RecipientStatus("user@example.com", diagnostic=REPLY),))
    got = bare_report("Generating server: other.example\n", report)
    assert got.reporting_host == "mx.example.net"
    assert texts(got, StatementPlace.DIAGNOSTIC) == [REPLY]
    assert (
        bare_report("Generating server: other.example\n", DeliveryStatus()).reporting_host == "other.example"
    )


def test_a_tls_report_is_one_line_in_lower_case_for_its_marks() -> None:
    got = tls_report('{"Organization-Name":\n "Example"}')
    assert got.marks == '{"organization-name":\n "example"}'
    assert texts(got, StatementPlace.LINE) == ['{"Organization-Name": "Example"}']
