"""The sixth proof set: texts of many systems and languages, and as many of which nothing may be claimed."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.fault import Fault
from support_accuracy import Accuracy
from support_fresh import texts, wrong_sides
from support_long import EXHAUSTIVE
from support_wide import WIDE, measured_wide

RECALL_MIN = 0.95
WRONG_SHARE_MAX = 0.02


@pytest.fixture(scope="module")
def accuracy() -> Accuracy:
    return measured_wide()


def test_every_text_has_its_labels_and_a_name_of_its_own() -> None:
    rows = list(texts(WIDE))
    for one in rows:
        causes = [cause for cause in (one.expected, *one.also) if not cause.startswith("other:")]
        assert (one.name, set(causes) - set(CATALOGUE)) == (one.name, set())
        assert (one.name, set(one.sides) - set(Fault)) == (one.name, set())
    assert len({one.name for one in rows}) == len(rows)


@EXHAUSTIVE
def test_causes_are_found_and_few_claims_are_wrong(accuracy: Accuracy) -> None:
    assert accuracy.recall >= RECALL_MIN
    assert 1 - accuracy.precision <= WRONG_SHARE_MAX


def test_no_cause_is_claimed_for_a_control(accuracy: Accuracy) -> None:
    assert accuracy.false_alarms == ()


def test_no_fault_is_put_at_a_side_that_has_none() -> None:
    assert wrong_sides(WIDE) == ()
