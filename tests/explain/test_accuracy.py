"""The proof set: precision and recall; tests/test_generated.py holds the page that shows them."""

import pytest

from support_accuracy import Accuracy, measured, summary

CAUSES_MIN = 80
CONTROLS_MIN = 90
RECALL_MIN = 0.98
PRECISION_MIN = 0.98
FALSE_ALARM_SHARE_MAX = 0.01


@pytest.fixture(scope="module")
def accuracy() -> Accuracy:
    return measured()


def test_the_proof_set_is_there(accuracy: Accuracy) -> None:
    assert len(accuracy.causes) >= CAUSES_MIN
    assert len(accuracy.controls) >= CONTROLS_MIN


def test_causes_are_found_and_claims_are_right(
    accuracy: Accuracy, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nexplain: {summary(accuracy)}")
    assert accuracy.recall >= RECALL_MIN
    assert accuracy.precision >= PRECISION_MIN


def test_no_cause_is_claimed_for_a_bounce_of_another_kind(accuracy: Accuracy) -> None:
    assert len(accuracy.false_alarms) <= FALSE_ALARM_SHARE_MAX * len(accuracy.controls), accuracy.false_alarms


def test_every_control_is_named(accuracy: Accuracy) -> None:
    assert [sample.file for sample in accuracy.controls if sample.other is None] == []
