"""One way out for the end of a check: one kind of measure that has every sender deliver, the one that a plan has first."""

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.remedy import one_way as module
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import MeasureKind, together
from mxproof.remedy.one_way import FirstWay, one_way
from mxproof.remedy.planning import plan_for
from support_scenarios import AT, seen


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("cert-expired", MeasureKind.CERTIFICATE),
        ("no-starttls", MeasureKind.SERVER),
        ("tlsa-wrong", MeasureKind.TLSA_RECORDS),
        ("policy-mismatch", MeasureKind.SERVE_POLICY),
        ("ns-stale-mx", MeasureKind.NAME_SERVERS),
        ("incident", MeasureKind.ADDRESSES),
        ("half-fixed", MeasureKind.CERTIFICATE),
        ("half-fixed-cert", MeasureKind.ADDRESSES),
        ("sni-alias", MeasureKind.CERTIFICATE),
    ],
)
def test_it_is_the_first_way_of_the_plan(scenario: str, kind: MeasureKind) -> None:
    evidence, memories, _ = seen(scenario)
    found = one_way(evidence, now=AT, memories=memories)
    assert found is not None
    assert {one.kind for one in found.measures} == {kind}
    assert len(found.deeds) == len(found.measures)
    assert plan_for(evidence, now=AT, memories=memories).ways[0].kinds == (kind,)
    after = Judge(evidence, AT, memories, SENDERS).after(together(found.measures))
    assert {one.outcome for one in after.deliveries if one.decides} == {Verdict.DELIVERS}


def test_what_takes_effect_soonest_is_among_those_that_are_tried_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evidence, memories, _ = seen("half-fixed")
    whole = one_way(evidence, now=AT, memories=memories)
    monkeypatch.setattr(module, "SETS_MAX", 3)
    assert one_way(evidence, now=AT, memories=memories) == whole
    assert whole is not None
    assert {one.kind for one in whole.measures} == {MeasureKind.CERTIFICATE}


def test_where_all_senders_deliver_nothing_is_looked_for() -> None:
    evidence, memories, _ = seen("direct")
    assert one_way(evidence, now=AT, memories=memories) is None


@pytest.mark.parametrize("scenario", ["null-mx", "dnssec-bogus"])
def test_where_nothing_that_was_seen_leads_out_that_is_told(scenario: str) -> None:
    evidence, memories, _ = seen(scenario)
    assert one_way(evidence, now=AT, memories=memories) == FirstWay((), (), is_sought=False)
