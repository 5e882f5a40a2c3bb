"""Counts of the policy host, and their text for Prometheus. No domain ever is a label.

Every series is there from the start, at 0, so that its first event is seen as a rise.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

from mxproof.serve.daemon.metrics import Durations, Family, by_label, counter, exposition, gauge
from mxproof.serve.publish.certificates import HostCertificate
from mxproof.serve.publish.policies import HostedPolicies
from mxproof.serve.publish.response import STATUSES

_PREFIX = "mxproof_publish_"
_HANDSHAKE_BOUNDS_S = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


class Handshake(StrEnum):
    """How a handshake of TLS ended."""

    COMPLETE = "complete"
    NO_CERTIFICATE = "no-certificate"
    """The client asks for a host that has none here."""
    FAILED = "failed"
    UNFINISHED = "unfinished"
    """The client left, or took too long."""


class Dropped(StrEnum):
    """Why a connection was ended that the client did not end."""

    SLOW = "slow"
    FULL = "full"
    """Another client came, and this one had to make room."""


class PublishCounts:
    """What has been counted since the start, and how it stands now."""

    def __init__(self) -> None:
        self.responses: Counter[str] = Counter(dict.fromkeys((str(one.value) for one in STATUSES), 0))
        self.handshakes: Counter[str] = Counter(dict.fromkeys(Handshake, 0))
        self.dropped: Counter[str] = Counter(dict.fromkeys(Dropped, 0))
        self.taken = Durations(_HANDSHAKE_BOUNDS_S)
        self.connections = 0
        self.domains = 0
        self.policy_faults = 0
        self.certificate_faults = 0
        self.without_certificate = 0
        self.soonest_end_s = 0.0
        self.errors = 0
        self.lines_lost = 0

    def fault(self) -> None:
        """Count one fault of this program."""
        self.errors += 1

    def stands(self, policies: HostedPolicies, certificates: Mapping[str, HostCertificate]) -> None:
        """Count how policies and certificates stand, both by domain."""
        self.domains = len(policies.bodies)
        self.policy_faults = len(policies.faults)
        self.certificate_faults = sum(bool(one.fault) for one in certificates.values())
        shown = [one.certificate for one in certificates.values() if one.certificate is not None]
        self.without_certificate = len(certificates) - len(shown)
        self.soonest_end_s = min((one.not_after.timestamp() for one in shown), default=0.0)

    def text(self) -> str:
        """Return all counts."""
        return exposition(_PREFIX, self._families())

    def _families(self) -> Iterator[Family]:
        yield counter("responses_total", "Responses, by their status.", by_label("status", self.responses))
        yield counter(
            "handshakes_total", "Handshakes of TLS, by how they ended.", by_label("outcome", self.handshakes)
        )
        yield self.taken.family("handshake_seconds", "From the connection to the end of its handshake.")
        yield counter(
            "connections_dropped_total",
            "Connections that the client did not end, by why they ended.",
            by_label("why", self.dropped),
        )
        yield gauge("connections", "Connections that are open.", self.connections)
        yield gauge("domains", "Domains that have a policy here.", self.domains)
        yield gauge(
            "policies_faulty",
            "Domains whose file is no policy; what they had is served on.",
            self.policy_faults,
        )
        yield gauge(
            "certificates_faulty",
            "Hosts whose certificate files are of no use; what they had is shown on.",
            self.certificate_faults,
        )
        yield gauge(
            "hosts_without_certificate",
            "Hosts that nobody can reach for want of one.",
            self.without_certificate,
        )
        yield gauge(
            "certificate_soonest_end_timestamp_seconds",
            "When the first of the certificates that are shown ends, since 1970; 0 where there is none.",
            self.soonest_end_s,
        )
        yield counter("errors_total", "Faults of this program.", self.errors)
        yield counter("log_lines_lost_total", "Lines of the log that nobody read in time.", self.lines_lost)
