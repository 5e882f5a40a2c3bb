"""The policy host: made from its settings, run until a signal ends it, reloaded by another.

A reload takes over policies, certificates, limits and log; listeners stay until a restart, and where the service manager holds them
nobody is refused then either. Files of certificates are looked at now and then without being told.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from itertools import islice

import msgspec

from mxproof import __version__
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.text import safe
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.daemon.control import ControlServer
from mxproof.serve.daemon.listening import connections_allowed
from mxproof.serve.daemon.metrics import METRICS_MEDIA_TYPE
from mxproof.serve.daemon.pages import Page, PageServer
from mxproof.serve.daemon.process import process_text
from mxproof.serve.daemon.run import Life, begin_log, run, set_log_level
from mxproof.serve.daemon.sockets import Listening, listening_apart, opened_sockets
from mxproof.serve.publish.certificates import HostCertificate, looked_at
from mxproof.serve.publish.connection import PolicyConnection
from mxproof.serve.publish.hosting import Hosting, hosted
from mxproof.serve.publish.metrics import PublishCounts
from mxproof.serve.publish.ordering import Ordering, Proofs
from mxproof.serve.publish.policies import HostedPolicies, policy_host
from mxproof.serve.publish.settings import PublishSettings

FINISHED_WITHIN_S = 10.0
"""How long connections may take for what has begun when the daemon ends."""
HOSTING_FAULTS_TOLD_MAX = 50

_log = logging.getLogger("mxproof.publish")


class PublishDaemon:
    """Everything that runs; `read` returns the settings as they are when the daemon is reloaded."""

    def __init__(
        self,
        settings: PublishSettings,
        read: Callable[[], PublishSettings],
        lines_lost: Callable[[], int] = lambda: 0,
        order: tuple[str, ...] = (),
    ) -> None:
        self._settings = settings
        self._read = read
        self._lines_lost = lines_lost
        self._counts = PublishCounts()
        self.life = Life(self._renew, self._counts.fault)
        self._clock = Clockwork()
        self._hosting = Hosting(settings.limits, self._counts, access_log=settings.access_log)
        self._certificates: Mapping[str, HostCertificate] = {}
        self._told: Mapping[str, str] = {}
        self._one_look = asyncio.Lock()
        self._connections_max = settings.limits.connections
        self._ordering = Ordering(order, self.look)
        self._orders = bool(order) and settings.acme is not None
        self._without: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Serve until told to stop."""
        with ExitStack() as held:
            sockets = self._sockets(held)
            self._connections_max = connections_allowed()
            await self.look()
            servers = await self._serve(sockets)
            lasting = (self._look_now_and_then, *((self._order,) if self._orders else ()))
            async with self.life.lasting(*lasting):
                _log.info("ready version=%s domains=%d", __version__, self._counts.domains)
                await self.life.until_stopped()
                for server in servers:
                    server.close()
                await self._hosting.finish(FINISHED_WITHIN_S)

    def _sockets(self, held: ExitStack) -> Mapping[str, list[socket.socket]]:
        settings = self._settings
        clients = Listening("listen", "listen", settings.listen, settings.unix, for_everybody=True)
        apart = listening_apart(settings.http, settings.control, settings.unix)
        proofs = () if settings.acme is None else settings.acme.listen
        shown = Listening("acme", "acme.listen", proofs, settings.unix, for_everybody=True)
        return held.enter_context(opened_sockets(clients, *apart, shown))

    async def _serve(self, sockets: Mapping[str, list[socket.socket]]) -> list[asyncio.Server]:
        pages = PageServer(self._page)
        control = ControlServer({"reload": self._reload})
        servers = [await asyncio.start_server(pages, sock=one) for one in sockets["http"]]
        servers += [await asyncio.start_server(control, sock=one) for one in sockets["control"]]
        if self._settings.acme is not None:
            proofs = PageServer(Proofs(self._settings.acme.proofs).page)
            servers += [await asyncio.start_server(proofs, sock=one) for one in sockets["acme"]]
        loop = asyncio.get_running_loop()
        servers += [
            await loop.create_server(lambda: PolicyConnection(self._hosting), sock=one)
            for one in sockets["listen"]
        ]
        return servers

    async def look(self) -> None:
        """Look at the files of certificates, and show those that are new."""
        async with self._one_look:
            await self._take(self._settings)

    async def _look_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self._settings.look_s)
            await self.look()

    async def _order(self) -> None:
        """Have certificates ordered, now and then and for hosts that are new."""
        await self._ordering.run(lambda: 60.0 if self._settings.acme is None else self._settings.acme.every_s)

    async def _renew(self) -> None:
        """Take over the settings as they are now; raises ConfigError, and changes nothing, where they are wrong."""
        settings = await asyncio.to_thread(self._read)
        async with self._one_look:
            before = self._settings
            if _lasting_parts(settings) != _lasting_parts(before):
                _log.warning("reload: changes of listen, acme, admin and unix need a restart")
            policies = settings.policies.after(before.policies)
            await self._take(msgspec.structs.replace(settings, policies=policies))
        set_log_level(settings.log)

    async def _take(self, settings: PublishSettings) -> None:
        """Look at all certificates, in a thread since there may be many files, and swap what is served at once."""
        domains = settings.policies.bodies
        certificates = await asyncio.to_thread(
            looked_at, tuple(domains), settings.files, self._certificates, self._clock.now()
        )
        before, self._certificates, self._settings = self._certificates, certificates, settings
        hosting = self._hosting
        hosting.hosted = hosted(settings.policies, certificates, settings.default_domain)
        hosting.access_log = settings.access_log
        hosting.set_limits(settings.limits, self._connections_max)
        self._counts.stands(settings.policies, certificates)
        self._tell(settings.policies, before)
        without = frozenset(domain for domain, one in certificates.items() if one.certificate is None)
        if without - self._without:
            self._ordering.want()
        self._without = without

    def _tell(self, policies: HostedPolicies, before: Mapping[str, HostCertificate]) -> None:
        """Tell what is at fault now and was not, and which certificates are new."""
        faults = {f"policy of {domain}": fault for domain, fault in policies.faults.items()}
        for domain, one in self._certificates.items():
            if one.fault:
                shown = (
                    "there is none, and TLS is refused"
                    if one.certificate is None
                    else "the last good one is shown"
                )
                faults[f"certificate of {policy_host(domain)}"] = f"{one.fault}; {shown}"
            elif one.certificate is not None and domain in before and one is not before[domain]:
                _log.info(
                    "host=%s certificate=new ends=%s",
                    policy_host(domain),
                    f"{one.certificate.not_after:%Y-%m-%dT%H:%M:%SZ}",
                )
        new = {subject: fault for subject, fault in faults.items() if self._told.get(subject) != fault}
        for subject, fault in islice(new.items(), HOSTING_FAULTS_TOLD_MAX):
            _log.error("%s: %s", subject, safe(fault))
        if len(new) > HOSTING_FAULTS_TOLD_MAX:
            _log.error("%d more policies and certificates are at fault", len(new) - HOSTING_FAULTS_TOLD_MAX)
        self._told = faults

    async def _reload(self, _key: str) -> SocketmapReply:
        """Do as on SIGHUP."""
        await self.life.reload()
        return SocketmapReply(Status.OK, "reloaded")

    def metrics(self) -> str:
        """Return all that is counted, for Prometheus."""
        self._counts.lines_lost = self._lines_lost()
        return self._counts.text() + process_text()

    def _page(self, path: str) -> Page | None:
        match path:
            case "/metrics":
                return Page(HTTPStatus.OK, METRICS_MEDIA_TYPE, self.metrics())
            case "/health":
                return self._health()
            case _:
                return None

    def _health(self) -> Page:
        """Say how it stands; a status of 503 where not one domain can be served."""
        counts = self._counts
        serving = counts.domains > counts.without_certificate
        lines = (
            "serving" if serving else "not serving",
            f"domains: {counts.domains}",
            f"without a certificate: {counts.without_certificate}",
            f"certificate files at fault: {counts.certificate_faults}",
            f"policy files at fault: {counts.policy_faults}",
        )
        status = HTTPStatus.OK if serving else HTTPStatus.SERVICE_UNAVAILABLE
        return Page(status, "text/plain", "".join(f"{line}\n" for line in lines))


def _lasting_parts(one: PublishSettings) -> tuple[object, ...]:
    return one.listen, one.http, one.control, one.unix, one.acme


def serve_publish(
    settings: PublishSettings, read: Callable[[], PublishSettings], order: tuple[str, ...] = ()
) -> None:
    """Run the daemon in this process; `read` returns the settings as they are when the daemon is reloaded.

    `order` is a command that orders the certificates that are wanting, nothing for none.
    """
    log = begin_log(settings.log)

    async def main() -> None:
        await PublishDaemon(settings, read, lambda: log.lost, order).run()

    run(main)
