"""What came back: one outcome, the raw bytes, and the facts read from them without judging.

Failure is data. `data` is present wherever bytes came back, also beside a failing outcome: a handshake that failed
keeps its SMTP transcript, a policy body cut short keeps what arrived.

Answers of DNS are held by the ten thousand, and none leads back to itself: the collector of cycles is spared them
(`gc=False`), and each is smaller without its head.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.formats.address_scope import SpecialRange


class Outcome(StrEnum):
    """How asking ended. `None` never stands for one of these, and no failure stands for `EMPTY`."""

    FOUND = "found"
    """The answer came whole: records, an HTTP response of any status, an SMTP dialogue led to its end."""
    EMPTY = "empty"
    """The name exists and has no record of this type (NODATA, RFC 2308 section 2.2)."""
    NXDOMAIN = "nxdomain"
    """The name, or the end of its alias chain, does not exist."""
    TIMEOUT = "timeout"
    REFUSED = "refused"
    """DNS rcode REFUSED, or a TCP connection answered with a reset."""
    SERVFAIL = "servfail"
    BOGUS = "bogus"
    """The resolver said that DNSSEC validation failed (extended error, RFC 8914)."""
    MALFORMED = "malformed"
    """Bytes came that are not the protocol, or the framing was not complete."""
    OVERSIZE = "oversize"
    """More came than the named limit allows; `data` holds the part below it."""
    TRUNCATED = "truncated"
    """The answer did not fit into a datagram (TC bit), and the question is for UDP alone; `data` holds what came."""
    TLS_FAILED = "tls-failed"
    CLOSED = "closed"
    """The peer ended the connection before the answer was whole."""
    UNREACHABLE = "unreachable"
    """This machine has no route there: no IPv6, no network, or a firewall that says so."""
    UNASKED = "unasked"
    """Not asked, because a limit or an option forbade it; `detail` says which."""


ABSENT = frozenset({Outcome.EMPTY, Outcome.NXDOMAIN})
"""DNS said that there is no such record."""
ANSWERED = ABSENT | {Outcome.FOUND}
"""DNS said what there is, be it nothing."""


class Alias(msgspec.Struct, frozen=True, gc=False):
    """One CNAME record on the way from the name asked to the name that answered."""

    name: str
    target: str
    ttl_s: int = 0


class TxtRecord(msgspec.Struct, frozen=True, gc=False, tag="TXT"):
    """A TXT record; `text` is its character strings joined without spaces (RFC 8461 section 3.1)."""

    text: bytes
    strings: int = 1


class MxRecord(msgspec.Struct, frozen=True, gc=False, tag="MX"):
    """An MX record; `exchange` is as received (case folded, no final dot), `.` for a null MX (RFC 7505)."""

    preference: int
    exchange: str


class AddressRecord(msgspec.Struct, frozen=True, gc=False, tag="ADDRESS"):
    """An A or AAAA record in canonical text."""

    address: str


class NameRecord(msgspec.Struct, frozen=True, gc=False, tag="NAME"):
    """A record that is one name: CNAME, PTR or NS."""

    name: str


class TlsaRecord(msgspec.Struct, frozen=True, gc=False, tag="TLSA"):
    """A TLSA record as received (RFC 6698 section 2.1)."""

    usage: int
    selector: int
    matching_type: int
    association: bytes


class CaaRecord(msgspec.Struct, frozen=True, tag="CAA"):
    """A CAA record as received, its tag in lower case (RFC 8659 section 4.1)."""

    flags: int
    tag: str
    value: bytes


class GlueRecord(msgspec.Struct, frozen=True, tag="GLUE"):
    """An address of a name server beside the NS records that lead to it (RFC 9471 section 2.1)."""

    name: str
    address: str


class OtherRecord(msgspec.Struct, frozen=True, tag="OTHER"):
    """A record of another type in presentation form."""

    text: str


class SignedRecord(msgspec.Struct, frozen=True, tag="SIGNED"):
    """A record as its signature covers it: `data` without compression, the names in it in lower case (RFC 4034 section 6.2).

    The answer to a question that asks for signatures holds these alone: every record of its answer and authority sections
    but SOA, in order; `name` is the owner, `rdtype` the number of the type.
    """

    name: str
    rdtype: int
    ttl_s: int
    data: bytes


DnsRecord = (
    TxtRecord
    | MxRecord
    | AddressRecord
    | NameRecord
    | TlsaRecord
    | CaaRecord
    | GlueRecord
    | SignedRecord
    | OtherRecord
)


_FLAGS_AT = 2
_AA_BIT = 0x04
_TC_BIT = 0x02


class DnsData(msgspec.Struct, frozen=True, gc=False, tag="dns"):
    """A DNS response. `secure` is its AD bit as sent; whether to believe it is a matter of the vantage.

    `chain` leads from the name asked to the owner of `records`, in order; `extended` holds extended errors
    (RFC 8914) as text; `wire` is the response as received.
    """

    rcode: str
    secure: bool
    records: tuple[DnsRecord, ...] = ()
    chain: tuple[Alias, ...] = ()
    extended: tuple[str, ...] = ()
    transport: str = "udp"
    wire: bytes = b""

    @property
    def authoritative(self) -> bool:
        """Tell whether the AA bit is set: the server answers from a zone of its own (RFC 1035 section 4.1.1)."""
        return len(self.wire) > _FLAGS_AT and bool(self.wire[_FLAGS_AT] & _AA_BIT)

    @property
    def truncated(self) -> bool:
        """Tell whether the TC bit is set (RFC 1035 section 4.1.1)."""
        return len(self.wire) > _FLAGS_AT and bool(self.wire[_FLAGS_AT] & _TC_BIT)


class Der(bytes):
    """One certificate as sent: bytes with a type of their own, which a file of evidence stores once."""

    __slots__ = ()


OUTDATED_TLS = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"})
"""Versions that must not be used any more (RFC 7568 section 3, RFC 8996 sections 4 and 5)."""


class AssumedLeaf(msgspec.Struct, frozen=True, omit_defaults=True):
    """A certificate that nobody has seen, supposed in place of the leaf: trusted, in force, and covering `names`.

    `keeps_key`: its key is that of the leaf that was seen; `matches` are TLSA records known to name it or its key. What
    was sent above the leaf stays as it was, unless the certificate `is_at_hand`: then no TLSA record names it, or what is
    above it, but `matches`.
    """

    names: tuple[str, ...]
    keeps_key: bool
    matches: tuple[TlsaRecord, ...] = ()
    is_at_hand: bool = False


class TlsData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A TLS handshake made with verification off; `chain` is as the server sent it, leaf first.

    `assumed` stands only in evidence that was altered to ask what would be.
    """

    version: str
    cipher: str
    chain: tuple[Der, ...]
    assumed: AssumedLeaf | None = None

    @property
    def outdated(self) -> bool:
        """Tell whether the version is one that must not be used any more."""
        return self.version in OUTDATED_TLS


class PolicyData(msgspec.Struct, frozen=True, tag="policy"):
    """An HTTPS response to GET /.well-known/mta-sts.txt; `status` 0 means that none came.

    `body` is what arrived, up to POLICY_BYTES_MAX; it is whole only beside `Outcome.FOUND`.
    """

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    tls: TlsData | None = None


class SmtpStage(StrEnum):
    """How far an SMTP dialogue came; the outcome is about this stage."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    HANDSHAKE = "handshake"
    SECURED = "secured"


class SmtpLine(msgspec.Struct, frozen=True, array_like=True):
    """One line of a dialogue without its CRLF; `side` is `C` for the line we sent, `S` for the server's."""

    side: str
    text: bytes


class SmtpData(msgspec.Struct, frozen=True, tag="smtp"):
    """An SMTP dialogue: greeting, EHLO, STARTTLS, handshake, EHLO, QUIT. No mail is ever sent.

    `stage` is the last one entered. With `Outcome.FOUND` the dialogue ended as far as the server allows: stage
    SECURED after a handshake, EHLO where STARTTLS is not offered, STARTTLS where it was answered with an error, and
    GREETING or EHLO where the server turned us away. `keywords` are those of the EHLO reply in the clear. `early` is
    what the server sent in the clear behind its 220 to STARTTLS, which is thrown away (RFC 3207 section 4.2). Older
    evidence has it at the end of a session that was broken off there, with `Outcome.MALFORMED`. `greeted_ms` passed from
    the connection to the whole greeting; 0 where there was none, or it was not kept.
    """

    stage: SmtpStage
    transcript: tuple[SmtpLine, ...] = ()
    keywords: tuple[str, ...] = ()
    tls: TlsData | None = None
    early: bytes = b""
    greeted_ms: int = 0


class HelloData(msgspec.Struct, frozen=True, omit_defaults=True, tag="hello"):
    """What a server answers to a ClientHello behind STARTTLS that offers little; the handshake ends there.

    `stage` is the last one entered. With `Outcome.FOUND` at stage HANDSHAKE the server agreed to `version` and `cipher` (the
    suite's name in the registry of IANA), or to nothing: `alert` is the alert of RFC 8446 section 6.2 that says so. At an
    earlier stage `reply` is what the server said in place of going on.
    """

    stage: SmtpStage
    version: str = ""
    cipher: str = ""
    alert: str = ""
    reply: bytes = b""


Data = DnsData | PolicyData | SmtpData | HelloData


class Answer(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One answer. `at` is when it was complete (UTC), `detail` the machine's own words for a failure.

    `shared`: it was asked for another domain of the same run, and holds for this one as well.
    """

    outcome: Outcome
    at: datetime
    data: Data | None = None
    ttl_s: int | None = None
    elapsed_ms: int = 0
    attempts: int = 1
    detail: str = ""
    shared: bool = False


def withheld(range_: SpecialRange, at: datetime) -> Answer:
    """Return the answer to a question that is not put because its address is not public."""
    return Answer(Outcome.UNASKED, at, detail=f"not a public address: {range_}")
