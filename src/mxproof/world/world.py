"""A mail world: zones, a resolver, name servers, policy hosts and SMTP servers, as one value.

It is what everything that is not the real network meets in. Test worlds are made into it from zone lines, lab scenarios
from their files; `mxproof.world.answer` says what it answers, and the lab serves the very same value over sockets:

    zone lines --+            +-- answer(world, question, now) -- Evidence     pure
                 +-- World --+
    scenario ----+            +-- the lab's sockets --- net --- Evidence       the same, for all that needs no bytes

A remedy alters a world and asks it again. The room sees the evidence and what is below it, and no survey: what to ask
and what would be answered do not know each other. Certificates are here as the DER that a server sends; keys, and how
they are made, are the lab's.

Names are canonical: lower case, no final dot, the root as `.`. A server stands at addresses; where two stand at one
address, the last does. What only bytes and time can show (a banner without end, a response cut short) has its name in
`script`: the lab plays it, and nobody can answer for it without asking.
"""

from enum import StrEnum

import msgspec

from mxproof.evidence import Der, DnsRecord, Outcome, SignedRecord, SmtpStage
from mxproof.formats.tls_offer import Offer
from mxproof.world.dns_script import DnsScript

TTL_S = 300
"""How long a record without a TTL of its own may be kept, and so may its absence (RFC 2308 section 5)."""
SOA_TIMERS = f"3600 900 604800 {TTL_S}"
"""Refresh, retry, expire and minimum of a zone that says nothing else, in seconds (RFC 1035 section 3.3.13)."""


class DnsFault(StrEnum):
    """How the resolver answers wrongly about one name."""

    TIMEOUT = "timeout"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    NXDOMAIN = "nxdomain"
    TRUNCATE = "truncate"
    """Every UDP answer is empty with the TC bit set; TCP answers in full."""
    BOGUS = "bogus"
    """SERVFAIL with the extended error 6, DNSSEC Bogus (RFC 8914 section 4.7), unless checking is disabled."""
    BOGUS_UNEXPLAINED = "bogus-unexplained"
    """SERVFAIL and no word of why, unless checking is disabled, as resolvers do that know no extended errors."""
    WRONG_ID = "wrong-id"
    """Answers carry another message ID, as a forged one would; a client waits on until its time is up."""


class ServerFault(StrEnum):
    """How a name server fails, whatever it is asked."""

    NONE = "none"
    SILENT = "silent"
    """No answer over UDP, and connecting over TCP never ends."""
    TCP_REFUSED = "tcp-refused"
    TCP_SILENT = "tcp-silent"
    LAME = "lame"
    """Every answer is REFUSED: the server does not know the zone that is delegated to it."""
    NOT_AUTHORITATIVE = "not-authoritative"
    """Answers lack the AA bit, as those of a server that holds a copy it does not own."""


class Ending(StrEnum):
    """What becomes of a connection behind the last turn of a script."""

    CLOSE = "close"
    """In good order, under TLS with a close_notify."""
    CUT = "cut"
    """The TCP stream ends, under TLS without a close_notify."""
    RESET = "reset"
    HANG = "hang"
    """Nothing more is said, and the connection stays."""
    REPEAT = "repeat"
    """The last turn is said again, until the client has had enough."""


class Script(msgspec.Struct, frozen=True):
    """What a server says byte by byte, whatever the client says: one turn after each of the client's.

    An SMTP server takes its first turn unasked; its turn TLS_TURN is a handshake, behind which the client speaks first. A
    policy host speaks TLS from the beginning, unless `clear`. `pause_s` is the wait before each byte.
    """

    turns: tuple[bytes, ...] = ()
    ending: Ending = Ending.CLOSE
    pause_s: float = 0.0
    clear: bool = False


TLS_TURN = b"!tls"


TTL_UNSAID_S = 2**31 - 1
"""Of records for which a zone file says no time to live: the longest that RFC 2181 section 8 allows."""


class RRset(msgspec.Struct, frozen=True):
    """All records of one name and type (RFC 2181 section 5); without any, the name is there and has none of the type."""

    name: str
    type: str
    records: tuple[DnsRecord, ...] = ()
    ttl_s: int = TTL_S


class ZoneContents(msgspec.Struct, frozen=True):
    """A zone with `name` as its origin; `secure` stands for signatures that validate (the AD bit).

    `proofs` are the keys, signatures and proofs of absence for those who validate by themselves; most zones have none.
    """

    name: str
    rrsets: tuple[RRset, ...] = ()
    secure: bool = False
    serial: int = 1
    proofs: tuple[SignedRecord, ...] = ()


class ResolverFault(msgspec.Struct, frozen=True):
    """A fault of the resolver for one name and one record type, or for every type where `type` is empty."""

    name: str
    fault: DnsFault
    type: str = ""


class AuthoritativeServer(msgspec.Struct, frozen=True):
    """A name server of the zones whose NS records name it; `zones` are its own versions, where they are not the others'.

    What its `scripts` are about it answers as they say; a question that they leave, as its fault says.
    The resolver knows all zones by itself and asks no name server.
    """

    name: str
    addresses: tuple[str, ...]
    fault: ServerFault = ServerFault.NONE
    zones: tuple[ZoneContents, ...] = ()
    scripts: tuple[DnsScript, ...] = ()


_OFFERS = {"TLSv1.3": (Offer.TLS_1_3, Offer.TLS_1_2), "TLSv1.2": (Offer.TLS_1_2,)}


class SmtpServer(msgspec.Struct, frozen=True):
    """An SMTP server: how far it lets a client come, and how that ends.

    `stage` and `outcome` are those of the answer that a client comes away with; a sound server is SECURED and FOUND.
    `reply` is what it says at an earlier stage, in place of the reply that would lead on, or the beginning of a greeting behind
    which it falls silent, and `early` what it sends in
    the clear behind its 220 to STARTTLS. `chain` is shown to every client, leaf first, but to those that ask by SNI for
    a name in `by_sni`. A `tls_version` other than the newest is the only one; `offers` are those that it takes,
    none for what goes with that version by itself. `inside` is what it says to EHLO inside TLS in
    place of its keywords; `delay_ms` passes before it greets; `turns` are those of the script "turns".
    """

    name: str
    addresses: tuple[str, ...]
    chain: tuple[Der, ...] = ()
    by_sni: tuple[tuple[str, tuple[Der, ...]], ...] = ()
    banner: str = "ESMTP ready"
    keywords: tuple[str, ...] = ("PIPELINING",)
    stage: SmtpStage = SmtpStage.SECURED
    outcome: Outcome = Outcome.FOUND
    reply: bytes = b""
    early: bytes = b""
    tls_version: str = "TLSv1.3"
    offers: tuple[Offer, ...] = ()
    inside: bytes = b""
    delay_ms: int = 0
    script: str = ""
    turns: Script | None = None

    @property
    def begun_greeting(self) -> bytes:
        """What comes of a greeting that never ends."""
        held_up = self.stage is SmtpStage.GREETING and self.outcome is Outcome.TIMEOUT
        return self.reply if held_up else b""

    @property
    def offers_taken(self) -> tuple[Offer, ...]:
        """The offers of TLS that it agrees to."""
        return self.offers or _OFFERS.get(self.tls_version, (Offer.TLS_1_1,))

    def shown(self, server_name: str) -> tuple[Der, ...]:
        """Return the chain that a client sees which puts `server_name` in SNI (RFC 6066 section 3)."""
        return next((chain for name, chain in self.by_sni if name == server_name), self.chain)


class PolicyServer(msgspec.Struct, frozen=True):
    """An HTTPS server that serves a policy; `outcome` is how a fetch ends, FOUND for a whole response.

    `delay_ms` passes before it responds.     A `tls_version` other than the newest is the only one; `turns` are those of the script "turns".
    """

    name: str
    addresses: tuple[str, ...]
    body: bytes = b""
    chain: tuple[Der, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("content-type", "text/plain"),)
    outcome: Outcome = Outcome.FOUND
    tls_version: str = "TLSv1.3"
    delay_ms: int = 0
    script: str = ""
    turns: Script | None = None


class World(msgspec.Struct, frozen=True):
    """Everything that answers questions about mail; `name` is how it is called in the detail of a failure."""

    zones: tuple[ZoneContents, ...] = ()
    resolver_faults: tuple[ResolverFault, ...] = ()
    dns_scripts: tuple[DnsScript, ...] = ()
    name_servers: tuple[AuthoritativeServer, ...] = ()
    policy_servers: tuple[PolicyServer, ...] = ()
    smtp_servers: tuple[SmtpServer, ...] = ()
    name: str = "the world"

    def name_server_at(self, address: str) -> AuthoritativeServer | None:
        """Return the name server at `address`."""
        return next((one for one in reversed(self.name_servers) if address in one.addresses), None)

    def policy_server_at(self, address: str, name: str = "") -> PolicyServer | None:
        """Return the policy host at `address`: of several there that of this name, or else the last."""
        here = [one for one in reversed(self.policy_servers) if address in one.addresses]
        return next((one for one in here if one.name == name), here[0] if here else None)

    def smtp_server_at(self, address: str) -> SmtpServer | None:
        """Return the SMTP server at `address`."""
        return next((one for one in reversed(self.smtp_servers) if address in one.addresses), None)

    def zones_at(self, server: AuthoritativeServer) -> tuple[ZoneContents, ...]:
        """Return the zones as `server` holds them."""
        own = {zone.name: zone for zone in server.zones}
        return tuple(own.get(zone.name, zone) for zone in self.zones)
