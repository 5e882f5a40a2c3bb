"""One mail world as data, for holding models against real senders: a domain below PARENT with all that is wrong with it."""

from enum import Enum

import msgspec

from real.bed.town import PARENT
from real.bed.worlds import Flaw


class Offer(Enum):
    """What an MX host offers to a client."""

    TLS = "STARTTLS, and a handshake"
    CLEAR = "no STARTTLS"
    REFUSAL = "STARTTLS, and an error in answer to it"
    NO_HANDSHAKE = "STARTTLS, and a handshake that fails"
    NO_EHLO = "a handshake, and then an error in answer to EHLO and HELO"
    LATER = "a handshake, and then a temporary error in answer to EHLO and HELO"
    HELO_ONLY = "a handshake, and then an error in answer to EHLO"
    HELO_AT_ONCE = "a handshake, and then a temporary error in answer to EHLO"
    CUT = "a handshake, and then the end of the connection"
    LEAVE = "a handshake, and then 421 in answer to EHLO"
    EARLY = "more in the clear behind the 220 to STARTTLS, and then a handshake"
    OLD = "no TLS newer than 1.1"
    TLS_ONCE = "STARTTLS, until it has taken a message"


class Address(Enum):
    """What becomes of a connection to an address."""

    NONE = "there is no such address"
    LIVING = "it is taken"
    REFUSING = "it is refused"
    SILENT = "nothing comes back"


class Host(msgspec.Struct, frozen=True):
    """An MX host. `names` are those in its certificate, its own where there are none; `other_names` those that it shows
    over IPv6, where that is another certificate.
    """

    name: str
    names: tuple[str, ...] = ()
    flaw: Flaw = Flaw.NONE
    offer: Offer = Offer.TLS
    ipv4: Address = Address.LIVING
    ipv6: Address = Address.NONE
    other_names: tuple[str, ...] = ()


class Tlsa(msgspec.Struct, frozen=True):
    """A TLSA record for port 25 at the name `at`, with the key of the host `of` or with that of the root."""

    at: str
    of: str
    kind: str = "3 1 1"
    right: bool = True


class PolicyHost(msgspec.Struct, frozen=True):
    """How the policy is served. `names` are those in the certificate, its own where there are none."""

    status: int = 200
    media: str = "text/plain"
    names: tuple[str, ...] = ()
    flaw: Flaw = Flaw.NONE
    ipv6: Address = Address.NONE


class World(msgspec.Struct, frozen=True):
    """What one domain publishes: `mx` as in a zone file, with `{address}` for that of the first host, `aliases` as pairs of name and target, `records` of MTA-STS.

    `unanswered` is a name that is delegated to a server which answers nothing, `disowned` a domain whose delegation
    names a key that it is not signed with. `apex` are addresses of the domain itself.
    """

    label: str
    mx: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    tlsa: tuple[Tlsa, ...] = ()
    signed: bool = False
    disowned: bool = False
    unanswered: str | None = None
    records: tuple[str, ...] = ()
    policy: bytes | None = None
    policy_host: PolicyHost = PolicyHost()
    apex: Address = Address.NONE

    @property
    def domain(self) -> str:
        return f"{self.label}.{PARENT}"

    @property
    def policy_name(self) -> str:
        """Return the name of the policy host (RFC 8461 section 3.3)."""
        return f"mta-sts.{self.domain}"

    @property
    def author(self) -> str:
        """Return whom the header of a mail says that it is from."""
        return "sender@example.net"

    @property
    def recipient(self) -> str:
        return f"user@{self.domain}"
