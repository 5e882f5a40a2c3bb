"""Findings that one fix mends: the same fault at several MX hosts, told with what is to be done for all of them.

A fix is judged for all findings of its code together (`remedy/proving`), for what mends one host alone leaves the others
refusing, and a sender that refuses one may refuse all. So it has to be told whole as well, whichever of them is read first.
"""

from collections.abc import Sequence

import msgspec

from mxproof.judge.codes import DANE_MISMATCHES, Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.value import Value
from mxproof.mail.change import Wait, Withdraw

TOGETHER = frozenset(
    {
        Code.STS_MX_UNLISTED,
        Code.CERT_SELF_SIGNED,
        Code.CERT_EXPIRED,
        Code.CERT_NAME_MISMATCH,
        Code.CERT_UNTRUSTED,
        Code.CERT_ISSUER_NO_AUTHORITY,
        Code.CERT_PURPOSE_WRONG,
        Code.CERT_NAME_LIMITED,
        Code.CERT_SIGNATURE_WEAK,
        Code.DANE_MISMATCH,
        Code.DANE_CERT_RENEWED,
        Code.DANE_AUTHORITY_UNSENT,
        Code.DANE_AUTHORITY_OTHER,
        Code.DANE_USAGE_WRONG,
        Code.DANE_EMPTY_DIGEST,
    }
)
"""The findings about an MX host whose words hold for several hosts as well as for one."""
_ALONE = frozenset({"key-kept", "new-record", "retire"})
"""Ways whose words are about the records of one host."""


def whole(finding: Finding, found: Sequence[Finding]) -> Finding:
    """Return `finding` with the params and changes of all that are mended in the same way, itself among them."""
    same = [one for one in found if one is finding or _is_alike(one, finding)]
    if len(same) == 1:
        return finding
    params = {name: _united([one.params[name] for one in same]) for name in finding.params}
    changes = tuple(dict.fromkeys(change for one in same for change in one.changes))
    if finding.code in DANE_MISMATCHES:
        # What goes waits for all that comes: the hosts may share one set of records.
        changes = tuple(sorted(changes, key=lambda one: (isinstance(one, Withdraw), isinstance(one, Wait))))
    others = tuple(_united_way([one.others[place] for one in same]) for place in range(len(finding.others)))
    return msgspec.structs.replace(finding, params=params, changes=changes, others=others)


def _is_alike(one: Finding, other: Finding) -> bool:
    return (
        one.code in TOGETHER
        and (one.code, one.way) == (other.code, other.way)
        and one.way not in _ALONE
        and [way.name for way in one.others] == [way.name for way in other.others]
    )


def _united_way(ways: list[MendingWay]) -> MendingWay:
    changes = tuple(dict.fromkeys(change for way in ways for change in way.changes))
    return MendingWay(ways[0].name, changes)


def _united(values: list[Value]) -> Value:
    """Return one value where all are equal, and else all of them as one tuple."""
    once: dict[Value, None] = {}
    if all(value == values[0] for value in values):
        return values[0]
    for value in values:
        once |= dict.fromkeys(value if isinstance(value, tuple) else (value,))
    return tuple(once)
