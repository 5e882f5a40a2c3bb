"""News of a domain: how loud they are follows from what senders do, and never from what is unknown."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.judge.difference import Course
from mxproof.judge.differing import seen
from mxproof.judge.news import DomainNews, Weight, domain_news, heard_news, silence_news
from mxproof.judge.settling import Turn, TurnKind
from mxproof.judge.silence import Silence
from mxproof.judge.vocabulary import Verdict
from mxproof.rhythm.alarm import Alarm, AlarmKind
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


def test_what_has_come_to_stay_is_as_loud_as_what_is_lost() -> None:
    turn, bad = Turn(TurnKind.CHANGED, SINCE, stays=True), seen(collect(REFUSED))
    told = domain_news(turn, bad, bad)
    assert (told.weight, told.difference, told.since) == (Weight.ALARM, None, SINCE)
    assert told.troubled


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


def test_what_one_sender_lost_is_an_alarm_though_others_fare_better() -> None:
    """DANE is mended in the same hour in which the policy breaks."""
    signed = GOOD.but(signed=("example.com",))
    wrong, right = (
        signed.zone_with(f"_25._tcp.mx1.example.com TLSA {one}", f"_25._tcp.mx2.example.com TLSA {two}")
        for one, two in (("3 1 1 " + "00" * 32,) * 2, ("3 1 1 @192.0.2.1", "3 1 1 @192.0.2.2"))
    )
    found = news(wrong, right.but(policy=REFUSED.policy))
    assert found.difference is not None
    before_and_after = {(one.before.outcome, one.after.outcome) for one in found.difference.senders}
    assert {(Verdict.DELIVERS, Verdict.REFUSED), (Verdict.REFUSED, Verdict.DELIVERS)} <= before_and_after
    assert found.weight is Weight.ALARM


def test_a_model_that_decides_nothing_raises_no_alarm() -> None:
    """Nobody knows of a sender that judges by reverse names alone."""
    renamed = GOOD.zone_with(
        *(f"{one} PTR h.example.net" for one in ("192.0.2.1", "2001:db8::1", "192.0.2.2"))
    )
    found = news(GOOD, renamed)
    assert found.difference is not None
    assert [one.id for one in found.difference.senders if one.after.outcome is not Verdict.DELIVERS] == [
        "microsoft-ptr"
    ]
    assert found.weight is not Weight.ALARM


@pytest.mark.parametrize(
    ("kind", "weight"),
    [
        (AlarmKind.SENDER, Weight.ALARM),
        (AlarmKind.EVERYTHING, Weight.ALARM),
        (AlarmKind.REPORTER, Weight.WARNING),
        (AlarmKind.REPORTS, Weight.WARNING),
    ],
)
def test_mail_that_stays_away_is_louder_than_reports_that_do(kind: AlarmKind, weight: Weight) -> None:
    alarm = Alarm(kind, "", SINCE, SINCE + timedelta(hours=6), 12.0, 0.001)
    silence = Silence(alarm, unchecked="", report_days=7)
    unchecked = silence_news("example.com", silence, alarm.alarmed_at, None)
    assert (unchecked.weight, unchecked.kind, unchecked.course) == (weight, TurnKind.SILENT, Course.WORSE)
    assert (unchecked.since, unchecked.at) == (SINCE, alarm.alarmed_at)
    assert (unchecked.headline, unchecked.troubled, unchecked.unknowns) == ("", (), ())
    report = seen(collect(REFUSED)).report
    checked = silence_news("example.com", silence, alarm.alarmed_at, report)
    assert (checked.headline, len(checked.troubled) > 0) == (report.summary.headline, True)
    blind = seen(collect(GOOD.zone_with("example.com MX !timeout"))).report
    assert silence_news("example.com", silence, alarm.alarmed_at, blind).unknowns == tuple(
        one.question for one in blind.unknowns
    )
    heard = heard_news(checked, SINCE + timedelta(hours=9))
    assert (heard.kind, heard.weight, heard.course) == (TurnKind.HEARD, Weight.GOOD, Course.BETTER)
    assert (heard.silence, heard.troubled) == (Silence(alarm), ())
    assert heard_news(msgspec.structs.replace(checked, silence=None), SINCE).silence is None


def test_news_are_of_the_moment_of_the_check_and_of_the_domain_as_it_is_then() -> None:
    checked = seen(collect(REFUSED))
    told = domain_news(Turn(TurnKind.CHANGED, SINCE), seen(collect(GOOD)), checked)
    assert (told.domain, told.at, told.since) == ("example.com", checked.report.observed_at, SINCE)
    assert told.at != told.since
    assert (told.headline, told.unknowns, told.silence) == (checked.report.summary.headline, (), None)
    microsoft = next(one for one in told.troubled if one.id == "microsoft")
    delivery = next(one for one in checked.report.senders if one.id == "microsoft")
    assert (microsoft.name, microsoft.outcome, microsoft.because) == (
        delivery.name,
        delivery.outcome,
        delivery.because,
    )
    assert told.difference is not None
    assert (told.difference.before.summary.outcome, told.difference.after.summary.outcome) == (
        Verdict.DELIVERS,
        Verdict.REFUSED,
    )
    blind = seen(collect(GOOD.zone_with("example.com MX !timeout")))
    lost = domain_news(Turn(TurnKind.BLIND, SINCE), seen(collect(GOOD)), blind)
    assert lost.unknowns == tuple(one.question for one in blind.report.unknowns)
    assert (lost.course, lost.difference, lost.troubled) == (Course.UNKNOWN, None, ())
    sighted = domain_news(Turn(TurnKind.SIGHTED, SINCE), blind, checked)
    assert (sighted.course, sighted.difference, sighted.weight) == (Course.BETTER, None, Weight.ALARM)
