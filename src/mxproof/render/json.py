r"""The report as JSON: version 1 of the contract, one indented object.

The output is ASCII: any other character is written as `\uNNNN`, which is the same JSON. So words from outside steer
no terminal that the object is shown on, and yet nothing of them is lost.
"""

import re

import msgspec

from mxproof.evidence import Der
from mxproof.evidence.codec import fingerprint
from mxproof.judge.report import Report

_BEYOND_ASCII = re.compile(r"[^ -~\n]")


def encode(report: Report) -> bytes:
    """Return the report as it goes to stdout, with a final line break."""
    encoded = msgspec.json.format(msgspec.json.encode(report, enc_hook=_certificate), indent=2)
    return _BEYOND_ASCII.sub(_escaped, encoded.decode()).encode("ascii") + b"\n"


def _certificate(value: object) -> str:
    if isinstance(value, Der):
        return fingerprint(value)
    raise NotImplementedError(type(value).__name__)


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))
