"""What was published, in words: how it ended, and each step."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.render.text.words import moment
from mxproof.serve.web.pages.publication import publication_event, publication_words
from mxproof.store.journal.publication import (
    JournalledStep,
    Publication,
    PublicationKind,
    PublicationState,
    StepStanding,
)
from support_markup import printed

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


FORCED = "Forced, in spite of what it does to mail: tonight"
STEPS = (
    JournalledStep("policy", StepStanding.SEEN, BEGUN, SEEN, ""),
    JournalledStep("id", StepStanding.BEGUN, SEEN, None, "ns2 lags"),
    JournalledStep("tlsa", StepStanding.BEGUN, ENDED, None, ""),
)
WHOLE = Publication(
    1, "example.com", PublicationKind.APPLY, b"", b"", "tonight", PublicationState.OPEN, BEGUN, None, STEPS
)
STEP_WORDS = [
    f"Step policy: begun at {moment(BEGUN)}, seen everywhere at {moment(SEEN)}.",
    f"Step id: begun at {moment(SEEN)}, not seen everywhere (ns2 lags).",
    f"Step tlsa: begun at {moment(ENDED)}, not seen everywhere.",
]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (PublicationKind.APPLY, "What senders are to see was altered"),
        (PublicationKind.ADOPT, "What senders see already was taken over as it is"),
        (PublicationKind.UNDO, "What was before the last publication was published again"),
    ],
)
def test_a_publication_says_what_it_was_for_its_steps_as_they_were_begun_and_why_it_was_forced(
    kind: PublicationKind, what: str
) -> None:
    one = msgspec.structs.replace(WHOLE, kind=kind)
    assert publication_words(one) == [f"{what}: it is under way.", *STEP_WORDS, FORCED]
    assert publication_words(msgspec.structs.replace(one, forced="", steps=())) == [
        f"{what}: it is under way."
    ]


def test_one_that_is_taken_back_says_that_not_everybody_had_seen_it() -> None:
    (said,) = words(PublicationState.UNDONE, ENDED)
    assert said.endswith(f": it was taken back at {moment(ENDED)}, before everybody had seen it.")


def test_in_a_list_it_stands_at_its_beginning_with_all_its_words() -> None:
    title = (
        '<h3><span class="word"><span aria-hidden="true">⇡ </span>publication: </span>'
        f'<time datetime="{BEGUN.isoformat()}">{moment(BEGUN)}</time></h3>'
    )
    first = "<p>What senders are to see was altered: {}.</p>"
    steps = f"<ul>{''.join(f'<li>{one}</li>' for one in STEP_WORDS)}</ul>"
    under_way, ended = (
        first.format("it is under way"),
        first.format(f"everybody had seen it at {moment(ENDED)}"),
    )
    assert printed(publication_event(WHOLE)) == [
        f'<li class="event published">{title}{under_way}{steps}<p class="forced">{FORCED}</p></li>'
    ]
    done = msgspec.structs.replace(WHOLE, forced="", steps=(), state=PublicationState.DONE, ended_at=ENDED)
    assert printed(publication_event(done)) == [f'<li class="event published">{title}{ended}</li>']
