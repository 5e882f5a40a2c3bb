"""The domain of one case as data, and a whole set of them as one scenario of the lab.

Names are labels below the domain of the case, which is `CASE-RUN` below BASE; `{d}` in a text stands for that domain. Every
server has an address of its own, so that a connection tells its case without a word being said. Addresses are those of
documentation (RFC 5737): a route of this machine leads them to itself, and no other machine has them.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from mxproof.lab.defect import Defect
from mxproof.lab.scenario import (
    CertificateSetup,
    Expect,
    HttpsFault,
    NameFaultSetup,
    PolicyHostSetup,
    PtrSetup,
    Scenario,
    SmtpFault,
    SmtpSetup,
    TlsaSetup,
    TlsVersion,
    ZoneSetup,
)
from mxproof.world.world import TTL_S, DnsFault

BASE = "sendertest.example"
"""The domain above those of all cases: one that nobody can register (RFC 2606 section 2)."""
NAME_SERVER = "192.0.2.53"
NETWORK = "192.0.2.0/24"
"""Where all servers stand (RFC 5737)."""
_SENDER = "sender"
"""In place of a case: the domain that the mails are from."""
REPORTS_PATH = "/tlsrpt"
"""Where a policy host takes TLS reports."""
REPORTS = "reports"
"""The local part of the address that TLS reports are wanted at."""
CHANGING_TTL_S = 5
"""How long records are good that change: no longer than a sender needs for one mail."""
DEAD_ADDRESS = "2001:db8:dead::1"
"""An address at which nobody listens."""


class ReportsBy(StrEnum):
    """How a domain wants TLS reports."""

    NOT = ""
    MAIL = "mailto"
    HTTPS = "https"


class CaseHost(msgspec.Struct, frozen=True):
    """An MX host. `names` are those in its certificate, its own where there are none.

    `reverse` is its reverse name, by default its own name. `other_names`: over IPv6 it shows a certificate for those;
    `dead_ipv6`: it has an IPv6 address where nobody is.
    """

    name: str = "mx1"
    names: tuple[str, ...] = ()
    defect: Defect = Defect.NONE
    fault: SmtpFault = SmtpFault.NONE
    tls: TlsVersion = TlsVersion.NEWEST
    reverse: str = ""
    other_names: tuple[str, ...] = ()
    dead_ipv6: bool = False


class CaseTlsa(msgspec.Struct, frozen=True):
    """A TLSA record at the MX host `at` for the certificate of the host `of`; `root` and `wrong` as in the lab."""

    kind: str = "3 1 1"
    at: str = "mx1"
    of: str = "mx1"
    wrong: bool = False
    root: bool = False


class Publishing(msgspec.Struct, frozen=True):
    """How the policy is served: what differs from a host as it should be; it comes `after_s` seconds after it was asked for."""

    status: int = 200
    media: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    defect: Defect = Defect.NONE
    fault: HttpsFault = HttpsFault.NONE
    after_s: int = 0


class CaseSetup(msgspec.Struct, frozen=True):
    """What the domain of a case publishes, `mx` as in a zone file, with `{address}` for that of the first host.

    `policy` are its lines, joined by `ends`; without any there is no MTA-STS. `records` stand at _mta-sts.
    `hosts_apart`: the hosts stand in a signed zone beside that of the domain; `unanswered` is a host with a TLSA look-up
    that fails. `reports`: how TLS reports are wanted, if at all (RFC 8460 section 3). `then` is what it is once a first mail was taken: with
    the same hosts, and a policy host where it had one. `ttl_s` is how long its MX and MTA-STS records are good.
    """

    hosts: tuple[CaseHost, ...] = (CaseHost(),)
    mx: tuple[str, ...] = ("10 mx1",)
    aliases: tuple[tuple[str, str], ...] = ()
    policy: tuple[str, ...] = ()
    ends: str = "\n"
    records: tuple[str, ...] = ("v=STSv1; id=1;",)
    publishing: Publishing = Publishing()
    tlsa: tuple[CaseTlsa, ...] = ()
    signed: bool = False
    hosts_apart: bool = False
    unanswered: str = ""
    reports: ReportsBy = ReportsBy.NOT
    then: "CaseSetup | None" = None
    ttl_s: int = TTL_S


class _Addresses:
    """The addresses of documentation, handed out one after the other."""

    def __init__(self) -> None:
        taken = {NAME_SERVER}
        self._free = (str(one) for one in ipaddress.ip_network(NETWORK).hosts() if str(one) not in taken)

    def next(self) -> str:
        return next(self._free)


def reports_wanted_at(by: ReportsBy, *, domain: str, mail_domain: str) -> str:
    """Return where TLS reports about `domain` are wanted: at its policy host, or at the address of the run below `mail_domain`."""
    if by is ReportsBy.HTTPS:
        return f"https://mta-sts.{domain}{REPORTS_PATH}"
    return f"mailto:{REPORTS}@{mail_domain}"


def domain_of(case: str, run: str) -> str:
    """Return the domain of a case in a run."""
    return f"{case}-{run}.{BASE}"


def sender_of(run: str) -> str:
    """Return the address that the mails of a run are from: one that can be looked up, and takes what comes back."""
    return f"bounces@{domain_of(_SENDER, run)}"


def scenario_of(setups: Mapping[str, CaseSetup], run: str) -> Scenario:
    """Return the scenario of all cases of a run: certificates, signatures and names are its own."""
    addresses = _Addresses()
    every = {**setups, _SENDER: CaseSetup()}
    reports = domain_of(_SENDER, run)
    built = [_Built(domain_of(case, run), setup, addresses, reports) for case, setup in every.items()]
    return Scenario(
        title="The domains of a sender test",
        story="",
        expect=Expect(""),
        name=run,
        domain=BASE,
        zones=(_base(), *(zone for one in built for zone in one.zones)),
        dns_faults=tuple(fault for one in built for fault in one.faults),
        ptr=tuple(pointer for one in built for pointer in one.pointers),
        tlsa=tuple(record for one in built for record in one.tlsa),
        https=tuple(one.policy_host for one in built if one.policy_host is not None),
        smtp=tuple(server for one in built for server in one.servers),
    )


def _base() -> ZoneSetup:
    return ZoneSetup(BASE, f"@ NS ns\nns A {NAME_SERVER}\n", secure=True)


class _Built:
    """One case made into the parts of a scenario."""

    def __init__(self, domain: str, setup: CaseSetup, addresses: _Addresses, reports: str) -> None:
        self._domain, self._reports = domain, reports
        self._setup = setup
        self._ttl_s = setup.ttl_s
        self._above = f"hosts-{domain}" if setup.hosts_apart else domain
        self._at = {host.name: addresses.next() for host in setup.hosts}
        self._web = addresses.next() if setup.policy else ""
        self.zones = tuple(self._zones())
        self.servers = tuple(server for host in setup.hosts for server in self._servers(host))
        self.policy_host = self._policy_host() if setup.policy else None
        self.pointers = tuple(
            PtrSetup(self._at[host.name], (self._name(host.reverse),)) for host in setup.hosts if host.reverse
        )
        self.tlsa = tuple(self._tlsa(one) for one in setup.tlsa)
        lost = f"_25._tcp.{self._name(setup.unanswered)}"
        self.faults = (NameFaultSetup(lost, DnsFault.SERVFAIL, "TLSA"),) if setup.unanswered else ()

    def _name(self, label: str) -> str:
        return f"{label}.{self._above}"

    def _zones(self) -> Iterator[ZoneSetup]:
        setup = self._setup
        first = next(iter(self._at.values()), "")
        lines = [f"@ {self._ttl_s} MX {self._exchange(mx, first)}" for mx in setup.mx]
        hosts = [line for host in setup.hosts for line in self._host_lines(host)]
        hosts += [f"{alias} CNAME {target}" for alias, target in setup.aliases]
        if setup.reports is not ReportsBy.NOT:
            rua = reports_wanted_at(setup.reports, domain=self._domain, mail_domain=self._reports)
            lines.append(f'_smtp._tls TXT "v=TLSRPTv1; rua={rua}"')
        if setup.policy:
            lines.append(f"mta-sts A {self._web}")
            lines += [f'_mta-sts {self._ttl_s} TXT "{record}"' for record in setup.records]
        if setup.hosts_apart:
            yield ZoneSetup(self._above, "\n".join(hosts) + "\n", secure=True)
            hosts = []
        yield ZoneSetup(self._domain, "\n".join([*lines, *hosts]) + "\n", secure=setup.signed)

    def _exchange(self, mx: str, first: str) -> str:
        preference, exchange = mx.split()
        if exchange.endswith("."):
            return f"{preference} {exchange.format(address=first)}"
        return f"{preference} {self._name(exchange)}."

    def _host_lines(self, host: CaseHost) -> Iterator[str]:
        yield f"{host.name} A {self._at[host.name]}"
        if host.other_names:
            yield f"{host.name} AAAA {_ipv6(self._at[host.name])}"
        if host.dead_ipv6:
            yield f"{host.name} AAAA {DEAD_ADDRESS}"

    def _servers(self, host: CaseHost) -> Iterator[SmtpSetup]:
        name, address = self._name(host.name), self._at[host.name]
        names = tuple(map(self._name, host.names))
        certificate = CertificateSetup(names=names, defect=host.defect)
        yield SmtpSetup(name, addresses=(address,), certificate=certificate, fault=host.fault, tls=host.tls)
        if host.other_names:
            other = CertificateSetup(names=tuple(map(self._name, host.other_names)))
            yield SmtpSetup(name, addresses=(_ipv6(address),), certificate=other)

    def _policy_host(self) -> PolicyHostSetup:
        publishing, name = self._setup.publishing, f"mta-sts.{self._domain}"
        lines = [line.replace("{d}", self._above) for line in self._setup.policy]
        return PolicyHostSetup(
            body=self._setup.ends.join((*lines, "")),
            name=name,
            addresses=(self._web,),
            status=publishing.status,
            content_type=publishing.media,
            headers=tuple((key, value.replace("{d}", self._domain)) for key, value in publishing.headers),
            certificate=CertificateSetup(
                names=tuple(map(self._name, publishing.names)), defect=publishing.defect
            ),
            fault=publishing.fault,
            delay_s=publishing.after_s,
        )

    def _tlsa(self, one: CaseTlsa) -> TlsaSetup:
        usage, selector, matching = map(int, one.kind.split())
        return TlsaSetup(
            server=self._name(one.of),
            name=f"_25._tcp.{self._name(one.at)}",
            usage=usage,
            selector=selector,
            matching=matching,
            wrong=one.wrong,
            root=one.root,
        )


def _ipv6(address: str) -> str:
    return f"2001:db8::{address.replace('.', ':')}"
