"""What the headers of a mail that arrived show: the servers that took it, with TLS or without, and what they made of it.

Of a test mail of `mxproof deliver-test` it is known besides over which MX host it was sent. The headers are those that a
reader pasted; whoever handled the mail could write into them what he liked, and only the topmost are one's own.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from mxproof.explain.read.results import result_fields, results_in
from mxproof.formats.bounce.mime import decode_words, parse_mail
from mxproof.formats.bounce.received import ReceivedField, parse_received
from mxproof.formats.delivery_message import server_tried, token_of

ARRIVAL_VERSION = 1
HOPS_MAX = 50
RESULTS_SHOWN_MAX = 50

_ABOUT = {
    "spf": ("smtp.mailfrom", "smtp.helo", "envelope-from", "helo"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
}
"""The properties that say whom a result is about, the first that is there counts (RFC 8601 section 2.7)."""


class Hop(msgspec.Struct, frozen=True):
    """One server that took the mail, in the order of its way; `delay_s` since the hop before, None where nobody knows."""

    by: str
    from_name: str
    address: str
    protocol: str
    encrypted: bool
    tls_version: str
    at: datetime | None
    delay_s: int | None


class ArrivedResult(msgspec.Struct, frozen=True):
    """One authentication result: who vouches for it, and whom it is about; `because` are the words beside it."""

    by: str
    method: str
    result: str
    about: str
    because: str


class ArrivedMail(msgspec.Struct, frozen=True):
    """What the headers show. `host` and `address` are where the test mail was handed over, None for another mail."""

    schema_version: int
    message_id: str
    token: str | None
    host: str | None
    address: str | None
    hops: tuple[Hop, ...]
    results: tuple[ArrivedResult, ...]

    @property
    def entry(self) -> Hop | None:
        """The hop at which a test mail came in, the first of its way; of another mail nobody knows it."""
        return self.hops[0] if self.token is not None and self.hops else None


def arrival_of(data: bytes) -> ArrivedMail:
    """Return what the headers in `data` show, a whole message or its head alone."""
    mail = parse_mail(data)
    fields = [parse_received(value) for name, value in mail.headers if name == "received"][:HOPS_MAX]
    subject, message_id = decode_words(mail.header("subject")), mail.header("message-id")
    server = server_tried(subject)
    return ArrivedMail(
        schema_version=ARRIVAL_VERSION,
        message_id=message_id,
        token=token_of(message_id),
        host=server[0] if server is not None else None,
        address=server[1] if server is not None else None,
        hops=tuple(_hops(list(reversed(fields)))),
        results=tuple(_results(mail.headers))[:RESULTS_SHOWN_MAX],
    )


def _hops(fields: list[ReceivedField]) -> Iterator[Hop]:
    before: datetime | None = None
    for one in fields:
        delay_s = round((one.at - before).total_seconds()) if one.at and before else None
        yield Hop(
            by=one.by,
            from_name=one.from_name,
            address=one.address,
            protocol=one.protocol,
            encrypted=one.encrypted,
            tls_version=one.tls_version,
            at=one.at,
            delay_s=delay_s,
        )
        before = one.at or before


def _results(headers: tuple[tuple[str, str], ...]) -> Iterator[ArrivedResult]:
    for field in results_in(result_fields(headers)):
        for one in field.results:
            about = next(filter(None, map(one.property, _ABOUT.get(one.method, ()))), "")
            because = one.reason or " ".join(one.comments)
            yield ArrivedResult(field.authserv_id, one.method, one.result, about, because)
