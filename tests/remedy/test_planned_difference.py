"""A planned state held against what was observed: whom it matters to, and what it rests on."""

from mxproof.evidence import Der
from mxproof.judge.difference import Course, SupposedFact
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.observed_fact import FactKind
from mxproof.net.dns.zone_file import read_lines
from mxproof.remedy.planned import PlannedCertificate, PlannedState
from mxproof.remedy.planned_difference import of_changes, of_state, planned_difference
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.planning import plan_for
from support_certificates import ROOT, chain
from support_incident import INCIDENT
from support_long import EXHAUSTIVE
from support_world import collect
from support_worlds import DANE, MX1

OBSERVED = collect(INCIDENT)


def part(*lines: str) -> PlannedZone:
    return PlannedZone(read_lines(lines, "example.com"), None)


def test_a_state_as_it_is_changes_nothing() -> None:
    told = planned_difference(of_state(PlannedState((part("mxi1 CNAME smol"),)), OBSERVED), OBSERVED)
    assert (told.is_empty, told.course) == (True, Course.SAME)


@EXHAUSTIVE
def test_each_way_of_a_plan_is_for_the_better_and_matters_to_whom_it_mends() -> None:
    plan = plan_for(OBSERVED, now=INCIDENT.at)
    assert plan.ways
    for way in plan.ways:
        told = planned_difference(of_changes(way.changes, OBSERVED), OBSERVED)
        assert told.course is Course.BETTER
        mended = {one.id for one in told.senders if one.after.outcome is Verdict.DELIVERS}
        assert "microsoft" in mended
        assert any("microsoft" in shift.matters_to for shift in told.shifts)


def test_another_certificate_brings_its_records_and_nothing_of_it_is_supposed() -> None:
    observed = collect(DANE)
    new = PlannedCertificate(MX1, tuple(map(Der, chain((MX1, "more.example.com")))))
    told = planned_difference(
        of_state(PlannedState(certificates=(new,), anchors=(Der(ROOT.der),)), observed), observed
    )
    assert told.course is Course.SAME
    assert {shift.kind for shift in told.shifts} == {FactKind.RECORD, FactKind.CERTIFICATE}
    assert told.supposed is not None
    assert told.supposed.assumed == ()


def test_what_nobody_has_seen_is_told_as_unseen() -> None:
    state = PlannedState((part("@ MX 10 mx9", "mx9 A 192.0.2.99"),), supposes=True)
    told = planned_difference(of_state(state, OBSERVED), OBSERVED)
    assert told.supposed is not None
    assert SupposedFact("no-other-records", "mx9.example.com AAAA") in told.supposed.assumed
    assert "SMTP 192.0.2.99 (mx9.example.com)" in told.supposed.unseen
