"""Many mail domains on one wire, for what is about a sender: one name server, resolver, policy host, receiving machine.

Every MX host of every domain has an address of its own on the receiving machine. A domain can be published anew while
everything runs; the resolver then forgets the old one, as when its time to live is over.
"""

import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import msgspec

from real.bed.ca import Authority, Identity
from real.bed.edition import WORLDS_FOLDER
from real.bed.https import policy_host, put_policy
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.nameserver import Follower, Served, following_name_server, name_server
from real.bed.network import Machine, Network, network
from real.bed.postfix import Door, doors
from real.bed.process import Daemon
from real.bed.resolver import forget, recursive_resolver
from real.bed.worlds import Flaw
from real.bed.zones import NAME_SERVER, TTL_S, Zone, addresses, reverse_zones

PARENT = "example.com"
"""All domains of a town are below this one, which is signed."""
POLICY_MACHINE = Machine("web", "web.example.net", "192.0.2.80", "2001:db8::80")
SECOND_NAME_SERVER = Machine("ns2", "ns2.example", "192.0.2.55", "2001:db8::55")
SENDING = Machine("sender", "sender.example.net", "198.51.100.20", "2001:db8:1::20")
REFUSING = "refusing.example"
"""The resolver under the name of a name server: it refuses whoever does not ask it to recurse."""
HOSTS_MAX = 100
SUBMISSION_PORT = 587
RESOLVER_FOLDER = "unbound"
"""Where in the folder of a town its resolver runs from."""

_FIRST_HOST = 100
MAIL_MACHINE = Machine("mx", "mx.example.net", "192.0.2.25", "2001:db8::25")
_SECOND_MAIL = Machine("mx2", "mx2.example.net", "192.0.2.26", "2001:db8::26")


class Host(msgspec.Struct, frozen=True):
    """A receiving host and its certificate, which names the host unless it says otherwise.

    `at_second` has it on the second receiving machine.
    """

    name: str
    certificate_names: tuple[str, ...] = ()
    starttls: bool = True
    expired: bool = False
    self_signed: bool = False
    at_second: bool = False

    @property
    def flaw(self) -> Flaw:
        """Return what is wrong with its certificate."""
        if self.self_signed:
            return Flaw.SELF_SIGNED
        return Flaw.EXPIRED if self.expired else Flaw.NONE


class Tlsa(msgspec.Struct, frozen=True):
    """TLSA 3 1 1 for port 25 at the name `at`: the key of the host `of`, or no key at all."""

    at: str
    of: str
    right: bool = True
    port: int = 25


class MailDomain(msgspec.Struct, frozen=True):
    """What one domain publishes: `mx` in order of preference, `aliases` as pairs of name and target.

    `broken` are names below the domain that are delegated to a server that answers nothing. `policy` None is a
    policy host without a policy; `policy_address` puts that host elsewhere, and empty leaves its name to `more`.

    Resolvers hold answers for `ttl_s`, unless it is published anew as a whole. `secondary` has a second name server follow
    the first. `elsewhere` are name servers that keep the zone instead, and are somebody else's to run. `texts` are TXT records
    as pairs of a name below the domain and a text.
    """

    name: str
    mx: tuple[str, ...]
    hosts: tuple[Host, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    tlsa: tuple[Tlsa, ...] = ()
    signed: bool = False
    broken: tuple[str, ...] = ()
    id: str | None = None
    policy: bytes | None = None
    policy_address: str = POLICY_MACHINE.ipv4
    ttl_s: int = TTL_S
    secondary: bool = False
    elsewhere: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    more: tuple[str, ...] = ()
    """Further records of the zone, as lines of its master file."""

    @property
    def policy_host(self) -> str:
        """Return the name of the policy host (RFC 8461 section 3.3)."""
        return f"mta-sts.{self.name}"


class Town(msgspec.Struct, frozen=True):
    """A town that is up; `addresses`, `keys` and `identities` are by host.

    `receiving` is the server behind the hosts, `second_receiving` that of the second machine, None where no host is there.
    `follower` is the second name server, None where no domain has it.
    """

    folder: Path
    network: Network
    authority: Authority
    served: Served
    resolver: Daemon
    addresses: Mapping[str, str]
    keys: Mapping[str, str]
    serials: Iterator[int]
    identities: Mapping[str, Identity]
    receiving: Daemon
    second_receiving: Daemon | None
    follower: Follower | None

    def zone_of(self, domain: MailDomain) -> Zone:
        """Return the zone of a domain as it is at first."""
        return _zone(domain, self.addresses, self.keys, 1)

    def publish(self, domain: MailDomain) -> None:
        """Let the world be as `domain` says from now on."""
        self.served.replace(_zone(domain, self.addresses, self.keys, next(self.serials)))
        if domain.policy is not None:
            put_policy(self.folder / "nginx", domain.policy_host, domain.policy)
        forget(self.folder / RESOLVER_FOLDER, f"{domain.name}.")


@contextmanager
def town(name: str, domains: Sequence[MailDomain], begin: dt.datetime | None = None) -> Iterator[Town]:
    """Build a town of `domains`, and leave nothing of it behind; its certificates are of the time `begin`, or of now."""
    hosts = [host for domain in domains for host in domain.hosts]
    assert len(hosts) <= HOSTS_MAX, "a town has one network of addresses for its hosts"
    at = {host.name: f"192.0.2.{_FIRST_HOST + number}" for number, host in enumerate(hosts)}
    mail_machines = tuple(_mail_machines(hosts, at))
    machines = (NAME_SERVER_MACHINE, SECOND_NAME_SERVER, RESOLVER, POLICY_MACHINE, *mail_machines, SENDING)
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix=f"mxproof-{name}-", dir=WORLDS_FOLDER)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o755)  # the daemons that drop root have to reach their folders
        wire = stack.enter_context(network(folder.name, machines, RESOLVER))
        authority = Authority(folder / "ca", begin or dt.datetime.now(dt.UTC))
        identities = {
            host.name: authority.issue(host.certificate_names or (host.name,), host.flaw) for host in hosts
        }
        keys = {host: identity.spki_sha256 for host, identity in identities.items()}
        zones = _zones(domains, machines, at, keys)
        served = stack.enter_context(
            name_server(wire, NAME_SERVER_MACHINE, zones, folder / "knot", SECOND_NAME_SERVER.ipv4)
        )
        resolver = stack.enter_context(
            recursive_resolver(
                wire, RESOLVER, NAME_SERVER_MACHINE, served.trust_anchor, folder / RESOLVER_FOLDER
            )
        )
        web = stack.enter_context(_policy_hosts(wire, authority, folder, domains))
        mail = [
            stack.enter_context(doors(wire, one, _doors(hosts, one, at, identities), folder / one.name))
            for one in mail_machines
        ]
        for daemon in (served.daemon, resolver, web, *mail):
            daemon.await_ready()
        follower = stack.enter_context(_follower(wire, zones, folder))
        yield Town(
            folder,
            wire,
            authority,
            served,
            resolver,
            at,
            keys,
            itertools.count(2),
            identities,
            mail[0],
            mail[1] if len(mail) > 1 else None,
            follower,
        )


@contextmanager
def _follower(wire: Network, zones: Sequence[Zone], folder: Path) -> Iterator[Follower | None]:
    """Run the second name server where a zone has one."""
    if not any(zone.secondaries for zone in zones):
        yield None
        return
    second = following_name_server(
        wire, SECOND_NAME_SERVER, NAME_SERVER_MACHINE, zones, folder / "knot-second"
    )
    with second as follower:
        follower.daemon.await_ready()
        yield follower


def _policy_hosts(
    wire: Network, authority: Authority, folder: Path, domains: Sequence[MailDomain]
) -> AbstractContextManager[Daemon]:
    policies = {domain.policy_host: domain.policy for domain in domains if domain.policy is not None}
    identity = authority.issue(tuple(domain.policy_host for domain in domains))
    return policy_host(wire, POLICY_MACHINE, identity, policies, folder / "nginx")


def _mail_machines(hosts: Sequence[Host], at: Mapping[str, str]) -> Iterator[Machine]:
    """Yield the receiving machines with the addresses of their hosts; a second one where a host is there."""
    for machine in (MAIL_MACHINE, _SECOND_MAIL):
        here = tuple(at[one.name] for one in hosts if one.at_second is (machine is _SECOND_MAIL))
        if here or machine is MAIL_MACHINE:
            yield msgspec.structs.replace(machine, more_ipv4=here)


def _doors(
    hosts: Sequence[Host], machine: Machine, at: Mapping[str, str], identities: Mapping[str, Identity]
) -> tuple[Door, ...]:
    return tuple(
        Door(at[host.name], port, host.name, identities[host.name] if host.starttls else None)
        for host in hosts
        if at[host.name] in machine.more_ipv4
        for port in (25, SUBMISSION_PORT)
    )


def _zones(
    domains: Sequence[MailDomain],
    machines: Sequence[Machine],
    at: Mapping[str, str],
    keys: Mapping[str, str],
) -> tuple[Zone, ...]:
    """Return all zones, parents before children."""
    by_host = {machine.host: machine for machine in machines}
    named = [record for machine in machines if machine.host.endswith(".net") for record in addresses(machine)]
    return (
        Zone(
            ".",
            None,
            True,
            (
                *addresses(by_host[NAME_SERVER]),
                f"{SECOND_NAME_SERVER.host}. A {SECOND_NAME_SERVER.ipv4}",
                f"{REFUSING}. A {RESOLVER.ipv4}",
            ),
        ),
        Zone("com.", ".", True, ()),
        Zone("net.", ".", True, ()),
        Zone("example.net.", "net.", False, tuple(named)),
        Zone(f"{PARENT}.", "com.", True, tuple(_delegations(domains))),
        *(_zone(domain, at, keys, 1) for domain in domains if not domain.elsewhere),
        *reverse_zones(machines),
    )


def _delegations(domains: Sequence[MailDomain]) -> Iterator[str]:
    """Yield the records that lead to the zones that others keep."""
    for domain in domains:
        yield from (f"{domain.name}. NS {server}." for server in domain.elsewhere)


def _zone(domain: MailDomain, at: Mapping[str, str], keys: Mapping[str, str], serial: int) -> Zone:
    records = [
        *(f"@ MX {10 * place} {name}." for place, name in enumerate(domain.mx, start=1)),
        *(f"{host.name}. A {at[host.name]}" for host in domain.hosts),
        *(f"{alias}. CNAME {target}." for alias, target in domain.aliases),
        *(f"_{tlsa.port}._tcp.{tlsa.at}. TLSA 3 1 1 {_digest(keys[tlsa.of], tlsa)}" for tlsa in domain.tlsa),
        *(f"{name}. NS {REFUSING}." for name in domain.broken),
        *(f"{name} TXT {_strings(text)}" for name, text in domain.texts),
        *([f"{domain.policy_host}. A {domain.policy_address}"] if domain.policy_address else ()),
        f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@{domain.name}"',
    ]
    if domain.id is not None:
        records.append(f'_mta-sts TXT "v=STSv1; id={domain.id};"')
    records += domain.more
    return Zone(
        f"{domain.name}.",
        f"{PARENT}.",
        domain.signed,
        tuple(records),
        serial,
        ttl_s=domain.ttl_s,
        secondaries=(SECOND_NAME_SERVER.host,) if domain.secondary else (),
        elsewhere=domain.elsewhere,
    )


def _strings(text: str) -> str:
    """Return a text as the character strings of a record."""
    return " ".join(f'"{text[place : place + 200]}"' for place in range(0, len(text), 200))


def _digest(key: str, tlsa: Tlsa) -> str:
    return key if tlsa.right else "".join(f"{15 - int(digit, 16):x}" for digit in key)
