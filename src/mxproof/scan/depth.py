"""How deep a scan looks: DNS alone, the policies too, or the mail servers as well.

| depth | asks |
|---|---|
| records | DNS, by the resolver |
| policy | DNS, and the policy at each address of the policy host |
| probe | all that `mxproof check --no-name-servers` asks: DNS, policies, and each address of each MX host |

What a depth does not ask is unasked, and what rests on it unknown, never absent.
"""

from collections.abc import Iterator
from enum import StrEnum

from mxproof.evidence import CONNECTION_KINDS, Evidence, Kind, Question
from mxproof.survey import inbound


class ScanDepth(StrEnum):
    """What is asked of every domain of a scan."""

    RECORDS = "records"
    POLICY = "policy"
    PROBE = "probe"


_CONNECTIONS = {
    ScanDepth.RECORDS: frozenset[Kind](),
    ScanDepth.POLICY: frozenset({Kind.POLICY}),
    ScanDepth.PROBE: CONNECTION_KINDS,
}


def wanted(evidence: Evidence, depth: ScanDepth) -> Iterator[Question]:
    """Yield the questions that the evidence so far calls for at this depth and does not answer."""
    asked = _CONNECTIONS[depth]
    for question in inbound.wanted(evidence):
        if question.kind not in CONNECTION_KINDS or question.kind in asked:
            yield question
