"""What arrives at the journal and what becomes of it.

| rule | why |
|---|---|
| `keep` returns once all of it is safe, or raises JournalError and nothing of it is | a report is acknowledged to its sender only then |
| a report that is there is not counted again, whichever way it comes | senders deliver to each `rua` (RFC 8460 section 3) |
| one that is known to be from its sender takes the place of one that is not | else whoever is first with a forgery wins |
| so does one whose signature is still to be verified, where the other has none | while DNS is away nobody knows which is which |
| a signature that could not be verified is verified later (`unverified`, `settle`) | until then its report counts as one that anybody may have written |
| what could not be read is kept with the reason, until it can | an update may read it |
"""

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.explain.tlsrpt.counted import CountedReport


class Refusal(msgspec.Struct, frozen=True):
    """Why something was not read: the rule that it breaks, and the reason in words."""

    rule: str
    reason: str


class Arrival(msgspec.Struct, frozen=True):
    """One piece that came: a message or a file as it was, with the reports in it that are kept, and a refusal for others.

    `source` says which way it came, for a reader.
    """

    data: bytes
    source: str
    at: datetime
    reports: tuple[CountedReport, ...] = ()
    refusal: Refusal | None = None

    @property
    def digest(self) -> bytes:
        """Return what tells one piece from others."""
        return hashlib.sha256(self.data).digest()


class Kept(StrEnum):
    """What became of a report, or of a piece without any."""

    NEW = "new"
    KNOWN = "known"
    REPLACED = "replaced"
    """It is from its sender, and took the place of one of which that was not known."""
    REFUSED = "refused"


class UnverifiedReport(msgspec.Struct, frozen=True):
    """A report whose signature could not be verified: the number of its row, its fingerprint, and the piece it came in."""

    row: int
    fingerprint: bytes
    data: bytes


class ReadUpTo(msgspec.Struct, frozen=True):
    """Up to which message a folder of IMAP was read: numbers below mean nothing under another `validity` (RFC 3501 2.3.1.1)."""

    validity: int
    uid: int


class RefusedPiece(msgspec.Struct, frozen=True):
    """A piece that was kept aside."""

    digest: bytes
    at: datetime
    source: str
    refusal: Refusal
    data: bytes
