"""The fourth proof set: what people asked for help with, by cause and by the side at fault."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.fault import Fault
from support_accuracy import Accuracy
from support_fresh import measured_fresh, texts, wrong_sides

RECALL_MIN = 0.95
WRONG_SHARE_MAX = 0.02


@pytest.fixture(scope="module")
def accuracy() -> Accuracy:
    return measured_fresh()


def test_every_text_has_its_labels_and_its_source() -> None:
    for one in texts():
        causes = [cause for cause in (one.expected, *one.also) if not cause.startswith("other:")]
        assert (one.name, set(causes) - set(CATALOGUE)) == (one.name, set())
        assert (one.name, set(one.sides) - set(Fault)) == (one.name, set())
        assert "/" in one.source


def test_causes_are_found_and_few_claims_are_wrong(accuracy: Accuracy) -> None:
    assert accuracy.recall >= RECALL_MIN
    assert 1 - accuracy.precision <= WRONG_SHARE_MAX


def test_no_cause_is_claimed_for_a_control(accuracy: Accuracy) -> None:
    assert accuracy.false_alarms == ()


def test_no_fault_is_put_at_a_side_that_has_none() -> None:
    assert wrong_sides() == ()
