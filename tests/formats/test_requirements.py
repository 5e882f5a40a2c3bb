"""Every requirement of RFC 8461 that speaks of reading or matching is named by a test beside this one."""

import re
from pathlib import Path

READING = [f"PA-{number:02}" for number in range(1, 18)]
RECORD = ["PD-02", "PD-03", "PD-04", "PD-05", "PD-06", "PD-07", "SD-03", "SD-04", "ER-01", "ER-02", "ER-03"]
MATCHING = ["MX-01", "MX-02", "MX-03", "MX-07", "ID-01", "ID-03"]
CERTIFICATE = ["PH-04", "PH-05", "CE-03", "CE-06", "CE-07", "CE-08"]

_NAMED = re.compile(r"\b([A-Z]{2})-([0-9]{2})\b|_([a-z]{2})_([0-9]{2})(?=_|\b)")


def test_each_requirement_is_named_by_a_test() -> None:
    named: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        if path != Path(__file__):
            for upper, number, lower, lower_number in _NAMED.findall(path.read_text(encoding="utf-8")):
                named.add(f"{upper or lower.upper()}-{number or lower_number}")
    missing = [row for row in READING + RECORD + MATCHING + CERTIFICATE if row not in named]
    assert missing == []
