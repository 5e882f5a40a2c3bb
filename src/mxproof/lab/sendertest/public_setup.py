"""The set for a public host: the same cases, named and placed so that few addresses and certificates serve every run.

| name | what it is | certificate |
|---|---|---|
| `CASE-RUN.ZONE` | the domain of a case, a zone of its own, signed where the case is about that | |
| `LABEL-CASE-RUN.ZONE` | an MX host | `*.ZONE` |
| `LABEL-CASE-RUN.targets.ZONE` | the target of an alias, and any name that is another's | `*.targets.ZONE` |
| `mta-sts.CASE-RUN.ZONE` | a policy host | that of the run, with all of them |

What a server does before it is told for whom a mail is can depend on its address alone. So hosts that do the same stand at
one address, a door, in every run; the domain of the recipient then tells the case and the run. Policy hosts all stand at the
first address, since those who fetch policies say which they want (RFC 8461 section 3.3).

A scenario takes no address but those of documentation (RFC 5737). It is made with those, and moved to the real ones.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from mxproof.evidence import AddressRecord, DnsRecord, MxRecord
from mxproof.formats.names import bare_address
from mxproof.lab.defect import Defect
from mxproof.lab.scenario import (
    CertificateSetup,
    Expect,
    HttpsFault,
    NameFaultSetup,
    PolicyHostSetup,
    Scenario,
    SmtpFault,
    SmtpSetup,
    TlsaSetup,
    TlsVersion,
    ZoneSetup,
)
from mxproof.lab.sendertest.setup import (
    DEAD_ADDRESS,
    NETWORK,
    CaseHost,
    CaseSetup,
    ReportsBy,
    reports_wanted_at,
)
from mxproof.world.world import DnsFault, RRset, World

TARGETS = "targets"
REPORTS_CASE = "open"
"""The case whose domain takes the TLS reports of a run: one without a policy, so that nothing keeps them from it."""
_ANCHORED = "anchored"
"""A name that no certificate from a file has: the authority of such a one is the set's own, whose root is known."""

LEFT_OUT: Mapping[str, str] = {
    "alias-reverse-listed": "the reverse name of the address is not the set's to choose",
    "alias-reverse-named": "the reverse name of the address is not the set's to choose",
    "ipv6-bad": "each host has one address",
    "wildcard-depth": "it needs a certificate of its own in every run",
    "policy-age-high": "a policy would be remembered for years",
    "mx-malformed": "resolvers on the way may not hand such a name on",
}
"""The cases that are not there on a public host, with the reason."""
NOT_ISSUED = frozenset(
    {
        "cert-expired",
        "cert-common-name",
        "cert-weak-key",
        "cert-key-usage",
        "cert-any-purpose",
        "policy-weak-key",
        "policy-common-name",
    }
)
"""The cases with a certificate that no public authority issues: they show something only where the set's own is trusted."""


class MailDoor(msgspec.Struct, frozen=True):
    """What a server at an address does before it knows for whom a mail is."""

    certificate: CertificateSetup
    fault: SmtpFault
    tls: TlsVersion


def public_setups(setups: Mapping[str, CaseSetup], *, certified: bool) -> dict[str, CaseSetup]:
    """Return the cases of `setups` that a public host has; `certified`: by certificates of a public authority."""
    out = {*LEFT_OUT, *(NOT_ISSUED if certified else ())}
    return {case: setup for case, setup in setups.items() if case not in out}


def policy_hosts(zone: str, run: str, setups: Mapping[str, CaseSetup]) -> tuple[str, ...]:
    """Return the names that the certificate of a run is for."""
    return tuple(
        f"mta-sts.{public_domain(case, run, zone)}" for case, setup in setups.items() if _is_certified(setup)
    )


def _is_certified(setup: CaseSetup) -> bool:
    publishing = setup.publishing
    return bool(setup.policy) and not publishing.names and publishing.defect is Defect.NONE


def public_domain(case: str, run: str, zone: str) -> str:
    """Return the domain of a case in a run."""
    return f"{case}-{run}.{zone}"


def doors(zone: str, setups: Mapping[str, CaseSetup]) -> tuple[MailDoor, ...]:
    """Return every door that the cases need, that of the control first."""
    found = (
        _door(_Naming(zone, case, "", setup), host) for case, setup in setups.items() for host in setup.hosts
    )
    control = MailDoor(CertificateSetup((f"*.{zone}",)), SmtpFault.NONE, TlsVersion.NEWEST)
    return tuple(dict.fromkeys((control, *found)))


class _Naming:
    """What the names of a case are."""

    def __init__(self, zone: str, case: str, run: str, setup: CaseSetup) -> None:
        self.zone, self.run = zone, run
        self.case = f"{case}-{run}"
        self.domain = public_domain(case, run, zone)
        self.setup = setup
        self._targets = {target for _, target in setup.aliases}
        self._hosts = {one.name for one in setup.hosts} | {alias for alias, _ in setup.aliases}

    def above(self, label: str) -> str:
        """Return the name that a certificate with a wildcard for the host `label` has behind it."""
        if self.setup.tlsa and not self.setup.signed and not self.setup.hosts_apart:
            return self.domain  # in the zone above, which is signed, its TLSA records would be secure
        own = label in self._hosts and label not in self._targets
        return self.zone if own else f"{TARGETS}.{self.zone}"

    def name(self, label: str) -> str:
        """Return the whole name of a host."""
        above = self.above(label)
        return f"{label}.{above}" if above == self.domain else f"{label}-{self.case}.{above}"

    def filled(self, text: str) -> str:
        """Return a line of a policy with the names of hosts in it."""
        return re.sub(r"([a-z0-9-]+)\.\{d\}", lambda found: self.name(found[1]), text)


def _door(naming: _Naming, host: CaseHost) -> MailDoor:
    labels = host.names or (host.name,)
    zones = {TARGETS: f"*.{TARGETS}.{naming.zone}", "": f"*.{naming.zone}"}
    names = sorted({zones[TARGETS if naming.above(one).startswith(TARGETS) else ""] for one in labels})
    if host.name != naming.setup.hosts[0].name and not host.names:
        names = sorted(
            zones.values()
        )  # a certificate for more names, at an address of its own: two hosts are told apart by it
    if any(one.root for one in naming.setup.tlsa):
        names.append(f"{_ANCHORED}.{naming.zone}")
    return MailDoor(CertificateSetup(tuple(names), host.defect), host.fault, host.tls)


def public_scenario(
    zone: str, run: str, setups: Mapping[str, CaseSetup], mark: str, places: Mapping[MailDoor, str]
) -> Scenario:
    """Return the scenario of all cases of a run, with the addresses of documentation in `places`.

    `mark` is the id of every record that has one: another in each run, for those who never ask again while it is the same.
    """
    built = [_PublicCase(_Naming(zone, case, run, setup), mark, places) for case, setup in setups.items()]
    first = next(iter(places.values()))
    lines = [f"@ NS ns.{zone}.", f"ns A {first}", *(line for one in built for line in one.host_lines)]
    return Scenario(
        title="The domains of a sender test",
        story="",
        expect=Expect(""),
        name=run,
        domain=zone,
        zones=(ZoneSetup(zone, _text(lines), secure=True), *(one.zone for one in built)),
        dns_faults=tuple(fault for one in built for fault in one.faults),
        tlsa=tuple(record for one in built for record in one.tlsa),
        https=tuple(one.policy_host for one in built if one.policy_host is not None),
        smtp=tuple(server for one in built for server in one.servers),
    )


def placeholders(count: int) -> tuple[str, ...]:
    """Return so many addresses of documentation."""
    hosts = ipaddress.ip_network(NETWORK).hosts()
    return tuple(str(next(hosts)) for _ in range(count))


class _PublicCase:
    """One case made into the parts of a scenario."""

    def __init__(self, naming: _Naming, mark: str, places: Mapping[MailDoor, str]) -> None:
        self._naming, self._mark, self._places = naming, mark, places
        setup = naming.setup
        lines = [f"{name}. {rest}" for name, rest in self._host_records()]
        inside = naming.above(setup.hosts[0].name) == naming.domain
        self.host_lines = () if inside else tuple(lines)
        self.zone = ZoneSetup(
            naming.domain, _text([*self._own_lines(), *(lines if inside else ())]), secure=setup.signed
        )
        self.servers = tuple(map(self._server, setup.hosts))
        self.policy_host = self._policy_host() if setup.policy else None
        self.tlsa = tuple(self._tlsa())
        lost = f"_25._tcp.{naming.name(setup.unanswered)}"
        self.faults = (NameFaultSetup(lost, DnsFault.SERVFAIL, "TLSA"),) if setup.unanswered else ()

    def _own_lines(self) -> Iterator[str]:
        setup, naming = self._naming.setup, self._naming
        ttl_s = setup.ttl_s
        yield f"@ NS ns.{naming.zone}."
        for one in setup.mx:
            preference, label = one.split()
            yield f"@ {ttl_s} MX {preference} {self._exchange(label)}"
        if setup.reports is not ReportsBy.NOT:
            at = public_domain(REPORTS_CASE, self._naming.run, naming.zone)
            rua = reports_wanted_at(setup.reports, domain=naming.domain, mail_domain=at)
            yield f'_smtp._tls TXT "v=TLSRPTv1; rua={rua}"'
        if setup.policy:
            yield f"mta-sts A {self._web()}"
            for record in setup.records:
                yield f'_mta-sts {ttl_s} TXT "{re.sub("id=[12];", self._fresh, record)}"'

    def _fresh(self, found: re.Match[str]) -> str:
        return f"id={self._mark}{found[0][3:]}"

    def _exchange(self, label: str) -> str:
        if label == ".":
            return label
        if label.startswith("{"):
            return f"{self._places[_door(self._naming, self._naming.setup.hosts[0])]}."
        return f"{self._naming.name(label)}."

    def _web(self) -> str:
        """Return where the policy host stands: at the first address, or where no policy host is."""
        every = tuple(dict.fromkeys(self._places.values()))
        return every[-1 if self._naming.setup.publishing.fault is HttpsFault.REFUSED else 0]

    def _host_records(self) -> Iterator[tuple[str, str]]:
        for host in self._naming.setup.hosts:
            yield self._naming.name(host.name), f"A {self._places[_door(self._naming, host)]}"
            if host.dead_ipv6:
                yield self._naming.name(host.name), f"AAAA {DEAD_ADDRESS}"
        for alias, target in self._naming.setup.aliases:
            yield self._naming.name(alias), f"CNAME {self._naming.name(target)}."

    def _server(self, host: CaseHost) -> SmtpSetup:
        door = _door(self._naming, host)
        name = self._naming.name(host.name)
        at = (self._places[door],)
        return SmtpSetup(name, addresses=at, certificate=door.certificate, fault=door.fault, tls=door.tls)

    def _policy_host(self) -> PolicyHostSetup:
        setup, naming = self._naming.setup, self._naming
        publishing = setup.publishing
        names = tuple(f"*.{naming.zone}" for _ in publishing.names)
        return PolicyHostSetup(
            body=setup.ends.join((*map(naming.filled, setup.policy), "")),
            name=f"mta-sts.{naming.domain}",
            addresses=(self._web(),),
            status=publishing.status,
            content_type=publishing.media,
            headers=tuple((key, value.replace("{d}", naming.domain)) for key, value in publishing.headers),
            certificate=CertificateSetup(names=names, defect=publishing.defect),
            fault=publishing.fault,
            delay_s=publishing.after_s,
        )

    def _tlsa(self) -> Iterator[TlsaSetup]:
        for one in self._naming.setup.tlsa:
            usage, selector, matching = map(int, one.kind.split())
            yield TlsaSetup(
                server=self._naming.name(one.of),
                name=f"_25._tcp.{self._naming.name(one.at)}",
                usage=usage,
                selector=selector,
                matching=matching,
                wrong=one.wrong,
                root=one.root,
            )


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def moved(world: World, addresses: Mapping[str, str]) -> World:
    """Return a world at other addresses, by those where it is."""

    def there(found: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(addresses.get(one, one) for one in found)

    zones = tuple(
        msgspec.structs.replace(zone, rrsets=tuple(_moved(one, addresses) for one in zone.rrsets))
        for zone in world.zones
    )
    return msgspec.structs.replace(
        world,
        zones=zones,
        smtp_servers=tuple(
            msgspec.structs.replace(one, addresses=there(one.addresses)) for one in world.smtp_servers
        ),
        policy_servers=tuple(
            msgspec.structs.replace(one, addresses=there(one.addresses)) for one in world.policy_servers
        ),
    )


def _moved(rrset: RRset, addresses: Mapping[str, str]) -> RRset:
    kind, records = rrset.type, list[DnsRecord]()
    for record in rrset.records:
        match record:
            case AddressRecord(address) if address in addresses:
                kind = "AAAA" if ":" in addresses[address] else "A"
                records.append(AddressRecord(addresses[address]))
            case MxRecord(preference, exchange) if (at := bare_address(exchange)) in addresses:
                records.append(MxRecord(preference, addresses[at or ""]))
            case _:
                records.append(record)
    return RRset(rrset.name, kind, tuple(records), rrset.ttl_s)
