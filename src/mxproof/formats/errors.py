"""What a parser says of text that is not what its RFC asks for.

A strict parser raises `FormatError`. An examining parser returns what could be read together with every
`Objection`, so that a check can tell the reader of a policy all that is wrong with it, not only the first thing.
"""

import msgspec

TEXT_SHOWN_MAX = 80


class Objection(msgspec.Struct, frozen=True):
    """One departure from a grammar or a rule.

    `rule` is a kebab-case name of what was broken (`max-age-range`), stable enough to test against; `position` is
    the offset in bytes from the start of the text examined; `source` is where the rule stands
    (`RFC 8461 section 3.2`); `seen` is the offending text, unescaped and cut to `TEXT_SHOWN_MAX` characters.
    An objection is `ambiguous` where real senders read past it although the grammar does not allow it.
    """

    rule: str
    message: str
    position: int
    source: str
    seen: str = ""
    ambiguous: bool = False


class FormatError(ValueError):
    """The text is not a complete, valid value of its format; `objections` holds at least one reason."""

    def __init__(self, subject: str, *objections: Objection) -> None:
        assert objections, "a format error names its reason"
        self.subject = subject
        self.objections = objections
        first = objections[0]
        super().__init__(f"{subject}: {first.message} at byte {first.position} ({first.source})")


class ConfigError(Exception):
    """The set-up of this machine or of this run is at fault; the message says what was seen and what to do."""


def shown(text: bytes | str) -> str:
    """Return `text` as a short string fit for `Objection.seen`; it is still not safe for a terminal."""
    decoded = text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else text
    return decoded if len(decoded) <= TEXT_SHOWN_MAX else decoded[: TEXT_SHOWN_MAX - 1] + "…"
