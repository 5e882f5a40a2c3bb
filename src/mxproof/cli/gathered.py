"""What gathering comes to, and the half of it that the real world and a simulated one have in common."""

from collections.abc import Sequence

import msgspec

from mxproof.cli.progress import progress
from mxproof.evidence import Evidence
from mxproof.formats.names import Domain
from mxproof.mail.memory import Memory
from mxproof.mail.trust import relevant_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking
from mxproof.net.collect import collect
from mxproof.survey.together import Wanted


class Gathered(msgspec.Struct, frozen=True):
    """What was found out, and what senders of a lab remember."""

    evidence: Evidence
    memories: tuple[Memory, ...] = ()


async def observed(domain: Domain, asking: Asking, roots: Sequence[bytes], wanted: Wanted) -> Evidence:
    """Ask all that is `wanted`, and keep with the answers those of the `roots` (DER) that their chains need."""
    with progress() as report, Asker(asking) as asker:
        evidence = await collect(domain.name, asker, wanted, progress=report)
    vantage = msgspec.structs.replace(evidence.vantage, anchors=relevant_anchors(evidence, roots))
    return msgspec.structs.replace(evidence, vantage=vantage)
