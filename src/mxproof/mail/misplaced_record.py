"""An MTA-STS record at a name where nobody looks for it (RFC 8461 section 3.1)."""

import msgspec

from mxproof.evidence import Question


class MisplacedRecord(msgspec.Struct, frozen=True):
    """A text that begins as an MTA-STS record does, and the question by which it was found at another name."""

    question: Question
    text: bytes
