"""What was published of a domain, as an event: what for, how it ended, each step with when it was seen everywhere, and why in spite of what."""

from types import MappingProxyType

from mxproof.render.markup import Element, element
from mxproof.render.text.words import moment
from mxproof.serve.web.pages.events import when
from mxproof.store.journal.publication import (
    JournalledStep,
    Publication,
    PublicationKind,
    PublicationState,
)

_KINDS = MappingProxyType(
    {
        PublicationKind.APPLY: "What senders are to see was altered",
        PublicationKind.ADOPT: "What senders see already was taken over as it is",
        PublicationKind.UNDO: "What was before the last publication was published again",
    }
)


def publication_words(one: Publication) -> list[str]:
    """Return what it was for and how it stands, its steps, and the reason where it was forced; a sentence each."""
    return [f"{_KINDS[one.kind]}: {_standing(one)}.", *map(_step, one.steps), *_forced(one)]


def publication_event(one: Publication) -> Element:
    """Return a publication as an item of a list."""
    first, *_ = publication_words(one)
    mark = element("span", "⇡ ", aria_hidden="true")
    return element(
        "li",
        element("h3", element("span", mark, "publication: ", class_="word"), when(one.begun_at)),
        element("p", first),
        element("ul", *(element("li", _step(step)) for step in one.steps)) if one.steps else None,
        *(element("p", words, class_="forced") for words in _forced(one)),
        class_="event published",
    )


def _standing(one: Publication) -> str:
    if one.ended_at is None or one.state is PublicationState.OPEN:
        return "it is under way"
    if one.state is PublicationState.UNDONE:
        return f"it was taken back at {moment(one.ended_at)}, before everybody had seen it"
    return f"everybody had seen it at {moment(one.ended_at)}"


def _step(step: JournalledStep) -> str:
    begun = f"Step {step.step}: begun at {moment(step.begun_at)}"
    if step.seen_at is not None:
        return f"{begun}, seen everywhere at {moment(step.seen_at)}."
    lag = f" ({step.said})" if step.said else ""
    return f"{begun}, not seen everywhere{lag}."


def _forced(one: Publication) -> list[str]:
    return [f"Forced, in spite of what it does to mail: {one.forced}"] if one.forced else []
