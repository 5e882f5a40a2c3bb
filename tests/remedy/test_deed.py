"""What a measure comes to: at which host, and what is new there, so that a title can name it."""

import pytest

from mxproof.mail.change import Setting
from mxproof.remedy.deed import Deed
from mxproof.remedy.measure import MeasureKind
from mxproof.remedy.planning import plan_for
from support_incident import ALIASES, INCIDENT, TARGETS
from support_long import EXHAUSTIVE
from support_scenarios import seen
from support_world import collect


@pytest.mark.parametrize(
    ("scenario", "deed"),
    [
        ("cert-expired", Deed(MeasureKind.CERTIFICATE, "mx1.example.com", ())),
        ("no-starttls", Deed(MeasureKind.SERVER, "mx1.example.com", (), Setting.STARTTLS)),
        ("tlsa-wrong", Deed(MeasureKind.TLSA_RECORDS, "mx1.example.com", ("_25._tcp.mx1.example.com",))),
        ("wildcard-depth", Deed(MeasureKind.SERVE_POLICY, "", ("mx1.mail.example.com",))),
        ("ns-stale-mx", Deed(MeasureKind.NAME_SERVERS, "", ("198.51.100.53",), Setting.CURRENT)),
        ("old-policy-cached", Deed(MeasureKind.WAIT, "", ())),
    ],
)
def test_a_way_tells_its_host_and_what_is_new_there(scenario: str, deed: Deed) -> None:
    evidence, memories, at = seen(scenario)
    assert plan_for(evidence, now=at, memories=memories).ways[0].deeds == (deed,)


def test_one_address_of_several_is_named_and_all_of_them_are_not() -> None:
    evidence, memories, at = seen("one-bad-address-of-four")
    ways = plan_for(evidence, now=at, memories=memories).ways
    dropped = [deed for way in ways for deed in way.deeds if deed.kind is MeasureKind.DROP_ADDRESS]
    assert dropped == [Deed(MeasureKind.DROP_ADDRESS, "mx2.example.com", ("2001:db8:2::25",))]


@EXHAUSTIVE
def test_a_certificate_is_told_by_the_names_that_the_one_shown_does_not_hold() -> None:
    plan = plan_for(collect(INCIDENT), now=INCIDENT.at)
    deeds = [deed for deed in plan.ways[1].deeds if deed.kind is MeasureKind.CERTIFICATE]
    assert deeds == [
        Deed(MeasureKind.CERTIFICATE, alias, (target,))
        for alias, target in zip(ALIASES, TARGETS, strict=True)
    ]


@EXHAUSTIVE
def test_every_way_has_a_deed_for_each_measure_and_none_does_all_that_another_does_and_more() -> None:
    for scenario in ("incident", "one-bad-address-of-four", "one-bad-mx-of-two"):
        evidence, memories, at = seen(scenario)
        ways = plan_for(evidence, now=at, memories=memories).ways
        assert [len(way.deeds) for way in ways] == [way.size for way in ways]
        made = [set(way.changes) for way in ways]
        assert not [one for one in made for other in made if other < one]
