"""What became of a rollover, and which TLSA records stand: version 1 of what `publish tlsa` and `publish deploy` print as JSON."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from mxproof.judge.catalogue.zone_line import zone_line
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rolling import RolloverResult
from mxproof.publish.rollover import OwnedTlsa, Stage
from mxproof.publish.step import LaggingPlace
from mxproof.remedy.preflight import Preflight

ROLLOVER_VERSION: Final = 1


class TlsaRole(StrEnum):
    """What a TLSA record is for."""

    SHOWN = "shown"
    """It names what the server shows."""
    NEXT = "next"
    """It names the certificate that comes, and nothing that is shown."""
    LEFT = "left"
    """It names nothing that was seen: of an old certificate, or kept for one that nobody knows here."""


class StandingTlsa(msgspec.Struct, frozen=True):
    """A TLSA record of a host as a line of a zone, what it is for, and how many of the places that were asked have it."""

    host: str
    line: str
    role: TlsaRole
    places: int
    places_asked: int


class ToldRollover(msgspec.Struct, frozen=True):
    """What became of a rollover of `host`.

    `stage` is where it stands; `coming` and `going` are records as lines of a zone, `file` the file that is swapped, empty for none.
    `swap_at` is from when the certificate may be shown, `withdraw_at` from when the old records may go, None where that is not known yet.
    `relied` are records that stood already and are waited for like those that come. `lag` is who keeps it there, `judgement` the preflight that it was not allowed by, `said` why it could not be done. `standing` are the
    records of now.
    """

    schema_version: int
    host: str
    end: PublicationEnd
    stage: Stage
    file: str
    coming: tuple[str, ...]
    going: tuple[str, ...]
    swap_at: datetime | None
    withdraw_at: datetime | None
    lag: tuple[LaggingPlace, ...]
    judgement: Preflight | None
    said: str
    standing: tuple[StandingTlsa, ...]
    relied: tuple[str, ...] = ()


def told_rollover(result: RolloverResult, standing: tuple[StandingTlsa, ...] = ()) -> ToldRollover:
    """Return what became of a rollover as it is printed."""
    rollover, judgement = result.rollover, result.judgement
    return ToldRollover(
        ROLLOVER_VERSION,
        result.host,
        result.end,
        result.stage,
        rollover.file if rollover is not None else "",
        _lines(rollover.coming) if rollover is not None else (),
        _lines(rollover.going) if rollover is not None else (),
        result.swap_at,
        result.withdraw_at,
        result.lag,
        judgement.preflight if judgement is not None else None,
        result.said,
        standing,
        _lines(rollover.relied) if rollover is not None else (),
    )


def _lines(records: tuple[OwnedTlsa, ...]) -> tuple[str, ...]:
    return tuple(zone_line(one.owner, one.record) for one in records)
