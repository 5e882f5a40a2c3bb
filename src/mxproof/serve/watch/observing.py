"""One check as the watch makes it: what was asked, at times that do not jump when the clock of the machine does.

What asks stamps each answer by the clock of the machine. Were that a year ahead for a minute, every certificate would have
ended in the evidence, and whoever is told of that would be told a lie.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.evidence import Evidence
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.collect import collect
from mxproof.serve.daemon.clock import JUMP_S
from mxproof.survey.together import Wanted

_JUMP = timedelta(seconds=JUMP_S)


async def observed(
    domain: str,
    asker: Asker,
    wanted: Wanted,
    roots: Sequence[bytes],
    now: Callable[[], datetime],
    machine: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Evidence:
    """Ask all about a domain; `now` is the steady time, `machine` that of the machine."""
    began, begun = machine(), now()
    asked = await collect(domain, asker, wanted, evidence=Evidence(domain))
    return with_anchors(steadied(asked, began, begun, now()), roots)


def steadied(evidence: Evidence, began: datetime, begun: datetime, ended: datetime) -> Evidence:
    """Return the evidence at steady times; it was `began` by the clock of the machine when it was `begun` by the steady time.

    Where the clock of the machine went with the steady time nothing is changed.
    """
    away = [
        at
        for at in (answer.at for answer in evidence.answers.values())
        if not begun - _JUMP <= at <= ended + _JUMP
    ]
    if not away:
        return evidence
    return evidence.with_answers(
        (question, msgspec.structs.replace(answer, at=min(max(begun + (answer.at - began), begun), ended)))
        for question, answer in evidence.answers.items()
    )
