"""The zone that a name is in, and the servers that its NS records name."""

from functools import lru_cache

import msgspec

from mxproof.evidence import (
    ANSWERED,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    NameRecord,
    Outcome,
    TxtRecord,
    once,
)
from mxproof.survey.reading import askable

_NAMES_CACHED_MAX = 256
CUT_LABELS_MAX = 8
"""Names that are tried in search of the zone cut: two labels stand before the name of a host or a domain in the owner names
of TLSA records and DKIM keys, and six more are as deep as host names are."""


class ServerAddress(msgspec.Struct, frozen=True, order=True):
    """One address of one name server of a zone."""

    zone: str
    server: str
    address: str

    @property
    def family(self) -> int:
        """Return 4 or 6."""
        return 6 if ":" in self.address else 4


@lru_cache(maxsize=_NAMES_CACHED_MAX)
def cuts(name: str) -> tuple[str, ...]:
    """Return `name` and the names above it, without the top-level domain: where the zone of `name` may begin."""
    labels = name.split(".")
    return tuple(".".join(labels[start:]) for start in range(min(len(labels) - 1, CUT_LABELS_MAX)))


@once
def zone_of(evidence: Evidence, name: str) -> str | None:
    """Return the zone that `name` is in: the nearest name at or above it that has NS records; None if not found."""
    for cut in cuts(name):
        answer, data = evidence.dns(Kind.NS, cut)
        if answer.outcome is Outcome.FOUND and data is not None and not data.chain:
            return cut
        if answer.outcome not in ANSWERED:
            return None
    return None


def zone_above_failure(evidence: Evidence, name: str) -> str | None:
    """Return the nearest zone that is known of, where look-ups of `name` itself may fail: those that do are passed over."""
    for cut in cuts(name):
        answer, data = evidence.dns(Kind.NS, cut)
        if answer.outcome is Outcome.FOUND and data is not None and not data.chain:
            return cut
    return None


@once
def servers(evidence: Evidence, zone: str) -> tuple[str, ...]:
    """Return the name servers of `zone` by name, all of them."""
    _, data = evidence.dns(Kind.NS, zone)
    names = {record.name for record in data.records if isinstance(record, NameRecord)} if data else set()
    return tuple(sorted(name for name in names if askable(name)))


def contents(data: DnsData | None) -> frozenset[bytes | DnsRecord]:
    """Return the records of a DNS message as they compare: a text however it is split, others as they stand."""
    records = data.records if data is not None else ()
    return frozenset(record.text if isinstance(record, TxtRecord) else record for record in records)
