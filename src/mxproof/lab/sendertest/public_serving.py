"""The runs of a public host over sockets: one server at each door, which is told by the recipient which run and case it serves.

Until a recipient is named, or a name in SNI, a connection belongs to no run. One that never names any is counted and let go.
Of DNS nothing is answered but what is below the zone; over UDP so few answers a second that nobody is flooded with them.
"""

import errno
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from mxproof.evidence import Der, Outcome
from mxproof.judge.senders.inference.observation import SeenBounce, SeenConnection, SeenFetch, SeenReport
from mxproof.lab.sendertest.name_server import NameServer, signing
from mxproof.lab.sendertest.policy_host import PolicyHostServing
from mxproof.lab.sendertest.public_run import PublicRun, PublicSite, run_in
from mxproof.lab.sendertest.public_setup import doors
from mxproof.lab.sendertest.receiver import MailReceiver, Talk
from mxproof.lab.sendertest.serving import (
    DNS_PORT,
    HTTPS_PORT,
    LEAVING_S,
    SMTP_PORT,
    Bind,
    Doors,
    Hold,
    Opened,
    itself,
    opened_at,
    queries,
)
from mxproof.lab.sendertest.stream import WatchedStream, named_context
from mxproof.lab.sendertest.watching import Watching
from mxproof.lab.signed_zone import SignedZones, ZoneSigner
from mxproof.lab.tls import server_context
from mxproof.world.world import PolicyServer, SmtpServer

PUBLIC_ANSWERS_A_SECOND_MAX = 20
PUBLIC_ANSWERS_TO_ALL_MAX = 200
"""How many answers go out over UDP in a second, to one client and to all; the others get one as small as their question."""
UNASSIGNED = ("connections", "fetches", "reports", "bounces", "connections too many")
"""The kinds of what is counted where it belongs to no run."""


class PublicServing(msgspec.Struct, frozen=True):
    """What is served: the runs by name, what is noted of each, and how much was let go that belonged to none."""

    site: PublicSite
    runs: Mapping[str, PublicRun]
    watching: Mapping[str, Watching]
    now: Callable[[], datetime]
    unknown: dict[str, int]

    def takes(self, recipient: str) -> bool:
        """Tell whether mail for `recipient` is for one of the runs."""
        one = self.runs.get(run_in(recipient.rpartition("@")[2].lower(), self.site.zone))
        return one is not None and one.takes(recipient)

    def taken(self, recipient: str) -> None:
        """Note that a mail for `recipient` was taken."""
        watching = self.noting(recipient.rpartition("@")[2].lower())
        if watching is not None:
            watching.taken(recipient)

    def policy_server(self, server: PolicyServer) -> PolicyServer:
        """Return what a policy host of one of the runs is now."""
        name = run_in(server.name, self.site.zone)
        return self.runs[name].run.policy_server(server, self.watching[name])

    def noting(self, name: str) -> Watching | None:
        """Return what notes what is asked about `name`."""
        return self.watching.get(run_in(name, self.site.zone))

    def connection(self, seen: SeenConnection) -> None:
        """Note a connection to a door in the run that it shows itself to be of."""
        names = [one.rpartition("@")[2] for one in seen.recipients]
        names += [seen.tls.server_name] if seen.tls is not None else []
        self._note(names, "connections", lambda watching: watching.connection(seen))

    def fetch(self, seen: SeenFetch) -> None:
        """Note a fetch in the run of which the policy host is."""
        self._note([seen.tls.server_name], "fetches", lambda watching: watching.fetch(seen))

    def reports(self, found: Sequence[SeenReport], connections: Sequence[SeenConnection]) -> None:
        """Note TLS reports in the run to whose address they came."""
        names = [one.rpartition("@")[2] for seen in connections for one in seen.recipients]
        for report in found:
            self._note(names, "reports", lambda watching, one=report: watching.report(one))  # type: ignore[misc]

    def posted(self, report: SeenReport, host: str) -> None:
        """Note a TLS report in the run of which the policy host is that it was posted to."""
        self._note([host], "reports", lambda watching: watching.report(report))

    def bounce(self, seen: SeenBounce) -> None:
        """Note a bounce in the run to whose mail it says something."""
        names = [one.recipient.rpartition("@")[2] for one in seen.recipients]
        self._note(names, "bounces", lambda watching: watching.bounce(seen))

    def turned_away(self) -> None:
        """Note a connection that was one too many: of which run is not known."""
        self.unknown["connections too many"] = self.unknown.get("connections too many", 0) + 1

    def _note(self, names: Sequence[str], kind: str, note: Callable[[Watching], None]) -> None:
        watching = next((one for name in names if (one := self.noting(name.lower())) is not None), None)
        if watching is not None:
            note(watching)
        else:
            self.unknown[kind] = self.unknown.get(kind, 0) + 1


def public_opened(site: PublicSite, bind: Bind = itself) -> Opened:
    """Open the sockets of a public set; raises OSError where one cannot be opened."""
    first, used = site.addresses[0], site.addresses[: len(doors(site.zone, site.setups))]
    sockets = opened_at(first, ((first, HTTPS_PORT), *((one, SMTP_PORT) for one in used)), bind)
    if sockets.missing:
        sockets.close()
        raise OSError(errno.EADDRNOTAVAIL, "not an address of this machine")
    return sockets


@asynccontextmanager
async def public_serving(
    serving: PublicServing, sockets: Opened, signer: ZoneSigner, leaving_s: float = LEAVING_S
) -> AsyncIterator[None]:
    """Serve the runs at the sockets that were opened, with zones signed by `signer`, until the block is left."""
    doors, name_server = Doors(serving.turned_away), _name_server(serving, signer)
    first = serving.site.addresses[0]
    try:
        await doors.open(sockets.streams[first, DNS_PORT], queries(name_server))
        await doors.open(sockets.streams[first, HTTPS_PORT], _policies(serving, first))
        for address, server, context in _receivers(serving):
            await doors.open(sockets.streams[address, SMTP_PORT], _mail(serving, address, server, context))
        await doors.open_datagrams(sockets.datagrams, name_server)
        yield
    finally:
        await doors.close(leaving_s)


def _name_server(serving: PublicServing, signer: ZoneSigner) -> NameServer:
    site = serving.site
    zones = {
        name: (
            SignedZones(run.lab.world, site.zone, signer, site.challenges),
            SignedZones((run.becoming or run.lab).world, site.zone, signer, site.challenges),
        )
        for name, run in ((name, one.run) for name, one in serving.runs.items())
    }
    any_run = next(iter(zones.values()))

    def zones_of(name: str) -> SignedZones:
        now, later = zones.get(run_in(name, site.zone), any_run)
        watching = serving.noting(name)
        return later if watching is not None and watching.has_changed(name) else now

    return NameServer(
        signing(zones_of),
        (site.zone,),
        serving.noting,
        serving.now,
        PUBLIC_ANSWERS_A_SECOND_MAX,
        PUBLIC_ANSWERS_TO_ALL_MAX,
    )


def _receivers(serving: PublicServing) -> Iterator[tuple[str, SmtpServer, ssl.SSLContext]]:
    """Yield for each door the server that stands there in every run, by the name of the door, and its side of TLS."""
    seen: set[str] = set()
    for one in serving.runs.values():
        lab = one.run.lab
        for server in lab.world.smtp_servers:
            (address,) = server.addresses
            if address not in seen:
                seen.add(address)
                context = server_context(
                    lab.issued[server.chain], only=server.tls_version, offers=server.offers
                )
                place = serving.site.addresses.index(address)
                name = f"in{place}.{serving.site.zone}"
                yield address, msgspec.structs.replace(server, name=name), context


def _mail(serving: PublicServing, address: str, server: SmtpServer, context: ssl.SSLContext) -> Hold:
    receiver = MailReceiver(server, named_context(context), serving.takes, serving.taken)

    async def hold(stream: WatchedStream, client: str) -> None:
        talk = Talk(client, address, server.name, serving.now())
        try:
            await receiver.talk(stream, talk)
        finally:
            every = talk.seen(stream, serving.now)
            for seen in every:
                serving.connection(seen)
            serving.reports(talk.reports, every)
            for bounce in talk.bounces:
                serving.bounce(bounce)

    return hold


def _policies(serving: PublicServing, address: str) -> Hold:
    """Return what is done with a connection to the policy hosts, each of which has its certificate by the name in SNI."""
    servers = [
        host
        for one in serving.runs.values()
        for host in one.run.lab.world.policy_servers
        if host.outcome is not Outcome.REFUSED
    ]
    issued = {chain: one for each in serving.runs.values() for chain, one in each.run.lab.issued.items()}
    contexts: dict[tuple[Der, ...], ssl.SSLContext] = {}
    for host in servers:
        if host.chain not in contexts:
            contexts[host.chain] = named_context(server_context(issued[host.chain]))
    by_name = {host.name: contexts[host.chain] for host in servers}
    first = named_context(server_context(issued[servers[0].chain]), by_name)
    policy_host = PolicyHostServing(servers, first, serving.policy_server, serving.posted)

    async def hold(stream: WatchedStream, client: str) -> None:
        serving.fetch(await policy_host.answer(stream, client, address, serving.now()))

    return hold
