"""One way out for the end of a check: a single measure that has every sender deliver, or none."""

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import MeasureKind
from mxproof.remedy.one_way import one_way
from support_scenarios import AT, seen


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("cert-expired", MeasureKind.CERTIFICATE),
        ("no-starttls", MeasureKind.SERVER),
        ("tlsa-wrong", MeasureKind.TLSA_RECORDS),
        ("policy-mismatch", MeasureKind.SERVE_POLICY),
        ("incident", None),
        ("direct", None),
        ("null-mx", None),
    ],
)
def test_a_single_measure_is_found_where_there_is_one(scenario: str, kind: MeasureKind | None) -> None:
    evidence, memories, _ = seen(scenario)
    found = one_way(evidence, now=AT, memories=memories)
    assert (found.measure.kind if found is not None else None) is kind
    if found is not None:
        after = Judge(evidence, AT, memories, SENDERS).after(found.measure.changes)
        assert {one.outcome for one in after.deliveries if one.decides} == {Verdict.DELIVERS}
