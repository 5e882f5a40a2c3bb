"""What the detector says: somebody, or everything, has been silent for longer than chance allows."""

from datetime import datetime
from enum import StrEnum

import msgspec

ALARM_VERSION = 1
"""Of what `mxproof watch silence --format json` prints; members are added and none is lost."""


class AlarmKind(StrEnum):
    """Who is silent: one sender, or all at once, which is the own mail server, its line or its log."""

    SENDER = "sender"
    EVERYTHING = "everything"


class Alarm(msgspec.Struct, frozen=True):
    """One alarm. `expected`: mails that would usually have come since then; `chance`: how often a usual day shows as much silence.

    `sender` is empty where everything is silent. `silent_since` is the last mail before the silence, or before its thinning.
    """

    kind: AlarmKind
    sender: str
    silent_since: datetime
    alarmed_at: datetime
    expected: float
    chance: float
