"""What was seen of real senders, held together with their models."""

from pathlib import Path

import msgspec
import pytest

from keeping import ROOT
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.conclusion import concluded
from mxproof.judge.senders.inference.kept import KeptObservation, kept
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from support_long import EXHAUSTIVE
from support_sendertest import RUN, done, sent_by

FILES = sorted((ROOT / "data/observations").glob("*.json"))


def read(path: Path) -> KeptObservation:
    return msgspec.json.decode(path.read_bytes(), type=KeptObservation)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_model_says_what_was_seen_or_why_it_does_not(path: Path) -> None:
    seen = read(path)
    model = next(one for one in SENDERS if one.id == seen.sender)
    unlike = {one.trait for one in seen.traits if not set(one.words) & set(words_of(model, one.trait))}
    assert unlike == seen.different.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_observation_speaks_of_traits_and_cases_that_there_are(path: Path) -> None:
    seen = read(path)
    assert {one.trait for one in seen.traits} <= POSSIBLE.keys()
    assert {case for one in seen.traits for case in one.cases} <= CASES.keys()
    assert all(set(one.words) < POSSIBLE[one.trait].keys() for one in seen.traits)


@EXHAUSTIVE
def test_nothing_of_whoever_ran_a_test_is_kept() -> None:
    words = {trait: words_of(SENDERS[0], trait)[0] for trait in POSSIBLE}
    report = concluded(sent_by(done(words)), SENDERS, "test")
    text = msgspec.json.encode(kept(report, "rfc8461", "a sender", "a test")).decode()
    assert not any(word in text for word in (RUN, "198.51.100.20", "Subject", "sendertest.example"))
