"""What Postfix cannot see of a destination, told to the collector of TLS reports: failures of policies, and hosts that none covers.

| met | told | how often |
|---|---|---|
| Postfix asks, and the policy cannot be fetched or is none | that it is so, which stands for STANDING_S: the session itself is told by Postfix | when it asks, at most every RENEWED_S |
| Postfix asks, and no pattern of an enforced policy covers any MX host, so that it will not connect | an attempt that failed | each time it asks, at most once in ONE_ATTEMPT_S |

A datagram is sent or not sent, and nobody waits. Attempts that were not taken are kept in memory, added up, and sent once the
collector is back; what stands is told anew with the next question.
"""

import logging
import socket
from collections.abc import Callable
from typing import Final

import msgspec

from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.datagram import OUR_VERSION, POLICY_CODES, RESULT_CODES
from mxproof.formats.tlsrpt.report import PolicyType

STANDING_S: Final = 1800.0
RENEWED_S: Final = 300.0
ONE_ATTEMPT_S: Final = 1.0
"""Postfix asks once for each MX host of one delivery."""
COLLECTOR_TOLD_MAX: Final = 20_000
"""Domains whose telling is remembered, and domains whose attempts wait."""
NO_HOST_COVERED: Final = "mx-mismatch"
"""The reason code: RFC 8460 has no result type for it (`result_type`)."""

_log = logging.getLogger("mxproof.policyd")


class _Waiting(msgspec.Struct, gc=False):
    policy: dict[str, object]
    attempts: int
    since_s: float
    last_s: float


class Telling:
    """The way to a collector at a socket file; `now_s` is the time of day in seconds, `missed` counts what found no room."""

    def __init__(self, path: str, now_s: Callable[[], float]) -> None:
        self.missed = 0
        self._path = path
        self._now_s = now_s
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._told: dict[str, tuple[ResultType, float]] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._is_away = False

    def fetch_fails(self, domain: str, result_type: ResultType) -> None:
        """Tell that the policy of a domain cannot be had."""
        now_s = self._now_s()
        known = self._told.get(domain)
        if known is not None and known[0] is result_type and now_s - known[1] < RENEWED_S:
            return
        policy = _policy(domain, (), (), (_failure(result_type),))
        if self._sent(domain, policy, {"standing": STANDING_S}):
            if len(self._told) >= COLLECTOR_TOLD_MAX:
                self._told.clear()
            self._told[domain] = (result_type, now_s)

    def fetch_succeeds(self, domain: str) -> None:
        """Tell that it can be had again, where the contrary was told."""
        known = self._told.get(domain)
        if known is not None and self._sent(domain, _policy(domain, (), (), ()), {"standing": 0.0}):
            del self._told[domain]

    def passed_over(self, domain: str, policy: Policy, hosts: tuple[str, ...]) -> None:
        """Tell of an attempt that cannot succeed: none of `hosts` is covered by the policy."""
        now_s = self._now_s()
        waiting = self._waiting.get(domain)
        if waiting is None:
            if len(self._waiting) >= COLLECTOR_TOLD_MAX:
                self.missed += 1
                return
            strings = policy_strings(policy)
            failures = tuple(_failure(ResultType.VALIDATION_FAILURE, host) for host in hosts)
            one = _policy(domain, strings, policy.mx, failures)
            self._waiting[domain] = _Waiting(one, 1, now_s, now_s)
        elif now_s - waiting.last_s >= ONE_ATTEMPT_S:
            waiting.attempts += 1
            waiting.last_s = now_s

    def send(self) -> None:
        """Send the attempts that wait, as far as they are taken; each waits ONE_ATTEMPT_S first."""
        now_s = self._now_s()
        for domain, one in list(self._waiting.items()):
            if now_s - one.last_s < ONE_ATTEMPT_S:
                continue
            if not self._sent(domain, one.policy, {"n": one.attempts, "at": one.since_s}):
                return
            del self._waiting[domain]

    def close(self) -> None:
        """Send what waits, once, and say what could not be sent."""
        for one in self._waiting.values():
            one.last_s -= ONE_ATTEMPT_S
        self.send()
        if self._waiting:
            lost = sum(one.attempts for one in self._waiting.values())
            _log.warning("collector: %d attempts were not told, since it is away", lost)
        self._socket.close()

    def _sent(self, domain: str, policy: dict[str, object], more: dict[str, object]) -> bool:
        datagram = msgspec.json.encode({"dpv": OUR_VERSION, "d": domain, "policies": [policy], **more})
        try:
            self._socket.sendto(datagram, self._path)
        except OSError as error:
            if not self._is_away:
                _log.warning("collector: %s: %s; it is tried again", self._path, error.strerror or error)
            self._is_away = True
            return False
        if self._is_away:
            _log.warning("collector: back")
        self._is_away = False
        return True


def covers_none(policy: Policy | None, hosts: tuple[str, ...]) -> bool:
    """Tell whether a policy is enforced and no pattern of it covers any of the MX hosts (RFC 8461 section 4.1)."""
    if policy is None or policy.mode is not Mode.ENFORCE or not hosts:
        return False
    return not any(map(policy.matches, hosts))


def policy_strings(policy: Policy) -> tuple[str, ...]:
    """Return the lines of a policy for reports (RFC 8460 section 4.4, policy-string)."""
    return (
        "version: STSv1",
        f"mode: {policy.mode}",
        *(f"mx: {pattern}" for pattern in policy.mx),
        f"max_age: {policy.max_age_s}",
    )


def _policy(
    domain: str, strings: tuple[str, ...], mx: tuple[str, ...], failures: tuple[dict[str, object], ...]
) -> dict[str, object]:
    return {
        "policy-type": POLICY_CODES[PolicyType.STS],
        "policy-domain": domain,
        "policy-string": strings,
        "mx-host": mx,
        "failure-details": failures,
        "f": int(bool(failures)),
    }


def _failure(result_type: ResultType, host: str = "") -> dict[str, object]:
    code: dict[str, object] = {"c": RESULT_CODES[result_type]}
    return code | {"n": host, "f": NO_HOST_COVERED} if host else code
