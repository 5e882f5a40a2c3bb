"""The questions a survey can ask: each is one DNS query or one connection.

| kind | `name` | `at` | `server` |
|---|---|---|---|
| a DNS type | the owner name asked | empty | the address of the name server asked, or empty for the resolver |
| DELEGATION | a zone: the NS records and the glue that lead to it | empty | the address of a server of the zone above it |
| POLICY | the policy host: SNI and Host header of the HTTPS request | the address connected to, port 443 | empty |
| SMTP | the server name put in SNI | the address connected to, port 25 | empty |
| TLS | the same, up to the first two messages of a handshake that offers no more than `offer` | the same | empty |

A DNS question with a `transport` is asked over that one alone: UDP and TCP are then two questions with an answer each.
Without one, TCP follows where UDP gave an answer cut short, and both come to one answer. A question with `edns` is put
with that OPT record alone, again after silence; one without is put without an OPT record where that is not understood.

Names are canonical: lower case, no trailing dot. A question holds no port: a port is a matter of how to reach the
address, not of what is asked.
"""

from enum import StrEnum

import msgspec

from mxproof.formats.tls_offer import Offer


class Kind(StrEnum):
    """What is asked for."""

    A = "A"
    AAAA = "AAAA"
    CAA = "CAA"
    CNAME = "CNAME"
    DELEGATION = "DELEGATION"
    DNSKEY = "DNSKEY"
    DS = "DS"
    MX = "MX"
    NS = "NS"
    PTR = "PTR"
    SOA = "SOA"
    TLSA = "TLSA"
    TXT = "TXT"
    POLICY = "POLICY"
    SMTP = "SMTP"
    TLS = "TLS"


class Transport(StrEnum):
    """How a DNS question travels (RFC 7766); ANY asks over UDP, and over TCP where the answer did not fit."""

    ANY = ""
    UDP = "udp"
    TCP = "tcp"


class Edns(StrEnum):
    """What OPT record a query has, whatever becomes of it (RFC 6891 section 6.1); USUAL leaves it to the asker."""

    USUAL = ""
    ONLY = "only"
    """That of every query, and no query without one follows."""
    VERSION_1 = "version-1"
    """A version that there is not, so that BADVERS is the answer (RFC 6891 section 6.1.3)."""
    SMALL = "small"
    """With room for the `SMALL_BYTES` that every client takes."""
    SIGNED = "signed"
    """For who validates by himself: with the DO bit, and with the CD bit in the header, so that what fails validation comes too
    (RFC 4035 section 3.2.2). All records of the answer come back as they stand, signatures and proofs among them."""


SMALL_BYTES = 512
"""What a datagram holds without EDNS (RFC 1035 section 4.2.1)."""

CONNECTION_KINDS = frozenset({Kind.POLICY, Kind.SMTP, Kind.TLS})


class Question(msgspec.Struct, frozen=True, gc=False, order=True, omit_defaults=True):
    """One thing to find out; hashable, and ordered so that a file of evidence has one spelling."""

    kind: Kind
    name: str
    at: str = ""
    server: str = ""
    transport: Transport = Transport.ANY
    edns: Edns = Edns.USUAL
    offer: Offer = Offer.ANY

    def __str__(self) -> str:
        """Name the question in a few words: `TXT _mta-sts.example.com`, `SMTP 192.0.2.1 (mx.example.com)`."""
        if self.kind in CONNECTION_KINDS:
            offered = f", {self.offer}" if self.offer else ""
            return f"{self.kind} {self.at} ({self.name}{offered})"
        where = f" at {self.server}" if self.server else ""
        over = f" over {self.transport.upper()}" if self.transport else ""
        return f"{self.kind} {self.name}{where}{over}" + (
            f" with {_OPT_RECORDS[self.edns]}" if self.edns else ""
        )


_OPT_RECORDS = {
    Edns.ONLY: "EDNS alone",
    Edns.VERSION_1: "EDNS version 1",
    Edns.SMALL: f"EDNS for {SMALL_BYTES} bytes",
    Edns.SIGNED: "its signatures",
}
