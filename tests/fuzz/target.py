"""What a fuzz target is: inputs that are nearly sound, and a law that holds of every input.

A law calls what is under test and returns nothing. It fails by any exception: an assertion of its own, or an error
that the parser does not name in its docstring.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

from mxproof.formats.errors import ConfigError, FormatError
from mxproof.formats.text import safe

T = TypeVar("T")

INPUT_BYTES_MAX = 64 * 1024
EDITS_MAX = 8
REPEATS_MAX = 200
MESSAGE_CHARACTERS_MAX = 2000
SHOWN_PER_BYTE_MAX = 24
SHOWN_BASE = 64 * 1024
"""What a value may show of itself: so many characters for each byte of the input, and so many for none."""

NASTY = (
    b"\0",
    b"\x1b[31m",
    b"\x1b]0;title\x07",
    b"\r\n",
    b"\n",
    b"\r",
    b"\t",
    b" ",
    b"\x7f",
    b"\x85",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    "\u202e".encode(),
    "\u2028".encode(),
    "\ufeff".encode(),
    "İ".encode(),
    "ß".encode(),
    "१".encode(),
    b"-1",
    b"0",
    b"00000000000000000001",
    b"4294967296",
    b"99999999999999999999999999999999",
    b"1e309",
    b"%00",
    b"\\",
    b'"',
    b"'",
    b"<",
    b">",
    b"(",
    b")",
    b"{",
    b"[",
    b"*",
    b".",
    b",",
    b";",
    b":",
    b"=",
    b"a" * 300,
)
_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"1e308", b"-1e308", b"true", b"1.5", b"nan")
_WORD = re.compile(rb"[A-Za-z0-9_.+-]+")
_STEERING = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of Unicode whose characters may steer a terminal."""


class Target(NamedTuple):
    """One law, what its inputs are made of, and how many of them `make test` tries."""

    name: str
    law: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    tokens: tuple[bytes, ...] = ()
    examples: int = 60

    def inputs(self) -> st.SearchStrategy[bytes]:
        """Generate inputs: seeds with a few edits, and now and then bytes of any kind."""
        return mutated(self.seeds, (*self.tokens, *NASTY)) | st.binary(max_size=200)


class Edit(Enum):
    """One change of an input at a place of it."""

    CUT = auto()
    PUT = auto()
    OVERWRITE = auto()
    REPEAT = auto()
    SPLICE = auto()
    FLIP = auto()
    WORD = auto()
    """A number or a word gives way to another, so that the syntax around it stays sound."""


@st.composite
def mutated(draw: st.DrawFn, seeds: tuple[bytes, ...], tokens: tuple[bytes, ...]) -> bytes:
    """Generate one of `seeds` with a few edits, most of which put in one of `tokens`."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, EDITS_MAX))):
        at = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(Edit)):
            case Edit.CUT:
                del data[at : draw(st.integers(at, len(data)))]
            case Edit.PUT:
                data[at:at] = draw(st.sampled_from(tokens) | st.binary(max_size=6))
            case Edit.OVERWRITE:
                piece = draw(st.sampled_from(tokens) | st.binary(max_size=6))
                data[at : at + len(piece)] = piece
            case Edit.REPEAT:
                piece = bytes(data[at : draw(st.integers(at, len(data)))])
                data[at:at] = piece * draw(st.integers(1, REPEATS_MAX))
            case Edit.SPLICE:
                other = draw(st.sampled_from(seeds))
                data[at:] = other[draw(st.integers(0, len(other))) :]
            case Edit.FLIP if at < len(data):
                data[at] ^= 1 << draw(st.integers(0, 7))
            case Edit.WORD:
                found = _WORD.search(data, at) or _WORD.search(data)
                if found is not None:
                    data[found.start() : found.end()] = draw(
                        st.sampled_from(tokens) | st.sampled_from(_NUMBERS)
                    )
        del data[INPUT_BYTES_MAX:]
    return bytes(data)


def read(act: Callable[[], T]) -> T | None:
    """Return what `act` returns, None where it raises FormatError in words fit to print."""
    try:
        return act()
    except FormatError as error:
        assert_harmless(str(error), MESSAGE_CHARACTERS_MAX)
        return None


def assert_harmless(text: str, characters_max: int) -> None:
    """Assert that `text` steers no terminal, but for its line ends, and is no longer than that."""
    assert steering(text) == set()
    assert len(text) <= characters_max


def steering(text: str) -> set[str]:
    """Return the characters of `text` that a terminal would obey, line ends aside."""
    return {sign for sign in text if unicodedata.category(sign) in _STEERING and sign != "\n"}


def refused(act: Callable[[], T]) -> T | None:
    """Return what `act` returns, None where it raises ConfigError, whose words are made safe where they are printed."""
    try:
        return act()
    except ConfigError as error:
        assert_harmless(safe(str(error), limit=MESSAGE_CHARACTERS_MAX), MESSAGE_CHARACTERS_MAX + 1)
        return None


def assert_bounded(value: object, data: bytes) -> None:
    """Assert that `value`, made of `data`, is not much larger than that."""
    assert len(repr(value)) <= SHOWN_BASE + SHOWN_PER_BYTE_MAX * len(data)


def text_of(data: bytes) -> str:
    """Return the text that `data` stands for where a target takes text."""
    return data.decode("utf-8", "replace")
