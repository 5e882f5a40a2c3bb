"""An explanation as JSON: one indented object, or one line of JSON Lines where there are many."""

import msgspec

from mxproof.explain.explanation import Explanation
from mxproof.render.text.ascii import ascii_only


def encode(explained: Explanation) -> bytes:
    """Return one explanation as an indented object with a final line break."""
    return ascii_only(msgspec.json.format(msgspec.json.encode(explained), indent=2)) + b"\n"


def encode_line(explained: Explanation) -> bytes:
    """Return one explanation as one line."""
    return ascii_only(msgspec.json.encode(explained)) + b"\n"
