"""The made-up population of a rehearsal, served for real: its zones by knot, asked through unbound, its hosts over sockets.

All of it listens on loopback. The zone `example.` is signed, and unbound validates it from the key that knot made; who has which
address in it is reached by detour. A policy host knows from SNI and Host whose policy it serves.
"""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    Kind,
    MxRecord,
    NameRecord,
    PolicyData,
    Question,
    TlsaRecord,
    TxtRecord,
)
from mxproof.lab.ca import Authority, Issued, issue, make_ca, tlsa_association
from mxproof.lab.tls import server_context
from mxproof.net.asking import Peer
from mxproof.scan.rehearsal import PROVIDERS, MadeUp
from real.bed.network import COMMAND_WITHIN_S
from real.bed.process import running
from real.scan.zone_server import free_peer, zone_key, zones_served
from support_stream import Do, Handler, script, stream_server

POLICY_HOST = "203.0.113.80"
REVERSE_ZONE = "2.0.192.in-addr.arpa."
_PROVIDERS_HOSTS = (
    *(f"mx.provider-{number}.example" for number in range(PROVIDERS)),
    "mx-signed.provider-1.example",
)
_ADDRESSES = (*(f"192.0.2.{10 + number}" for number in range(PROVIDERS)), "192.0.2.21")
_UNBOUND = """\
server:
    interface: {peer.address}@{peer.port}
    do-daemonize: no
    chroot: ""
    username: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    num-threads: 1
    module-config: "validator iterator"
    do-not-query-localhost: no
    trust-anchor: "{anchor}"
    local-zone: "." static
    local-data: ". 3600 SOA ns.example. hostmaster.example. 1 3600 600 86400 3600"
    local-data: ". 3600 NS ns.example."
    local-zone: "example." transparent
    local-zone: "2.0.192.in-addr.arpa." transparent
    domain-insecure: "2.0.192.in-addr.arpa."
remote-control:
    control-enable: no
stub-zone:
    name: "example."
    stub-addr: {served.address}@{served.port}
stub-zone:
    name: "2.0.192.in-addr.arpa."
    stub-addr: {served.address}@{served.port}
"""


class ServedNames(msgspec.Struct, frozen=True):
    """A population's zones that are served, and where the resolver is asked as long as it resolves."""

    resolver: Peer
    folder: Path

    @contextmanager
    def resolving(self) -> Iterator[None]:
        """Run the resolver as long as the block lasts."""
        command = ("unbound", "-d", "-c", str(self.folder / "unbound.conf"))
        with running("unbound", command, self.folder / "unbound.log", ready="start of service") as unbound:
            unbound.await_ready()
            yield


class ServedPopulation(msgspec.Struct, frozen=True):
    """Where to ask: the resolver, the detours to the hosts, and the root to trust."""

    resolver: Peer
    connect_to: dict[tuple[str, int], Peer]
    root: bytes


@contextmanager
def served(people: MadeUp, domains: Sequence[str], folder: Path) -> Iterator[ServedPopulation]:
    """Serve the population of `domains` as long as the block lasts."""
    authority = make_ca(datetime.now(UTC))
    with ExitStack() as stack:
        hosts, association = stack.enter_context(_hosts(people, domains, authority))
        names = stack.enter_context(names_served(people, domains, folder, association))
        stack.enter_context(names.resolving())
        yield ServedPopulation(names.resolver, hosts, authority.root_der())


@contextmanager
def names_served(
    people: MadeUp, domains: Sequence[str], folder: Path, association: bytes = bytes(32)
) -> Iterator[ServedNames]:
    """Serve what the population has in DNS as long as the block lasts; `association` is what its TLSA record holds."""
    served_at, resolver = free_peer(), free_peer()
    zones = {"example.": zone(people, domains, association), REVERSE_ZONE: reverse_zone()}
    with zones_served(zones, folder, served_at, signed="example."):
        conf = _UNBOUND.format(
            folder=folder, peer=resolver, served=served_at, anchor=zone_key(folder, "example.")
        )
        (folder / "unbound.conf").write_text(conf, encoding="utf-8")
        yield ServedNames(resolver, folder)


def zone(people: MadeUp, domains: Sequence[str], association: bytes) -> Iterator[str]:
    """Yield the lines of the zone `example.` with all that the population publishes."""
    yield "ns A 127.0.0.1\nreports.provider-0 A 203.0.113.81\n"
    for host, address in zip(_PROVIDERS_HOSTS, _ADDRESSES, strict=True):
        yield f"{host}. A {address}\n"
    yield f"_25._tcp.{_PROVIDERS_HOSTS[-1]}. TLSA 3 1 1 {association.hex()}\n"
    now = datetime.now(UTC)
    for domain in domains:
        for kind, name in (
            (Kind.MX, domain),
            (Kind.TXT, f"_mta-sts.{domain}"),
            (Kind.A, f"mta-sts.{domain}"),
            (Kind.TXT, f"_smtp._tls.{domain}"),
        ):
            answer = people.answer(Question(kind, name), now)
            assert isinstance(answer.data, DnsData)
            for record in answer.data.records:
                yield f"{name}. {_line(record)}\n"


def reverse_zone() -> Iterator[str]:
    """Yield the lines of REVERSE_ZONE: the names of the hosts of the providers."""
    for host, address in zip(_PROVIDERS_HOSTS, _ADDRESSES, strict=True):
        yield f"{address.rpartition('.')[2]} PTR {host}.\n"


def _line(record: object) -> str:
    match record:
        case MxRecord(preference, exchange):
            return f"MX {preference} {exchange.removesuffix('.')}."
        case TxtRecord(text):
            return f'TXT "{text.decode()}"'
        case AddressRecord(address):
            return f"A {address}"
        case NameRecord(name):
            return f"PTR {name}."
        case TlsaRecord():
            return f"TLSA {record.usage} {record.selector} {record.matching_type} {record.association.hex()}"
        case _:
            raise AssertionError(record)


@contextmanager
def _hosts(
    people: MadeUp, domains: Sequence[str], authority: Authority
) -> Iterator[tuple[dict[tuple[str, int], Peer], bytes]]:
    """Serve policies and mail from a thread with a loop of its own, and tell where, and what the TLSA record holds."""
    mail = _issued(authority, _PROVIDERS_HOSTS)
    stack = AsyncExitStack()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="hosts", daemon=True)
    thread.start()
    try:
        policies = asyncio.run_coroutine_threadsafe(_policies(people, domains, authority, stack), loop)
        greeting, secured = b"220 mx ESMTP\r\n", b"250 mx\r\n"
        steps = (
            greeting,
            Do.READ_LINE,
            b"250-mx\r\n250 STARTTLS\r\n",
            Do.READ_LINE,
            b"220 go ahead\r\n",
            Do.START_TLS,
        )
        handler = script(
            *steps, Do.READ_LINE, secured, Do.READ_LINE, b"221 bye\r\n", tls=server_context(mail)
        )
        smtp = asyncio.run_coroutine_threadsafe(stack.enter_async_context(stream_server(handler)), loop)
        ways = {(address, 25): smtp.result(COMMAND_WITHIN_S) for address in _ADDRESSES}
        ways[POLICY_HOST, 443] = policies.result(COMMAND_WITHIN_S)
        yield ways, tlsa_association(mail.chain, 3, 1, 1)
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(COMMAND_WITHIN_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _policies(
    people: MadeUp, domains: Sequence[str], authority: Authority, stack: AsyncExitStack
) -> Peer:
    classes = {f"mta-sts.{domain}": people.class_of(number) for number, domain in enumerate(domains)}
    named = [name for name, one in classes.items() if one is not None and one.policy and one.named]
    theirs = _issued(authority, named)
    context = server_context(_issued(authority, ["www.example"]), dict.fromkeys(named, theirs))
    return await stack.enter_async_context(stream_server(_page_of(people), context))


def _issued(authority: Authority, names: Sequence[str]) -> Issued:
    now = datetime.now(UTC)
    return issue(authority, names, not_before=now - timedelta(days=1), not_after=now + timedelta(days=60))


def _page_of(people: MadeUp) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        (host,) = (line[6:].decode() for line in request.split(b"\r\n") if line.startswith(b"Host: "))
        answer: Answer = people.answer(Question(Kind.POLICY, host, POLICY_HOST), datetime.now(UTC))
        if not isinstance(answer.data, PolicyData):
            return  # the class that refuses: here the connection ends without a word
        head = f"HTTP/1.1 {answer.data.status} Said\r\nContent-Type: text/plain\r\nContent-Length: {len(answer.data.body)}\r\n\r\n"
        writer.write(head.encode() + answer.data.body)
        await writer.drain()

    return handler
