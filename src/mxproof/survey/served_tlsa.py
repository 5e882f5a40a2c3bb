"""The survey of the TLSA records of mail servers as every name server has them, asked as `published` asks what it is for."""

import msgspec

from mxproof.evidence import Evidence, Kind, Question
from mxproof.survey.published import everywhere
from mxproof.survey.reading import tlsa_name


class ServedTlsa(msgspec.Struct, frozen=True):
    """The survey for port 25 of some hosts, each a name that senders look up TLSA records for."""

    hosts: tuple[str, ...]

    def wanted(self, evidence: Evidence) -> tuple[Question, ...]:
        """Return the questions that the evidence so far calls for and does not answer."""
        needed = (one for record in self.records() for one in everywhere(evidence, record))
        return tuple(dict.fromkeys(one for one in needed if one not in evidence.answers))

    def records(self) -> tuple[Question, ...]:
        """Return what is asked for."""
        return tuple(Question(Kind.TLSA, tlsa_name(host)) for host in self.hosts)
