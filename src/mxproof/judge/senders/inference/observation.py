"""What a sender test saw: one value for a run, kept as one file of versioned JSON, from which all else is worked out.

```
{"sendertest_version": 1, "software": "...", "run": "k3v9qd", "begun": "...", "ended": "...",
 "cases": [{"case": "mx-unlisted", "domain": "mx-unlisted-k3v9qd.sendertest.example"}, ...],
 "queries": [...], "fetches": [...], "connections": [...], "lost": {...}, "reports": [...],
 "changes": [{"case": "policy-gone", "at": "..."}, ...], "bounces": [...], "evidence": {...}, "later": {...}}
```
`evidence` is what a check sees of all domains, so that a later release infers from the same file what it then knows to
ask for; `later` is the same of those that become others, after that. Of a mail there are the envelope
and the header, of a bounce the fields of its status too, and nothing else. Times are RFC 3339 in UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

import msgspec

from mxproof.evidence import LATEST, NEVER, Evidence, Transport
from mxproof.evidence.codec import EVIDENCE_BYTES_MAX, EvidenceFile, encode
from mxproof.evidence.codec import decode as decode_evidence
from mxproof.formats.errors import FormatError, Objection

SENDERTEST_VERSION = 1
SENDERTEST_BYTES_MAX = EVIDENCE_BYTES_MAX
_SOURCE = f"sender test version {SENDERTEST_VERSION}"
_NOTHING = msgspec.Raw(b"null")
_NONE: Mapping[str, int] = MappingProxyType({})


class CaseDomain(msgspec.Struct, frozen=True):
    """The domain of a case in this run."""

    case: str
    domain: str


class SeenQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A query at the name server: what was asked by whom, and whether for signatures (DO) or for the AD bit."""

    at: datetime
    client: str
    name: str
    type: str
    transport: Transport
    signed: bool = False
    authentic: bool = False


class SeenTls(msgspec.Struct, frozen=True, omit_defaults=True):
    """A handshake as the server saw it: the name in SNI, the version, and how it failed where it did, in a word or two."""

    server_name: str = ""
    version: str = ""
    failure: str = ""


class SeenFetch(msgspec.Struct, frozen=True, omit_defaults=True):
    """A connection to a policy host; without a `path` nothing was asked for, and `status` is 0 where nothing was answered.

    `elapsed_ms` is how long it lasted until the client had its answer, or went away without it.
    """

    at: datetime
    client: str
    address: str
    host: str
    tls: SeenTls
    path: str = ""
    agent: str = ""
    status: int = 0
    elapsed_ms: int = 0


class SeenCommand(msgspec.Struct, frozen=True):
    """A command and the code of the reply to it; 0 where the connection ended without one."""

    verb: str
    code: int


class SeenConnection(msgspec.Struct, frozen=True, omit_defaults=True):
    """A connection to an MX host, from the greeting to its end; `tls` None where STARTTLS was not said.

    `headers` are those of the mail that was taken, None where none was; `elapsed_ms` is how long it lasted.
    """

    at: datetime
    client: str
    address: str
    host: str
    greeting: str = ""
    tls: SeenTls | None = None
    commands: tuple[SeenCommand, ...] = ()
    sender: str = ""
    recipients: tuple[str, ...] = ()
    headers: str | None = None
    elapsed_ms: int = 0

    @property
    def is_encrypted(self) -> bool:
        """Tell whether the talk went on inside TLS."""
        return self.tls is not None and not self.tls.failure


class SeenPolicy(msgspec.Struct, frozen=True):
    """What a TLS report says of a policy: its domain and type, how many sessions there were, and how they failed."""

    domain: str
    type: str
    success: int
    failure: int
    result_types: tuple[str, ...] = ()


class SeenReport(msgspec.Struct, frozen=True):
    """A TLS report that came (RFC 8460): from whom, as it says, which nobody verified, and what of it is about the set."""

    at: datetime
    client: str
    organization: str
    policies: tuple[SeenPolicy, ...]


class SeenRecipient(msgspec.Struct, frozen=True):
    """What a bounce says of one recipient (RFC 3464 section 2.3): `action` as there, or `unstated`; empty is what it does not say."""

    recipient: str
    action: str
    status: str
    remote_mta: str
    diagnostic: str


class SeenBounce(msgspec.Struct, frozen=True):
    """A bounce that came back: who made it, as it says, which nobody verified, and what of it is about mail to the set."""

    at: datetime
    client: str
    reporting_mta: str
    recipients: tuple[SeenRecipient, ...]


class SeenChange(msgspec.Struct, frozen=True):
    """When the domain of a case became another: as soon as a first mail for it was taken."""

    case: str
    at: datetime


class SenderTest(msgspec.Struct, frozen=True):
    """One run. `lost` counts what came when the room for it was full, by kind.

    `later` is what a check sees of the domains that become others, once they have; None where none does.
    """

    software: str
    run: str
    begun: datetime
    ended: datetime
    cases: tuple[CaseDomain, ...]
    evidence: Evidence
    queries: tuple[SeenQuery, ...] = ()
    fetches: tuple[SeenFetch, ...] = ()
    connections: tuple[SeenConnection, ...] = ()
    lost: Mapping[str, int] = _NONE
    reports: tuple[SeenReport, ...] = ()
    changes: tuple[SeenChange, ...] = ()
    later: Evidence | None = None
    bounces: tuple[SeenBounce, ...] = ()


class SenderTestFile(msgspec.Struct, frozen=True):
    """The whole file, as docs/reference/sendertest.schema.json describes it."""

    sendertest_version: Literal[1]
    software: str
    run: str
    begun: datetime
    ended: datetime
    cases: tuple[CaseDomain, ...]
    queries: tuple[SeenQuery, ...]
    fetches: tuple[SeenFetch, ...]
    connections: tuple[SeenConnection, ...]
    lost: dict[str, int]
    evidence: EvidenceFile
    reports: tuple[SeenReport, ...] = ()
    changes: tuple[SeenChange, ...] = ()
    later: EvidenceFile | None = None
    bounces: tuple[SeenBounce, ...] = ()


class _Read(msgspec.Struct, frozen=True):
    """The file with its evidence left unread."""

    sendertest_version: int
    software: str
    run: str
    begun: datetime
    ended: datetime
    cases: tuple[CaseDomain, ...]
    evidence: msgspec.Raw
    queries: tuple[SeenQuery, ...] = ()
    fetches: tuple[SeenFetch, ...] = ()
    connections: tuple[SeenConnection, ...] = ()
    lost: dict[str, int] = {}
    reports: tuple[SeenReport, ...] = ()
    changes: tuple[SeenChange, ...] = ()
    later: msgspec.Raw = _NOTHING
    bounces: tuple[SeenBounce, ...] = ()


def write_test(test: SenderTest) -> bytes:
    """Return a run as the bytes of a file."""
    head = _Read(
        SENDERTEST_VERSION,
        test.software,
        test.run,
        test.begun,
        test.ended,
        test.cases,
        msgspec.Raw(encode(test.evidence)),
        test.queries,
        test.fetches,
        test.connections,
        dict(test.lost),
        test.reports,
        test.changes,
        _NOTHING if test.later is None else msgspec.Raw(encode(test.later)),
        test.bounces,
    )
    return msgspec.json.encode(head) + b"\n"


def read_test(data: bytes) -> SenderTest:
    """Return the run that the bytes of a file hold.

    Raises FormatError with one message for anything that is not a whole file of a version known here.
    """
    if len(data) > SENDERTEST_BYTES_MAX:
        raise _refusal("sendertest-oversize", f"more than {SENDERTEST_BYTES_MAX >> 20} MiB")
    try:
        read = msgspec.json.decode(data, type=_Read)
    except msgspec.ValidationError as error:
        raise _refusal("sendertest-foreign", f"not what `mxproof sendertest serve` writes: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _refusal("sendertest-not-json", f"not JSON, or cut short: {error}") from None
    except RecursionError:
        raise _refusal("sendertest-nesting", "nested more deeply than a sender test is") from None
    if read.sendertest_version != SENDERTEST_VERSION:
        raise _refusal(
            "sendertest-version",
            f"version {read.sendertest_version} of the format; this mxproof reads version {SENDERTEST_VERSION}",
        )
    if any(one.tzinfo is None or not NEVER <= one <= LATEST for one in (read.begun, read.ended)):
        raise _refusal("sendertest-time", f"a time is not between 1970 and {LATEST.year} with its zone")
    return SenderTest(
        read.software,
        read.run,
        read.begun,
        read.ended,
        read.cases,
        decode_evidence(bytes(read.evidence)),
        read.queries,
        read.fetches,
        read.connections,
        MappingProxyType(read.lost),
        read.reports,
        read.changes,
        None if bytes(read.later) == bytes(_NOTHING) else decode_evidence(bytes(read.later)),
        read.bounces,
    )


def _refusal(rule: str, message: str) -> FormatError:
    return FormatError("sender test", Objection(rule, message, 0, _SOURCE))
