"""Evidence in parts, so that of a long history each answer and each certificate is kept once.

A check asks the same again and mostly gets the same back. `parts_of` takes evidence apart into what tends to stay, an answer
without its times and a certificate, and what never does, the `AnswerMoment` of each answer; `whole` puts it together again.

Of the raw DNS message its header and its length are kept, without the ID: all else of it is read already, and its TTLs
count down with every look, so that no two would be the same.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from mxproof.evidence.answer import Answer, Data, Der, DnsData, Outcome
from mxproof.evidence.evidence import Evidence, Vantage
from mxproof.evidence.question import Question

DIGEST_BYTES = 16
_HEADER_BYTES = 12
_ID_BYTES = 2


class AnswerMoment(msgspec.Struct, frozen=True, array_like=True):
    """What is an answer's own, however often the same is answered; `after_us` are counted from the first answer.

    `part` is the digest of the rest.
    """

    part: bytes
    after_us: int
    ttl_s: int | None
    elapsed_ms: int
    attempts: int
    shared: bool


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """What holds the parts of one observation together; `certificates` are the digests of all that it and its parts name.

    `vantage` is packed, for it can be read only once the certificates are at hand.
    """

    domain: str
    vantage: bytes
    began_at: datetime
    moments: tuple[AnswerMoment, ...]
    certificates: tuple[bytes, ...]


class Lasting(msgspec.Struct, frozen=True, array_like=True):
    """An answer without its times, and its question."""

    question: Question
    outcome: Outcome
    data: Data | None
    detail: str


class Parts(msgspec.Struct, frozen=True):
    """Evidence taken apart: the packed frame, and each part by its digest."""

    frame: bytes
    parts: Mapping[bytes, bytes]


def parts_of(evidence: Evidence) -> Parts:
    """Return `evidence` in parts."""
    parts: dict[bytes, bytes] = {}
    certificates: dict[bytes, None] = {}

    def digest_of(value: object) -> bytes:
        if not isinstance(value, Der):
            raise NotImplementedError(type(value).__name__)
        digest = _kept(parts, bytes(value))
        certificates[digest] = None
        return digest

    encoder = msgspec.msgpack.Encoder(enc_hook=digest_of)
    rows = sorted(evidence.answers.items(), key=lambda row: row[0])
    began_at = min((answer.at for _, answer in rows), default=evidence.observed_at())
    moments = tuple(
        AnswerMoment(
            part=_kept(parts, encoder.encode(_lasting(question, answer))),
            after_us=(answer.at - began_at) // timedelta(microseconds=1),
            ttl_s=answer.ttl_s,
            elapsed_ms=answer.elapsed_ms,
            attempts=answer.attempts,
            shared=answer.shared,
        )
        for question, answer in rows
    )
    vantage = encoder.encode(evidence.vantage)  # its anchors are among the certificates
    frame = Frame(evidence.domain, vantage, began_at, moments, tuple(certificates))
    return Parts(encoder.encode(frame), parts)


def digests_in(frame: bytes) -> frozenset[bytes]:
    """Return the digests of all parts that a frame names."""
    read = msgspec.msgpack.decode(frame, type=Frame)
    return frozenset((*read.certificates, *(one.part for one in read.moments)))


def whole(frame: bytes, parts: Mapping[bytes, bytes]) -> Evidence:
    """Return the evidence that a frame and its parts hold; raises KeyError with the digest of one that is missing."""
    read = msgspec.msgpack.decode(frame, type=Frame)
    pool = {digest: Der(parts[digest]) for digest in read.certificates}
    hook = _from_pool(pool)
    answers: dict[Question, Answer] = {}
    for moment in read.moments:
        lasting = msgspec.msgpack.decode(parts[moment.part], type=Lasting, dec_hook=hook)
        answers[lasting.question] = Answer(
            outcome=lasting.outcome,
            at=read.began_at + timedelta(microseconds=moment.after_us),
            data=lasting.data,
            ttl_s=moment.ttl_s,
            elapsed_ms=moment.elapsed_ms,
            attempts=moment.attempts,
            detail=lasting.detail,
            shared=moment.shared,
        )
    vantage = msgspec.msgpack.decode(read.vantage, type=Vantage, dec_hook=hook)
    return Evidence(read.domain, vantage, MappingProxyType(answers))


def _lasting(question: Question, answer: Answer) -> Lasting:
    data = answer.data
    if isinstance(data, DnsData) and data.wire:
        header = (bytes(_ID_BYTES) + data.wire[_ID_BYTES:_HEADER_BYTES])[: len(data.wire)]
        data = msgspec.structs.replace(data, wire=header.ljust(len(data.wire), b"\0"))
    return Lasting(question, answer.outcome, data, answer.detail)


def _kept(parts: dict[bytes, bytes], part: bytes) -> bytes:
    digest = hashlib.sha256(part).digest()[:DIGEST_BYTES]
    parts[digest] = part
    return digest


def _from_pool(pool: Mapping[bytes, Der]) -> Callable[[type, object], object]:
    def read(_type: type, value: object) -> object:
        if not isinstance(value, bytes):
            raise TypeError("the digest of a certificate was expected")
        return pool[value]

    return read
