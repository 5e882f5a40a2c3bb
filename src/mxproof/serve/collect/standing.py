"""What stands of a domain beside what Postfix tells of each session: failures that Postfix cannot see.

| who tells it | what stands | which sessions fail then |
|---|---|---|
| our policy daemon | its policy could not be fetched, or is none | those that Postfix tells of without a policy |
| probes out of band | every MX host of a domain in mode testing failed | those that Postfix tells of under that policy as satisfied |

No session is made up: a session that Postfix reported, behind what stands, is counted as failed in place of what it was. Where only
some MX hosts of a domain in mode testing fail nothing stands, since nobody tells which host a session was with.
"""

from typing import Final

import msgspec

from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.report import FailureDetails, PolicyType, ReportedPolicy

STANDING_MAX: Final = 20_000
"""Domains of which something stands; beyond these that which was told longest ago is forgotten."""
TESTING: Final = "mode: testing"


class _Fetch(msgspec.Struct, frozen=True, gc=False):
    policies: tuple[ReportedPolicy, ...]
    until_s: float


class _Probe(msgspec.Struct, frozen=True, gc=False):
    failures: tuple[FailureDetails, ...]
    until_s: float


class StandingFailures:
    """What stands, by recipient domain; times are in seconds since 1970.

    One thread learns and completes and another probes: each change is one step, so that neither has to wait.
    """

    def __init__(self) -> None:
        self._fetches: dict[str, _Fetch] = {}
        self._probes: dict[str, _Probe] = {}
        self._met_testing: set[str] = set()

    def learn(self, told: SessionDatagram, now_s: float) -> None:
        """Take over what the policy daemon tells of a domain, for as long as it says; 0 seconds end it."""
        self._fetches.pop(told.domain, None)
        if told.standing_s:
            _bounded(self._fetches)
            self._fetches[told.domain] = _Fetch(told.policies, now_s + told.standing_s)

    def probed(self, domain: str, failures: tuple[FailureDetails, ...], until_s: float) -> None:
        """Take over how the MX hosts of a domain in mode testing fail; none where one of them does not."""
        self._probes.pop(domain, None)
        if failures:
            _bounded(self._probes)
            self._probes[domain] = _Probe(failures, until_s)

    def met_testing(self) -> list[str]:
        """Return the domains of which a session in mode testing was told since the last time."""
        met, self._met_testing = self._met_testing, set()
        return sorted(met)

    def completed(self, told: SessionDatagram, now_s: float) -> SessionDatagram:
        """Return a session with what stands of its domain counted in."""
        fetch = self._fetches.get(told.domain)
        if fetch is not None and now_s <= fetch.until_s:
            if all(one.type == PolicyType.NO_POLICY_FOUND for one in told.policies):
                return msgspec.structs.replace(told, policies=fetch.policies)
            return told
        if not any(map(is_testing, told.policies)):
            return told
        if len(self._met_testing) < STANDING_MAX:
            self._met_testing.add(told.domain)
        probe = self._probes.get(told.domain)
        if probe is None or now_s > probe.until_s:
            return told
        policies = tuple(_failed(one, probe) if is_testing(one) else one for one in told.policies)
        return msgspec.structs.replace(told, policies=policies)


def is_testing(policy: ReportedPolicy) -> bool:
    """Tell whether a session satisfied a policy in mode testing, of which Postfix demands nothing."""
    return policy.type == PolicyType.STS and policy.success > 0 and TESTING in policy.strings


def _failed(policy: ReportedPolicy, probe: _Probe) -> ReportedPolicy:
    return msgspec.structs.replace(
        policy, success=0, failure=policy.success, failures=(*policy.failures, *probe.failures)
    )


def _bounded(known: "dict[str, _Fetch] | dict[str, _Probe]") -> None:
    while len(known) >= STANDING_MAX:
        del known[next(iter(known))]
