"""What stands of a domain is counted in for sessions that Postfix reported, and for nothing else."""

import msgspec

from mxproof.formats.tlsrpt.datagram import SessionDatagram, read_datagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.serve.collect.standing import STANDING_MAX, StandingFailures
from support_datagram import DATAGRAMS

GOOD = read_datagram(DATAGRAMS[0])
NONE = msgspec.structs.replace(GOOD, policies=(ReportedPolicy("no-policy-found", "good.test", 1, 0),))
(STS,) = GOOD.policies
TESTING_STS = msgspec.structs.replace(STS, strings=("version: STSv1", "mode: testing", "mx: mx.good.test"))
TESTING = msgspec.structs.replace(GOOD, policies=(TESTING_STS,))
FETCH = ReportedPolicy("sts", "good.test", 0, 1, failures=(FailureDetails("sts-policy-fetch-error", 1),))
PROBED = FailureDetails("certificate-expired", 1, receiving_mx="mx.good.test", reason="out-of-band")


def noted(standing_s: float) -> SessionDatagram:
    return SessionDatagram("good.test", "", (FETCH,), standing_s=standing_s)


def test_a_session_without_a_policy_fails_while_its_policy_cannot_be_had() -> None:
    standing = StandingFailures()
    assert standing.completed(NONE, 100.0) == NONE
    standing.learn(noted(10.0), 100.0)
    assert standing.completed(NONE, 110.0) == msgspec.structs.replace(NONE, policies=(FETCH,))
    assert standing.completed(NONE, 110.1) == NONE


def test_it_is_over_where_that_is_told() -> None:
    standing = StandingFailures()
    standing.learn(noted(10.0), 100.0)
    standing.learn(noted(0.0), 101.0)
    assert standing.completed(NONE, 102.0) == NONE


def test_sessions_under_a_policy_and_of_other_domains_stay_as_they_are() -> None:
    standing = StandingFailures()
    standing.learn(noted(10.0), 100.0)
    assert standing.completed(GOOD, 101.0) == GOOD
    other = msgspec.structs.replace(NONE, domain="other.test")
    assert standing.completed(other, 101.0) == other


def test_a_session_in_mode_testing_fails_after_probes_of_all_its_hosts_failed() -> None:
    standing = StandingFailures()
    standing.probed("good.test", (PROBED,), 200.0)
    failed = msgspec.structs.replace(TESTING_STS, success=0, failure=1, failures=(PROBED,))
    assert standing.completed(TESTING, 200.0) == msgspec.structs.replace(TESTING, policies=(failed,))
    assert standing.completed(TESTING, 200.1) == TESTING
    assert standing.completed(GOOD, 150.0) == GOOD


def test_a_session_in_mode_testing_stays_where_a_host_does_not_fail() -> None:
    standing = StandingFailures()
    standing.probed("good.test", (PROBED,), 200.0)
    standing.probed("good.test", (), 300.0)
    assert standing.completed(TESTING, 150.0) == TESTING


def test_what_stands_is_bounded() -> None:
    standing = StandingFailures()
    for number in range(STANDING_MAX + 1):
        told = msgspec.structs.replace(noted(10.0), domain=f"d{number}.example")
        standing.learn(told, 100.0)
    first, last = (msgspec.structs.replace(NONE, domain=f"d{one}.example") for one in (0, STANDING_MAX))
    assert standing.completed(first, 100.0) == first
    assert standing.completed(last, 100.0) != last
