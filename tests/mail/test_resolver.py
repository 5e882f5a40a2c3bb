"""A resolver is said to fail only where it answers for no domain at all."""

import pytest

from mxproof.mail.assemble import assemble
from mxproof.mail.resolver import ResolverState, resolver_state
from support_world import ZoneWorld, collect

FIRST = (
    "example.com MX",
    "_mta-sts.example.com TXT",
    "_smtp._tls.example.com TXT",
    "mta-sts.example.com A",
    "mta-sts.example.com AAAA",
)
"""What is asked of every domain."""


def unheard(outcome: str, control: str) -> ZoneWorld:
    """Return a world in which what is asked first ends with `outcome`, and what is asked of `com` with `control`."""
    return ZoneWorld().zone_with(*(f"{asked} !{outcome}" for asked in FIRST), f"com NS {control}")


@pytest.mark.parametrize(
    ("outcome", "control", "want"),
    [
        ("timeout", "!timeout", ResolverState.SILENT),
        ("servfail", "!servfail", ResolverState.FAILING),
        ("unreachable", "!unreachable", ResolverState.NO_ROUTE),
        ("timeout", "!unreachable", ResolverState.NO_ROUTE),
        ("timeout", "!servfail", ResolverState.FAILING),
        ("timeout", "!bogus", ResolverState.ANSWERS),
        ("timeout", "!nxdomain", ResolverState.ANSWERS),
        ("timeout", "!unasked", ResolverState.ANSWERS),
        ("servfail", "a.example.net", ResolverState.ANSWERS),
    ],
)
def test_it_is_told_by_what_became_of_the_control_question(
    outcome: str, control: str, want: ResolverState
) -> None:
    assert resolver_state(collect(unheard(outcome, control))) is want


@pytest.mark.parametrize("left", FIRST)
def test_one_answer_about_the_domain_is_enough(left: str) -> None:
    lost = (f"{asked} !timeout" for asked in FIRST if asked != left)
    evidence = collect(ZoneWorld().zone_with(*lost, "com NS !timeout"))
    assert resolver_state(evidence) is ResolverState.ANSWERS


def test_the_domain_carries_it() -> None:
    evidence = collect(unheard("timeout", "!timeout"))
    assert assemble(evidence, evidence.observed_at()).resolver is ResolverState.SILENT
