"""Which of several voices in one bounce is heard: HTML and plain text, header and quoted bounce, one recipient and another."""

import pytest

from mxproof.explain.engine import explain
from mxproof.explain.explanation import Explanation
from support_bounce import report

AUTHENTICATION = "550 5.7.26 Multiple authentication checks failed"
FULL = "552 5.2.2 over quota"


def codes(got: Explanation) -> list[str]:
    return [one.code for one in got.causes]


def with_html(plain: str, html: str) -> Explanation:
    mail = (
        "From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered Mail\n"
        "Content-Type: multipart/alternative; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n<p>{html}</p>\n--b--\n"
    )
    return explain(mail.encode())


@pytest.mark.parametrize(
    ("plain", "html", "want", "other"),
    [
        ("retry timeout exceeded", "Sorry", ["queue_expired"], None),
        ("retry timeout exceeded", AUTHENTICATION, ["auth_multiple"], None),
        # What the plain text claims is not taken back.
        ("retry timeout exceeded", FULL, ["queue_expired"], None),
        (AUTHENTICATION, FULL, ["auth_multiple"], None),
        ("Sorry", FULL, [], "mailbox-full"),
        ("Sorry", "Sorry", [], "unread"),
    ],
)
def test_html_is_heard_where_the_plain_text_claims_nothing_but_an_expiry(
    plain: str, html: str, want: list[str], other: str | None
) -> None:
    got = with_html(plain, html)
    assert (codes(got), got.other) == (want, other)


def message(results: str, text: str, more: str = "") -> Explanation:
    head = f"From: a@example.org\nTo: b@example.com\nSubject: hello\n{more}"
    return explain(f"{head}Authentication-Results: mx.example.com; {results}\n\n{text}\n".encode())


def test_of_a_message_a_bounce_in_its_text_is_heard_before_what_was_found_of_its_sender() -> None:
    failed = "spf=fail smtp.mailfrom=sender.example; dmarc=fail header.from=sender.example"
    quoted = "451 4.4.8 MX hosts of 'a.example' failed MTA-STS validation"
    assert codes(message(failed, quoted)) == ["mtasts_mx_mismatch"]
    assert codes(message(failed, "hello")) == ["spf_fail", "dmarc_fail"]
    assert codes(message("spf=pass", quoted)) == ["mtasts_mx_mismatch"]
    passed = message("spf=pass", "hello")
    assert (codes(passed), passed.other) == ([], "no-failure")
    away = message("spf=pass", "hello", "Auto-Submitted: auto-replied\n")
    assert away.other == "automatic-reply"
    both = message(failed, quoted, "Auto-Submitted: auto-replied\n")
    assert (codes(both), both.other) == (["spf_fail", "dmarc_fail"], None)


def block(address: str, diagnostic: str, status: str = "5.0.0", action: str = "failed") -> str:
    said = f"Diagnostic-Code: smtp;{diagnostic}\r\n" if diagnostic else ""
    return f"\r\nFinal-Recipient: rfc822;{address}\r\nAction: {action}\r\nStatus: {status}\r\n{said}"


def test_that_no_host_answered_counts_for_the_recipient_alone_whose_status_says_so() -> None:
    words = "Cannot connect: Connection timed out"
    for mine, other, want in (
        ("5.4.1", "5.0.0", [("user@example.com", ("connect_timeout",)), ("b@example.com", ())]),
        ("5.0.0", "5.4.1", [("user@example.com", ()), ("b@example.com", ("connect_timeout",))]),
        ("5.4.1", "4.4.1", [(one, ("connect_timeout",)) for one in ("user@example.com", "b@example.com")]),
    ):
        got = explain(report(b"", status=mine, diagnostic=words, others=block("b@example.com", words, other)))
        assert [(one.address, one.causes) for one in got.recipients] == want
        assert codes(got) == ["connect_timeout"]
        assert got.leads == ()


def test_of_one_cause_for_several_the_first_words_are_quoted_that_tell_whose_fault_it_is() -> None:
    vague = "Server certificate not verified"
    name, chain = (
        f"certificate verification failed for mx.example.com[192.0.2.1]:25: {said}"
        for said in ("num=62:hostname mismatch", "untrusted issuer /O=Example/CN=Example Root R2")
    )
    for first, second, third, told in (
        (vague, name, chain, name),
        (vague, chain, name, chain),
        (name, vague, chain, name),
        (vague, vague, vague, vague),
    ):
        others = block("b@example.com", second) + block("c@example.com", third)
        got = explain(report(b"", status="4.7.5", diagnostic=first, others=others))
        assert [one.because for one in got.causes] == [told]
        assert [one.causes for one in got.recipients] == [("cert_not_verified",)] * 3


def test_a_recipient_that_got_the_mail_has_no_cause_and_is_no_hindrance_to_the_others() -> None:
    others = block("b@example.com", "250 2.0.0 Ok", "2.0.0", "delivered") + block(
        "c@example.com", FULL, "5.2.2"
    )
    got = explain(report(b"", status="5.7.26", diagnostic=AUTHENTICATION, others=others))
    assert [(one.address, one.causes, one.other) for one in got.recipients] == [
        ("user@example.com", ("auth_multiple",), None),
        ("b@example.com", (), None),
        ("c@example.com", (), "mailbox-full"),
    ]
    assert (codes(got), got.other) == (["auth_multiple"], None)


LINE = (
    "Nov 20 0{hour}:02:44 mail postfix/smtp[{process}]: 4F0: to=<a@example.com>, relay=none, delay=7, dsn=4.0.0,"
    " status=deferred ({said})"
)


def tried(*said: str, before: str = "") -> list[str]:
    lines = [LINE.format(hour=hour, process=hour, said=one) for hour, one in enumerate(said, start=1)]
    return codes(explain("\n".join([before, *lines]).encode()))


def test_a_meaning_is_that_of_the_last_attempt_or_of_what_stands_loose_beside_the_log() -> None:
    starttls, unlisted = (
        "smtp: tls not offered by mx.example.net: error: 1",
        "550 5.7.1 rejected: spf not permitted",
    )
    assert tried(starttls) == ["starttls_missing"]
    assert tried(unlisted) == ["spf_fail"]
    assert tried(starttls, unlisted) == ["spf_fail"]
    assert tried(unlisted, starttls) == ["starttls_missing"]
    assert tried("words", starttls) == ["starttls_missing"]
    assert tried("words", before=starttls) == ["starttls_missing"]
    assert tried(starttls, "words that nobody knows") == []
    assert tried(starttls, FULL) == []
