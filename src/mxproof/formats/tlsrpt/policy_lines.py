"""The lines of an MTA-STS policy, or TLSA records, and the patterns of MX hosts, however a report has packed them."""

import re
from collections.abc import Callable
from typing import Final

from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.value import ENTRIES_MAX, listed_in

_JOINT: Final = re.compile(
    r"\s*(?:[;,]|\\r\\n|\\n)\s*(?=(?:version|mode|mx|max_age)\s*:)|[\r\n]+", re.IGNORECASE
)
"""What stands between lines where all of them are one text."""
_LINE_END: Final = re.compile(r"[\r\n]+")
_BETWEEN_HOSTS: Final = re.compile(r"[\s,;]+")

Decode = Callable[[bytes], object]


def policy_lines(found: tuple[str, ...], decode: Decode, repairs: set[Repair]) -> tuple[str, ...]:
    """Return the lines of a policy or TLSA records, one each."""
    found = _unpacked(found, decode, repairs)
    between = _JOINT if len(found) == 1 else _LINE_END
    if any(between.search(one.strip()) for one in found):
        repairs.add(Repair.POLICY_STRING_JOINED)
        return tuple(line for one in found for line in between.split(one) if line.strip())[:ENTRIES_MAX]
    return found


def mx_patterns(found: tuple[str, ...], decode: Decode, repairs: set[Repair]) -> tuple[str, ...]:
    """Return the patterns of MX hosts, one each."""
    found = _unpacked(found, decode, repairs)
    if any(one[:3].lower() == "mx:" for one in found):
        repairs.add(Repair.MX_HOST_PREFIX)
        found = tuple(one[3:].strip() if one[:3].lower() == "mx:" else one for one in found)
    if any(_BETWEEN_HOSTS.search(one.strip()) for one in found):
        repairs.add(Repair.POLICY_STRING_JOINED)
        found = tuple(host for one in found for host in _BETWEEN_HOSTS.split(one) if host)[:ENTRIES_MAX]
    return found


def _unpacked(found: tuple[str, ...], decode: Decode, repairs: set[Repair]) -> tuple[str, ...]:
    if len(found) == 1:
        inner = listed_in(found[0], decode)
        if inner is not None:
            repairs.add(Repair.POLICY_STRING_ENCODED)
            return tuple(inner[:ENTRIES_MAX])
    return found
