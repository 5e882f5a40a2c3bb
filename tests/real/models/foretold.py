"""What is observed of each world while it is up, and what the models make of it."""

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mxproof.evidence import Evidence
from mxproof.evidence.codec import decode
from mxproof.judge.report import Delivery
from mxproof.judge.senders import Traits, deliver
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import SenderMemory
from real.bed.machines import OBSERVER, RESOLVER
from real.models.case import World
from real.models.ground import Ground

LOOKED_WITHIN_S = 600.0


def observed(ground: Ground, worlds: Sequence[World]) -> dict[str, Evidence]:
    """Ask about the domains of `worlds` and return the evidence by label."""
    program = str(Path(__file__).with_name("look.py"))
    domains = [world.domain for world in worlds]
    asking = (str(ground.authority.file), RESOLVER.ipv4)
    command = ground.network.inside(OBSERVER, sys.executable, program, *asking, *domains)
    done = subprocess.run(command, capture_output=True, timeout=LOOKED_WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr.decode()
    written = io.BytesIO(done.stdout)
    return {world.label: decode(written.read(int(written.readline()))) for world in worlds}


def foretold(evidence: Evidence, model: Traits, memories: tuple[SenderMemory, ...] = ()) -> Delivery:
    """Return what the model of a sender says about mail for a domain."""
    return foretold_of(assemble(evidence, evidence.observed_at()), model, memories)


def foretold_of(domain: MailDomain, model: Traits, memories: tuple[SenderMemory, ...] = ()) -> Delivery:
    """Return what the model of a sender says about mail for a domain that was seen."""
    return deliver(domain, model, memories)
