"""Evidence for the figures, collected from the embedded lab over real sockets."""

import asyncio
import time
from datetime import UTC, datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.lab.running import running
from mxproof.lab.scenario import load
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.survey.served import wanted


def incident_evidence() -> Evidence:
    """Return the evidence of the founding incident."""
    return asyncio.run(lab_evidence("incident"))[0]


async def lab_evidence(scenario: str, latency_ms: int = 0) -> tuple[Evidence, float]:
    """Collect a scenario, with `latency_ms` added to each network answer; return the evidence and the wall time in s."""
    world = msgspec.structs.replace(load(scenario), latency_ms=latency_ms)
    async with running(world, now=datetime.now(UTC)) as lab:
        asking = Asking(
            resolvers=(Peer(*lab.resolver),),
            connect_to=lab.connect_to,
            trust_ad=True,
            simulated=lab.scenario,
        )
        began = time.perf_counter()
        with Asker(asking) as asker:
            evidence = await collect(lab.domain, asker, wanted)
        wall_s = time.perf_counter() - began
    return with_anchors(evidence, lab.roots), wall_s
