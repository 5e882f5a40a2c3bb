"""Which name servers are behind a look-up that failed: those that do not answer the same question either."""

from collections.abc import Sequence

from mxproof.evidence import Outcome
from mxproof.judge.value import FailingServer, ServersAtFault
from mxproof.mail.name_servers import Response, ServedRecord, response
from mxproof.survey.name_servers import TRANSPORTS

_REFUSING = frozenset({Outcome.REFUSED, Outcome.SERVFAIL})


def servers_at_fault(served: Sequence[ServedRecord]) -> ServersAtFault:
    """Return the servers that gave no answer of their own, and how asking each of them ended; over UDP, or else TCP."""
    found: list[FailingServer] = []
    for one in served:
        answers = [one.over(transport) for transport in TRANSPORTS]
        failing = [
            answer for answer in answers if response(answer) is Response.FAILED or answer.outcome in _REFUSING
        ]
        if failing and one.definite is None:
            found.append(FailingServer(one.where.server, one.where.address, failing[0].outcome))
    asked = sum(any(response(one.over(via)) is not Response.UNKNOWN for via in TRANSPORTS) for one in served)
    return ServersAtFault(tuple(found), asked)
