"""How one address of a name server answers in a test world, where that is not what the zone says."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from mxproof.evidence import (
    SMALL_BYTES,
    Alias,
    Answer,
    DnsData,
    Edns,
    GlueRecord,
    Kind,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    Transport,
)

_AA, _TC = 0x04, 0x02
_HEADER_BYTES = 12


class At(msgspec.Struct, frozen=True):
    """How the server at one address answers.

    `udp` and `tcp` are the outcome of every question over that transport, None where it answers from `zone` (that of
    the world where it is empty); REFUSED over TCP is a refused connection. `rcode` is an error that it answers
    everything with.
    """

    udp: Outcome | None = None
    tcp: Outcome | None = None
    zone: str = ""
    rcode: str = ""
    authoritative: bool = True
    elapsed_ms: int = 20
    size_bytes: int = 120
    serial: int = 7
    edns: Outcome | None = None
    """What comes of every query with EDNS alone or of another version."""
    edns_rcode: str = ""
    """The error to every query with EDNS alone or of another version."""
    version_rcode: str = "BADVERS"
    """The answer to a version of EDNS that there is not."""
    lost: bool = False
    """Whether answers of more than 512 bytes get lost over UDP."""
    keeps_size: bool = True


def served(server: At, question: Question, resolved: Callable[[str], Answer], at: datetime) -> Answer:
    """Return what `server` says at the moment `at`; `resolved` is what a resolver that knows a zone would say."""
    outcome = server.tcp if question.transport is Transport.TCP else server.udp
    if outcome is Outcome.TRUNCATED:
        return _message(server, Outcome.TRUNCATED, DnsData("NOERROR", secure=False), at, _TC)
    if outcome is not None:
        elapsed_ms = server.elapsed_ms if outcome is not Outcome.UNASKED else 0
        return Answer(outcome, at, elapsed_ms=elapsed_ms, detail="the test says so")
    if question.edns and server.edns is not None:
        return Answer(server.edns, at, elapsed_ms=server.elapsed_ms, detail="the test says so")
    rcode = server.edns_rcode or (server.version_rcode if question.edns is Edns.VERSION_1 else "")
    if question.edns and rcode:
        return _message(server, Outcome.SERVFAIL, DnsData(rcode, secure=False), at)
    if question.kind is Kind.SOA:
        server = msgspec.structs.replace(server, size_bytes=120)
    if question.edns and server.size_bytes > SMALL_BYTES and server.lost:
        return Answer(Outcome.TIMEOUT, at, elapsed_ms=server.elapsed_ms, detail="the test says so")
    if question.edns is Edns.SMALL and server.keeps_size and server.size_bytes > SMALL_BYTES:
        return _message(
            msgspec.structs.replace(server, size_bytes=0),
            Outcome.TRUNCATED,
            DnsData("NOERROR", secure=False),
            at,
            _TC,
        )
    if server.rcode:
        refused = Outcome.REFUSED if server.rcode == "REFUSED" else Outcome.SERVFAIL
        return _message(server, refused, DnsData(server.rcode, secure=False), at)
    if question.kind is Kind.SOA:
        soa = OtherRecord(f"ns1.example.com. root.example.com. {server.serial} 3600 900 604800 300")
        return _message(server, Outcome.FOUND, DnsData("NOERROR", secure=False, records=(soa,)), at)
    whole = resolved(server.zone)
    if not isinstance(whole.data, DnsData):
        return _message(server, Outcome.SERVFAIL, DnsData("SERVFAIL", secure=False), at)
    return _message(server, *_unfollowed(whole.outcome, whole.data), at)


def led(names: tuple[str, ...], glue: tuple[GlueRecord, ...], at: datetime, *, authoritative: bool) -> Answer:
    """Return what a server of the zone above says that leads to these name servers."""
    data = DnsData("NOERROR", secure=False, records=(*map(NameRecord, names), *glue))
    return _message(At(authoritative=authoritative), Outcome.FOUND, data, at)


def _unfollowed(outcome: Outcome, data: DnsData) -> tuple[Outcome, DnsData]:
    """Return what a server that follows no alias says."""
    if not data.chain:
        return outcome, data
    first: tuple[Alias, ...] = data.chain[:1]
    return Outcome.FOUND, msgspec.structs.replace(data, chain=first, records=())


def _message(server: At, outcome: Outcome, data: DnsData, at: datetime, flags: int = 0) -> Answer:
    flags |= _AA if server.authoritative and not server.rcode else 0
    wire = bytes((0, 0, flags, 0)) + bytes(max(server.size_bytes, _HEADER_BYTES) - 4)
    whole = msgspec.structs.replace(data, wire=wire)
    return Answer(outcome, at, whole, ttl_s=300, elapsed_ms=server.elapsed_ms)
