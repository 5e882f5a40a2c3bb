"""The policy that a report quotes, held against the one served now and those served before."""

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from mxproof.evidence import Outcome
from mxproof.explain.tlsrpt.policy_then import PolicyStanding, policy_then
from mxproof.explain.tlsrpt.quoted_policy import quoted_policy
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.judge.remembering import memories_of
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import Memory
from support_scenarios import AT, seen
from support_world import Https, collect
from support_worlds import GOOD, POLICY_ADDRESS

SERVED = (
    "version: STSv1",
    "mode: enforce",
    "mx: mxi1.example.com",
    "mx: mxi2.example.com",
    "max_age: 604800",
)
OLDER = ("version: STSv1", "mode: enforce", "mx: old.example.com", "max_age: 604800")
INCIDENT = assemble(seen("incident").evidence, AT)
WITHOUT = assemble(seen("plain").evidence, AT)
END = AT - timedelta(days=1)


def row(strings: tuple[str, ...]) -> ReportedPolicy:
    return ReportedPolicy("sts", "example.com", 0, 1, strings)


@pytest.mark.parametrize(
    ("strings", "standing"),
    [
        (SERVED, PolicyStanding.SERVED),
        (tuple(f"{line}  " for line in reversed(SERVED[1:])) + SERVED[:1], PolicyStanding.SERVED),
        (OLDER, PolicyStanding.NOT_SERVED),
        (("nonsense",), PolicyStanding.UNREADABLE),
        ((), PolicyStanding.UNSTATED),
    ],
)
def test_a_quoted_policy_stands_so(strings: tuple[str, ...], standing: PolicyStanding) -> None:
    assert policy_then(row(strings), INCIDENT, (), END).standing is standing


def test_a_policy_that_was_served_before_is_held_until_its_max_age_is_over() -> None:
    fetched_at = AT - timedelta(days=2)
    memory = Memory("\n".join(OLDER).encode(), fetched_at)
    got = policy_then(row(OLDER), INCIDENT, (memory,), END)
    assert (got.standing, got.until) == (PolicyStanding.EARLIER, fetched_at + timedelta(seconds=604800))


def test_a_policy_that_nobody_saw_is_held_no_longer_than_from_the_end_of_the_report() -> None:
    got = policy_then(row(OLDER), INCIDENT, (), END)
    assert got.until == END + timedelta(seconds=604800)
    assert policy_then(row(OLDER), INCIDENT, (), None).until is None


def test_where_no_policy_is_served_it_was_withdrawn() -> None:
    assert policy_then(row(OLDER), WITHOUT, (), END).standing is PolicyStanding.WITHDRAWN


def test_two_hosts_that_serve_two_policies_are_told() -> None:
    domain = assemble(seen("mixed-policy-hosts").evidence, AT)
    first = domain.policy_host.fetches[0].body.decode().splitlines()
    assert policy_then(row(tuple(first)), domain, (), END).standing is PolicyStanding.SERVED_IN_PART


def test_an_earlier_look_at_a_domain_is_a_memory_of_its_policy() -> None:
    (memory,) = memories_of(INCIDENT)
    assert (memory.fetched_at, memory.id) == (INCIDENT.at, "20260301T090000")
    assert policy_then(row(SERVED), WITHOUT, (memory,), END).standing is PolicyStanding.EARLIER
    assert memories_of(WITHOUT) == ()


def test_only_mta_sts_quotes_a_policy() -> None:
    assert quoted_policy(msgspec.structs.replace(row(SERVED), type="tlsa")) is None


def memory(strings: tuple[str, ...], days: int) -> Memory:
    return Memory("\n".join(strings).encode(), AT - timedelta(days=days))


def test_of_several_looks_at_the_policy_the_last_tells_until_when_it_is_held_and_one_at_another_nothing() -> (
    None
):
    other = (*OLDER[:2], "mx: other.example.com", "max_age: 31557600")
    looks = (memory(OLDER, 4), memory(OLDER, 1), memory(OLDER, 3), memory(other, 0), memory(("nonsense",), 0))
    for order in (looks, looks[::-1]):
        got = policy_then(row(OLDER), INCIDENT, order, END)
        assert (got.standing, got.until) == (PolicyStanding.EARLIER, AT + timedelta(days=6))
        assert got.policy == quoted_policy(row(OLDER))
    assert policy_then(row(OLDER), INCIDENT, looks[3:], END).standing is PolicyStanding.NOT_SERVED


@cache
def looked_at(first: Outcome = Outcome.FOUND, second: Outcome = Outcome.FOUND) -> MailDomain:
    """Return a domain whose policy host has two addresses, each of which answers so."""
    names = (f"mta-sts.example.com A {POLICY_ADDRESS}", "mta-sts.example.com A 192.0.2.81")
    https = {POLICY_ADDRESS: Https(outcome=first), "192.0.2.81": Https(outcome=second)}
    world = GOOD.zone_with(*names).but(https=https)
    return assemble(collect(world), world.at)


def test_what_nobody_could_see_is_neither_served_nor_withdrawn() -> None:
    served = tuple(looked_at().policy_host.fetches[0].body.decode().splitlines())
    unseen = looked_at(Outcome.UNREACHABLE, Outcome.UNREACHABLE)
    held = (memory(OLDER, 1),)
    for lines in (served, OLDER):
        got = policy_then(row(lines), unseen, held, END)
        assert (got.standing, got.policy, got.until) == (
            PolicyStanding.UNKNOWN,
            quoted_policy(row(lines)),
            None,
        )


def test_an_address_that_nobody_reached_leaves_what_the_other_serves() -> None:
    served = tuple(looked_at().policy_host.fetches[0].body.decode().splitlines())
    half = looked_at(Outcome.FOUND, Outcome.UNREACHABLE)
    assert policy_then(row(served), looked_at(), (), END).standing is PolicyStanding.SERVED
    assert policy_then(row(served), half, (), END).standing is PolicyStanding.SERVED
    assert policy_then(row(OLDER), half, (), END).standing is PolicyStanding.NOT_SERVED
    refused = looked_at(Outcome.REFUSED, Outcome.UNREACHABLE)
    assert policy_then(row(served), refused, (), END).standing is PolicyStanding.WITHDRAWN
    part = looked_at(Outcome.REFUSED, Outcome.FOUND)
    got = policy_then(row(served), part, (memory(served, 1),), END)
    assert (got.standing, got.until) == (PolicyStanding.SERVED_IN_PART, None)
    assert policy_then(row(OLDER), part, (), END).standing is PolicyStanding.NOT_SERVED


@pytest.mark.parametrize(
    ("line", "other"),
    [(1, "mode: testing"), (2, "mx: mxi3.example.com"), (2, "mx: mxi2.example.com"), (4, "max_age: 604801")],
)
def test_a_policy_that_differs_in_one_demand_is_another(line: int, other: str) -> None:
    changed = (*SERVED[:line], other, *SERVED[line + 1 :])
    assert policy_then(row(changed), INCIDENT, (), END).standing is PolicyStanding.NOT_SERVED
    got = policy_then(row(changed), WITHOUT, (memory(SERVED, 1),), END)
    assert got.standing is PolicyStanding.WITHDRAWN
