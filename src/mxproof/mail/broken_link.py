"""Where a chain of signatures breaks: what is told of it, apart from the code that follows the chain."""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence import Question


class ChainFault(StrEnum):
    """What breaks the chain of signatures; the first is told where several do."""

    DS_UNMATCHED = "ds-unmatched"
    """No DS record names a key that the zone serves."""
    EXPIRED = "expired"
    EARLY = "early"
    WRONG = "wrong"
    KEY_MISSING = "key-missing"
    MISSING = "missing"
    UNPROVEN = "unproven"
    """Records are said to be absent, and no record of the zone proves that."""


class BrokenLink(msgspec.Struct, frozen=True):
    """Where the chain of signatures breaks: at the records of `type` at `name`, as `question` showed them.

    `key_tags` are the keys that are named, `served` those that the zone serves, `at` when a signature ended or begins.
    """

    fault: ChainFault
    name: str
    type: int
    question: Question
    key_tags: tuple[int, ...] = ()
    served: tuple[int, ...] = ()
    at: datetime | None = None
