"""A scenario made into a world: its zones read, its certificates issued, its words for faults spelled out.

| word of a scenario | what a client comes away with |
|---|---|
| `refused`, `blackhole` | no connection: refused, or no answer in time |
| `greeting-554`, `no-starttls`, `starttls-454` | the talk ends there in good order |
| `early-data`, `handshake-abort`, `tls1.0-only` | as the word says |
| any other | a script: only bytes and time can show what becomes of it |

What is by chance, and so never the same twice, is the keys; the world carries certificates as DER, and whoever serves
it finds the key of a chain in `LabWorld.issued`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from mxproof.evidence import Der, Outcome, SmtpStage, TlsaRecord
from mxproof.formats.tls_offer import Offer
from mxproof.lab.ca import Authority, Issued, issue_for, make_ca, tlsa_association
from mxproof.lab.scenario import (
    CertificateSetup,
    HttpsFault,
    NameServerSetup,
    OldPolicySetup,
    PolicyHostSetup,
    Scenario,
    ScenarioError,
    ScriptSetup,
    SmtpFault,
    SmtpSetup,
    TlsVersion,
    ZoneSetup,
)
from mxproof.lab.signing import signed_zones
from mxproof.lab.signing_setup import SigningSetup
from mxproof.lab.zone import canonical_name, contents_of, fault_of, with_reverse_zones
from mxproof.mail.memory import Memory
from mxproof.world.lookup import record_table
from mxproof.world.world import (
    AuthoritativeServer,
    PolicyServer,
    RRset,
    Script,
    SmtpServer,
    World,
    ZoneContents,
)

SIZE_BYTES_MAX = 10 * 1024**2
"""The largest message that the lab's SMTP servers take, as their SIZE says (RFC 1870)."""
KEYWORDS = ("PIPELINING", f"SIZE {SIZE_BYTES_MAX}", "8BITMIME", "ENHANCEDSTATUSCODES")
EARLY_DATA = b"250 2.0.0 sent before the handshake\r\n"
TLS_1_0 = "TLSv1"
TURNS = "turns"
_TLS: Mapping[TlsVersion, str] = {
    TlsVersion.NEWEST: "TLSv1.3",
    TlsVersion.TLS_1_0: TLS_1_0,
    TlsVersion.TLS_1_1: "TLSv1.1",
    TlsVersion.TLS_1_2: "TLSv1.2",
    TlsVersion.TLS_1_3: "TLSv1.3",
}
_INSIDE: Mapping[SmtpFault, str] = {
    SmtpFault.EHLO_REJECTED: "502 5.5.1 {name} Command not implemented",
    SmtpFault.STARTTLS_REPEATED: "250-{name}\r\n250 STARTTLS",
}

_ENDS: Mapping[SmtpFault, tuple[SmtpStage, Outcome, str]] = {
    SmtpFault.NONE: (SmtpStage.SECURED, Outcome.FOUND, ""),
    SmtpFault.TLS10_ONLY: (SmtpStage.SECURED, Outcome.FOUND, ""),
    SmtpFault.EHLO_REJECTED: (SmtpStage.SECURED, Outcome.FOUND, ""),
    SmtpFault.STARTTLS_REPEATED: (SmtpStage.SECURED, Outcome.FOUND, ""),
    SmtpFault.REFUSED: (SmtpStage.CONNECT, Outcome.REFUSED, ""),
    SmtpFault.BLACKHOLE: (SmtpStage.CONNECT, Outcome.TIMEOUT, ""),
    SmtpFault.GREETING_554: (SmtpStage.GREETING, Outcome.FOUND, "554 {name} No SMTP service here"),
    SmtpFault.NO_STARTTLS: (SmtpStage.EHLO, Outcome.FOUND, ""),
    SmtpFault.STARTTLS_454: (
        SmtpStage.STARTTLS,
        Outcome.FOUND,
        "454 4.7.0 TLS not available due to local problem",
    ),
    SmtpFault.EARLY_DATA: (SmtpStage.SECURED, Outcome.FOUND, ""),
    SmtpFault.CUT: (SmtpStage.SECURED, Outcome.CLOSED, ""),
    SmtpFault.HANDSHAKE_ABORT: (SmtpStage.HANDSHAKE, Outcome.CLOSED, ""),
}
_FETCH_ENDS: Mapping[HttpsFault, Outcome] = {
    HttpsFault.NONE: Outcome.FOUND,
    HttpsFault.REFUSED: Outcome.REFUSED,
    HttpsFault.BLACKHOLE: Outcome.TIMEOUT,
}


class LabWorld(msgspec.Struct, frozen=True):
    """A world with what the lab needs to serve it: keys by the chain they belong to, and the authority to trust."""

    world: World
    issued: Mapping[tuple[Der, ...], Issued]
    authority: Authority
    memory: Memory | None


class Issues(Protocol):
    """Who has a certificate for whoever asks, and what was handed out so far."""

    issued: dict[tuple[Der, ...], Issued]

    @property
    def authority(self) -> Authority:
        """The authority to trust."""

    def issue(self, certificate: CertificateSetup, name: str, *, rsa: bool = False) -> tuple[Der, ...]:
        """Return the chain that a server sends which is called `name` and set up so."""


def made(scenario: Scenario, now: datetime, issuing: Issues | None = None) -> LabWorld:
    """Make `scenario` into a world, with certificates for the time `now`, of an authority of its own or by `issuing`.

    Raises ScenarioError where its records or servers do not fit together.
    """
    zones = with_reverse_zones(tuple(contents_of(zone) for zone in scenario.zones), scenario.ptr)
    issuing = issuing or LabIssuing(now)
    smtp_servers = tuple(_smtp_server(server, zones, issuing) for server in scenario.smtp)
    zones = _with_tlsa(zones, scenario, smtp_servers, issuing)
    signings = _signings(scenario.zones)
    zones = signed_zones(zones, signings, now) if signings else zones
    world = World(
        zones=zones,
        resolver_faults=tuple(fault_of(fault) for fault in scenario.dns_faults),
        dns_scripts=scenario.dns_scripts,
        name_servers=tuple(_name_server(server, zones, signings, now) for server in scenario.name_servers),
        policy_servers=tuple(
            _policy_server(host, scenario.domain, zones, issuing) for host in scenario.https
        ),
        smtp_servers=smtp_servers,
        name="the lab",
    )
    return LabWorld(world, issuing.issued, issuing.authority, _held(scenario.memory, now))


class LabIssuing:
    """The authorities of one lab, and all that they issued."""

    def __init__(self, now: datetime) -> None:
        self.authority = make_ca(now)
        self.issued: dict[tuple[Der, ...], Issued] = {}
        self._stranger = make_ca(now, "nobody's")
        self._now = now

    def issue(self, certificate: CertificateSetup, name: str, *, rsa: bool = False) -> tuple[Der, ...]:
        """Issue what is described, for a key of RSA where that is needed, and return the chain that a server sends."""
        one = issue_for(
            certificate, name, authority=self.authority, stranger=self._stranger, now=self._now, rsa_key=rsa
        )
        chain = tuple(Der(der) for der in one.ders())
        self.issued[chain] = one
        return chain


def _smtp_server(server: SmtpSetup, zones: tuple[ZoneContents, ...], issuing: Issues) -> SmtpServer:
    stage, outcome, reply = _ENDS.get(server.fault, _ENDS[SmtpFault.NONE])
    if server.greeting:
        stage, outcome, reply = SmtpStage.GREETING, Outcome.FOUND, server.greeting
    return SmtpServer(
        name=server.called or server.name,
        addresses=_addresses(server, server.name, zones),
        chain=issuing.issue(server.certificate, server.name, rsa=Offer.KEY_TRANSPORT in server.offers),
        by_sni=tuple((one.name, issuing.issue(one.certificate, one.name)) for one in server.sni),
        banner=server.banner,
        keywords=server.keywords or KEYWORDS,
        stage=stage,
        outcome=outcome,
        reply=reply.format(name=server.name).encode(),
        early=EARLY_DATA if server.fault is SmtpFault.EARLY_DATA else b"",
        delay_ms=round(server.delay_s * 1000),
        tls_version=_tls_version(server),
        offers=server.offers,
        inside=_INSIDE.get(server.fault, "").format(name=server.name).encode(),
        script=TURNS if server.script is not None else "" if server.fault in _ENDS else server.fault,
        turns=_script(server.script, server.name),
    )


def _tls_version(server: SmtpSetup) -> str:
    """Return the newest version that a server speaks."""
    if server.fault is SmtpFault.TLS10_ONLY:
        return TLS_1_0
    if not server.offers or server.tls is not TlsVersion.NEWEST:
        return _TLS[server.tls]
    if Offer.TLS_1_3 in server.offers:
        return _TLS[TlsVersion.TLS_1_3]
    return _TLS[TlsVersion.TLS_1_1 if set(server.offers) == {Offer.TLS_1_1} else TlsVersion.TLS_1_2]


def _policy_server(
    host: PolicyHostSetup, domain: str, zones: tuple[ZoneContents, ...], issuing: Issues
) -> PolicyServer:
    name = host.name or f"mta-sts.{domain}"
    return PolicyServer(
        name=name,
        addresses=_addresses(host, name, zones),
        body=host.body.encode(),
        chain=issuing.issue(host.certificate, name),
        status=host.status,
        headers=(("Content-Type", host.content_type), *host.headers),
        outcome=_FETCH_ENDS.get(host.fault, Outcome.FOUND),
        tls_version=_TLS[host.tls],
        delay_ms=round(host.delay_s * 1000),
        script=TURNS if host.script is not None else "" if host.fault in _FETCH_ENDS else host.fault,
        turns=_script(host.script, name, host.body),
    )


def _script(script: ScriptSetup | None, name: str, body: str = "") -> Script | None:
    if script is None:
        return None
    values = {
        "{body}": body,
        "{length}": str(len(body.encode())),
        "{name}": name,
        "{repeated}": script.repeated * script.times,
    }
    turns = []
    for turn in script.turns:
        for key, value in values.items():
            turn = turn.replace(key, value)
        turns.append(turn.encode("latin-1"))
    return Script(tuple(turns), script.ending, script.pause_s, script.clear)


def _addresses(
    server: SmtpSetup | PolicyHostSetup, name: str, zones: tuple[ZoneContents, ...]
) -> tuple[str, ...]:
    addresses = server.addresses or record_table(zones).addresses(canonical_name(name))
    if not addresses:
        raise ScenarioError(
            f"server {name!r}: no address; expected `addresses`, or an A or AAAA record of the name"
        )
    return addresses


def _signings(zones: Sequence[ZoneSetup]) -> Mapping[str, SigningSetup]:
    """Return how zones are signed that are."""
    return {canonical_name(one.name): one.signing for one in zones if one.signing is not None}


def _name_server(
    server: NameServerSetup,
    zones: tuple[ZoneContents, ...],
    signings: Mapping[str, SigningSetup],
    now: datetime,
) -> AuthoritativeServer:
    name = canonical_name(server.name)
    own = tuple(contents_of(zone) for zone in server.zones)
    if own and signings:
        others = tuple(zone for zone in zones if zone.name not in {one.name for one in own})
        signed = signed_zones((*own, *others), {**signings, **_signings(server.zones)}, now)
        own = signed[: len(own)]
    addresses = record_table(zones).addresses(name)
    one = AuthoritativeServer(name, addresses, server.fault, own, server.scripts)
    if not one.addresses or not record_table(World(zones).zones_at(one)).origins_of(name):
        raise ScenarioError(f"name server {server.name!r}: expected an address and an NS record of its name")
    return one


def _with_tlsa(
    zones: tuple[ZoneContents, ...], scenario: Scenario, servers: tuple[SmtpServer, ...], issuing: Issues
) -> tuple[ZoneContents, ...]:
    """Return `zones` with the TLSA records that the certificates ask for, each in the zone it belongs to."""
    for record in scenario.tlsa:
        server = next(one for one in servers if one.name == record.server)
        chain = issuing.issue(CertificateSetup(), record.server) if record.wrong else server.chain
        sent = issuing.issued[chain].chain
        named = (sent[0], issuing.authority.root.leaf) if record.root else sent
        association = tlsa_association(named, record.usage, record.selector, record.matching)
        owner = canonical_name(record.name or f"_25._tcp.{record.server}")
        tlsa = TlsaRecord(record.usage, record.selector, record.matching, association)
        zones = _added(zones, RRset(owner, "TLSA", (tlsa,)))
    return zones


def _added(zones: tuple[ZoneContents, ...], rrset: RRset) -> tuple[ZoneContents, ...]:
    origin = record_table(zones).origin_of(rrset.name)
    return tuple(
        msgspec.structs.replace(zone, rrsets=(*zone.rrsets, rrset)) if zone.name == origin else zone
        for zone in zones
    )


def _held(memory: OldPolicySetup | None, now: datetime) -> Memory | None:
    if memory is None:
        return None
    return Memory(memory.body.encode(), now - timedelta(days=memory.age_days), memory.id)
