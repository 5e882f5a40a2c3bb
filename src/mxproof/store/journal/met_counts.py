"""What was met with policy domains, counted in memory until it is written: sessions of our own sending, by day and policy.

| beyond | what becomes of a session |
|---|---|
| `domains` of one day | it is counted as beyond the bounds, and nowhere else |
| MET_POLICIES_MAX policies of a domain and day | the same |
| MET_WAYS_MAX ways in which sessions under one policy failed | it is counted as failed, and the way is left out |

The bounds hold for what one process counts; it knows what is written already (`MetBounds.recall`).
"""

import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple

from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy

MET_POLICIES_MAX: Final = 32
MET_WAYS_MAX: Final = 200

_DIGEST_BYTES = 16


class PolicyKey(NamedTuple):
    """What rows of one policy are told apart by: the day since 1970-01-01, the policy domain, and a digest of the rest."""

    day: int
    domain: str
    policy: bytes


class WayKey(NamedTuple):
    """The same of one way in which sessions failed."""

    day: int
    domain: str
    policy: bytes
    way: bytes


class MetPolicy:
    """The sessions under one policy; `record` is the TLSRPT record that was met last, at `seen_at` in seconds since 1970."""

    __slots__ = ("failure", "policy", "record", "seen_at", "success")

    def __init__(self, policy: ReportedPolicy) -> None:
        self.policy = policy
        self.success = 0
        self.failure = 0
        self.record = ""
        self.seen_at = 0.0


class MetTotals:
    """The numbers of one day: delivery attempts, datagrams that were refused, and attempts beyond the bounds."""

    __slots__ = ("attempts", "beyond", "refused")

    def __init__(self, attempts: int = 0, refused: int = 0, beyond: int = 0) -> None:
        self.attempts = attempts
        self.refused = refused
        self.beyond = beyond


class MetBounds:
    """What is known of a few days already, so that none of them grows without end.

    Of each day there are hashes alone: of every policy and way, and of what they belong to with how many it has.
    """

    def __init__(self, domains_max: int) -> None:
        self.domains_max = domains_max
        self._domains: dict[int, int] = {}
        self._known: dict[int, set[int]] = {}
        self._members: dict[int, dict[int, int]] = {}

    def domains(self, day: int) -> int:
        """Return how many policy domains were met on a day."""
        return self._domains.get(day, 0)

    def recall(self, policies: Iterable[PolicyKey], ways: Iterable[WayKey]) -> None:
        """Know what is written already."""
        for key in policies:
            self.admit(key, bounded=False)
        for way in ways:
            self.admit_way(way, bounded=False)

    def forget_before(self, day: int) -> None:
        """Know nothing any more of the days before."""
        for one in [one for one in self._known if one < day]:
            for known in (self._domains, self._known, self._members):
                known.pop(one, None)

    def admit(self, key: PolicyKey, *, bounded: bool = True) -> bool:
        """Tell whether a policy may be counted, and know it then."""
        members = self._members.setdefault(key.day, {})
        is_new = hash(key.domain) not in members
        if is_new and bounded and self.domains(key.day) >= self.domains_max:
            return False
        if not self._admit(key.day, hash(key), hash(key.domain), MET_POLICIES_MAX if bounded else None):
            return False
        self._domains[key.day] = self.domains(key.day) + is_new
        return True

    def admit_way(self, key: WayKey, *, bounded: bool = True) -> bool:
        """Tell whether a way may be counted, and know it then."""
        return self._admit(key.day, hash(key), hash(key[:3]), MET_WAYS_MAX if bounded else None)

    def _admit(self, day: int, one: int, of: int, members_max: int | None) -> bool:
        known = self._known.setdefault(day, set())
        if one in known:
            return True
        members = self._members.setdefault(day, {})
        number = members.get(of, 0)
        if members_max is not None and number >= members_max:
            return False
        known.add(one)
        members[of] = number + 1
        return True


class MetCounts:
    """Numbers to add to what is written."""

    def __init__(self, bounds: MetBounds) -> None:
        self._bounds = bounds
        self.policies: dict[PolicyKey, MetPolicy] = {}
        self.ways: dict[WayKey, tuple[FailureDetails, int]] = {}
        self.totals: dict[int, MetTotals] = {}

    def __bool__(self) -> bool:
        return bool(self.totals)

    def total(self, day: int) -> MetTotals:
        """Return the numbers of a day, to be added to."""
        return self.totals.setdefault(day, MetTotals())

    def add(self, day: int, told: SessionDatagram, times: int, seen_at: float) -> bool:
        """Count what `times` datagrams tell; False where some of it is beyond the bounds."""
        attempts = times * told.attempts
        total = self.total(day)
        total.attempts += attempts
        beyond = False
        for policy in told.policies:
            key = PolicyKey(day, policy.domain, _policy_digest(policy))
            if self._bounds.admit(key):
                self._add_policy(key, policy, told, attempts, seen_at)
            else:
                beyond = True
        if beyond:
            total.beyond += attempts
        return not beyond

    def _add_policy(
        self, key: PolicyKey, policy: ReportedPolicy, told: SessionDatagram, attempts: int, seen_at: float
    ) -> None:
        met = self.policies.get(key)
        if met is None:
            met = self.policies[key] = MetPolicy(policy)
        met.success += attempts * policy.success
        met.failure += attempts * policy.failure
        if told.record and told.domain == policy.domain:
            met.record = told.record
        met.seen_at = max(met.seen_at, seen_at)
        for one in policy.failures:
            way = WayKey(*key, _way_digest(one))
            if self._bounds.admit_way(way):
                known = self.ways.get(way)
                self.ways[way] = one, attempts * one.count + (known[1] if known is not None else 0)


def _policy_digest(policy: ReportedPolicy) -> bytes:
    return _digest(policy.type, "\n".join(policy.strings), "\n".join(policy.mx_hosts))


def _way_digest(one: FailureDetails) -> bytes:
    return _digest(
        one.result_type,
        one.sending_ip,
        one.receiving_mx,
        one.receiving_helo,
        one.receiving_ip,
        one.reason,
        one.additional_information,
    )


def _digest(*texts: str) -> bytes:
    data = "\0".join(texts).encode("utf-8", "replace")
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()
