"""What a fuzz target is: inputs that are nearly sound, and a law that holds of every input.

A law calls what is under test and returns nothing. It fails by any exception: an assertion of its own, or an error
that the parser does not name in its docstring.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import Enum, auto
from random import Random
from typing import NamedTuple, Protocol, TypeVar

from hypothesis import strategies as st

from mxproof.formats.errors import ConfigError, FormatError
from mxproof.formats.text import safe

T = TypeVar("T")

INPUT_BYTES_MAX = 64 * 1024
EDITS_MAX = 8
REPEATS_MAX = 200
FEW_BYTES_MAX = 6
ANY_BYTES_MAX = 200
ANY_BYTES_ONE_IN = 10
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
    examples: int = 40

    def inputs(self) -> st.SearchStrategy[bytes]:
        """Generate inputs: seeds with a few edits, and now and then bytes of any kind."""
        return mutated(self.seeds, (*self.tokens, *NASTY)) | st.binary(max_size=ANY_BYTES_MAX)

    def input_by_chance(self, random: Random) -> bytes:
        """Return an input of the same kind, chosen without Hypothesis."""
        if not random.randrange(ANY_BYTES_ONE_IN):
            return random.randbytes(random.randint(0, ANY_BYTES_MAX))
        return edited(Chance(random), self.seeds, (*self.tokens, *NASTY))


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


class Choosing(Protocol):
    """Where the choices come from of which an input is made."""

    def number(self, least: int, most: int) -> int:
        """Choose a number, both ends included."""

    def one_of(self, several: Sequence[T]) -> T:
        """Choose one of several."""

    def few_bytes(self) -> bytes:
        """Choose up to FEW_BYTES_MAX bytes of any kind."""


class Drawing(NamedTuple):
    """Choices by Hypothesis, which knows how to make an input smaller that breaks a law."""

    draw: st.DrawFn

    def number(self, least: int, most: int) -> int:
        """Choose a number, both ends included."""
        return self.draw(st.integers(least, most))

    def one_of(self, several: Sequence[T]) -> T:
        """Choose one of several."""
        return self.draw(st.sampled_from(several))

    def few_bytes(self) -> bytes:
        """Choose some bytes."""
        return self.draw(st.binary(max_size=FEW_BYTES_MAX))


class Chance(NamedTuple):
    """Choices by chance alone, which takes a tenth of the time."""

    random: Random

    def number(self, least: int, most: int) -> int:
        """Choose a number, both ends included."""
        return self.random.randint(least, most)

    def one_of(self, several: Sequence[T]) -> T:
        """Choose one of several."""
        return self.random.choice(several)

    def few_bytes(self) -> bytes:
        """Choose some bytes."""
        return self.random.randbytes(self.random.randint(0, FEW_BYTES_MAX))


@st.composite
def mutated(draw: st.DrawFn, seeds: tuple[bytes, ...], tokens: tuple[bytes, ...]) -> bytes:
    """Generate one of `seeds` with a few edits, most of which put in one of `tokens`."""
    return edited(Drawing(draw), seeds, tokens)


def edited(choosing: Choosing, seeds: tuple[bytes, ...], tokens: tuple[bytes, ...]) -> bytes:
    """Return one of `seeds` with a few edits, as they are chosen."""
    data = bytearray(choosing.one_of(seeds))
    for _ in range(choosing.number(0, EDITS_MAX)):
        at = choosing.number(0, len(data))
        match choosing.one_of(tuple(Edit)):
            case Edit.CUT:
                del data[at : choosing.number(at, len(data))]
            case Edit.PUT:
                data[at:at] = _piece(choosing, tokens)
            case Edit.OVERWRITE:
                piece = _piece(choosing, tokens)
                data[at : at + len(piece)] = piece
            case Edit.REPEAT:
                repeated = bytes(data[at : choosing.number(at, len(data))])
                data[at:at] = repeated * choosing.number(1, REPEATS_MAX)
            case Edit.SPLICE:
                other = choosing.one_of(seeds)
                data[at:] = other[choosing.number(0, len(other)) :]
            case Edit.FLIP if at < len(data):
                data[at] ^= 1 << choosing.number(0, 7)
            case Edit.WORD:
                found = _WORD.search(data, at) or _WORD.search(data)
                if found is not None:
                    data[found.start() : found.end()] = choosing.one_of(choosing.one_of((tokens, _NUMBERS)))
        del data[INPUT_BYTES_MAX:]
    return bytes(data)


def _piece(choosing: Choosing, tokens: tuple[bytes, ...]) -> bytes:
    return choosing.one_of(tokens) if choosing.number(0, 1) else choosing.few_bytes()


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
