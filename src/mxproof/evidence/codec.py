"""Write evidence to a file and read it back: versioned JSON, the same evidence always the same bytes.

```
{"evidence_version": 1,
 "domain": "example.com",
 "vantage": {...},
 "certificates": {"<SHA-256>": "<base64 of the DER>", ...},      each certificate once, sorted
 "answers": [{"question": {...}, "answer": {...}}, ...]}         one a line, sorted by question
```
Bytes are base64, times are RFC 3339 in UTC, a certificate inside an answer is its SHA-256. Members that this
version does not know are ignored, so a later version may add some; it counts up only when an old reader would
misunderstand. What `decode` returns is safe to follow: its domain and addresses are what they claim to be, its
times are aware and near enough to calculate with. Names, records and certificates stay as wild as the network that
they came from.
"""

import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, TypeVar

import msgspec

from mxproof.evidence.answer import AddressRecord, Answer, Der, DnsData
from mxproof.evidence.evidence import LATEST, NEVER, YEAR_MAX, Evidence, Vantage
from mxproof.evidence.question import CONNECTION_KINDS, Question
from mxproof.formats.errors import FormatError, Objection
from mxproof.formats.names import parse_host

EVIDENCE_VERSION = 1
EVIDENCE_BYTES_MAX = 64 * 1024 * 1024
FAMILIES = frozenset({4, 6})
ANSWER_TTL_S_MAX = 2**32 - 1

_SOURCE = f"evidence version {EVIDENCE_VERSION}"


T = TypeVar("T")


class AnsweredQuestion(msgspec.Struct, frozen=True):
    """One line of the file: what was asked and what came back."""

    question: Question
    answer: Answer


class EvidenceFile(msgspec.Struct, frozen=True):
    """The whole file, as docs/reference/evidence.schema.json describes it."""

    evidence_version: Literal[1]
    domain: str
    vantage: Vantage
    certificates: dict[str, bytes]
    answers: tuple[AnsweredQuestion, ...]


class _Head(msgspec.Struct, frozen=True):
    """What tells evidence from other JSON; the certificates are left unread until the version is known."""

    evidence_version: int | None = None
    schema_version: int | None = None
    certificates: msgspec.Raw = msgspec.Raw(b"{}")


def encode(evidence: Evidence) -> bytes:
    """Return `evidence` as the bytes of a file."""
    pool: dict[str, Der] = {}

    def stored(value: object) -> str:
        if not isinstance(value, Der):
            raise NotImplementedError(type(value).__name__)
        digest = fingerprint(value)
        pool[digest] = value
        return digest

    encoder = msgspec.json.Encoder(enc_hook=stored)
    vantage = encoder.encode(evidence.vantage)
    answers = [
        encoder.encode(AnsweredQuestion(*row))
        for row in sorted(evidence.answers.items(), key=lambda row: row[0])
    ]
    certificates = [
        encoder.encode(digest) + b":" + encoder.encode(bytes(der)) for digest, der in sorted(pool.items())
    ]
    return b"".join(
        (
            b'{"evidence_version":%d,\n' % EVIDENCE_VERSION,
            b' "domain":' + encoder.encode(evidence.domain) + b",\n",
            b' "vantage":' + vantage + b",\n",
            b' "certificates":{' + _lines(certificates) + b"},\n",
            b' "answers":[' + _lines(answers) + b"]}\n",
        )
    )


def decode(data: bytes) -> Evidence:
    """Return the evidence that the bytes of a file hold.

    Raises FormatError with one message for anything that is not a whole file of evidence in a version known here.
    """
    if len(data) > EVIDENCE_BYTES_MAX:
        raise _refusal("evidence-oversize", f"more than {EVIDENCE_BYTES_MAX >> 20} MiB")
    certificates = _certificates(data)
    read = _decode(data, EvidenceFile, _from_pool(certificates))
    _check_domain(read.domain)
    if not set(read.vantage.families) <= FAMILIES:
        raise _refusal("evidence-family", "an address family other than 4 and 6")
    for row in read.answers:
        _check_answered(row)
    answers = {row.question: row.answer for row in read.answers}
    if len(answers) < len(read.answers):
        raise _refusal("evidence-duplicate", "the same question is answered twice")
    return Evidence(domain=read.domain, vantage=read.vantage, answers=MappingProxyType(answers))


def fingerprint(der: bytes) -> str:
    """Return the SHA-256 of a certificate in lower-case hexadecimal: its name in files and reports."""
    return hashlib.sha256(der).hexdigest()


def _lines(items: list[bytes]) -> bytes:
    return b",".join(b"\n  " + item for item in items)


def _certificates(data: bytes) -> Mapping[str, Der]:
    head = _decode(data, _Head)
    if head.evidence_version is None:
        kind = "a report, not evidence" if head.schema_version is not None else "JSON, but not evidence"
        raise _refusal("evidence-foreign", f"{kind}: `evidence_version` was expected")
    if head.evidence_version != EVIDENCE_VERSION:
        age = "a newer" if head.evidence_version > EVIDENCE_VERSION else "an unknown"
        raise _refusal(
            "evidence-version",
            f"made by {age} mxproof: version {head.evidence_version} of the format, this one reads version"
            f" {EVIDENCE_VERSION}",
        )
    pool = {digest: Der(der) for digest, der in _decode(head.certificates, dict[str, bytes]).items()}
    for digest, der in pool.items():
        if fingerprint(der) != digest:
            raise _refusal(
                "evidence-certificate", "a certificate does not have the SHA-256 it is stored under"
            )
    return pool


def _from_pool(pool: Mapping[str, Der]) -> Callable[[type, object], object]:
    def read(_type: type, value: object) -> object:
        if not isinstance(value, str) or value not in pool:
            raise ValueError("no certificate of this SHA-256 is in the file")
        return pool[value]

    return read


def _decode(
    data: bytes | msgspec.Raw, into: type[T], hook: Callable[[type, object], object] | None = None
) -> T:
    try:
        return msgspec.json.decode(data, type=into, dec_hook=hook)
    except msgspec.ValidationError as error:
        raise _refusal("evidence-foreign", f"not evidence as this version writes it: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _refusal("evidence-not-json", f"not JSON, or cut short: {error}") from None
    except RecursionError:
        raise _refusal("evidence-nesting", "nested more deeply than evidence is") from None


def _check_domain(domain: str) -> None:
    try:
        host = parse_host(domain)
    except FormatError as error:
        raise _refusal(
            "evidence-domain", f"its domain is no domain name: {error.objections[0].message}"
        ) from None
    if host != domain:
        raise _refusal("evidence-domain", "its domain is not written in lower case")


def _check_answered(one: AnsweredQuestion) -> None:
    question, answer = one.question, one.answer
    if question.kind in CONNECTION_KINDS:
        _check_address(question.at)
    elif question.server:
        _check_address(question.server)
    if answer.at.tzinfo is None or not NEVER <= answer.at <= LATEST:
        raise _refusal(
            "evidence-time", f"the time of {question} is not between 1970 and {YEAR_MAX} with its zone"
        )
    if answer.ttl_s is not None and not 0 <= answer.ttl_s <= ANSWER_TTL_S_MAX:
        raise _refusal("evidence-ttl", f"the TTL of {question} is not between 0 and {ANSWER_TTL_S_MAX}")
    if isinstance(answer.data, DnsData):
        for record in answer.data.records:
            if isinstance(record, AddressRecord):
                _check_address(record.address)


def _check_address(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise _refusal("evidence-address", f"an IP address was expected, not {text!r}") from None


def _refusal(rule: str, message: str) -> FormatError:
    return FormatError("evidence", Objection(rule, message, 0, _SOURCE))
