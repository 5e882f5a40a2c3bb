"""A mail domain at a moment: the nouns that checks and sender models reason about.

Everything here is derived from evidence by `mxproof.mail.assemble` and never saved. Each noun keeps the questions it
was read from, so that whatever is said about it can name its evidence. A state is one word of a closed set; `UNKNOWN`
among them always means "could not be found out" and never "is not there".
"""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from mxproof.evidence import Answer, Outcome, Question, SmtpLine, TlsData, Vantage
from mxproof.formats import Objection
from mxproof.formats.address_scope import SpecialRange
from mxproof.formats.mtasts import (
    STRICT,
    Policy,
    PolicyExamination,
    PolicyReading,
    StsFields,
    inflated,
    read_policy,
    read_records,
)
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tlsa import Tlsa
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.misplaced_record import MisplacedRecord
from mxproof.mail.name_servers import NOT_ASKED, NameServers
from mxproof.mail.report_destination import UndeliverableReports
from mxproof.mail.resolver import ResolverState
from mxproof.mail.reverse_name import PtrState
from mxproof.mail.tls_offer import OfferMade
from mxproof.mail.trust import Chain
from mxproof.survey.check_set import DEFAULT_SETS, CheckSet
from mxproof.survey.reading import MxSet
from mxproof.survey.served import ComparedZone, ZoneVersion

if TYPE_CHECKING:  # they are loaded with their set of checks
    from mxproof.mail.caa import HostCaa
    from mxproof.mail.dkim import Dkim
    from mxproof.mail.dmarc import Dmarc
    from mxproof.mail.dnsbl import Listings
    from mxproof.mail.dnssec import SignatureChain
    from mxproof.mail.sending import Sending
    from mxproof.mail.server_paths import ServerPaths
    from mxproof.mail.spf import Spf


class RecordState(StrEnum):
    """What a look-up of a TXT record that should stand exactly once came to."""

    ONE = "one"
    NONE = "none"
    SEVERAL = "several"
    UNKNOWN = "unknown"


class StsRecord(msgspec.Struct, frozen=True):
    """The TXT record at _mta-sts.D (RFC 8461 section 3.1).

    `texts` are all TXT records there, `candidates` those that begin `v=STSv1;`, `near` those that look meant to;
    `strict` and `lenient` are the one candidate as each reading has it, None where that reading finds no record.
    `misplaced` are records that stand under other names, where nobody looks for them.
    """

    name: str
    state: RecordState
    question: Question
    answer: Answer
    aliases: tuple[str, ...]
    texts: tuple[bytes, ...]
    candidates: tuple[bytes, ...]
    near: tuple[bytes, ...]
    strict: StsFields | None
    lenient: StsFields | None
    objections: tuple[Objection, ...]
    misplaced: tuple[MisplacedRecord, ...] = ()

    def read(self, reading: PolicyReading) -> StsFields | None:
        """Return the record as `reading` has it."""
        return self.strict if reading is STRICT else read_records(self.texts, reading)


_ASCII = frozenset({"", "ascii", "us-ascii"})


class PolicyFetch(msgspec.Struct, frozen=True):
    """The policy host at one of its addresses (RFC 8461 section 3.3).

    `media_type` is the Content-Type without parameters, `charset` one of these; `location` the target of a redirect, which no sender follows;
    `media_types` are all that the response claims, of which there must be one (RFC 9110 section 5.3); `not_public` the
    special-purpose range that the address is in, `field_bytes` the size of the longest name or value in the head.

    Where the session may not be trusted, `behind` is what the state would be if it might, and `foretold` the text that
    came over it. They serve to foretell the next fault; no sender reads a policy from them, but those that take a
    common name where it is the names alone that are wrong.
    """

    address: str
    state: FetchState
    question: Question
    answer: Answer
    status: int
    media_type: str
    location: str
    body: bytes
    chain: Chain | None
    examination: PolicyExamination | None
    tls: TlsData | None = None
    media_types: tuple[str, ...] = ()
    charset: str = ""
    not_public: SpecialRange | None = None
    field_bytes: int = 0
    behind: FetchState | None = None
    foretold: PolicyExamination | None = None

    def read(self, reading: PolicyReading) -> Policy | None:
        """Return the policy as `reading` has it, None where it has none."""
        if reading.plain_only and self.media_type != "text/plain":
            return None
        if reading.field_bytes_max is not None and self.field_bytes > reading.field_bytes_max:
            return None
        body = self.body if self.state is FetchState.FETCHED else None
        if self.state is FetchState.ENCODED and reading.inflates:
            body = inflated(self.body)
        if body is None or (reading.ascii_unless_said and self.charset in _ASCII and not body.isascii()):
            return None
        return read_policy(body, reading)


class HostState(StrEnum):
    """What a look-up of a host's addresses came to."""

    RESOLVED = "resolved"
    NXDOMAIN = "nxdomain"
    NO_ADDRESS = "no-address"
    INVALID = "invalid"
    """The name is no host name: characters outside letters, digits, hyphen and underscore, or digits alone."""
    LITERAL = "literal"
    """An address stands where a name should."""
    LOCALHOST = "localhost"
    """The name is that of whoever says it (RFC 6761 section 6.3)."""
    ALIAS_LOOP = "alias-loop"
    """The name is an alias that leads back to itself."""
    UNKNOWN = "unknown"


class PolicyHost(msgspec.Struct, frozen=True):
    """mta-sts.D and what each of its addresses serves; `answers` are those to `questions`, about its addresses."""

    name: str
    state: HostState
    aliases: tuple[str, ...]
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...]
    fetches: tuple[PolicyFetch, ...]


class TlsaState(StrEnum):
    """What TLSA look-up at one base name came to (RFC 7672 section 2.2)."""

    PRESENT = "present"
    """Records exist and are DNSSEC-secure."""
    ABSENT = "absent"
    INSECURE = "insecure"
    """Records exist, but the answer is not secure, so no sender uses them."""
    FAILED = "failed"
    """SERVFAIL or bogus: a DANE sender must not deliver (RFC 7672 section 2.1.2)."""
    UNKNOWN = "unknown"


class TlsaSet(msgspec.Struct, frozen=True):
    """The TLSA records of port 25 at one base name; `usable` are those that SMTP may use."""

    base: str
    state: TlsaState
    question: Question
    answer: Answer
    records: tuple[Tlsa, ...]
    usable: tuple[Tlsa, ...]


class SessionState(StrEnum):
    """How an SMTP session at one address ended."""

    SECURED = "secured"
    EHLO_REJECTED = "ehlo-rejected"
    """Inside TLS the server answers EHLO, and HELO where it was tried, with an error."""
    HELO_ONLY = "helo-only"
    """Inside TLS the server answers EHLO with an error, and takes HELO."""
    HELO_AT_ONCE = "helo-at-once"
    """Inside TLS the server answers EHLO with a passing error, and takes HELO all the same."""
    NO_STARTTLS = "no-starttls"
    STARTTLS_REJECTED = "starttls-rejected"
    HANDSHAKE_FAILED = "handshake-failed"
    EARLY_DATA = "early-data"
    """The server sent bytes in the clear behind its 220 to STARTTLS, and the session was broken off for that."""
    TURNED_AWAY = "turned-away"
    """The server hung up without a greeting, or greeted or answered EHLO with an error."""
    REFUSED = "refused"
    """The connection was refused, while other connections from here were not."""
    BROKEN = "broken"
    """The server closed the connection, or what it said is not SMTP; in TLS, where there is a chain."""
    UNKNOWN = "unknown"
    """It timed out, there is no route from here, or port 25 is blocked from here."""


_SETTLED = frozenset(
    {
        SessionState.SECURED,
        SessionState.NO_STARTTLS,
        SessionState.STARTTLS_REJECTED,
        SessionState.HANDSHAKE_FAILED,
    }
)


class Session(msgspec.Struct, frozen=True, dict=True):
    """One SMTP session without mail; `server_name` is what SNI held."""

    server_name: str
    state: SessionState
    question: Question
    answer: Answer
    transcript: tuple[SmtpLine, ...]
    tls: TlsData | None
    chain: Chain | None
    repeats_starttls: bool = False
    """Inside TLS the server offers STARTTLS once more (RFC 3207 section 4.2)."""
    speaks_early: bool = False
    """The server sends more in the clear behind its 220 to STARTTLS (RFC 3207 section 4.2)."""
    called: str = ""
    """What the server calls itself in its reply to EHLO, in lower case; empty where it did not say."""
    extensions: tuple[str, ...] = ()
    """Those that it offers, inside TLS where it says so there; without STARTTLS (RFC 5321 section 4.1.1.1)."""
    greeted_ms: int = 0
    """What passed before its greeting was whole; 0 where that is not known."""
    refused: frozenset[Offer] = frozenset()
    """The offers of TLS of which the server at the address said that nothing suits it."""

    @cached_property
    def is_sound(self) -> bool:
        """Tell whether every sender has it alike: over a TLS in force, and odd in nothing but what its certificate is worth."""
        leaf = self.chain.leaf if self.chain is not None else None
        if leaf is None or self.state is not SessionState.SECURED or self.tls is None or self.tls.outdated:
            return False
        return leaf.key_signs and leaf.names_in_ascii and not (self.speaks_early or self.refused)

    @property
    def is_settled(self) -> bool:
        """Tell whether it came as far as STARTTLS, or to the end of a dialogue that does not offer it."""
        return self.state in _SETTLED


class Endpoint(msgspec.Struct, frozen=True):
    """One address of an MX host. `sessions` holds one session for each server name tried, the MX name first.

    `not_public` is the special-purpose range that the address is in, `offers` those of TLS that it answered, `nameless` the
    session with no name in SNI, None where it was not tried.
    """

    address: str
    ptr_state: PtrState
    ptr_names: tuple[str, ...]
    ptr_questions: tuple[Question, ...]
    sessions: tuple[Session, ...]
    not_public: SpecialRange | None = None
    offers: tuple[OfferMade, ...] = ()
    nameless: Session | None = None

    @property
    def is_withheld(self) -> bool:
        """Tell whether nobody connected to the address because it is not public."""
        return self.not_public is not None and self.sessions[0].answer.outcome is Outcome.UNASKED

    def session(self, server_name: str) -> Session:
        """Return the session with `server_name` in SNI, or the first one where that name was not tried."""
        for one in self.sessions:
            if one.server_name == server_name:
                return one
        return self.sessions[0]


class Host(msgspec.Struct, frozen=True):
    """One MX host. `chain` leads from `name` (the name in the MX record) to `target`, where its addresses stand.

    `addresses_secure`: every address answer is DNSSEC-secure.
    `tlsa_target` stands at `target`, `tlsa_alias` at `name` where that is an alias; `tlsa_tried` are those of them that
    secure answers lead to, in the order of RFC 7672 section 2.2.2.
    `answers` are those to `questions`, which are about its addresses. `tlsa_other_ports` are questions for TLSA records
    of other ports that were answered with some.
    """

    name: str
    preference: int
    state: HostState
    chain: tuple[str, ...]
    addresses_secure: bool
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...]
    tlsa_target: TlsaSet
    tlsa_alias: TlsaSet | None
    tlsa_tried: tuple[TlsaSet, ...]
    endpoints: tuple[Endpoint, ...]
    tlsa_other_ports: tuple[Question, ...] = ()

    @property
    def target(self) -> str:
        """The name at the end of the alias chain; `name` itself where the host is no alias."""
        return self.chain[-1]

    @property
    def is_alias(self) -> bool:
        """Tell whether the MX name is a CNAME (against RFC 2181 section 10.3)."""
        return len(self.chain) > 1


class TlsrptRecord(msgspec.Struct, frozen=True):
    """The TXT record at _smtp._tls.D (RFC 8460 section 3).

    `near` are texts there that a sender drops although they look meant to be the record; `rua` are its report
    addresses, `undeliverable` those of them where none can arrive.
    """

    name: str
    state: RecordState
    question: Question
    answer: Answer
    candidates: tuple[bytes, ...]
    near: tuple[bytes, ...]
    rua: tuple[str, ...]
    objections: tuple[Objection, ...]
    undeliverable: tuple[UndeliverableReports, ...] = ()


class OtherVersion(msgspec.Struct, frozen=True):
    """The domain as it is for whoever asks by way of other name servers than the resolver here did."""

    zone: ComparedZone
    version: ZoneVersion
    domain: "MailDomain"


class Reports(msgspec.Struct, frozen=True):
    """Where TLS reports end: who gets them by mail, as receivers of mail, and the TLSRPT records at TLSA base domains."""

    receivers: tuple["MailDomain", ...]
    at_bases: tuple[TlsrptRecord, ...]


class MailDomain(msgspec.Struct, frozen=True, dict=True):
    """A domain that receives mail, as seen from one place at one moment.

    `at` is the moment it is judged for; `blocked`: nothing connected to port 25, so that the fault may be here; `bogus` are the
    questions whose answers failed DNSSEC validation, `bogus_said` the errors that say so; `name_servers` are what its name
    servers say one by one; `resolver`: whether the resolver answers at all, without which nothing is known of the domain.
    `compared` are the zones whose servers were asked for the records of mail, `otherwise` what they make of the domain where
    they differ. `sets` are the sets of checks that were asked; what belongs to another, `spf` to `reports`, is None.
    """

    name: str
    at: datetime
    vantage: Vantage
    mx: MxSet
    hosts: tuple[Host, ...]
    record: StsRecord
    policy_host: PolicyHost
    tlsrpt: TlsrptRecord
    blocked: bool
    bogus: tuple[Question, ...] = ()
    bogus_said: tuple[str, ...] = ()
    name_servers: NameServers = NOT_ASKED
    resolver: ResolverState = ResolverState.ANSWERS
    compared: tuple[ComparedZone, ...] = ()
    otherwise: tuple[OtherVersion, ...] = ()
    sets: tuple[CheckSet, ...] = DEFAULT_SETS
    spf: "Spf | None" = None
    dmarc: "Dmarc | None" = None
    dkim: "Dkim | None" = None
    sending: "Sending | None" = None
    paths: "ServerPaths | None" = None
    caa: "tuple[HostCaa, ...] | None" = None
    signing: "SignatureChain | None" = None
    listings: "Listings | None" = None
    reports: "Reports | None" = None

    @cached_property
    def has_alias(self) -> bool:
        """Tell whether an MX name is a CNAME."""
        return any(host.is_alias for host in self.hosts)

    @cached_property
    def may_have_tlsa(self) -> bool:
        """Tell whether a base name that secure answers lead to has TLSA records, or is not known to have none."""
        none = {TlsaState.ABSENT, TlsaState.INSECURE}
        return any(one.state not in none for host in self.hosts for one in host.tlsa_tried)
