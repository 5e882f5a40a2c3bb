"""What the daemon answers in each world, and what old and new Postfix then do."""

import pytest

from real.bed.delivery import Deed, Delivery
from real.bed.policyd import PolicyDaemon
from real.bed.postfix import Sender
from real.policyd.asking import ASKING, Asking
from real.policyd.case import Case
from real.policyd.worlds import CASES

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def deliveries(senders: dict[str, Sender]) -> dict[tuple[str, str], Delivery]:
    """Let every sender send a message to every world, and return what became of each."""
    for case in CASES:
        for one in senders.values():
            one.submit(f"user@{case.domain.name}")
    return {
        (name, case.name): one.outcome(f"user@{case.domain.name}")
        for name, one in senders.items()
        for case in CASES
    }


@every_case
def test_the_daemon_answers_what_is_written(daemon: PolicyDaemon, case: Case) -> None:
    name = case.domain.name
    assert (daemon.asked("postfix", name), daemon.asked("postfix-tlsrpt", name)) == (case.reply, case.told)


@pytest.mark.parametrize("name", ["direct", "testing", "tlsa-right", "tlsa-servfail-sts"])
def test_query_says_what_the_daemon_answers(daemon: PolicyDaemon, name: str) -> None:
    case = next(case for case in CASES if case.name == name)
    lines = daemon.query(case.domain.name).splitlines()
    said = [line.split(maxsplit=1) for line in lines if line.startswith("postfix")]
    assert said == [["postfix", case.reply.strip()], ["postfix-tlsrpt", case.told.strip()]]


@pytest.mark.parametrize("asking", ASKING, ids=lambda asking: asking.name)
@every_case
def test_a_sender_does_what_is_written(
    deliveries: dict[tuple[str, str], Delivery], case: Case, asking: Asking
) -> None:
    got = deliveries[asking.name, case.name]
    want: Deed = getattr(case.deeds, asking.name)
    assert got.deed == want, got.log
