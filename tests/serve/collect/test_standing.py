"""What stands of a domain is counted in for sessions that Postfix reported, and for nothing else."""

import msgspec
import pytest

from mxproof.formats.tlsrpt.datagram import SessionDatagram, read_datagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.serve.collect import standing as standing_module
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


def test_of_a_session_only_what_is_in_mode_testing_fails_and_as_often_as_it_was_met() -> None:
    standing = StandingFailures()
    standing.probed("good.test", (PROBED,), 200.0)
    dane = ReportedPolicy("tlsa", "mx.good.test", 3, 0, TESTING_STS.strings)
    seen_to_fail = msgspec.structs.replace(TESTING_STS, success=0, failure=1)
    own = FailureDetails("starttls-not-supported", 2)
    often = msgspec.structs.replace(TESTING_STS, success=3, failure=2, failures=(own,))
    told = msgspec.structs.replace(TESTING, policies=(dane, seen_to_fail, often))
    failed = msgspec.structs.replace(often, success=0, failure=3, failures=(own, PROBED))
    assert standing.completed(told, 150.0).policies == (dane, seen_to_fail, failed)
    other = msgspec.structs.replace(told, domain="other.test")
    assert standing.completed(other, 150.0) == other


def test_domains_met_in_mode_testing_are_told_once_each_time_in_the_order_of_their_names() -> None:
    standing = StandingFailures()
    for name in ("b.test", "a.test", "b.test"):
        standing.completed(msgspec.structs.replace(TESTING, domain=name), 100.0)
    standing.completed(GOOD, 100.0)
    assert (standing.met_testing(), standing.met_testing()) == (["a.test", "b.test"], [])
    standing.completed(TESTING, 101.0)
    assert standing.met_testing() == ["good.test"]


def test_while_its_policy_cannot_be_had_a_domain_is_not_one_in_mode_testing() -> None:
    standing = StandingFailures()
    standing.probed("good.test", (PROBED,), 200.0)
    standing.learn(noted(10.0), 100.0)
    assert standing.completed(TESTING, 110.0) == TESTING
    assert standing.met_testing() == []
    assert standing.completed(TESTING, 110.1) != TESTING
    assert standing.met_testing() == ["good.test"]


def test_a_session_with_a_policy_beside_none_stays_as_it_is() -> None:
    standing = StandingFailures()
    standing.learn(noted(10.0), 100.0)
    both = msgspec.structs.replace(NONE, policies=(*NONE.policies, STS))
    assert standing.completed(both, 101.0) == both


def test_what_is_told_again_stands_as_it_was_told_last_and_from_then_on() -> None:
    standing = StandingFailures()
    standing.learn(noted(10.0), 100.0)
    invalid = msgspec.structs.replace(FETCH, failures=(FailureDetails("sts-policy-invalid", 1),))
    standing.learn(msgspec.structs.replace(noted(10.0), policies=(invalid,)), 105.0)
    assert standing.completed(NONE, 115.0).policies == (invalid,)
    assert standing.completed(NONE, 115.1) == NONE
    named = msgspec.structs.replace(PROBED, result_type="certificate-not-trusted")
    for failures, until_s in (((PROBED,), 200.0), ((named,), 300.0)):
        standing.probed("good.test", failures, until_s)
    (policy,) = standing.completed(TESTING, 300.0).policies
    assert policy.failures == (named,)


def test_of_too_many_that_is_forgotten_which_was_told_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_module, "STANDING_MAX", 2)
    standing = StandingFailures()
    names = ("a.test", "b.test", "c.test")
    for name in (*names[:2], *names[::2]):
        standing.learn(msgspec.structs.replace(noted(10.0), domain=name), 100.0)
        standing.probed(name, (PROBED,), 200.0)
        standing.completed(msgspec.structs.replace(TESTING, domain=name), 150.0)
    for known, at in ((NONE, 101.0), (TESTING, 150.0)):
        told = [msgspec.structs.replace(known, domain=name) for name in names]
        assert [standing.completed(one, at) != one for one in told] == [True, False, True]
    assert standing.met_testing() == ["a.test", "b.test"], "of these the first ones are looked at"
