"""Evidence to be passed on: without local parts of addresses, and without the name and address of the machine that asked.

| taken out | where it stands |
|---|---|
| local parts | records, policies, headers, what servers said |
| cookies | headers of the policy host |
| the name of the machine that asked | the vantage, EHLO, and what servers answer to it |
| its addresses | what servers said, where the address is none of those that were asked |
| DNS messages as received | each keeps its header and its length; the records stay as they were read |

Names and addresses of the domain's servers stay, since every verdict rests on them, and so do the certificates, which
would be none if they were altered. What comes out is judged as what went in.
"""

import re
from collections.abc import Callable

import msgspec

from mxproof.evidence.answer import (
    AddressRecord,
    Answer,
    CaaRecord,
    DnsData,
    DnsRecord,
    OtherRecord,
    PolicyData,
    SmtpData,
    SmtpLine,
    TxtRecord,
)
from mxproof.evidence.evidence import Evidence
from mxproof.formats.redaction import ROLES, Redaction

_HEADER_BYTES = 12
_SECRET_FIELDS = frozenset({"set-cookie", "cookie", "authorization"})
_IP = re.compile(
    rb"(?<![0-9A-Za-z.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![0-9A-Za-z:])"
)
_HELLO = re.compile(rb"(?:EHLO|HELO) (\S+)", re.IGNORECASE)
_SOA_FIELDS = 7


def redacted(evidence: Evidence) -> Evidence:
    """Return the evidence as it may be passed on."""
    redaction = Redaction()
    known = {question.at.encode() for question in evidence.answers} | {
        record.address.encode()
        for answer in evidence.answers.values()
        if isinstance(answer.data, DnsData)
        for record in answer.data.records
        if isinstance(record, AddressRecord)
    }
    hosts = {name for name in (evidence.vantage.host.encode(), *_greeted(evidence)) if b"." in name}
    said = _said(redaction, frozenset(known), tuple(sorted(hosts, key=len, reverse=True)))
    rows = [
        (question, _answer(answer, redaction, said)) for question, answer in sorted(evidence.answers.items())
    ]
    vantage = msgspec.structs.replace(evidence.vantage, host="x" * len(evidence.vantage.host))
    return Evidence(evidence.domain, vantage).with_answers(rows)


def _greeted(evidence: Evidence) -> set[bytes]:
    """Return the names under which this machine greeted servers."""
    lines = [
        line
        for answer in evidence.answers.values()
        if isinstance(answer.data, SmtpData)
        for line in answer.data.transcript
    ]
    return {found.group(1) for line in lines if line.side == "C" and (found := _HELLO.match(line.text))}


def _said(
    redaction: Redaction, known: frozenset[bytes], hosts: tuple[bytes, ...]
) -> Callable[[bytes], bytes]:
    """Return what becomes of a line of a dialogue."""

    def line(text: bytes) -> bytes:
        for host in hosts:
            text = text.replace(host, b"x" * len(host))
        text = _IP.sub(lambda one: one.group() if one.group() in known else _zeros(one.group()), text)
        return redaction.octets(text)

    return line


def _zeros(address: bytes) -> bytes:
    return re.sub(rb"[0-9A-Fa-f]", b"0", address)


def _answer(answer: Answer, redaction: Redaction, said: Callable[[bytes], bytes]) -> Answer:
    data = answer.data
    match data:
        case DnsData():
            records = tuple(_record(record, redaction) for record in data.records)
            wire = data.wire[:_HEADER_BYTES] + bytes(max(0, len(data.wire) - _HEADER_BYTES))
            data = msgspec.structs.replace(data, records=records, wire=wire)
        case PolicyData():
            headers = tuple((name, _field(name, value, redaction)) for name, value in data.headers)
            data = msgspec.structs.replace(data, headers=headers, body=redaction.octets(data.body))
        case SmtpData():
            lines = tuple(SmtpLine(line.side, said(line.text)) for line in data.transcript)
            data = msgspec.structs.replace(data, transcript=lines, early=said(data.early))
        case None:
            pass
    return msgspec.structs.replace(answer, data=data, detail=redaction.text(answer.detail))


def _field(name: str, value: str, redaction: Redaction) -> str:
    return "x" * len(value) if name.lower() in _SECRET_FIELDS else redaction.text(value)


def _record(record: DnsRecord, redaction: Redaction) -> DnsRecord:
    match record:
        case TxtRecord():
            return msgspec.structs.replace(record, text=redaction.octets(record.text))
        case CaaRecord():
            return msgspec.structs.replace(record, value=redaction.octets(record.value))
        case OtherRecord():
            return OtherRecord(_mailbox(redaction.text(record.text)))
        case _:
            return record


def _mailbox(text: str) -> str:
    """Return a SOA record without the local part that is the first label of its mailbox (RFC 1035 section 8)."""
    fields = text.split(" ")
    if len(fields) == _SOA_FIELDS and fields[2].isdigit():
        local, dot, domain = fields[1].partition(".")
        fields[1] = fields[1] if local.lower() in ROLES else "x" * len(local) + dot + domain
    return " ".join(fields)
