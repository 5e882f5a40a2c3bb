"""What each checker said of each world: the file that is committed, and words made alike so that they can be compared.

A message is the checker's own, with every name as NAME, every address as ADDRESS and every number as N, so that one fault is one
message in all worlds. A checker that is missing in a world was not run there; None says that it cannot look at such a world.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

FILE = Path(__file__).parent / "said.json"
WORDS_MAX = 240
"""A message is cut behind so many characters; what follows is hardly ever anything but an excerpt."""

_ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-f]{1,4}:+)+[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE
)
_QUOTED_NAME = re.compile(
    r"(?<![\w.-])(?:[\w*-]+\.)+(?:com|net|org|example|invalid|arpa)\b\.?", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)*(?![\w])")
_HEX = re.compile(r"\b(?:0x)?[0-9a-f]{16,}\b", re.IGNORECASE)


Messages = tuple[str, ...] | None


class World(msgspec.Struct, frozen=True):
    """One world: the codes of our own report with every set of checks, and what each checker said."""

    ours: tuple[str, ...]
    said: Mapping[str, Messages]


class Said(msgspec.Struct, frozen=True):
    """Everything: when it was run, the versions by checker, and the worlds by name."""

    made: str
    versions: Mapping[str, str]
    worlds: Mapping[str, World]


def read() -> Said:
    """Return what is kept."""
    return msgspec.json.decode(FILE.read_bytes(), type=Said)


def write(said: Said) -> None:
    """Keep it, sorted, so that a difference shows what changed."""
    text = msgspec.json.format(msgspec.json.encode(said, order="sorted"), indent=1)
    FILE.write_bytes(text + b"\n")


def alike(text: str) -> str:
    """Return a message without what differs from world to world."""
    text = " ".join(text.split())
    text = _HEX.sub("HEX", _QUOTED_NAME.sub("NAME", text))
    text = _NUMBER.sub("N", _ADDRESS.sub("ADDRESS", text))
    text = re.sub(
        r"(?:NAME|ADDRESS|N)(?:(?:,| and|, and|/) ?(?:NAME|ADDRESS|N))+",
        lambda found: found[0].split(",")[0].split("/")[0].split(" ")[0],
        text,
    )
    return text[:WORDS_MAX].strip()
