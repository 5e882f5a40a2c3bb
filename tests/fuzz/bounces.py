"""What mail systems report, read by the parsers of bounces and explained as a whole; and what Postfix says and is told."""

import contextlib
from pathlib import Path

import msgspec

from fuzz.target import Target, assert_bounded, assert_harmless, read, text_of
from mxproof.cli.exit import status_of_explanation
from mxproof.explain.engine import explain
from mxproof.formats.bounce.authres import RESULTS_MAX, is_auth_header, parse_auth_header
from mxproof.formats.bounce.dsn import DSN_RECIPIENTS_MAX, parse_delivery_status
from mxproof.formats.bounce.filter_results import is_filter_header, parse_filter_header
from mxproof.formats.bounce.logline import parse_log_line
from mxproof.formats.bounce.maildate import parse_mail_date
from mxproof.formats.bounce.markup import copied_text, html_text
from mxproof.formats.bounce.mbox import is_mbox, split_mbox
from mxproof.formats.bounce.mime import (
    PARTS_MAX,
    decode_words,
    parse_mail,
    part_bytes,
    part_text,
    quoted_printable,
)
from mxproof.formats.bounce.notice import (
    SECTIONS_MAX,
    addresses_spoken_of,
    sections,
    transcript,
    without_returned,
)
from mxproof.formats.bounce.record import LOG_RECORDS_MAX, records
from mxproof.formats.bounce.reply import CODES_MAX, flattened, plain, readable, reply_codes
from mxproof.formats.bounce.ses import parse_ses_notification
from mxproof.formats.dkim import parse_signature
from mxproof.formats.postfix.netstring import print_netstring, read_netstring
from mxproof.formats.postfix.next_hop import next_hop
from mxproof.formats.postfix.policy import parse_tls_policy, print_tls_policy
from mxproof.formats.postfix.socketmap import (
    SOCKETMAP_REQUEST_BYTES_MAX,
    parse_reply,
    parse_request,
    print_reply,
    print_request,
)
from mxproof.render import json
from mxproof.render.text.explanation import explain_text
from mxproof.render.text.paper import Paper
from mxproof.serve.policyd.connection_state import (
    RECEIVED_BYTES_MAX,
    SILENT,
    Answered,
    Event,
    LookUp,
    Phase,
    Received,
    Refuse,
    step,
)

BOUNCES = Path(__file__).parent.parent / "data" / "dsn"
_NAMED = (
    "lhost-exim-08",
    "lhost-gmail-04",
    "lhost-amazonses-01",
    "dsn-kumomta-rfc3464-1",
    "lhost-courier-04",
)
MAILS = tuple((BOUNCES / f"{name}.eml").read_bytes()[:6000] for name in _NAMED)
_SES = msgspec.json.encode(
    {
        "notificationType": "Bounce",
        "bounce": {
            "bouncedRecipients": [
                {"emailAddress": "a@example.com", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no"}
            ]
        },
        "mail": {"timestamp": "2026-11-20T09:02:44.000Z"},
    }
)
LOG_LINES = (
    (
        b"2026-11-20T09:02:44+00:00 mail postfix/smtp[12]: 4F0: to=<user@example.com>, relay=relay.example[192.0.2.3]:25,"
        b" delay=7, delays=1/1/1/4, dsn=4.0.0, status=deferred (host relay.example[192.0.2.3] said: 451 4.7.1 later (in"
        b" reply to RCPT TO command))"
    ),
    (
        b"2026-11-20 09:02:44 1tDabc-0005xY-Qz ** user@example.com R=smart T=remote_smtp H=relay.example [192.0.2.3]: SMTP"
        b" error from remote mail server after end of data: 550 5.7.1 no"
    ),
    b"Nov 20 09:02:44 mx sendmail[9]: 4AK: to=<a@example.com>, delay=00:00:01, stat=Deferred: Connection refused by x.",
    b"@400000006740a5a41d9a3b2c delivery 1: deferral: CNAME_lookup_failed_temporarily._(#4.4.3)/",
)


def mime(data: bytes) -> None:
    mail = parse_mail(data)
    assert len(mail.parts) <= PARTS_MAX
    assert_bounded(mail, data)
    for part in mail.parts:
        part_text(part)
        assert len(part_bytes(part)) <= len(data) + 64
    decode_words(text_of(data))
    assert len(quoted_printable(data)) <= len(data)


def delivery_status(data: bytes) -> None:
    report = parse_delivery_status(text_of(data))
    assert len(report.recipients) <= DSN_RECIPIENTS_MAX
    assert_bounded(report, data)


def notice(data: bytes) -> None:
    text = text_of(data)
    for with_commands in (False, True):
        assert len(sections(text, with_commands=with_commands)) <= SECTIONS_MAX
    assert len(without_returned(text)) <= len(text)
    assert_bounded((transcript(text), addresses_spoken_of(text)), data)
    for pasted in (copied_text(text), html_text(text)):
        assert len(pasted) <= 2 * len(text) + 64


def mbox(data: bytes) -> None:
    is_mbox(data)
    messages = [*split_mbox(data.splitlines(keepends=True))]
    assert sum(map(len, messages)) <= len(data)


def replies(data: bytes) -> None:
    text = text_of(data)
    assert len(reply_codes(text)) <= CODES_MAX
    flattened(text)
    for shown in (plain(text), readable(text)):
        assert not {*shown} & {"\0", "\x1b", "\x7f", "\b"}
    assert len(records(text)) <= LOG_RECORDS_MAX


def log_line(data: bytes) -> None:
    line = parse_log_line(text_of(data))
    assert_bounded(line, data)


def authentication_results(data: bytes) -> None:
    name, _, value = text_of(data).partition(":")
    name = name.lower()
    if is_auth_header(name):
        found = read(lambda: parse_auth_header(name, value))
        assert found is None or len(found.results) <= RESULTS_MAX
    if is_filter_header(name):
        read(lambda: parse_filter_header(name, value))
    assert_bounded(parse_signature(value), data)


def mail_date(data: bytes) -> None:
    found = parse_mail_date(text_of(data))
    assert found is None or found.tzinfo is not None


def ses_notification(data: bytes) -> None:
    assert_bounded(parse_ses_notification(text_of(data)), data)


def explanation(data: bytes) -> None:
    explained = explain(data)
    shown = explain_text(explained, Paper(unicode=True, verbose=True))
    assert_harmless(shown, 256 * 1024)
    assert json.encode(explained).isascii()
    status_of_explanation(explained)


def netstring(data: bytes) -> None:
    framed = read(lambda: read_netstring(data, SOCKETMAP_REQUEST_BYTES_MAX))
    if framed is not None:
        assert print_netstring(framed.payload) == data[: framed.end]
        assert len(framed.payload) <= SOCKETMAP_REQUEST_BYTES_MAX


def socketmap(data: bytes) -> None:
    request = read(lambda: parse_request(data))
    if request is not None and len(data) <= SOCKETMAP_REQUEST_BYTES_MAX:
        assert parse_request(print_request(request)) == request
        hop = next_hop(request.key)
        assert hop is None or next_hop(str(hop)) == hop
    reply = read(lambda: parse_reply(data))
    if reply is not None:
        assert parse_reply(print_reply(reply)) == reply


def tls_policy(data: bytes) -> None:
    policy = read(lambda: parse_tls_policy(text_of(data)))
    if policy is not None:
        printed = print_tls_policy(policy)
        assert parse_tls_policy(printed) == policy
        assert_harmless(printed, 16 * len(data) + 64)


def policyd_connection(data: bytes) -> None:
    """Take the input in pieces: each begins with a byte that says how long it is, or names an event."""
    events = list(Event)
    state, at, answered = SILENT, 0, 0
    while at < len(data) and state.phase is not Phase.CLOSED:
        head, at = data[at], at + 1
        if head < 200:
            piece, at = data[at : at + head], at + head
            state, actions = step(state, Received(piece))
        elif head < 230:
            state, actions = step(state, Answered(b"9:NOTFOUND ,"))
        else:
            state, actions = step(state, events[head % len(events)])
        for action in actions:
            if isinstance(action, LookUp):
                answered += 1
                with contextlib.suppress(ValueError):
                    parse_request(action.payload)
            if isinstance(action, Refuse):
                assert state.phase is Phase.CLOSED
                assert_harmless(action.message, 2000)
        assert len(state.received) <= RECEIVED_BYTES_MAX + len(data)
    assert answered <= len(data)


_REQUEST = print_netstring(b"postfix example.com")

TARGETS = (
    Target(
        "mime",
        mime,
        MAILS,
        (b"--b\n", b"=?utf-8?q?=41?=", b"Content-Type: ", b"base64", b"\n\n", b"boundary="),
    ),
    Target(
        "delivery-status",
        delivery_status,
        (
            (
                b"Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822;u@example.com\nAction: failed\nStatus: 5.1.1\n"
                b"Diagnostic-Code: smtp; 550 no\n"
            ),
        ),
        (b"Final-Recipient: ", b"Action: ", b"Status: ", b"\n\n", b"\n ", b"rfc822;"),
        100,
    ),
    Target(
        "notice",
        notice,
        (
            *MAILS,
            b"<u@example.com>: host mx[192.0.2.1] said: 550 no\n\n>>> RCPT\n<<< 550 no\n",
            b"<p>a<br>b &amp; &#x41;",
        ),
        (b"&#", b"<br", b"<!--", b">>> ", b"<<< ", b"---- Original message ----", b"@"),
    ),
    Target(
        "mbox",
        mbox,
        (b"From a@b Thu Nov 20 09:02:44 2026\nSubject: x\n\n>From y\n\nFrom c\n\n",),
        (b"From ", b">From "),
    ),
    Target(
        "reply-text",
        replies,
        (b"550-5.7.26 not\r\n550 5.7.26 allowed", b'421, "4.7.0", later', *LOG_LINES),
        (b"550-", b"4.4.8 ", b"> ", b"\x1b[", b"0|app  | "),
    ),
    Target(
        "log-line", log_line, LOG_LINES, (b"to=<", b"status=", b"(", b"[", b"relay=", b"dsn=", b"stat="), 120
    ),
    Target(
        "authentication-results",
        authentication_results,
        (
            b"authentication-results: mx.example; spf=fail (x) smtp.mailfrom=a@b; dkim=temperror header.d=b header.s=s",
            b"received-spf: temperror (mx: (nested) y) client-ip=192.0.2.1; envelope-from=a@b;",
            b"x-forefront-antispam-report: CIP:192.0.2.1;SCL:9;SFV:SPM;",
            b"dkim-signature: v=1; a=rsa-sha256; d=example.com; s=s1; b=x",
        ),
        (b"((", b";", b"spf=", b"dkim=", b"header.d=", b'"'),
        100,
    ),
    Target(
        "mail-date",
        mail_date,
        (b"Thu, 20 Nov 2026 09:02:44 +0000", b"20 Nov 26 9:02 GMT"),
        (b"-2400", b"99", b"(x)"),
        120,
    ),
    Target(
        "ses-notification",
        ses_notification,
        (_SES, b"[]", b"{}"),
        (b"null", b"[[[[", b"{}", b'"bounce":', b"1e999"),
    ),
    Target(
        "explanation",
        explanation,
        (*MAILS, *LOG_LINES, _SES),
        (b"550 5.7.1 ", b"<a@b.c>", b"\n\n", b"spf=fail "),
        40,
    ),
    Target("netstring", netstring, (_REQUEST, b"0:,", b"3:abc,3:abc,"), (b"999999999:", b"00", b",", b":")),
    Target(
        "socketmap",
        socketmap,
        (
            b"postfix example.com",
            b"QUERYwithTLSRPT [mx.example.com]:25",
            b"OK secure match=a",
            b"NOTFOUND ",
            b"TEMP x",
        ),
        (b"OK ", b"PERM ", b"TIMEOUT ", b" ", b":smtp", b"[", b"]:25"),
        100,
    ),
    Target(
        "tls-policy",
        tls_policy,
        (
            (
                b"secure match=mx.example.com:.example.net servername=hostname policy_type=sts policy_domain=example.com"
                b" policy_ttl=86400 mx_host_pattern=*.example.net policy_string={version: STSv1}"
            ),
            b"dane-only",
            b"may",
        ),
        (b"match=", b"{ ", b" }", b"policy_string=", b"policy_ttl="),
        100,
    ),
    Target(
        "policyd-connection",
        policyd_connection,
        (bytes((len(_REQUEST),)) + _REQUEST + b"\xd0\xf0\xf1\xf2", bytes((5,)) + _REQUEST[:5] + b"\xf3\xf4"),
        (_REQUEST, b"\xd0", *(bytes((code,)) for code in range(230, 240))),
        120,
    ),
)
