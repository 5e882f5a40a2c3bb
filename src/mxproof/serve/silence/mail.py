"""An alarm told by mail, submitted to a server that has nothing to do with the mail system which the alarm is about."""

import ipaddress
import logging
import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.net.roots import roots_from, system_roots
from mxproof.net.submission import SubmissionError, SubmissionServer, submit
from mxproof.render.text.silence_news import silence_title
from mxproof.rhythm.alarm import Alarm
from mxproof.serve.daemon.password import password_from

_log = logging.getLogger("mxproof.silence")


class AlarmMail(msgspec.Struct, frozen=True):
    """Where mail about an alarm is handed in, from whom and to whom; `roots` is a file (PEM), None for those of the machine."""

    server: SubmissionServer
    sender: str
    recipients: tuple[str, ...]
    password_file: Path | None = None
    password_command: tuple[str, ...] = ()
    roots: Path | None = None


def told_by_mail(mail: AlarmMail, alarm: Alarm, notice: str) -> bool:
    """Submit the notice; return whether it was taken for somebody."""
    try:
        password = password_from(mail.password_file, mail.password_command) if mail.server.user else ""
        roots = roots_from(mail.roots) if mail.roots is not None else system_roots()
        refused = submit(mail.server, password, roots, message_of(mail, alarm, notice, datetime.now(UTC)))
    except (ConfigError, SubmissionError) as error:
        _log.error("mail: %s; told again later", error)
        return False
    if refused:
        _log.error("mail: %s did not take it for %s", mail.server.host, ", ".join(refused))
    return True


def message_of(mail: AlarmMail, alarm: Alarm, notice: str, now: datetime) -> EmailMessage:
    """Return the mail about an alarm; no machine is to answer it (RFC 3834 section 5)."""
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Subject"] = f"mxproof: {silence_title(alarm)}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice, cte="quoted-printable")
    return message


def not_another_way(host: str, domain: str, exchanges: Iterable[str] = ()) -> str:
    """Return why mail through `host` would fail with the mail system that the alarm is about; empty where it seems apart.

    `domain`: the one that is watched, empty where none is named; `exchanges`: the names of its MX hosts. What cannot be resolved now
    is passed over.
    """
    name = host.rstrip(".").lower()
    addresses = _addresses(name)
    if any(_is_own(one) for one in addresses):
        return f"{host} is this machine, whose mail log is followed"
    for exchange in exchanges:
        if name == exchange or addresses & _addresses(exchange):
            return f"{host} is an MX host of {domain}"
    if domain and f".{name}".endswith(f".{domain}"):
        return f"{host} lies in {domain}, whose mail is watched"
    return ""


def _addresses(host: str) -> set[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return set()
    return {str(address[0]) for *_, address in found}


def _is_own(address: str) -> bool:
    """Tell whether this machine has an address: another's cannot be bound to."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if parsed.is_loopback:
        return True
    family = socket.AF_INET6 if parsed.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
