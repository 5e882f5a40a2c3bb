"""What a DNS server of a world says that no sound one would: by message, by byte and by time.

A script begins with the response that the server would give by its records, and changes what it names. It is for what
only a wire shows; the failures that every client sees alike are in `mxproof.world.world.DnsFault`.
"""

from enum import StrEnum

import msgspec

from mxproof.evidence import Transport

EVERY_NAME = "*"


class QueryForm(StrEnum):
    """Which queries a script is for."""

    ANY = ""
    EDNS = "edns"
    EDNS_1 = "edns-1"
    """With a version of EDNS that there is not (RFC 6891 section 6.1.3)."""
    PLAIN = "plain"
    """Without an OPT record (RFC 6891 section 6.1.1)."""
    CHECKED = "checked"
    UNCHECKED = "unchecked"
    """With the CD bit (RFC 4035 section 3.2.2)."""


class Echo(StrEnum):
    """What the question section of a response holds (RFC 5452 section 9.1 wants the question)."""

    SAME = "same"
    NONE = "none"
    TWICE = "twice"
    OTHER_NAME = "other-name"
    OTHER_TYPE = "other-type"
    OTHER_CLASS = "other-class"
    UPPER = "upper"
    LOWER = "lower"
    SWAPPED = "swapped"
    """Every letter in the other case than in the query."""


class Opt(StrEnum):
    """What OPT record a response has (RFC 6891 section 6.1.1)."""

    SAME = "same"
    NONE = "none"
    TWICE = "twice"
    VERSION_1 = "version-1"
    CUT_OPTION = "cut-option"
    """An option longer than the record."""
    OWNED = "owned"
    """Its owner is not the root."""


class Stray(StrEnum):
    """What datagrams come before the response that are none."""

    WRONG_ID = "wrong-id"
    WRONG_QUESTION = "wrong-question"
    OTHER_CASE = "other-case"
    """A forged answer that has guessed the ID, and has the letters of the name in another case."""
    SHORT = "short"
    QUERY = "query"
    """Our own query back."""


class StreamFault(StrEnum):
    """How a server breaks the framing over TCP (RFC 1035 section 4.2.2, RFC 7766 section 8)."""

    NONE = ""
    CLOSE = "close"
    RESET = "reset"
    SILENT = "silent"
    HALF = "half"
    """The connection ends in the middle of the response."""
    LENGTH_ZERO = "length-zero"
    LENGTH_LONG = "length-long"
    """The length says more than comes, and the connection stays open."""
    LENGTH_SHORT = "length-short"
    """The length says less than the response has."""
    DRIP = "drip"
    """A byte now and then, without end."""
    BYTEWISE = "bytewise"
    """Every byte in a segment of its own, at once."""
    OTHER_FIRST = "other-first"
    """The response to another query comes first."""
    TWICE = "twice"


class DnsScript(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to questions about `name` (`*` for every one) and `type` (every one where empty).

    `over`, `to` and the number of `times` say which queries it is for; 0 times is without end, and `skip` queries go by
    before. `answer` and `authority` are sections, one record a line (`owner TTL class type data`, the data of an unsound
    record in the form of RFC 3597), `{n}` counting up to `count`; `flags` are set, or cleared with a `-` before. `keep`,
    `append` and `wire` cut the message at a byte, put hexadecimal bytes behind it, and take its place. With `other_source`
    datagrams come from elsewhere than they were asked for at (RFC 2181 section 4.1). `delay` is in parts of the time that a
    client should wait for one endpoint.
    """

    name: str
    type: str = ""
    over: Transport = Transport.ANY
    to: QueryForm = QueryForm.ANY
    skip: int = 0
    times: int = 0
    rcode: str = ""
    extended: tuple[int, ...] = ()
    answer: str | None = None
    authority: str | None = None
    additional: str | None = None
    count: int = 1
    flags: tuple[str, ...] = ()
    opcode: int = 0
    question: Echo = Echo.SAME
    opt: Opt = Opt.SAME
    wrong_id: bool = False
    other_source: bool = False
    counts: tuple[int, int, int, int] | None = None
    keep: int | None = None
    append: str = ""
    wire: str | None = None
    silent: bool = False
    delay: float = 0.0
    strays: int = 0
    stray: Stray = Stray.WRONG_ID
    copies: int = 1
    stream: StreamFault = StreamFault.NONE

    def is_about(self, name: str, kind: str) -> bool:
        """Tell whether the script is for questions of this name and type."""
        return self.name in {EVERY_NAME, name} and self.type in {"", kind}
