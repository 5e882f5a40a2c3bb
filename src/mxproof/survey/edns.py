"""The survey of what name servers make of EDNS, and of what becomes of answers larger than a plain datagram.

```
each address of each server of D's zone ── SOA with EDNS alone, and with a version that there is not
an answer larger than 512 bytes over TCP ── the same over UDP with EDNS alone, and with EDNS for 512 bytes
top-level domain ── SOA with EDNS alone: do queries with EDNS get out of here at all?
```
Whoever asks with EDNS and is not understood asks without (RFC 6891 section 7), so the usual question shows nothing of it.
All of these go over UDP, where datagrams get lost.
"""

from collections.abc import Iterable, Iterator

from mxproof.evidence import SMALL_BYTES, DnsData, Edns, Evidence, Kind, Question, Transport
from mxproof.survey.name_servers import controls, record_questions, server_addresses
from mxproof.survey.zone import zone_of

LARGE_MAX = 2
"""Records with a large answer that are asked for once more."""


def needed(evidence: Evidence, records: Iterable[Question]) -> Iterator[Question]:
    """Yield all questions that must be answered to know what each server makes of EDNS."""
    own = zone_of(evidence, evidence.domain)
    if own is None:
        return
    for where in server_addresses(evidence, own):
        yield plain(own, where.address, Edns.ONLY)
        yield plain(own, where.address, Edns.VERSION_1)
    for record in large_records(evidence, records):
        for where in server_addresses(evidence, own):
            yield large(record, where.address, Edns.ONLY)
            yield large(record, where.address, Edns.SMALL)
    yield from edns_controls(evidence)


def plain(zone: str, address: str, edns: Edns) -> Question:
    """Return the question that every server of a zone has a small answer to."""
    return Question(Kind.SOA, zone, server=address, transport=Transport.UDP, edns=edns)


def large(record: Question, address: str, edns: Edns) -> Question:
    """Return the question for a record over UDP, with one OPT record alone."""
    return Question(record.kind, record.name, server=address, transport=Transport.UDP, edns=edns)


def edns_controls(evidence: Evidence) -> tuple[Question, ...]:
    """Return questions at servers of the top-level domain, which are known to speak EDNS."""
    return tuple(
        Question(one.kind, one.name, server=one.server, transport=Transport.UDP, edns=Edns.ONLY)
        for one in controls(evidence)
        if one.transport is Transport.UDP
    )


def large_records(evidence: Evidence, records: Iterable[Question]) -> tuple[Question, ...]:
    """Return the records of the domain's own zone that some server has an answer to which needs EDNS over UDP."""
    own = zone_of(evidence, evidence.domain)
    found = (
        record
        for record in records
        if zone_of(evidence, record.name) == own
        and any(
            message_bytes(evidence, asked) > SMALL_BYTES
            for asked in record_questions(evidence, record)
            if asked.transport is Transport.TCP
        )
    )
    return tuple(dict.fromkeys(found))[:LARGE_MAX]


def message_bytes(evidence: Evidence, question: Question) -> int:
    """Return the size of the message that answered, 0 where none did."""
    data = evidence.answer(question).data
    return len(data.wire) if isinstance(data, DnsData) else 0
