"""Plans that somebody edited: what is no plan is told by its place, and what the planner makes is one."""

from collections.abc import Callable
from functools import cache

import msgspec
import pytest

from mxproof.mail.change import (
    Change,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    Publish,
    Service,
    TlsaValue,
    TxtValue,
)
from mxproof.remedy.plan import Plan, PlannedStep
from mxproof.remedy.plan_objection import CHANGES_MAX, LASTS_S_MAX, STEPS_MAX, objection
from mxproof.remedy.planning import plan_for
from support_incident import INCIDENT
from support_long import EXHAUSTIVE
from support_world import collect

WAY = 2


@cache
def planned() -> Plan:
    return plan_for(collect(INCIDENT), now=INCIDENT.at)


def planned_steps() -> tuple[PlannedStep, ...]:
    return planned().ways[WAY - 1].steps


def with_steps(steps: tuple[PlannedStep, ...]) -> Plan:
    way = msgspec.structs.replace(planned().ways[WAY - 1], steps=steps)
    return msgspec.structs.replace(planned(), ways=(planned().ways[0], way, *planned().ways[2:]))


def with_first(**changes: object) -> Plan:
    return with_steps((msgspec.structs.replace(planned_steps()[0], **changes), *planned_steps()[1:]))


def with_change(change: Change) -> Plan:
    return with_first(changes=(*planned_steps()[0].changes, change))


@EXHAUSTIVE
def test_what_the_planner_makes_is_a_plan() -> None:
    assert [objection(planned(), number + 1) for number in range(len(planned().ways))] == [None] * len(
        planned().ways
    )


@pytest.mark.parametrize("domain", ["", "no domain", "ex\x1b[31mample.com", "EXAMPLE.com", "example.com."])
def test_a_domain_that_is_none_is_named(domain: str) -> None:
    assert (objection(msgspec.structs.replace(planned(), domain=domain), WAY) or "").startswith("domain ")


@pytest.mark.parametrize(
    ("made", "where"),
    [
        (lambda: with_first(at_s=-1), "[0].at_s "),
        (lambda: with_first(wait_until_s=LASTS_S_MAX + 1), "[0].wait_until_s "),
        (lambda: with_first(wait_until_s=-1), "[0].wait_until_s "),
        (lambda: with_first(changes=()), "[0].changes "),
        (lambda: with_steps(planned_steps()[1::-1]), "[1].at_s "),
        (lambda: with_steps(planned_steps()[:1] * (STEPS_MAX + 1)), ": "),
        (lambda: with_first(changes=planned_steps()[0].changes * CHANGES_MAX), ": "),
    ],
)
def test_steps_that_none_could_follow_are_named(made: Callable[[], Plan], where: str) -> None:
    assert (objection(made(), WAY) or "").startswith(f"ways[{WAY - 1}].steps{where}")


@pytest.mark.parametrize(
    ("change", "member"),
    [
        (Publish("..", Ipv4Value("192.0.2.1")), "name"),
        (Publish("a" * 64 + ".example.com", Ipv4Value("192.0.2.1")), "name"),
        (Publish("Mx1.example.com.", Ipv4Value("192.0.2.1")), "name"),
        (Publish("a.example.com", Ipv4Value("192.0.2")), "record.address"),
        (Publish("a.example.com", Ipv4Value("2001:db8::1")), "record.address"),
        (Publish("example.com", MxValue(65_536, "a.example.com")), "record.preference"),
        (Publish("example.com", MxValue(1, "..")), "record.exchange"),
        (Publish("example.com", TxtValue("€")), "record.text"),
        (Publish("a.example.com", TlsaValue(3, 1, 256, "00")), "record.matching_type"),
        (Publish("a.example.com", TlsaValue(3, 1, 1, "0g")), "record.association"),
        (
            PresentCertificate(Service.SMTP, "a.example.com", ("nowhere",), (), keeps_key=False),
            "addresses[0]",
        ),
    ],
)
def test_a_change_that_is_none_is_named(change: Change, member: str) -> None:
    place = len(planned_steps()[0].changes)
    told = objection(with_change(change), WAY) or ""
    assert told.startswith(f"ways[{WAY - 1}].steps[0].changes[{place}].{member} ")


def test_a_step_may_come_while_the_one_before_is_waited_for_and_not_before_it() -> None:
    first, *_ = planned_steps()

    def told(*times: tuple[int, int]) -> str | None:
        return objection(
            with_steps(
                tuple(
                    msgspec.structs.replace(first, at_s=at_s, wait_until_s=until_s) for at_s, until_s in times
                )
            ),
            WAY,
        )

    assert told((0, 600), (0, 600), (300, 300), (300, 900)) is None
    late = told((0, 600), (300, 600), (200, 600), (250, 600))
    assert late is not None
    assert late.startswith(f"ways[{WAY - 1}].steps[2].at_s is 200; 300 or later")
