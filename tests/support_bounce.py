"""The shapes in which one reply reaches a reader: bare, in logs, and in reports of every make."""

import base64
import quopri
from collections.abc import Callable, Mapping
from types import MappingProxyType

RECIPIENT = "user@example.com"
SENDER = "author@sender.example"


def bare(reply: str) -> bytes:
    """Return the reply alone."""
    return reply.encode()


def continued(reply: str) -> bytes:
    """Return the reply over several lines, each with the code in front."""
    code, enhanced, *words = reply.split(" ")
    half = len(words) // 2
    lines = [f"{code}-{enhanced} {' '.join(words[:half])}", f"{code} {enhanced} {' '.join(words[half:])}"]
    return "\r\n".join(lines).encode()


def wrapped(reply: str) -> str:
    """Return the reply inside Exchange's transient wrapper."""
    return (
        f"450 4.4.317 Cannot connect to remote server [Message={reply}] [LastAttemptedServerName=mx.example.com]"
        " [LastAttemptedIP=192.0.2.10:25] [AM0EUR00FT000.eop-EUR00.prod.protection.outlook.com]"
    )


def expired(reply: str) -> str:
    """Return the reply inside Exchange's final wrapper."""
    return f"550 5.4.317 Message expired, cannot connect to remote server({reply})"


def postfix_log(reply: str) -> bytes:
    """Return a line of Postfix about a relay that quotes the reply."""
    return (
        "2026-11-20T09:02:44+00:00 mail postfix/smtp[12]: 4F0: to=<user@example.com>, relay=relay.example[192.0.2.3]:25,"
        f" delay=7, delays=1/1/1/4, dsn=4.0.0, status=deferred (host relay.example[192.0.2.3] said: {reply} (in reply to"
        " end of DATA command))\n"
    ).encode()


def exim_log(reply: str) -> bytes:
    """Return a line of Exim's main log that quotes the reply."""
    return (
        "2026-11-20 09:02:44 1tDabc-0005xY-Qz ** user@example.com R=smart T=remote_smtp H=relay.example [192.0.2.3]:"
        f" SMTP error from remote mail server after end of data: {reply}\n"
    ).encode()


def exchange_trace(reply: str) -> bytes:
    """Return a message trace of Exchange Online."""
    return (
        f"Reason: [{{LED={wrapped(reply)}}};{{MSG={reply}}};{{FQDN=mx.example.com}};{{IP=192.0.2.10}};"
        "{LRT=11/20/2026 9:02:44 AM}]. OutboundProxyTargetIP: 192.0.2.10. OutboundProxyTargetHostName: mx.example.com\n"
    ).encode()


def administrators(reply: str) -> str:
    """Return the diagnostic information for administrators: the last word of the queue, then an earlier attempt."""
    return (
        "Delivery has failed to these recipients or groups:\n\nuser@example.com\n"
        "Your message couldn't be delivered. Despite repeated attempts it didn't respond.\n\n"
        "Diagnostic information for administrators:\n\n"
        "Generating server: AM0PR00MB0000.eurprd00.prod.outlook.com\n\nuser@example.com\n"
        "11/21/2026 9:02:51 AM - Server at AM0PR00MB0000.eurprd00.prod.outlook.com returned '550 5.4.317 Message expired,"
        " cannot connect to remote server'\n"
        f"11/20/2026 9:02:51 AM - Server at mx.example.com (192.0.2.10) returned '{wrapped(reply)}'\n\n"
        "Original message headers:\n\nReceived: from sender.example\n"
    )


def report(parts: bytes, *, status: str = "5.4.317", diagnostic: str = "", others: str = "") -> bytes:
    """Return a delivery report of Exchange with these first parts, each with its delimiter and header."""
    diagnostic = diagnostic or "550 5.4.317 Message expired, cannot connect to remote server"
    return (
        (
            b"From: <postmaster@outlook.com>\r\nTo: author@sender.example\r\nSubject: Undeliverable: hello\r\n"
            b"Date: Sat, 21 Nov 2026 09:02:53 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;\r\n"
            b' report-type=delivery-status; boundary="=_b"\r\n\r\n'
        )
        + parts
        + (
            "\r\n--=_b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns;AM0PR00MB0000.eurprd00.prod.outlook.com\r\n"
            "Arrival-Date: Fri, 20 Nov 2026 09:02:44 +0000\r\n\r\n"
            f"Final-Recipient: rfc822;user@example.com\r\nAction: failed\r\nStatus: {status}\r\n"
            f"Diagnostic-Code: smtp;{diagnostic}\r\n{others}\r\n"
            "--=_b\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <author@sender.example>\r\n"
            "From: author@sender.example\r\nSubject: hello\r\n\r\nhello\r\n--=_b--\r\n"
        ).encode()
    )


def _part(header: str, body: bytes) -> bytes:
    return f"--=_b\r\nContent-Type: {header}\r\n\r\n".encode() + body


def plain_report(reply: str) -> bytes:
    """Return a report that has the cause in plain text and in its diagnostic."""
    return report(_part("text/plain", administrators(reply).encode()), diagnostic=expired(reply))


def html_report(reply: str) -> bytes:
    """Return a report that has the cause in HTML only, as quoted-printable."""
    escaped = administrators(reply).replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")
    markup = f"<html><head><style>p {{}}</style></head><body><p>{escaped.replace(chr(10), '<br>')}</p></body></html>"
    encoded = quopri.encodestring(markup.encode())
    return report(_part("text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", encoded))


def quoted_report(reply: str) -> bytes:
    """Return a report in quoted-printable with lines broken anywhere and typographic quotes."""
    text = administrators(reply).replace("'", "\u2019")
    encoded = quopri.encodestring(text.encode(), quotetabs=True)
    return report(_part("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", encoded))


def base64_report(reply: str) -> bytes:
    """Return a report in base64 and UTF-16."""
    encoded = base64.encodebytes(administrators(reply).encode("utf-16"))
    return report(_part("text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64", encoded))


def delay_notice(reply: str) -> bytes:
    """Return a notice of delay: nothing is final yet."""
    notice = report(
        _part("text/plain", b"Your message is delayed.\r\n"), status="4.4.317", diagnostic=wrapped(reply)
    )
    return notice.replace(b"Action: failed", b"Action: delayed")


def several_recipients(reply: str) -> bytes:
    """Return a report in which another recipient's mailbox is full and a third one got the message."""
    others = (
        "\r\nFinal-Recipient: rfc822;full@example.net\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp;552 5.2.2 mailbox full\r\n"
        "\r\nFinal-Recipient: rfc822;happy@example.org\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
    )
    return report(_part("text/plain", b"Delivery has failed.\r\n"), diagnostic=expired(reply), others=others)


def attached(reply: str) -> bytes:
    """Return a message to which the report is attached."""
    return (
        b"From: author@sender.example\r\nTo: admin@example.com\r\nSubject: what is this?\r\n"
        b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nDo you know?\r\n"
        b"--m\r\nContent-Type: message/rfc822\r\n\r\n" + plain_report(reply) + b"\r\n--m--\r\n"
    )


def forwarded(reply: str) -> bytes:
    """Return a message that quotes the report line by line."""
    quoted = "".join(f"> {line}\r\n" for line in administrators(reply).split("\n"))
    return (
        "From: author@sender.example\r\nTo: admin@example.com\r\nSubject: Fwd: your mail\r\n"
        "Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=sender.example; dmarc=pass\r\n\r\n"
        f"Do you know?\r\n\r\n{quoted}"
    ).encode()


def cut_off(reply: str) -> bytes:
    """Return a report that ends in the middle, without its last delimiters."""
    whole = plain_report(reply)
    return whole[: whole.index(b"Content-Type: message/rfc822")]


def without_content_type(reply: str) -> bytes:
    """Return a report whose header lost its Content-Type."""
    return plain_report(reply).replace(
        b'Content-Type: multipart/report;\r\n report-type=delivery-status; boundary="=_b"\r\n', b""
    )


def pasted_quoted_printable(reply: str) -> bytes:
    """Return text that was copied out of a raw message, still quoted-printable."""
    return quopri.encodestring(f"=\u00e9 {administrators(reply)}".encode())


SHAPES: Mapping[str, Callable[[str], bytes]] = MappingProxyType(
    {
        shape.__name__: shape
        for shape in (
            bare,
            continued,
            postfix_log,
            exim_log,
            exchange_trace,
            plain_report,
            html_report,
            quoted_report,
            base64_report,
            delay_notice,
            several_recipients,
            attached,
            forwarded,
            cut_off,
            without_content_type,
            pasted_quoted_printable,
        )
    }
    | {"wrapped": lambda reply: bare(wrapped(reply)), "expired": lambda reply: bare(expired(reply))}
)
