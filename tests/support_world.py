"""Evidence for tests: a mail world in a few lines of text, surveyed without a network.

```
world = World().zone_with("mx1.example.com CNAME smol.example.com", "smol.example.com A 192.0.2.9")
world = world.but(policy=b"...", smtp={"192.0.2.9": Smtp(names=("smol.example.com",))})
evidence = collect(world)
```
A zone line is `OWNER TYPE DATA`, with an address as the owner of a PTR. Data `!timeout`, `!servfail`, `!bogus`,
`!refused`, `!nxdomain` or `!unasked` makes the look-up end so. A TLSA line may say `3 1 1 @192.0.2.1` for the digest
of the certificate that the server at that address shows. `World()` itself is a domain with nothing wrong.

Where `name_servers` is a mapping, though an empty one, the name servers are asked one by one as well:
```
world = NAMED.at_servers(["198.51.100.53"], At(tcp=Outcome.REFUSED))
```
"""

import hashlib
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

import msgspec

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    Der,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    MxRecord,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    TlsaRecord,
    TlsData,
    TxtRecord,
    Vantage,
)
from mxproof.survey import authentication, inbound
from support_certificates import INTERMEDIATE, NOW, ROOT, Defect, chain, leaf
from support_name_servers import At, served

GOOD_POLICY = b"version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n"
GOOD_ZONE = """
example.com                MX    10 mx1.example.com
example.com                MX    20 mx2.example.com
_mta-sts.example.com       TXT   v=STSv1; id=20260601;
_smtp._tls.example.com     TXT   v=TLSRPTv1; rua=mailto:tls@example.com
mta-sts.example.com        A     192.0.2.80
mx1.example.com            A     192.0.2.1
mx1.example.com            AAAA  2001:db8::1
mx2.example.com            A     192.0.2.2
192.0.2.1                  PTR   mx1.example.com
2001:db8::1                PTR   mx1.example.com
192.0.2.2                  PTR   mx2.example.com
"""
_ALIASES_FOLLOWED_MAX = 20
_ROUNDS_MAX = 100


class Smtp(msgspec.Struct, frozen=True):
    """An SMTP server at one address; without `names` its certificate has every name that leads to the address.

    `by_sni` are the names in its certificate for a client that puts that key in SNI.
    """

    names: tuple[str, ...] | None = None
    defect: Defect = Defect.NONE
    by_sni: Mapping[str, tuple[str, ...]] = {}
    outcome: Outcome = Outcome.FOUND
    stage: SmtpStage = SmtpStage.SECURED
    version: str = "TLSv1.3"
    early: bytes = b""
    reply: bytes = b""
    """What the server says at a `stage` before the handshake; a sensible refusal by itself."""


class Https(msgspec.Struct, frozen=True):
    """A policy host at one address; without `body` it serves the policy of the world."""

    body: bytes | None = None
    status: int = 200
    media_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ("mta-sts.example.com",)
    defect: Defect = Defect.NONE
    outcome: Outcome = Outcome.FOUND


class World(msgspec.Struct, frozen=True):
    """A domain, its zone and its servers by address; `signed` are the names at and below which answers are secure.

    `name_servers` are those that do not simply answer as the zone says, None where the name servers are not asked;
    `keys` are the names of DKIM keys that are asked for there.
    """

    domain: str = "example.com"
    zone: str = GOOD_ZONE
    policy: bytes = GOOD_POLICY
    https: Mapping[str, Https] = {}
    smtp: Mapping[str, Smtp] = {}
    signed: tuple[str, ...] = ()
    validating: bool = True
    families: tuple[int, ...] = (4, 6)
    at: datetime = NOW
    name_servers: Mapping[str, At] | None = None
    keys: tuple[str, ...] = ()

    def but(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields of the struct have many types
        """Return this world with other fields."""
        return msgspec.structs.replace(self, **changes)

    def zone_with(self, *lines: str) -> Self:
        """Return this world with the records of `lines` instead of all that had the same owner and type.

        A CNAME replaces everything at its owner, and a line without data takes records away.
        """
        new = [line.split(maxsplit=2) for line in lines]
        gone = {(parts[0], parts[1]) for parts in new}
        kept = [
            line
            for line in self.zone.splitlines()
            if (parts := line.split(maxsplit=2))
            and (parts[0], parts[1]) not in gone
            and (parts[0], "CNAME") not in gone
        ]
        return self.but(zone="\n".join([*kept, *(" ".join(parts) for parts in new if len(parts) > 2)]))

    def at_servers(self, addresses: Iterable[str], server: At) -> Self:
        """Return this world with another name server at each of `addresses`."""
        return self.but(name_servers={**(self.name_servers or {}), **dict.fromkeys(addresses, server)})


Walk = Callable[[Evidence], tuple[Question, ...]]


def collect(world: World, walk: Walk | None = None) -> Evidence:
    """Ask the world all that the survey wants, until it wants nothing more; by itself, all that the world speaks of."""
    vantage = Vantage(
        software="test",
        host="here",
        resolvers=("192.0.2.53",),
        validating=world.validating,
        validating_because="the test says so" if world.validating else "",
        families=world.families,
        roots="the test's root",
        anchors=(Der(ROOT.der),),
    )
    evidence = Evidence(world.domain, vantage)
    for _ in range(_ROUNDS_MAX):
        questions = walk(evidence) if walk is not None else _wanted(world, evidence)
        if not questions:
            return evidence
        evidence = evidence.with_answers((question, _answer(world, question)) for question in questions)
    raise AssertionError("the survey does not come to an end")


def collect_servers(world: World) -> Evidence:
    """Ask the world only what the survey of its name servers wants."""
    return collect(world, lambda evidence: authentication.wanted(evidence, world.keys))


def _wanted(world: World, evidence: Evidence) -> tuple[Question, ...]:
    of_servers = authentication.wanted(evidence, world.keys) if world.name_servers is not None else ()
    return (*inbound.wanted(evidence), *of_servers)


def _answer(world: World, question: Question) -> Answer:
    if question.kind is Kind.POLICY:
        return _https(world, world.https.get(question.at, Https()))
    if question.kind is Kind.SMTP:
        return _smtp(world, question, world.smtp.get(question.at, Smtp()))
    if not question.server:
        return _dns(world, question)
    plain = Question(question.kind, question.name)
    server = (world.name_servers or {}).get(question.server, At())
    return served(server, question, lambda zone: _dns(world.but(zone=zone or world.zone), plain), world.at)


def _zone(world: World) -> dict[str, dict[str, list[str]]]:
    """Return the data of each record by owner and type; the owner of a PTR as its name in DNS."""
    zone: dict[str, dict[str, list[str]]] = {}
    for line in world.zone.splitlines():
        if line.strip():
            owner, kind, data = line.split(maxsplit=2)
            name = ipaddress.ip_address(owner).reverse_pointer if kind == "PTR" else owner
            zone.setdefault(name, {}).setdefault(kind, []).append(data)
    return zone


def _dns(world: World, question: Question) -> Answer:
    zone = _zone(world)
    name = question.name
    links: list[Alias] = []
    while question.kind is not Kind.CNAME and (target := zone.get(name, {}).get("CNAME")):
        if target[0].startswith("!") or len(links) == _ALIASES_FOLLOWED_MAX:
            return _failed(world, target[0] if target[0].startswith("!") else "!servfail")
        links.append(Alias(name, target[0], 300))
        name = target[0]
    found = zone.get(name, {}).get(question.kind, [])
    if found and found[0].startswith("!"):
        return _failed(world, found[0])
    exists = any(owner == name or owner.endswith("." + name) for owner in zone)
    outcome = Outcome.FOUND if found else Outcome.EMPTY if exists else Outcome.NXDOMAIN
    names = [question.name, *(link.target for link in links)]
    secure = all(any(one == top or one.endswith("." + top) for top in world.signed) for one in names)
    data = DnsData(
        rcode="NXDOMAIN" if outcome is Outcome.NXDOMAIN else "NOERROR",
        secure=secure,
        records=tuple(_record(world, question.kind, text) for text in found),
        chain=tuple(links),
    )
    return Answer(outcome, world.at, data, ttl_s=300)


def _failed(world: World, text: str) -> Answer:
    outcome = Outcome(text.removeprefix("!"))
    if outcome is Outcome.NXDOMAIN:
        return Answer(outcome, world.at, DnsData(rcode="NXDOMAIN", secure=False))
    return Answer(outcome, world.at, detail=f"the test world says {outcome}")


def _record(world: World, kind: Kind, text: str) -> DnsRecord:
    if kind is Kind.TXT:
        return TxtRecord(text.encode("utf-8", "surrogateescape"))
    if kind is Kind.MX:
        preference, exchange = text.split()
        return MxRecord(int(preference), exchange)
    if kind in {Kind.A, Kind.AAAA}:
        return AddressRecord(str(ipaddress.ip_address(text)))
    if kind is Kind.TLSA:
        usage, selector, matching_type, association = text.split()
        if association.startswith("@"):
            data = tlsa_association(world, association[1:], int(usage), int(selector), int(matching_type))
        else:
            data = bytes.fromhex(association)
        return TlsaRecord(int(usage), int(selector), int(matching_type), data)
    return NameRecord(text)


def tlsa_association(world: World, address: str, usage: int, selector: int, matching_type: int) -> bytes:
    """Return what a TLSA record holds for the server at `address` (usages 0 and 2: for its intermediate)."""
    server = world.smtp.get(address, Smtp())
    made = INTERMEDIATE if usage in {0, 2} else leaf(_names(world, server, address), server.defect)
    selected = made.spki if selector == 1 else made.der
    return (
        selected
        if matching_type == 0
        else hashlib.new({1: "sha256", 2: "sha512"}[matching_type], selected).digest()
    )


def _names(world: World, server: Smtp, address: str, sni: str = "") -> tuple[str, ...]:
    if sni in server.by_sni:
        return server.by_sni[sni]
    return _names_at(world, address) if server.names is None else server.names


def _names_at(world: World, address: str) -> tuple[str, ...]:
    """Return every name that leads to `address`, aliases among them."""
    zone = _zone(world)
    names = [name for name, data in zone.items() if address in data.get("A", []) + data.get("AAAA", [])]
    for name in names:
        names.extend(
            alias for alias, data in zone.items() if data.get("CNAME") == [name] and alias not in names
        )
    return tuple(sorted(names))


def _https(world: World, server: Https) -> Answer:
    tls = TlsData("TLSv1.3", "TLS_AES_128_GCM_SHA256", _ders(server.names, server.defect))
    if server.outcome in {Outcome.TIMEOUT, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.TLS_FAILED}:
        return Answer(server.outcome, world.at, detail=f"the test world says {server.outcome}")
    headers = (("content-type", server.media_type), *server.headers)
    body = world.policy if server.body is None else server.body
    return Answer(server.outcome, world.at, PolicyData(server.status, headers, body, tls))


def _smtp(world: World, question: Question, server: Smtp) -> Answer:
    if server.stage is SmtpStage.CONNECT:
        return Answer(server.outcome, world.at, SmtpData(SmtpStage.CONNECT), detail=f"{server.outcome}")
    secured = server.stage is SmtpStage.SECURED
    names = _names(world, server, question.at, question.name)
    data = SmtpData(
        stage=server.stage,
        transcript=_transcript(server),
        keywords=("PIPELINING",) if server.stage in _WITHOUT_STARTTLS else ("PIPELINING", "STARTTLS"),
        tls=TlsData(server.version, "TLS_AES_128_GCM_SHA256", _ders(names, server.defect))
        if secured
        else None,
        early=server.early,
    )
    return Answer(server.outcome, world.at, data)


_WITHOUT_STARTTLS = frozenset({SmtpStage.GREETING, SmtpStage.EHLO})
_DIALOGUE = (
    (SmtpStage.GREETING, b"", (b"220 mx.example.com ESMTP",)),
    (SmtpStage.EHLO, b"EHLO probe.example.net", (b"250-mx.example.com", b"250-PIPELINING", b"250 STARTTLS")),
    (SmtpStage.STARTTLS, b"STARTTLS", (b"220 2.0.0 Ready to start TLS",)),
)


_REFUSALS = {
    SmtpStage.GREETING: b"554 5.7.1 no service here",
    SmtpStage.EHLO: b"250 mx.example.com",
    SmtpStage.STARTTLS: b"454 4.7.0 TLS not available",
}


def _transcript(server: Smtp) -> tuple[SmtpLine, ...]:
    lines: list[SmtpLine] = []
    for stage, command, replies in _DIALOGUE:
        lines += [SmtpLine("C", command)] if command else []
        if stage is server.stage and not server.early:
            return (*lines, SmtpLine("S", server.reply or _REFUSALS[stage]))
        lines += [SmtpLine("S", reply) for reply in replies]
    return tuple(lines)


def _ders(names: tuple[str, ...], defect: Defect) -> tuple[Der, ...]:
    return tuple(Der(der) for der in chain(names, defect))


def later(world: World, days: float) -> datetime:
    """Return the moment `days` after the world is observed."""
    return world.at + timedelta(days=days)
