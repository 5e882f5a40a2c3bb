"""What the engine names as a sender's reason is among the findings, in every bad world."""

import pytest

from mxproof.judge.checks import findings, memory
from mxproof.judge.codes import Code
from mxproof.judge.senders.engine import deliver
from mxproof.judge.senders.table import SENDERS
from mxproof.mail.assemble import assemble
from support_long import some
from support_world import collect
from support_worlds import WORLDS


@pytest.mark.parametrize("code", some(WORLDS, 6))
def test_every_reason_of_a_sender_is_a_finding(code: Code) -> None:
    bad = WORLDS[code]
    domain = assemble(collect(bad.world), bad.world.at)
    found = {finding.code for finding in (*findings(domain), *memory.check(domain, bad.memories))}
    reasons = {
        (sender.id, reason) for sender in SENDERS for reason in deliver(domain, sender, bad.memories).because
    }
    if bad.memories:
        # Of a policy that is no longer served, only its being held is a finding of its own.
        reasons = {
            (ident, reason)
            for ident, reason in reasons
            if reason in {Code.STS_MEMORY_OUTLIVES, Code.TLS_LEVEL_FELL}
        }
        assert reasons or code is Code.STS_POLICY_UNCHANGED
    assert {(ident, reason) for ident, reason in reasons if reason not in found} == set()
