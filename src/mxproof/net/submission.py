"""A mail submitted to a server (RFC 6409), over TLS, and in the clear to the mail server of this machine alone.

It blocks, so that it is used in a thread of its own. TLS is spoken from the first byte (`smtps`, RFC 8314 section 3.3) or after STARTTLS
(`smtp`), and the certificate verified; neither the password nor the mail is sent before.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from typing import Final

import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.formats.text import safe
from mxproof.net.account_url import parse_account_url

SUBMISSION_TIMEOUT_S: Final = 30.0
_PORTS: Final = {"smtps": 465, "smtp": 587}
_FINAL: Final = range(550, 554)
"""Replies to RCPT that speak of the recipient (RFC 5321 section 4.2.2)."""

Refused = dict[str, tuple[int, bytes]]
"""The recipients that were refused, with code and text of the reply."""


class SubmissionServer(msgspec.Struct, frozen=True):
    """A server that takes mail from a user, or from whoever asks where `user` is empty; `starttls` where TLS begins after a greeting.

    `clear` is for one on this machine that is spoken to without TLS.
    """

    host: str
    port: int
    user: str = ""
    starttls: bool = False
    clear: bool = False


class SubmissionError(Exception):
    """A mail was not taken; the message says what was seen.

    `is_final` where the server said of every recipient that it takes no mail for it, now or later.
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        self.is_final = is_final
        super().__init__(message)


def parse_submission_server(url: str) -> SubmissionServer:
    """Return the server that is written `smtps://[USER@]HOST[:PORT]`; raises ConfigError, without a password in it."""
    expected = "smtps://USER@HOST was expected, or smtp:// for STARTTLS"
    found = parse_account_url(url, "mail server", expected, _PORTS)
    if found.path.strip("/"):
        raise ConfigError(f"{found.place!r} is no mail server; {expected}")
    return SubmissionServer(found.host, found.port, found.user, found.scheme == "smtp")


def submit(
    server: SubmissionServer, password: str, roots: Iterable[bytes], message: EmailMessage
) -> tuple[str, ...]:
    """Hand in a mail for all in its To field; return the recipients that were refused while others were not.

    `roots`: trusted authorities (DER). Raises SubmissionError where it was taken for nobody.
    """
    return tuple(_handed_in(server, password, roots, lambda client: client.send_message(message)))


def submit_as_it_is(
    server: SubmissionServer,
    password: str,
    roots: Iterable[bytes],
    message: bytes,
    sender: str,
    recipient: str,
) -> None:
    """Hand in a mail whose bytes are not to be changed, such as one that is signed; its lines end in CRLF.

    Raises SubmissionError where it was not taken.
    """
    _handed_in(server, password, roots, lambda client: client.sendmail(sender, [recipient], message))


def _handed_in(
    server: SubmissionServer,
    password: str,
    roots: Iterable[bytes],
    hand_in: Callable[[smtplib.SMTP], Refused],
) -> Refused:
    where = f"{server.host}:{server.port}"
    try:
        with _connected(server, _context(roots)) as client:
            if server.user:
                client.login(server.user, password)
            return hand_in(client)
    except ssl.SSLCertVerificationError as error:
        raise SubmissionError(f"{where}: its certificate is not trusted ({error.verify_message})") from None
    except TimeoutError:
        raise SubmissionError(f"{where}: no answer within {SUBMISSION_TIMEOUT_S:g} s") from None
    except smtplib.SMTPRecipientsRefused as error:
        said = "; ".join(f"{whom}: {code} {_words(text)}" for whom, (code, text) in error.recipients.items())
        is_final = all(code in _FINAL for code, _ in error.recipients.values())
        raise SubmissionError(f"{where}: no recipient was taken ({said})", is_final=is_final) from None
    except smtplib.SMTPResponseException as error:
        raise SubmissionError(f"{where}: {error.smtp_code} {_words(error.smtp_error)}") from None
    except (OSError, smtplib.SMTPException) as error:
        raise SubmissionError(f"{where}: {getattr(error, 'strerror', None) or error}") from None


def _connected(server: SubmissionServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if not server.starttls and not server.clear:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SUBMISSION_TIMEOUT_S, context=context)
    client = smtplib.SMTP(server.host, server.port, timeout=SUBMISSION_TIMEOUT_S)
    if server.clear:
        return client
    try:
        client.starttls(context=context)
    except BaseException:
        client.close()
        raise
    return client


def _context(roots: Iterable[bytes]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=b"".join(roots))
    return context


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return safe(" ".join(text.split()))
