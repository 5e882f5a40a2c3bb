"""Publications that are kept in a journal without having been made."""

from mxproof.store.journal.publication import NewPublication, PublicationKind


def new(domain: str = "example.com", after: bytes = b"after", forced: str = "") -> NewPublication:
    """Return a publication of `domain` that is about to begin; `forced` says why it was begun against advice."""
    return NewPublication(domain, PublicationKind.APPLY, b"before", after, forced)
