"""What became of a message, as the sender and the receiver tell it."""

import re
from enum import StrEnum

import msgspec

from mxproof.judge.vocabulary import Security

_ENHANCED = re.compile(r"\b[45]\.[0-9]\.[0-9]{1,3}\b(?!\.)")
_REPLY = re.compile(r"(?<![0-9.])[45][0-9]{2}(?= )")


class Outcome(StrEnum):
    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"


class Fate(msgspec.Struct, frozen=True):
    """What a sender did with its first try. `address` and `tls` are where the message was taken and with which version
    of TLS, `authenticated` by what the sender holds the server to be who it is, where it says so; `words` are its own.
    """

    outcome: Outcome
    words: str
    address: str | None = None
    tls: str | None = None
    authenticated: Security | None = None

    @property
    def code(self) -> str:
        """Return the status code in the sender's words, enhanced where there is one, empty where they name none."""
        found = _ENHANCED.search(self.words) or _REPLY.search(self.words)
        return found[0] if found is not None else ""

    @property
    def security(self) -> Security | None:
        """Return how the session was protected that took the message."""
        if self.outcome is not Outcome.SENT:
            return None
        if self.tls is None:
            return Security.NONE
        return self.authenticated or Security.OPPORTUNISTIC
