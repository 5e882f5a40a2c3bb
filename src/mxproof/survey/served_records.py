"""The survey of records as every name server has them, asked as `published` asks what it is for."""

from collections.abc import Sequence

import msgspec

from mxproof.evidence import Evidence, Kind, Question
from mxproof.survey.published import everywhere
from mxproof.survey.reading import tlsa_name


class ServedRecords(msgspec.Struct, frozen=True):
    """The survey of some records, each a kind and a name."""

    records: tuple[Question, ...]

    def wanted(self, evidence: Evidence) -> tuple[Question, ...]:
        """Return the questions that the evidence so far calls for and does not answer."""
        needed = (one for record in self.records for one in everywhere(evidence, record))
        return tuple(dict.fromkeys(one for one in needed if one not in evidence.answers))


def tlsa_of_hosts(hosts: Sequence[str]) -> ServedRecords:
    """Return the survey of the TLSA records of port 25 of hosts, each a name that senders look them up for."""
    return ServedRecords(tuple(Question(Kind.TLSA, tlsa_name(one)) for one in hosts))
