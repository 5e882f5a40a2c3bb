"""Bounces of TLS reports as Postfix writes them."""

REFUSAL = "550 5.1.1 <dead@a.example>: Recipient address rejected: User unknown"

_BOUNCE = """\
From: MAILER-DAEMON@mail.sender.example (Mail Delivery System)
To: tls-bounces@sender.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="D1A2B3.1772400000/mail.sender.example"
Message-Id: <20260302001000.D1A2B3@mail.sender.example>

This is a MIME-encapsulated message.

--D1A2B3.1772400000/mail.sender.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.sender.example.

--D1A2B3.1772400000/mail.sender.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.sender.example
X-Postfix-Queue-ID: D1A2B3
Arrival-Date: Mon,  2 Mar 2026 00:10:00 +0000 (UTC)

Final-Recipient: rfc822; dead@a.example
Original-Recipient: rfc822;dead@a.example
Action: {action}
Status: 5.1.1
Remote-MTA: dns; mx.a.example
Diagnostic-Code: smtp; {said}

--D1A2B3.1772400000/mail.sender.example
Content-Description: Undelivered Message Headers
Content-Type: {kind}

Return-Path: <tls-bounces@sender.example>
From: tls@sender.example
To: dead@a.example
Message-ID: <{report_id}>
Subject: Report Domain: a.example
TLS-Required: No

--D1A2B3.1772400000/mail.sender.example--
"""


def bounce(
    report_id: str, *, action: str = "failed", said: str = REFUSAL, kind: str = "text/rfc822-headers"
) -> bytes:
    """Return the mail that gives a report back, its lines ended by CRLF."""
    text = _BOUNCE.format(report_id=report_id, action=action, said=said, kind=kind)
    return text.replace("\n", "\r\n").encode()
