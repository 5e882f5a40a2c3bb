"""What became of further records of a domain: version 1 of what `publish records` prints as JSON."""

from typing import Final

import msgspec

from mxproof.publish.mail_records import CaaJudgement
from mxproof.publish.result import PublicationEnd
from mxproof.publish.step import LaggingPlace

RECORDS_VERSION: Final = 1


class ToldSet(msgspec.Struct, frozen=True):
    """One set of records at a name: what comes and what goes, as lines of a zone."""

    comes: tuple[str, ...]
    goes: tuple[str, ...]


class ToldRecords(msgspec.Struct, frozen=True):
    """What became of the records of `domain`.

    `sets` are those that are altered; `caa` says of each host whether its authority may issue with the CAA records, `lag` who does not show
    them or does not tell, `said` why it could not be done.
    """

    schema_version: int
    domain: str
    end: PublicationEnd
    sets: tuple[ToldSet, ...]
    caa: tuple[CaaJudgement, ...]
    lag: tuple[LaggingPlace, ...]
    said: str
