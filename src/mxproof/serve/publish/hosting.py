"""What all connections of the policy host share: the policies and certificates of this moment, their places, their counts.

`Hosted` is one value that is swapped whole: a connection finds the policies and certificates from before a reload or those from
after it, and never some of each.
"""

import asyncio
import time
from collections.abc import Mapping
from email.utils import formatdate
from typing import Protocol

import msgspec

from mxproof.serve.publish.certificates import HostCertificate
from mxproof.serve.publish.config import LimitOptions
from mxproof.serve.publish.metrics import Dropped, PublishCounts
from mxproof.serve.publish.places import Places
from mxproof.serve.publish.policies import HostedPolicies, policy_host
from mxproof.serve.publish.tls import ServerCertificate, ServerContexts


class Hosted(msgspec.Struct, frozen=True):
    """Bodies of policies by host, certificates by host, and the host that is shown to who names none that is here."""

    bodies: Mapping[str, bytes]
    certificates: Mapping[str, ServerCertificate]
    default_host: str = ""

    def certificate(self, host: str) -> ServerCertificate | None:
        """Return the certificate that a client is shown that asks for `host`."""
        return self.certificates.get(host) or self.certificates.get(self.default_host)


class Guest(Protocol):
    """A connection, as those who make it leave know it."""

    def __hash__(self) -> int:
        """Tell it from others."""

    def drop(self, why: Dropped) -> None:
        """End at once."""

    def finish(self) -> None:
        """End after the request that has begun, if one has."""


class Hosting:
    """The policies at this moment and everybody who is connected."""

    def __init__(self, limits: LimitOptions, counts: PublishCounts, *, access_log: bool) -> None:
        self.hosted = Hosted({}, {})
        self.limits = limits
        self.counts = counts
        self.access_log = access_log
        self.contexts = ServerContexts(self._certificate)
        self._places: Places[Guest] = Places(limits.connections, limits.connections_per_address)
        self._guests: set[Guest] = set()
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._date = (0, "")

    def _certificate(self, host: str) -> ServerCertificate | None:
        """Return what is shown at this moment, which is another one after a reload."""
        return self.hosted.certificate(host)

    def set_limits(self, limits: LimitOptions, connections_max: int) -> None:
        """Take over limits, of which this process has files for `connections_max` connections."""
        self.limits = limits
        self._places.in_all = min(limits.connections, connections_max)
        self._places.of_a_network = limits.connections_per_address

    def enter(self, guest: Guest, network: str) -> None:
        """Let somebody in, and out who makes room where there is no place."""
        while (longest := self._places.taken_from(network)) is not None:
            self._places.leave(longest)
            longest.drop(Dropped.FULL)
        self._places.enter(guest, network)
        self._guests.add(guest)
        self._nobody.clear()
        self.counts.connections = len(self._guests)

    def served(self, guest: Guest) -> None:
        """Count a guest's waiting anew."""
        self._places.served(guest)

    def leave(self, guest: Guest) -> None:
        """Note that a connection is gone."""
        self._places.leave(guest)
        self._guests.discard(guest)
        self.counts.connections = len(self._guests)
        if not self._guests:
            self._nobody.set()

    async def finish(self, within_s: float) -> None:
        """Let everybody end what has begun, and drop who takes longer."""
        for guest in tuple(self._guests):
            guest.finish()
        try:
            async with asyncio.timeout(within_s):
                await self._nobody.wait()
        except TimeoutError:
            for guest in tuple(self._guests):
                guest.drop(Dropped.SLOW)

    def date(self) -> str:
        """Return the time of day as HTTP has it (RFC 9110 section 5.6.7)."""
        now_s = int(time.time())
        if self._date[0] != now_s:
            self._date = (now_s, formatdate(now_s, usegmt=True))
        return self._date[1]


def hosted(
    policies: HostedPolicies, certificates: Mapping[str, HostCertificate], default_domain: str
) -> Hosted:
    """Return what is served of policies and certificates, both by domain."""
    return Hosted(
        {policy_host(domain): body for domain, body in policies.bodies.items()},
        {
            policy_host(domain): one.certificate
            for domain, one in certificates.items()
            if one.certificate is not None
        },
        policy_host(default_domain),
    )
