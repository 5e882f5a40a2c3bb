"""What findings carry: the values of the rooms below, and the few that only a check has a use for.

A check passes on what it saw and makes no sentence of it; `mxproof.judge.catalogue.wording` does, for each kind of
value in one place, and whoever reasons about a finding reads names, addresses and times as such.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence import Answer, Kind, Outcome, Question, Transport
from mxproof.formats import Objection
from mxproof.formats.address_scope import SpecialRange
from mxproof.formats.mtasts import Policy
from mxproof.formats.tlsa import Tlsa
from mxproof.mail.broken_link import BrokenLink
from mxproof.mail.change import Publish, RecordValue, Withdraw
from mxproof.mail.domain import HostState, PolicyFetch
from mxproof.mail.resolver import ResolverState


class Unseen(StrEnum):
    """What was not seen, in place of what it lacks."""

    POLICY = "policy"
    CERTIFICATE = "certificate"


class NameLack(msgspec.Struct, frozen=True):
    """A name that certificates lack: those at `addresses`, or all where it is empty.

    `asked` is the name that a client has to ask for by SNI to see such a certificate, empty where any will do.
    """

    name: str
    addresses: tuple[str, ...] = ()
    asked: str = ""


class AliasLacks(msgspec.Struct, frozen=True):
    """What senders that look at one name or the other miss."""

    policy: tuple[str, ...] | Unseen
    certificate: tuple[NameLack, ...] | Unseen


class CertificateNames(msgspec.Struct, frozen=True):
    """The names of a certificate; `common_name` where it is the one wanted, and does not count (RFC 9525)."""

    names: tuple[str, ...]
    common_name: str | None = None


class CertificateToGet(msgspec.Struct, frozen=True):
    """A certificate that an MX host is to have; `names` are all that senders look for there, that of the host first."""

    names: tuple[str, ...]


class HostFault(msgspec.Struct, frozen=True):
    """What keeps a name from leading to a server; `aliases` are the names on the way, the last one at fault.

    `answers` are those about its addresses, which say why it could not be found out.
    """

    state: HostState
    aliases: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


class NotPublic(msgspec.Struct, frozen=True):
    """An address and the special-purpose range that it, or an IPv4 address in it, belongs to."""

    address: str
    range: SpecialRange


class NextFault(msgspec.Struct, frozen=True):
    """What a policy host serves over a session that no sender may trust, and what will then be wrong with it.

    `unlisted` are MX hosts that no pattern of the policy there matches; `fetch` is None where only that is wrong.
    """

    fetch: PolicyFetch | None
    unlisted: tuple[str, ...] = ()


class RecordFaults(msgspec.Struct, frozen=True):
    """What is wrong with an MTA-STS record.

    `several` texts look like records and none is one; `rivals` are texts that some senders count beside the record.
    """

    objections: tuple[Objection, ...]
    several: bool
    rivals: tuple[bytes, ...]


class FailingResolver(msgspec.Struct, frozen=True):
    """How the resolver of the machine that asks fails, and how a question to it ended."""

    state: ResolverState
    answer: Answer


class ServerAddresses(msgspec.Struct, frozen=True):
    """A name server, and those of its addresses that are meant."""

    server: str
    addresses: tuple[str, ...]


class AskedServers(msgspec.Struct, frozen=True):
    """Name servers that something was seen at; `records` are the names asked for, empty where all of them show it."""

    servers: tuple[ServerAddresses, ...]
    records: tuple[str, ...] = ()


class TransportFailure(msgspec.Struct, frozen=True):
    """How asking over one transport ended."""

    transport: Transport
    outcome: Outcome


class FailingServer(msgspec.Struct, frozen=True):
    """A name server that does not answer a question at one of its addresses, and how asking it ended."""

    server: str
    address: str
    outcome: Outcome


class ServersAtFault(msgspec.Struct, frozen=True):
    """The name servers that do not answer what the resolver could not look up; `asked` counts the addresses asked."""

    failing: tuple[FailingServer, ...]
    asked: int


class LameAnswer(msgspec.Struct, frozen=True):
    """What a server says that does not serve the zone: `error` is an rcode, empty where it answers without authority."""

    error: str = ""
    is_referral: bool = False


class EdnsAnswer(msgspec.Struct, frozen=True):
    """What a server answers to a query with EDNS: an rcode, empty where no message came."""

    outcome: Outcome
    rcode: str = ""


class ServerDifference(msgspec.Struct, frozen=True):
    """Name servers of a zone that only the zone above it names, and those that only the zone itself does."""

    above: tuple[str, ...]
    own: tuple[str, ...]


class AddressDifference(msgspec.Struct, frozen=True):
    """Addresses of a name server that are only in the glue, and those that only its name has."""

    glue: tuple[str, ...]
    own: tuple[str, ...]


class SerialBehind(msgspec.Struct, frozen=True):
    """The serial number of a version of a zone, and the newest that others have (RFC 1982)."""

    serial: int
    newest: int


class RecordDifference(msgspec.Struct, frozen=True):
    """How servers differ in a record: some from the others, which may have a newer version, or all from one another."""

    is_minority: bool
    behind: SerialBehind | None = None


class ShownCertificate(msgspec.Struct, frozen=True):
    """A certificate as it is shown at some addresses: its names, who issued it, and when it ends."""

    addresses: tuple[str, ...]
    names: tuple[str, ...]
    issuer: str
    until: datetime


class ShownByName(msgspec.Struct, frozen=True):
    """The certificate that a client is shown at an address which gives `name` in TLS, empty for none."""

    address: str
    name: str
    names: tuple[str, ...]
    issuer: str
    until: datetime


class OfferedExtensions(msgspec.Struct, frozen=True):
    """Extensions of SMTP that servers at some addresses offer, as EHLO names them, and not all others."""

    addresses: tuple[str, ...]
    extensions: tuple[str, ...]


class HeldRecords(msgspec.Struct, frozen=True):
    """The records of one type at one name as some servers hold them, none where they have none."""

    kind: Kind
    name: str
    servers: tuple[str, ...]
    records: tuple[RecordValue, ...]


class EnforcedRefusal(msgspec.Struct, frozen=True):
    """A sender that would not simply deliver, what it would write, where that is known, and the codes of its reasons."""

    sender: str
    bounce: str
    because: tuple[str, ...]


class Enforcing(msgspec.Struct, frozen=True):
    """What enforcing a policy would do to the mail of `senders` that decide; of those `unknown` it cannot be told."""

    senders: int
    refusing: tuple[EnforcedRefusal, ...]
    unknown: tuple[str, ...]

    @property
    def is_safe(self) -> bool:
        """Tell whether everybody who delivers now still would."""
        return not self.refusing and not self.unknown


Value = (
    str
    | int
    | bytes
    | datetime
    | Answer
    | Outcome
    | Question
    | Objection
    | Policy
    | PolicyFetch
    | Tlsa
    | HostState
    | HostFault
    | NotPublic
    | Publish
    | Withdraw
    | Unseen
    | NameLack
    | AliasLacks
    | CertificateNames
    | CertificateToGet
    | NextFault
    | RecordFaults
    | FailingResolver
    | ServerAddresses
    | AskedServers
    | TransportFailure
    | FailingServer
    | ServersAtFault
    | LameAnswer
    | EdnsAnswer
    | ServerDifference
    | AddressDifference
    | SerialBehind
    | RecordDifference
    | HeldRecords
    | OfferedExtensions
    | ShownByName
    | ShownCertificate
    | Enforcing
    | BrokenLink
    | None
    | tuple["Value", ...]
)
"""`bytes` are text as received; a tuple holds values in the order in which they are to be read."""
