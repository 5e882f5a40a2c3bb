"""News of a domain: how loud they are follows from what senders do, and never from what is unknown."""

from datetime import UTC, datetime

import pytest

from mxproof.judge.difference import Course
from mxproof.judge.differing import seen
from mxproof.judge.news import DomainNews, Weight, domain_news
from mxproof.judge.settling import Turn, TurnKind
from mxproof.judge.vocabulary import Verdict
from support_world import GOOD_POLICY, ZoneWorld, collect

SINCE = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = ZoneWorld()
REFUSED = GOOD.but(policy=GOOD_POLICY.replace(b"mx1", b"mx8").replace(b"mx2", b"mx9"))
AT_RISK = GOOD.but(policy=GOOD_POLICY.replace(b"mx: mx1.example.com\n", b""))
ANOTHER_ID = GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=2;")
TESTING = GOOD.but(policy=GOOD_POLICY.replace(b"enforce", b"testing"))
"""Mail arrives, and is protected less."""


def news(
    before: ZoneWorld | None,
    after: ZoneWorld,
    kind: TurnKind = TurnKind.CHANGED,
    *,
    is_flapping: bool = False,
    is_quiet: bool = False,
) -> DomainNews:
    settled = seen(collect(before)) if before is not None else None
    return domain_news(Turn(kind, SINCE, is_flapping, is_quiet), settled, seen(collect(after)))


@pytest.mark.parametrize(
    ("before", "after", "weight", "course"),
    [
        (GOOD, REFUSED, Weight.ALARM, Course.WORSE),
        (GOOD, AT_RISK, Weight.ALARM, Course.WORSE),
        (AT_RISK, REFUSED, Weight.ALARM, Course.WORSE),
        (REFUSED, AT_RISK, Weight.GOOD, Course.BETTER),
        (REFUSED, GOOD, Weight.GOOD, Course.BETTER),
        (GOOD, TESTING, Weight.WARNING, Course.WORSE),
    ],
)
def test_a_change_is_as_loud_as_what_it_does_to_mail(
    before: ZoneWorld, after: ZoneWorld, weight: Weight, course: Course
) -> None:
    found = news(before, after)
    assert (found.weight, found.course) == (weight, course)
    assert found.difference is not None
    assert found.difference.course is course


def test_a_detail_is_a_note_with_what_changed() -> None:
    found = news(GOOD, ANOTHER_ID, TurnKind.DETAIL)
    assert (found.weight, found.course) == (Weight.NOTE, Course.SAME)
    assert found.difference is not None
    assert [one.names for one in found.difference.shifts] == [("_mta-sts.example.com",)]


@pytest.mark.parametrize(("world", "weight"), [(GOOD, Weight.NOTE), (REFUSED, Weight.ALARM)])
def test_the_first_is_an_alarm_where_mail_is_refused_already(world: ZoneWorld, weight: Weight) -> None:
    found = news(None, world, TurnKind.FIRST)
    assert (found.weight, found.difference) == (weight, None)


def test_who_is_troubled_are_those_who_decide_and_refuse_or_may() -> None:
    found = news(GOOD, REFUSED)
    assert {"microsoft", "google", "rfc8461"} <= {one.id for one in found.troubled}
    assert {one.outcome for one in found.troubled} <= {Verdict.REFUSED, Verdict.AT_RISK}
    assert "microsoft-ptr" not in {one.id for one in found.troubled}


def test_blindness_is_a_warning_and_its_end_is_good() -> None:
    assert (news(GOOD, GOOD, TurnKind.BLIND).weight, news(GOOD, GOOD, TurnKind.SIGHTED).weight) == (
        Weight.WARNING,
        Weight.NOTE,
    )


def test_what_was_told_already_is_a_note() -> None:
    found = news(GOOD, REFUSED, is_flapping=True, is_quiet=True)
    assert (found.weight, found.is_flapping, found.course) == (Weight.NOTE, True, Course.WORSE)


def test_a_change_whose_before_is_kept_no_more_is_weighed_by_what_is() -> None:
    assert (news(None, REFUSED).weight, news(None, GOOD).weight) == (Weight.ALARM, Weight.NOTE)
