"""A delivery test does in the lab what the check of the same world foretells, address by address."""

import pytest

from mxproof.cli.delivering import Errand, carried_out
from mxproof.cli.evidence_source import Survey, observe
from mxproof.cli.options.asking import AskingOptions
from mxproof.formats.mailbox import parse_mailbox
from mxproof.judge.delivery_test import TryResult
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.net.loop import run
from mxproof.survey import inbound

RECIPIENT = parse_mailbox("you@example.com")
SENDER_IDS = ("microsoft", "exim-dane", "opportunistic")


@pytest.mark.parametrize("scenario", ["incident", "tlsa-partial", "handshake-abort"])
def test_mail_is_handed_over_exactly_where_the_check_says_that_it_is(scenario: str) -> None:
    options = AskingOptions(lab=scenario)
    evidence = observe(RECIPIENT.domain, options, Survey(inbound.wanted)).evidence
    domain = assemble(evidence, evidence.observed_at())
    for traits in (one for one in SENDERS if one.id in SENDER_IDS):
        foretold = {(one.mx, one.address): one.outcome for one in deliver(domain, traits).attempts}
        test = run(carried_out(Errand(RECIPIENT, "", traits, True, None, "", True), options))
        assert test.tries
        for one in test.tries:
            want = foretold.get((one.mx, one.address), foretold.get((one.mx, None)))
            assert (traits.id, one.verdict) == (traits.id, want)
            assert (one.result is TryResult.ACCEPTED) == (want is Verdict.DELIVERS)
