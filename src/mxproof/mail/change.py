"""What can be altered about a mail domain, as values: a finding carries those that mend it, a plan is made of them.

| kind | after it |
|---|---|
| `publish` | one more record stands at `name`, beside whatever stands there |
| `withdraw` | this one record stands there no longer |
| `serve-policy` | every address of the policy host serves this policy as RFC 8461 section 3.3 has it |
| `certificate` | whoever asks for `host` at `addresses` gets a chain that is whole, trusted, in force and covers `names` |
| `configure` | a server behaves as `setting` says |
| `wait` | some seconds have gone by |

Every kind says the state after it, so that applying it to evidence needs no text to be read and no state before it
but the evidence. Records are altered one at a time, since changes to one set of records (another MX host, one fewer)
can then be put together in any order; a record is replaced by withdrawing the old one and publishing the new one,
and a new id of a policy is just that, at `_mta-sts`. Withdrawing an MX record is how a host is retired.

A server's behaviour is a kind of its own, `configure`, and not a step without a change: that an address offers
STARTTLS is as much a part of the evidence as a record, so it can be applied and judged like one. What it leaves unseen
(the certificate behind a STARTTLS that was not offered, the records behind a signature that did not verify) is for
whoever applies it to assume aloud, or is said by another change beside it.

In JSON a change is an object with the member `kind`, a record one with the member `type`; bytes are in hexadecimal
where zone files have them so, and in a TXT record one character for each.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.formats.mtasts import Policy


class Ipv4Value(msgspec.Struct, frozen=True, tag_field="type", tag="A"):
    """The data of an A record."""

    address: str


class Ipv6Value(msgspec.Struct, frozen=True, tag_field="type", tag="AAAA"):
    """The data of an AAAA record, in canonical text."""

    address: str


class CnameValue(msgspec.Struct, frozen=True, tag_field="type", tag="CNAME"):
    """The data of a CNAME record; names are in lower case without a final dot."""

    target: str


class PtrValue(msgspec.Struct, frozen=True, tag_field="type", tag="PTR"):
    """The data of a PTR record."""

    target: str


class MxValue(msgspec.Struct, frozen=True, tag_field="type", tag="MX"):
    """The data of an MX record; `exchange` is `.` in a null MX (RFC 7505 section 3)."""

    preference: int
    exchange: str


class TxtValue(msgspec.Struct, frozen=True, tag_field="type", tag="TXT"):
    """The data of a TXT record: its strings joined, one character for each byte (ISO 8859-1)."""

    text: str

    @classmethod
    def of(cls, text: bytes) -> "TxtValue":
        """Return the value that holds these bytes."""
        return cls(text.decode("latin-1"))

    def octets(self) -> bytes:
        """Return the bytes; raises UnicodeEncodeError where a character is none."""
        return self.text.encode("latin-1")


class TlsaValue(msgspec.Struct, frozen=True, tag_field="type", tag="TLSA"):
    """The data of a TLSA record; `association` is in hexadecimal (RFC 6698 section 2.2)."""

    usage: int
    selector: int
    matching_type: int
    association: str


class CaaValue(msgspec.Struct, frozen=True, tag_field="type", tag="CAA"):
    """The data of a CAA record (RFC 8659 section 4.1): the property `tag` in lower case; `value` has one character for each byte."""

    flags: int
    tag: str
    value: str


RecordValue = Ipv4Value | Ipv6Value | CnameValue | PtrValue | MxValue | TxtValue | TlsaValue | CaaValue


class Publish(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="publish"):
    """One record more at the owner name `name`; `ttl_s` None leaves the time to live to whoever keeps the zone."""

    name: str
    record: RecordValue
    ttl_s: int | None = None


class Withdraw(msgspec.Struct, frozen=True, tag_field="kind", tag="withdraw"):
    """One record fewer at the owner name `name`."""

    name: str
    record: RecordValue


class ServePolicy(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="serve-policy"):
    """A plain GET at any address of mta-sts.`domain` gets this policy: status 200, text/plain, whole, not encoded.

    Its text is `print_policy(policy)`. That senders learn of it is the matter of a new id, published beside it. Where
    `addresses` are named it is served at these alone: what stands at another one is somebody else's.
    """

    domain: str
    policy: Policy
    addresses: tuple[str, ...] = ()


class Service(StrEnum):
    """Which server of a host is meant."""

    SMTP = "smtp"
    """Port 25."""
    HTTPS = "https"
    """Port 443 of the policy host."""
    DNS = "dns"
    """The name servers of the zone that holds the name."""


class PresentCertificate(
    msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="certificate"
):
    """A handshake that asks for `host` gets, at each of `addresses`, a chain that senders trust.

    Whole up to a public root, in force, and with all of `names` among the alternative names of the leaf.
    `keeps_key`: the leaf has the key that is seen now, since TLSA records of usage 3 name it. Of another key, `matches`
    are the TLSA records that are known to name it or its certificate; all there are of a certificate that `is_at_hand`.

    `chain`, leaf first, is that of a certificate at hand: nothing is supposed of it, and whether senders trust it is judged.
    """

    service: Service
    host: str
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    keeps_key: bool
    matches: tuple[TlsaValue, ...] = ()
    is_at_hand: bool = False
    chain: tuple[bytes, ...] = ()


class Setting(StrEnum):
    """How a server behaves once it is configured."""

    ANSWERING = "answering"
    """Everyone who asks is answered, at every address and for every type of record."""
    STARTTLS = "starttls"
    """EHLO lists STARTTLS, it is answered with 220 and nothing else in the clear, and the handshake succeeds."""
    TLS = "tls"
    """A handshake for `host` succeeds with TLS 1.2 or later."""
    SIGNED = "signed"
    """Answers about `host`, and about what is below it, are DNSSEC-secure."""
    CURRENT = "current"
    """The name servers at the addresses serve the zone `host` in the version that its other servers have."""


class Configure(msgspec.Struct, frozen=True, tag_field="kind", tag="configure"):
    """The server of `host` at `addresses` behaves as `setting` says; no address where all name servers are meant."""

    service: Service
    host: str
    addresses: tuple[str, ...]
    setting: Setting


class Awaited(StrEnum):
    """What a wait is for."""

    MAX_AGE = "max-age"
    """The older policy of `name` is over for every sender that holds it (RFC 8461 section 3.2)."""
    TTL = "ttl"
    """Records of `name` are gone from every cache (RFC 1035 section 3.2.1)."""


class Wait(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="wait"):
    """Let `seconds` go by after the changes before it; `until` where the end does not hang on when they are made."""

    name: str
    because: Awaited
    seconds: int
    until: datetime | None = None


Change = Publish | Withdraw | ServePolicy | PresentCertificate | Configure | Wait
