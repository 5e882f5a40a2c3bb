"""How many sessions a report is about, with none counted twice (RFC 8460 section 4).

Policies of one type are of different domains or times, so that their counts are added. Those of MTA-STS and of DANE may
cover the same sessions, as with Microsoft, which counts each under both: of these the larger is the least that there were.
Sessions without a policy are others.
"""

from collections.abc import Iterable

import msgspec

from mxproof.formats.tlsrpt.report import PolicyType, ReportedPolicy

_OVERLAPPING = (PolicyType.STS, PolicyType.TLSA)


class Sessions(msgspec.Struct, frozen=True):
    """Sessions that succeeded and that failed; `at_least` where several policies may cover the same ones."""

    success: int
    failure: int
    at_least: bool = False


def sessions_of(policies: Iterable[ReportedPolicy]) -> Sessions:
    """Return the sessions that `policies` of one report cover."""
    rows = tuple(policies)
    covered = [[one for one in rows if one.type == kind] for kind in _OVERLAPPING]
    rest = [one for one in rows if one.type not in _OVERLAPPING]
    return Sessions(
        max(sum(one.success for one in some) for some in covered) + sum(one.success for one in rest),
        max(sum(one.failure for one in some) for some in covered) + sum(one.failure for one in rest),
        at_least=all(covered),
    )
