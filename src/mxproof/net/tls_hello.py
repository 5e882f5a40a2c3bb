"""One offer of TLS behind STARTTLS: say hello, read what the server agrees to, and leave before any key is agreed on."""

import os

from mxproof.evidence import Outcome
from mxproof.formats import FormatError
from mxproof.formats.tls_hello import (
    CHANCE_BYTES,
    LEAVE,
    REFUSALS,
    ServerHello,
    TlsAlert,
    client_hello,
    read_answer,
)
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tls_suite import SUITES
from mxproof.net.stream import Stream, StreamError
from mxproof.net.tls import fits_sni


async def answer_to(stream: Stream, offer: Offer, server_name: str) -> ServerHello | TlsAlert:
    """Return what the server agrees to of `offer`, or the alert by which it agrees to nothing.

    Raises StreamError where it says something else, or nothing.
    """
    name = server_name if fits_sni(server_name) else ""
    await stream.write(client_hello(offer, name, os.urandom(CHANCE_BYTES)))
    said = b""
    while (answer := _read(said)) is None:
        data = await stream.read()
        if not data:
            raise StreamError(Outcome.CLOSED, "the server ended the connection")
        said += data
    if isinstance(answer, TlsAlert) and answer.description not in REFUSALS:
        raise StreamError(Outcome.TLS_FAILED, f"alert {answer.description}")
    if isinstance(answer, ServerHello):
        if answer.suite not in SUITES[offer].values():
            raise StreamError(Outcome.MALFORMED, f"the suite {answer.suite} was not on offer")
        await stream.write(LEAVE)
    return answer


def _read(said: bytes) -> ServerHello | TlsAlert | None:
    try:
        return read_answer(said)
    except FormatError as error:
        raise StreamError(Outcome.MALFORMED, str(error)) from None
