"""A silence as news of a domain: who is silent, and what could be found out about it when it was noticed."""

import msgspec

from mxproof.judge.vocabulary import Verdict
from mxproof.rhythm.alarm import Alarm


class Reported(msgspec.Struct, frozen=True):
    """What the TLS reports of one submitter count over some days, and the result types of the failures."""

    submitter: str
    failure: int
    success: int
    result_types: tuple[str, ...] = ()


class NamedFinding(msgspec.Struct, frozen=True):
    """A finding of the check, by its code, and what it says in short."""

    code: str
    summary: str


class CheckedSender(msgspec.Struct, frozen=True):
    """What a check says of the very sender: its model, what that does with mail, and for which findings."""

    model: str
    name: str
    outcome: Verdict
    because: tuple[NamedFinding, ...] = ()


class Silence(msgspec.Struct, frozen=True):
    """An alarm, and what was found out then.

    `unchecked` says why no check could be made, empty where one was; `checked` is None also where no model of the sender is known.
    `reports` are of the last `report_days` days, those of this sender alone; `unread` says why they could not be looked at.
    """

    alarm: Alarm
    checked: CheckedSender | None = None
    unchecked: str = ""
    report_days: int = 0
    reports: tuple[Reported, ...] = ()
    unread: str = ""
