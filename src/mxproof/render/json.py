"""The report as JSON: version 1 of the contract, one indented object in ASCII."""

import msgspec

from mxproof.evidence import Der
from mxproof.evidence.codec import fingerprint
from mxproof.judge.report import Report
from mxproof.render.text.ascii import ascii_only


def encode(report: Report) -> bytes:
    """Return the report as it goes to stdout, with a final line break."""
    encoded = msgspec.json.format(msgspec.json.encode(report, enc_hook=_certificate), indent=2)
    return ascii_only(encoded) + b"\n"


def _certificate(value: object) -> str:
    if isinstance(value, Der):
        return fingerprint(value)
    raise NotImplementedError(type(value).__name__)
