"""The policy that a report quotes, held against the one served now and those served before."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.explain.tlsrpt.policy_then import PolicyStanding, policy_then
from mxproof.explain.tlsrpt.quoted_policy import quoted_policy
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.judge.remembering import memories_of
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from support_scenarios import AT, seen

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
