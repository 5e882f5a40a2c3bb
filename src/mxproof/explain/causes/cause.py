"""What a cause is: an id that is never reused, a kind, and the words for a reader who does not know the RFC."""

from enum import StrEnum

import msgspec

from mxproof.explain.causes.fault import Suspect
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Security


class CauseKind(StrEnum):
    """The area that a cause belongs to."""

    TRANSPORT_SECURITY = "transport-security"
    DNS = "dns"
    AUTHENTICATION = "authentication"
    CONNECTION = "connection"
    OTHER = "other"


class Failing(StrEnum):
    """What failed, where the reading of a text or its host turns on it."""

    LOOK_UP = "look-up"
    """The receiver's own look-up of the sender's records, for the moment."""
    CONNECTION = "connection"
    """No connection to the receiving server came about."""
    SENDING_ADDRESS = "sending-address"
    """The receiver found the address that connected wanting, or its name, not the domain."""


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One cause of the catalogue.

    `words` say in two or three sentences what it means, `check` what to look at, `next` the command to run (empty
    where there is none), with `{domain}`, `{host}`, `{address}` and `{key}`, a DKIM key's name, where the text may name
    them. `suspects` are those whose fault it may be, the likeliest first. A `wrapper` hides or only surrounds the reason: it is not claimed beside another cause. `demanded_by` is the
    protection whose demand was not met. `result_type` joins the cause to TLS reports (RFC 8460 section 4.3), `findings`
    to what a check of the domain would find.
    """

    id: str
    kind: CauseKind
    suspects: tuple[Suspect, ...]
    title: str
    words: str
    check: str
    next: str = ""
    wrapper: bool = False
    failing: Failing | None = None
    demanded_by: Security | None = None
    result_type: ResultType | None = None
    findings: tuple[Code, ...] = ()
