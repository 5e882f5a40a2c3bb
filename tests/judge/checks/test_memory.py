"""Policies that senders still hold."""

from datetime import timedelta

from mxproof.judge.checks.memory import check
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from support_certificates import NOW
from support_world import ZoneWorld, collect
from support_worlds import policy

DOMAIN = assemble(collect(ZoneWorld()), NOW)


def held(body: bytes, age: timedelta) -> int:
    return len(list(check(DOMAIN, (Memory(body, NOW - age),))))


def test_an_enforced_policy_is_held_until_its_max_age_is_over() -> None:
    body = policy("old.example.com", max_age=86_400)
    second = timedelta(seconds=1)
    assert [held(body, timedelta(days=1) + step) for step in (-second, timedelta(0), second)] == [1, 0, 0]


def test_a_policy_that_refuses_nobody_is_not_worth_a_word() -> None:
    assert held(policy("old.example.com", mode="testing"), timedelta(days=1)) == 0
    assert held(policy(mode="none"), timedelta(days=1)) == 0
    assert held(b"garbage", timedelta(days=1)) == 0


def test_the_finding_says_from_when_to_when() -> None:
    (finding,) = check(DOMAIN, (Memory(policy("old.example.com", max_age=172_800), NOW - timedelta(days=1)),))
    assert (finding.params["fetched"], finding.params["until"]) == (
        NOW - timedelta(days=1),
        NOW + timedelta(days=1),
    )
