"""What Postfix from 3.10 on notes for TLS reports (RFC 8460), now that the daemon tells it the whole policy."""

from collections.abc import Iterator

import pytest

from real.bed.policyd import PolicyDaemon
from real.bed.town import Town
from real.policyd.asking import TOLD, settings
from real.policyd.case import MAX_AGE_S, named
from real.policyd.noting import (
    EXPIRED,
    HOST_MISMATCH,
    NO_STARTTLS,
    NONE,
    NOT_VALID,
    STS,
    TLSA,
    Applied,
    Failure,
    Noting,
    noting,
)


@pytest.fixture(scope="module")
def told(place: Town, daemon: PolicyDaemon) -> Iterator[Noting]:
    with noting(place, "noting", settings(TOLD)) as one:
        yield one


def _strings(mode: str, *mx: str) -> tuple[str, ...]:
    return ("version: STSv1", f"mode: {mode}", *(f"mx: {name}" for name in mx), f"max_age: {MAX_AGE_S}")


def test_an_enforced_policy_is_noted_as_it_reads(told: Noting) -> None:
    at = named("direct")
    mx = (f"mx1.{at}", f"mx2.{at}")
    assert told.noted("direct") == (Applied(STS, at, _strings("enforce", *mx), mx),)


def test_a_policy_in_mode_testing_is_noted_though_nothing_is_demanded(told: Noting) -> None:
    at = named("testing")
    mx = (f"mail.{at}",)
    assert told.noted("testing") == (Applied(STS, at, _strings("testing", *mx), mx),)


@pytest.mark.parametrize("label", ["none", "absent", "unfetched"])
def test_no_policy_is_noted_where_none_applies(told: Noting, label: str) -> None:
    assert told.noted(label) == (Applied(NONE, named(label)),)


@pytest.mark.parametrize(
    ("label", "failure"),
    [("misnamed", HOST_MISMATCH), ("expired", EXPIRED), ("no-starttls", NO_STARTTLS)],
)
def test_what_breaks_a_policy_is_noted_with_it(told: Noting, label: str, failure: int) -> None:
    at = named(label)
    mx = f"mx1.{at}"
    want = Applied(STS, at, _strings("enforce", mx), (mx,), (Failure(failure, mx),))
    assert told.noted(label) == (want,)


def test_dane_is_noted_by_host_and_not_the_policy_beside_it(told: Noting) -> None:
    got = told.noted("tlsa-wrong")
    hosts = [f"{one}.{named('tlsa-wrong')}" for one in ("mx1", "mx2")]
    assert [(one.policy_type, one.policy_domain, one.mx_host) for one in got] == [
        (TLSA, host, ()) for host in hosts
    ]
    assert [one.failure_details for one in got] == [(Failure(NOT_VALID, host),) for host in hosts]


def test_postfix_notes_nothing_of_hosts_that_it_passes_over(told: Noting) -> None:
    """observed: Postfix 3.10.13 makes no session, and so no note, where no pattern covers an MX host."""
    assert told.noted("wildcard-depth") == ()
