"""What was published, in words: how it ended, and each step."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.render.text.words import moment
from mxproof.serve.web.pages.publication import publication_words
from mxproof.store.journal.publication import (
    JournalledStep,
    Publication,
    PublicationKind,
    PublicationState,
    StepStanding,
)

BEGUN = datetime(2026, 11, 1, 9, tzinfo=UTC)
ENDED = BEGUN + timedelta(hours=2)
SEEN = BEGUN + timedelta(hours=1)


def words(state: PublicationState, ended_at: datetime | None, *steps: JournalledStep) -> list[str]:
    one = Publication(
        1, "example.com", PublicationKind.APPLY, b"", b"", "", state, BEGUN, ended_at, tuple(steps)
    )
    return publication_words(one)


@pytest.mark.parametrize(
    ("state", "ended_at", "said"),
    [
        (PublicationState.OPEN, None, "under way"),
        (PublicationState.DONE, ENDED, f"everybody had seen it at {moment(ENDED)}"),
        (PublicationState.UNDONE, ENDED, f"taken back at {moment(ENDED)}"),
    ],
)
def test_it_is_said_how_a_publication_ended_and_when(
    state: PublicationState, ended_at: datetime | None, said: str
) -> None:
    (first,) = words(state, ended_at)
    assert said in first


def test_a_step_is_told_with_when_it_was_seen_everywhere_or_why_not() -> None:
    seen = JournalledStep("policy", StepStanding.SEEN, BEGUN, SEEN, "")
    lagging = JournalledStep("id", StepStanding.BEGUN, SEEN, None, "ns2 lags")
    _, first, second = words(PublicationState.OPEN, None, seen, lagging)
    assert f"Step policy: begun at {moment(BEGUN)}, seen everywhere at {moment(SEEN)}" in first
    assert ("ns2 lags" in second, "seen everywhere at" in second) == (True, False)
