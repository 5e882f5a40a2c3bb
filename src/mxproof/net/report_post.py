"""A TLS report posted to the URL that a domain names (RFC 8460 section 5.4).

One POST on one connection, and only the status of the answer is read: whatever follows it is left where it is. A redirect is
not followed. The addresses of the host are looked up here and are the ones connected to, and only those that are public. The
certificate is not verified: a report about a server whose TLS is broken has to reach that server (RFC 8460 section 3 allows it).
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import h11
import msgspec

from mxproof import __version__
from mxproof.evidence import AddressRecord, Answer, DnsData, Kind, Outcome, Question
from mxproof.evidence.answer import ANSWERED
from mxproof.formats.names import bare_address
from mxproof.formats.tlsrpt.destination import HTTPS_DEFAULT_PORT, WebDestination
from mxproof.formats.tlsrpt.report_mail import GZIP_MEDIA_TYPE
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.reach import forbidden_peer
from mxproof.net.stream import Stream, StreamError, outcome_of, secure

POSTED_WITHIN_S: Final = 30.0
"""For one address: to connect, send and have an answer."""
POST_ADDRESSES_MAX: Final = 4
POST_ANSWER_BYTES_MAX: Final = 128 * 1024
"""All that a connection may receive, the handshake too."""
ANSWER_HEAD_BYTES_MAX: Final = 16 * 1024
INTERIM_ANSWERS_MAX: Final = 8

_ACCEPTED: Final = range(200, 300)
_GONE: Final = frozenset({404, 405, 410, 501})


class PostOutcome(msgspec.Struct, frozen=True):
    """How a POST ended: FOUND with the status of the answer, or why there was none."""

    outcome: Outcome
    status: int = 0
    detail: str = ""

    @property
    def is_accepted(self) -> bool:
        """Tell whether the report was taken (RFC 8460 section 5.4: any 2xx)."""
        return self.status in _ACCEPTED

    @property
    def is_dead(self) -> bool:
        """Tell whether the answer says that there is no such place, now and later."""
        return self.status in _GONE


async def post_report(
    asker: Asker, to: WebDestination, packed: bytes, timeout_s: float = POSTED_WITHIN_S
) -> PostOutcome:
    """Post a report, packed as gzip, to the first address of `to` that can be connected to."""
    last = PostOutcome(Outcome.EMPTY, 0, f"{to.host} has no address")
    tried = 0
    async for found in _addresses(asker, to.host):
        if isinstance(found, PostOutcome):
            last = found
            continue
        peer = Peer(found, to.port)
        kept_from = forbidden_peer(peer, asker.asking)
        if kept_from is not None:
            last = PostOutcome(Outcome.UNASKED, 0, f"{found} is not public: {kept_from}")
            continue
        tried += 1
        post = _Post(to, peer, asker.asking, packed)
        last = await post.run(timeout_s)
        if post.was_sent or tried >= POST_ADDRESSES_MAX:
            break
    return last


async def _addresses(asker: Asker, host: str) -> AsyncIterator[str | PostOutcome]:
    """Yield the addresses of a host, of each family in turn, and why there are none that are known."""
    literal = bare_address(host)
    if literal is not None:
        yield literal
        return
    share = asker.share()
    kinds = [kind for family, kind in ((6, Kind.AAAA), (4, Kind.A)) if family in asker.asking.families]
    answers = await asyncio.gather(*(asker.ask(Question(kind, host), share) for kind in kinds))
    for answer in answers:
        if answer.outcome not in ANSWERED:
            yield PostOutcome(answer.outcome, 0, f"{host}: {answer.detail or answer.outcome}")
        for address in _records(answer)[:POST_ADDRESSES_MAX]:
            yield address


def _records(answer: Answer) -> list[str]:
    records = answer.data.records if isinstance(answer.data, DnsData) else ()
    return [one.address for one in records if isinstance(one, AddressRecord)]


class _Post:
    """One POST to one address; `was_sent` once all of the report went out."""

    def __init__(self, to: WebDestination, peer: Peer, asking: Asking, packed: bytes) -> None:
        self._to = to
        self._peer = peer
        self._asking = asking
        self._packed = packed
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=ANSWER_HEAD_BYTES_MAX)
        self._status = 0
        self.was_sent = False

    async def run(self, timeout_s: float) -> PostOutcome:
        outcome, detail = await outcome_of(self._talk(), timeout_s)
        if self._status:
            return PostOutcome(Outcome.FOUND, self._status, f"status {self._status}")
        return PostOutcome(outcome, 0, f"{self._peer}: {detail or outcome}")

    async def _talk(self) -> None:
        async with Stream(self._peer, self._asking, POST_ANSWER_BYTES_MAX) as stream:
            await secure(stream, self._to.host, alpn=("http/1.1",))
            await stream.write(self._request())
            self.was_sent = True
            try:
                self._status = await self._answer(stream)
            except h11.RemoteProtocolError as error:
                raise StreamError(Outcome.MALFORMED, str(error)) from None
            await stream.end()

    def _request(self) -> bytes:
        host = f"[{self._to.host}]" if ":" in self._to.host else self._to.host
        port = "" if self._to.port == HTTPS_DEFAULT_PORT else f":{self._to.port}"
        headers = [
            ("Host", host + port),
            ("User-Agent", f"mxproof/{__version__}"),
            ("Content-Type", GZIP_MEDIA_TYPE),
            ("Content-Length", str(len(self._packed))),
            ("Connection", "close"),
        ]
        head = self._http.send(h11.Request(method="POST", target=self._to.target, headers=headers))
        body = self._http.send(h11.Data(data=self._packed))
        return (head or b"") + (body or b"") + (self._http.send(h11.EndOfMessage()) or b"")

    async def _answer(self, stream: Stream) -> int:
        """Return the status of the answer."""
        interim = 0
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                data = await stream.read()
                if not data:
                    raise StreamError(Outcome.CLOSED, "the connection ended without an answer")
                self._http.receive_data(data)
            elif isinstance(event, h11.Response):
                return event.status_code
            else:
                interim += 1
                if interim > INTERIM_ANSWERS_MAX:
                    raise StreamError(Outcome.OVERSIZE, f"more than {INTERIM_ANSWERS_MAX} interim answers")
