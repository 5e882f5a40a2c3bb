"""The third proof set: what people paste (docs/reference/explain-accuracy.md shows it by system)."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.engine import explain
from support_accuracy import Accuracy, summary
from support_pasted import NOT_UNDERSTOOD, OWN, PUBLIC, UNREAD, measured_own, measured_public, public_rows
from support_unseen import samples

RECALL_MIN = 0.95
WRONG_SHARE_MAX = 0.05
OWN_RECALL_MIN = 0.96


@pytest.fixture(scope="module")
def public() -> Accuracy:
    return measured_public()


@pytest.fixture(scope="module")
def own() -> Accuracy:
    return measured_own()


def test_every_text_is_in_the_manifest_with_its_source() -> None:
    rows = list(public_rows())
    assert sorted(row["file"] for row in rows) == sorted(path.name for path in PUBLIC.iterdir())
    assert [row["file"] for row in rows if not (row["source"] and row["system"])] == []


def test_labels_are_causes(public: Accuracy, own: Accuracy) -> None:
    labels = {
        cause for one in (*public.causes, *own.causes) for cause in (one.expected, *one.alternatives) if cause
    }
    assert {label for label in labels - set(CATALOGUE) if not label.startswith("other:")} == set()


def test_causes_are_found_and_few_claims_are_wrong(
    public: Accuracy, own: Accuracy, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nexplain, pasted in public: {summary(public)}\nexplain, own texts: {summary(own)}")
    assert public.recall >= RECALL_MIN
    assert own.recall >= OWN_RECALL_MIN
    assert 1 - public.precision <= WRONG_SHARE_MAX
    assert 1 - own.precision <= WRONG_SHARE_MAX


def test_no_cause_is_claimed_for_a_control(public: Accuracy, own: Accuracy) -> None:
    assert (*public.false_alarms, *own.false_alarms) == ()


@pytest.mark.parametrize(
    "text", [one[3] for one in samples(OWN) if one[1] == NOT_UNDERSTOOD], ids=lambda text: text[:30].decode()
)
def test_a_file_that_is_no_mail_is_not_understood(text: bytes) -> None:
    got = explain(text)
    assert (got.understood, got.causes, got.leads) == (False, (), ())


@pytest.mark.parametrize("text", [one[3] for one in samples(OWN) if one[1] == UNREAD])
def test_a_reason_that_no_rule_knows_is_quoted(text: bytes) -> None:
    got = explain(text)
    assert got.understood
    assert got.unread is not None
    assert got.unread in " ".join(text.decode().split())
    assert got.unread in got.words
