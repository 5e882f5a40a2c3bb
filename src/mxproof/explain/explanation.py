"""What is said of one bounce, log line or header: version 1 of the contract that `--format json` prints."""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence import Outcome
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.causes.fault import Fault
from mxproof.explain.knowledge.rule import Side
from mxproof.judge.vocabulary import Confidence, Verdict

SCHEMA_VERSION = 1


class Reporter(msgspec.Struct, frozen=True):
    """Who reports: the name of its system, the host that speaks, and the id of its sender model.

    None is what the text does not tell.
    """

    name: str | None = None
    host: str | None = None
    sender: str | None = None


class Recipient(msgspec.Struct, frozen=True):
    """One recipient: what was done, the codes, and the ids of the causes that were found for it.

    `other` is the kind of its bounce where words of its own name one, and no cause was found for it.
    """

    address: str
    action: str | None = None
    status: str | None = None
    diagnostic: str | None = None
    causes: tuple[str, ...] = ()
    other: str | None = None


class Claim(msgspec.Struct, frozen=True):
    """A cause from the catalogue, and the words it rests on.

    `host` is the host, address or name that failed, None where the text has none; `check` says what to look at;
    `fault` at whose side this text puts it; `known_from` where the text is known from, empty where a code or a header
    field speaks for itself. `domain` is the one that these words name, None where they name none.
    """

    code: str
    confidence: Confidence
    because: str
    host: str | None
    check: str
    fault: Fault = Fault.UNCLEAR
    known_from: str = ""
    domain: str | None = None


class Suspicion(msgspec.Struct, frozen=True):
    """One that may be at fault, and what of theirs it would be."""

    fault: Fault
    what: str


class JoinStanding(StrEnum):
    """Whether what the bounce said is so now."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    GONE = "gone"
    ELSEWHERE = "elsewhere"
    """Nothing is wrong with what was measured, so that the other side is the likely place."""
    UNKNOWN = "unknown"


class LookedFor(StrEnum):
    """Whether what the bounce said was looked for, and was found."""

    CONFIRMED = "confirmed"
    """It is so now."""
    CHANGED = "changed"
    """It is not, and something else is."""
    NOT_FOUND = "not-found"
    """All that it rests on was asked for, and it is not there."""
    NOT_LOOKED_FOR = "not-looked-for"
    """Something that it rests on was not asked, or did not answer: nobody is acquitted."""


class Reached(msgspec.Struct, frozen=True):
    """How a name server answered over one transport: the worst outcome, the slowest and the largest answer."""

    outcome: Outcome
    elapsed_ms: int
    size_bytes: int


class MeasuredNameServer(msgspec.Struct, frozen=True):
    """One address of a name server of a zone that was asked for records, over both transports."""

    zone: str
    server: str
    address: str
    udp: Reached
    tcp: Reached


class Joined(msgspec.Struct, frozen=True):
    """The outcome: `outcome` is that of the sender model that reported, None where it is not modelled.

    `joined` tells whether the reason was looked for and found, `not_asked` what was not asked for it; `standing` is the
    older word for much the same. `domain` is empty where none was asked.
    `findings` are the codes behind the cause, `fix` what the first of them advises, and `steps` and
    `otherwise` the same step by step and way by way; `who` is to act, and `verified` says what the senders do then,
    where that was judged; `simulated` names the lab scenario that was asked in place of the world; `name_servers` are those that were measured, none for a cause that
    does not rest on them.
    """

    domain: str
    observed_at: datetime
    simulated: str
    standing: JoinStanding
    sender: str | None
    outcome: Verdict | None
    findings: tuple[str, ...]
    words: str
    fix: str
    name_servers: tuple[MeasuredNameServer, ...] = ()
    steps: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    joined: LookedFor = LookedFor.NOT_LOOKED_FOR
    not_asked: tuple[str, ...] = ()
    who: str = ""
    verified: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. `causes` are claimed, `leads` are possible; `other` names a bounce of another kind.

    `codes` are reply codes, the outermost first; `words` two or three plain sentences; `next` commands to run.
    `domain` is the one to look at: the recipient's where the sender decided, the sender's where the receiver did.
    `fault` is that of the first cause; `suspects` are all that may be at fault, the likeliest first: more than one side
    makes it unclear.
    `dkim_keys` are the names of the keys that its signatures were made with; `live` is what a check finds now, None
    where none was called for; `joined` says it in one word.
    """

    schema_version: int = SCHEMA_VERSION
    source: str
    understood: bool
    kind: CauseKind
    other: str | None
    decided_by: Side
    fault: Fault = Fault.UNCLEAR
    suspects: tuple[Suspicion, ...] = ()
    domain: str | None
    dkim_keys: tuple[str, ...] = ()
    reporter: Reporter
    recipients: tuple[Recipient, ...]
    codes: tuple[str, ...]
    causes: tuple[Claim, ...]
    leads: tuple[Claim, ...]
    first_attempt: datetime | None
    last_attempt: datetime | None
    retried_s: int | None
    headline: str
    words: str
    next: tuple[str, ...]
    live: Joined | None = None
    unread: str | None = None
    joined: LookedFor | None = None
