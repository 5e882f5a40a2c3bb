"""The second proof set; its labels were written before its results were seen (docs/reference/explain-accuracy.md)."""

import pytest

from mxproof.explain.causes import CATALOGUE
from support_accuracy import Accuracy, summary
from support_unseen import measured_unseen, samples

CAUSES_MIN = 130
CONTROLS_MIN = 60
RECALL_MIN = 0.98
PRECISION_MIN = 0.98


@pytest.fixture(scope="module")
def accuracy() -> Accuracy:
    return measured_unseen()


def test_the_second_set_is_there(accuracy: Accuracy) -> None:
    assert len(accuracy.causes) >= CAUSES_MIN
    assert len(accuracy.controls) >= CONTROLS_MIN


def test_labels_are_causes_and_names_stand_for_one_sample(accuracy: Accuracy) -> None:
    labels = {cause for one in accuracy.causes for cause in (one.expected, *one.alternatives)}
    labels |= {cause for one in accuracy.controls for cause in one.alternatives}
    assert labels - set(CATALOGUE) == set()
    rows = list(samples())
    assert len({name for name, _, _, _ in rows}) == len(rows)


def test_causes_are_found_and_claims_are_right(
    accuracy: Accuracy, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nexplain, second set: {summary(accuracy)}")
    assert accuracy.recall >= RECALL_MIN
    assert accuracy.precision >= PRECISION_MIN


def test_no_cause_is_claimed_for_a_control(accuracy: Accuracy) -> None:
    assert accuracy.false_alarms == ()
