r"""A report or an explanation as JSON: the published contracts, in ASCII alone.

A single one is one indented object, one of many is one line of JSON Lines. Any character beyond ASCII is written as
`\uNNNN`, which is the same JSON: so words from outside steer no terminal that the object is shown on, and yet nothing of
them is lost.
"""

import re

import msgspec

from mxproof.evidence import Der
from mxproof.evidence.codec import fingerprint

_BEYOND_ASCII = re.compile(r"[^ -~\n]")


def encode(document: msgspec.Struct) -> bytes:
    """Return a Report or an Explanation as an indented object with a final line break."""
    return _ascii_only(msgspec.json.format(_encoded(document), indent=2)) + b"\n"


def encode_line(document: msgspec.Struct) -> bytes:
    """Return a Report or an Explanation as one line."""
    return _ascii_only(_encoded(document)) + b"\n"


def _encoded(document: msgspec.Struct) -> bytes:
    return msgspec.json.encode(document, enc_hook=_certificate)


def _certificate(value: object) -> str:
    if isinstance(value, Der):
        return fingerprint(value)
    raise NotImplementedError(type(value).__name__)


def _ascii_only(encoded: bytes) -> bytes:
    return _BEYOND_ASCII.sub(_escaped, encoded.decode()).encode("ascii")


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))
