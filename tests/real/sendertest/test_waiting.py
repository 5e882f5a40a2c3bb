"""For how long postfix-mta-sts-resolver waits for a policy when it is left as it comes, which the rig otherwise does not.

A busy machine can take those few seconds for an answer of DNS, too; then there is no policy either.
"""

from collections.abc import Iterator

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import Became, SenderTestReport, concluded
from real.bed.network import Machine
from real.models.classic_daemon import DEFAULT_TIMEOUT_S
from real.models.postfix import VARIANTS, postfix
from real.sendertest.served import SERVING, served
from real.sendertest.test_senders import CaseWorld

SENDING = Machine("waiting", "waiting.example.net", "198.51.100.60", "2001:db8:1::60")
DAEMON = next(one for one in VARIANTS if one.name == "postfix-37-daemon")
SENT_TO = ("policy-slow", "policy-slower")


@pytest.fixture(scope="module")
def told(host: None) -> Iterator[SenderTestReport]:
    """Let Postfix send to the domains with a policy that comes late."""
    with (
        served((SENDING,)) as made,
        postfix(made, SENDING, DAEMON, (), SERVING.ipv4, waits_s=DEFAULT_TIMEOUT_S) as running,
    ):
        to = [one for one in made.recipients if one.partition("@")[2].rpartition("-")[0] in SENT_TO]
        running.deliver([CaseWorld(label=one.partition("@")[2], address=one) for one in to])
        yield concluded(made.ended(), SENDERS, "test")


def test_a_policy_that_comes_late_is_not_waited_for_and_the_mail_is_delivered(told: SenderTestReport) -> None:
    assert {one.case: one.became for one in told.cases if one.became is not Became.UNSENT} == dict.fromkeys(
        SENT_TO, Became.ENCRYPTED
    )
    assert told.contradictions == ()


def test_it_is_found_to_wait_as_its_model_says_or_not_at_all(told: SenderTestReport) -> None:
    """Two cases alone do not tell a sender that gives up from one that has no MTA-STS, or compares nothing."""
    (model,) = [one for one in told.models if one.id == DAEMON.model.id]
    assert model.different == ()
