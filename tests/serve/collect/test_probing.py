"""Domains in mode testing, probed in worlds of the lab: sessions fail where every host does, and each host is asked once a day."""

import asyncio
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.judge.report import Attempt
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.running import running
from mxproof.lab.scenario import load
from mxproof.serve.collect.probing import PROBED_EVERY, Prober, failures_of
from mxproof.serve.collect.standing import StandingFailures
from support_watch_daemon import asking_in

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINES = ("version: STSv1", "mode: testing", "mx: mx.example.com", "max_age: 86400")
TESTING = SessionDatagram(
    "example.com", "", (ReportedPolicy("sts", "example.com", 1, 0, LINES, ("mx.example.com",)),)
)


def attempt(host: str, kind: ResultType | None, verdict: Verdict = Verdict.DELIVERS) -> Attempt:
    return Attempt(host, 10, "192.0.2.1", host, kind, verdict, "")


EXPIRED, NAME = ResultType.CERTIFICATE_EXPIRED, ResultType.CERTIFICATE_HOST_MISMATCH


@pytest.mark.parametrize(
    ("attempts", "want"),
    [
        ((), ()),
        ((attempt("a", None),), ()),
        ((attempt("a", EXPIRED),), (FailureDetails(EXPIRED, 1, receiving_mx="a", reason="out-of-band"),)),
        ((attempt("a", EXPIRED), attempt("b", None)), ()),
        ((attempt("a", EXPIRED), attempt("b", None, Verdict.UNKNOWN)), ()),
        ((attempt("a", EXPIRED), attempt("b", EXPIRED)), (FailureDetails(EXPIRED, 1, reason="out-of-band"),)),
        (
            (attempt("a", EXPIRED), attempt("a", NAME)),
            tuple(FailureDetails(one, 1, receiving_mx="a", reason="out-of-band") for one in (EXPIRED, NAME)),
        ),
        (
            (attempt("a", ResultType.MX_MISMATCH),),
            (FailureDetails("validation-failure", 1, receiving_mx="a", reason="out-of-band"),),
        ),
    ],
)
def test_sessions_fail_in_what_every_host_fails_in(
    attempts: tuple[Attempt, ...], want: tuple[FailureDetails, ...]
) -> None:
    assert failures_of(attempts) == want


def test_a_session_after_a_failed_probe_counts_as_failed_and_one_before_does_not() -> None:
    async def main() -> None:
        async with running(load("testing-mismatch"), now=NOW) as lab, AsyncExitStack() as stack:
            times = [NOW]
            standing = StandingFailures()
            prober = stack.enter_context(
                closing(Prober(standing, asking_in(lab), lab.roots, lambda: times[0]))
            )
            assert standing.completed(TESTING, NOW.timestamp()) == TESTING
            await prober.look()
            (policy,) = standing.completed(TESTING, NOW.timestamp()).policies
            assert (policy.success, policy.failure) == (0, 1)
            assert [one.reason for one in policy.failures] == ["out-of-band"]
            await prober.look()
            assert prober.probes == 1
            times[0] += PROBED_EVERY
            standing.completed(TESTING, NOW.timestamp())
            await prober.look()
            assert prober.probes == 2

    asyncio.run(main())


def test_where_the_hosts_are_well_nothing_stands() -> None:
    async def main() -> None:
        async with running(load("testing-long"), now=NOW) as lab, AsyncExitStack() as stack:
            standing = StandingFailures()
            prober = stack.enter_context(closing(Prober(standing, asking_in(lab), lab.roots, lambda: NOW)))
            standing.completed(TESTING, NOW.timestamp())
            await prober.look()
            assert prober.probes == 1
            assert standing.completed(TESTING, (NOW + timedelta(hours=1)).timestamp()) == TESTING

    asyncio.run(main())


def test_nothing_is_probed_of_domains_that_enforce() -> None:
    standing = StandingFailures()
    (policy,) = TESTING.policies
    enforced = msgspec.structs.replace(policy, strings=("version: STSv1", "mode: enforce"))
    standing.completed(msgspec.structs.replace(TESTING, policies=(enforced,)), NOW.timestamp())
    assert standing.met_testing() == []
