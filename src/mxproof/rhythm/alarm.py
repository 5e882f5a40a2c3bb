"""What the detector says: somebody, or everything, has been silent for longer than chance allows."""

from datetime import datetime
from enum import StrEnum

import msgspec

ALARM_VERSION = 1
"""Of what `mxproof watch silence --format json` prints; members are added and none is lost."""


class AlarmKind(StrEnum):
    """Who is silent: a sender, or all at once, which is the own mail server, its line or its log.

    Of TLS reports: a reporter, or all at once, which is the record that asks for them, their mailbox or what takes them in.
    """

    SENDER = "sender"
    EVERYTHING = "everything"
    REPORTER = "reporter"
    REPORTS = "reports"


class Alarm(msgspec.Struct, frozen=True):
    """One alarm. `expected`: mails that would usually have come since then; `chance`: how often a usual day shows as much silence.

    `sender` is empty where everything is silent, or all reporters are; a reporter is named as its reports name it, and its `expected`
    are reports. `silent_since` is the last mail before the silence, or before its thinning; of reports the end of the last day reported.
    """

    kind: AlarmKind
    sender: str
    silent_since: datetime
    alarmed_at: datetime
    expected: float
    chance: float
