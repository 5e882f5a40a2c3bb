"""Which name servers are behind a look-up that failed at the resolver."""

import pytest

from mxproof.evidence import Answer, DnsData, Kind, Outcome
from mxproof.judge.checks.servers_at_fault import servers_at_fault
from mxproof.judge.value import FailingServer, ServersAtFault
from mxproof.mail.name_servers import ServedRecord
from mxproof.survey.zone import ServerAddress
from support_evidence import OBSERVED_AT

AA = b"\0\0\x84\0"
FOUND = Answer(Outcome.FOUND, OBSERVED_AT, DnsData("NOERROR", secure=False, wire=AA))
BORROWED = Answer(Outcome.FOUND, OBSERVED_AT, DnsData("NOERROR", secure=False))
SILENCE = Answer(Outcome.TIMEOUT, OBSERVED_AT, elapsed_ms=5_000)
REFUSED = Answer(Outcome.REFUSED, OBSERVED_AT, DnsData("REFUSED", secure=False))
FAILED = Answer(Outcome.SERVFAIL, OBSERVED_AT, DnsData("SERVFAIL", secure=False))
UNASKED = Answer(Outcome.UNASKED, OBSERVED_AT)


def served(udp: Answer, tcp: Answer, place: int = 1) -> ServedRecord:
    where = ServerAddress("example.com", f"ns{place}", f"192.0.2.{place}")
    return ServedRecord(Kind.MX, "example.com", where, udp, tcp)


@pytest.mark.parametrize(
    ("udp", "tcp", "outcome"),
    [
        pytest.param(SILENCE, SILENCE, Outcome.TIMEOUT, id="silent"),
        pytest.param(REFUSED, REFUSED, Outcome.REFUSED, id="refused"),
        pytest.param(FAILED, SILENCE, Outcome.SERVFAIL, id="over UDP first"),
        pytest.param(UNASKED, REFUSED, Outcome.REFUSED, id="else over TCP"),
        pytest.param(BORROWED, FAILED, Outcome.SERVFAIL, id="an answer that is not its own is none"),
    ],
)
def test_a_server_is_at_fault_that_fails_and_gives_no_answer_of_its_own(
    udp: Answer, tcp: Answer, outcome: Outcome
) -> None:
    at_fault = servers_at_fault([served(udp, tcp)])
    assert at_fault == ServersAtFault((FailingServer("ns1", "192.0.2.1", outcome),), 1)


@pytest.mark.parametrize(
    ("udp", "tcp"), [(FOUND, FOUND), (FOUND, SILENCE), (FAILED, FOUND), (BORROWED, BORROWED)]
)
def test_a_server_is_not_at_fault_that_answers_over_one_transport_or_does_not_fail(
    udp: Answer, tcp: Answer
) -> None:
    assert servers_at_fault([served(udp, tcp)]) == ServersAtFault((), 1)


def test_only_servers_that_could_be_asked_are_counted() -> None:
    asked = [served(FOUND, FOUND), served(UNASKED, UNASKED, 2), served(UNASKED, SILENCE, 3)]
    assert servers_at_fault(asked) == ServersAtFault((FailingServer("ns3", "192.0.2.3", Outcome.TIMEOUT),), 2)
