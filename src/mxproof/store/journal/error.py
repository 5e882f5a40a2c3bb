"""What the journal says when it cannot."""


class JournalError(Exception):
    """The journal cannot do what was asked now; the message says why, and holds no password."""


class OccupiedError(JournalError):
    """Another process is alone at what was asked for."""
