r"""JSON in ASCII alone: any other character is written as `\uNNNN`, which is the same JSON.

So words from outside steer no terminal that the object is shown on, and yet nothing of them is lost.
"""

import re

_BEYOND_ASCII = re.compile(r"[^ -~\n]")


def ascii_only(encoded: bytes) -> bytes:
    """Return encoded JSON without a character beyond ASCII."""
    return _BEYOND_ASCII.sub(_escaped, encoded.decode()).encode("ascii")


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))
