"""Evidence for tests: a mail world in a few lines of text, made into `mxproof.world.world.World` and asked purely.

```
world = ZoneWorld().zone_with("mx1.example.com CNAME smol.example.com", "smol.example.com A 192.0.2.9")
world = world.but(policy=b"...", smtp={"192.0.2.9": Smtp(names=("smol.example.com",))})
evidence = collect(world)
```
A zone line is `OWNER TYPE DATA`, with an address as the owner of a PTR. Data `!timeout`, `!servfail`, `!bogus`,
`!refused`, `!nxdomain` or `!unasked` makes the look-up end so. A TLSA line may say `3 1 1 @192.0.2.1` for the digest
of the certificate that the server at that address shows. `ZoneWorld()` itself is a domain with nothing wrong.

Where `name_servers` is a mapping, though an empty one, the name servers are asked one by one as well:
```
world = NAMED.at_servers(["198.51.100.53"], At(tcp=Outcome.REFUSED))
```
"""

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Self

import msgspec

from mxproof.evidence import (
    AddressRecord,
    Answer,
    CaaRecord,
    Der,
    DnsRecord,
    Edns,
    Evidence,
    GlueRecord,
    Kind,
    MxRecord,
    NameRecord,
    Outcome,
    Question,
    SmtpStage,
    TlsaRecord,
    TxtRecord,
    Vantage,
)
from mxproof.formats.sent_header import SendingHost
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tlsa import association_for
from mxproof.lab.signing import signed_zones
from mxproof.lab.signing_setup import SigningSetup
from mxproof.survey import authentication, inbound
from mxproof.survey import served as served_survey
from mxproof.survey.check_set import CheckSet, survey_of
from mxproof.world.answer import ROUNDS_MAX, answer, observed
from mxproof.world.lookup import ROOT as ROOT_ZONE
from mxproof.world.lookup import record_table
from mxproof.world.world import DnsFault, PolicyServer, ResolverFault, RRset, SmtpServer, World, ZoneContents
from support_certificates import INTERMEDIATE, NOW, ROOT, Defect, chain, leaf
from support_name_servers import At, led, served

NAME = "the test world"
WORLDS_KEPT_MAX = 512
"""How many worlds are remembered with what was seen of them: more than there are bad worlds."""
_FAULTS = frozenset(map(str, DnsFault))
"""What a resolver does; any other outcome of a look-up is the asker's own, such as `!unasked`."""
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
    offers: tuple[Offer, ...] = ()
    """Those of TLS that it takes; what goes with its version by itself."""
    early: bytes = b""
    reply: bytes = b""
    """What the server says at a `stage` before the handshake; a sensible refusal by itself."""
    inside: bytes = b""
    """What it says to EHLO inside TLS."""
    delay_ms: int = 0
    name: str = ""
    """What it calls itself; by itself the first name in its certificate."""
    banner: str = "ESMTP"
    keywords: tuple[str, ...] = ("PIPELINING",)


class Https(msgspec.Struct, frozen=True):
    """A policy host at one address; without `body` it serves the policy of the world."""

    body: bytes | None = None
    status: int = 200
    media_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ("mta-sts.example.com",)
    defect: Defect = Defect.NONE
    outcome: Outcome = Outcome.FOUND
    version: str = "TLSv1.3"
    delay_ms: int = 0


class ZoneWorld(msgspec.Struct, frozen=True):
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
    compared: bool = False
    """Whether each name server is asked for the records of mail; `keys` are then passed over."""
    above: str = ""
    """The zone lines that servers of the zone above lead by; those of the zone itself where empty."""
    leads: bool = True
    """Whether a server that is asked where it leads to does so, and does not answer from the zone itself."""
    sets: tuple[CheckSet, ...] = ()
    """The sets of checks that are asked, by themselves; none for how mail arrives."""
    selectors: tuple[str, ...] = ()
    sending: tuple[SendingHost, ...] = ()
    lists: tuple[str, ...] = ()
    signing: Mapping[str, SigningSetup] = {}
    """The zones that have keys and signatures, by name, and how they are signed."""
    signing_at: Mapping[str, Mapping[str, SigningSetup]] = {}
    """The same as the name servers at some addresses serve it, where that is otherwise."""

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


class _ThisWorld:
    """One value by its identity: a world holds mappings, and is no key itself."""

    def __init__(self, world: ZoneWorld) -> None:
        self.world = world

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ThisWorld) and other.world is self.world

    def __hash__(self) -> int:
        return id(self.world)


def collect(world: ZoneWorld, walk: Walk | None = None) -> Evidence:
    """Ask the world all that the survey wants, until it wants nothing more; by itself, all that the world speaks of.

    The worlds of `support_worlds` are asked by many tests, and answer each of them the same: they are asked once.
    """
    return _collect(world, walk) if walk else _collected(_ThisWorld(world))


@lru_cache(maxsize=WORLDS_KEPT_MAX)
def _collected(one: _ThisWorld) -> Evidence:
    return _collect(one.world)


def _collect(world: ZoneWorld, walk: Walk | None = None) -> Evidence:
    vantage = Vantage(
        software="test",
        host="here",
        resolvers=("192.0.2.53",),
        validating=world.validating,
        validating_because="the test says so" if world.validating else "",
        families=world.families,
        roots="the test's root",
        anchors=(Der(ROOT.der),),
        sets=world.sets,
        selectors=world.selectors,
        sending=world.sending,
        lists=world.lists,
    )
    known = [
        (Question(Kind(kind), owner), Answer(outcome, world.at, detail=f"{NAME} says {outcome}"))
        for owner, kind, data in _lines(world)
        if data.startswith("!") and data[1:] not in _FAULTS and (outcome := Outcome(data[1:]))
    ]
    start = Evidence(world.domain, vantage).with_answers(known)
    return _observed(world, made(world), start, walk or (lambda evidence: _wanted(world, evidence)))


def collect_servers(world: ZoneWorld) -> Evidence:
    """Ask the world only what the survey of its name servers wants."""
    start = Evidence(world.domain, Vantage(families=world.families))
    return _observed(
        world, resolving(world.zone), start, lambda evidence: authentication.wanted(evidence, world.keys)
    )


def _wanted(world: ZoneWorld, evidence: Evidence) -> tuple[Question, ...]:
    if world.sets:
        return survey_of(world.sets)(evidence)
    if world.compared:
        return served_survey.wanted(evidence)
    of_servers = authentication.wanted(evidence, world.keys) if world.name_servers is not None else ()
    return (*inbound.wanted(evidence), *of_servers)


def _observed(world: ZoneWorld, mail_world: World, start: Evidence, walk: Walk) -> Evidence:
    """Ask the mail world, and between its answers the name servers, each of which answers as the test says."""
    evidence = start
    signed = _signed_at(world, mail_world)
    for _ in range(ROUNDS_MAX):
        evidence = observed(
            mail_world, evidence, lambda seen: [one for one in walk(seen) if not one.server], world.at
        )
        of_servers = [one for one in walk(evidence) if one.server]
        if not of_servers:
            return evidence
        evidence = evidence.with_answers((one, _from_server(world, one, signed)) for one in of_servers)
    raise AssertionError("the survey does not come to an end")


def _signed_at(world: ZoneWorld, mail_world: World) -> Mapping[str, World]:
    """Return what each name server makes of the zones; `mail_world` itself where nothing else is said of one."""
    otherwise = {server: made(world.but(signing=signing)) for server, signing in world.signing_at.items()}
    return defaultdict(lambda: mail_world, otherwise)


def _from_server(world: ZoneWorld, question: Question, signed: Mapping[str, World]) -> Answer:
    if question.edns is Edns.SIGNED:
        return answer(signed[question.server], msgspec.structs.replace(question, server=""), world.at)
    server = (world.name_servers or {}).get(question.server, At())
    if question.kind is Kind.DELEGATION and server == At():
        return _led(world, question.name)
    plain = Question(question.kind, question.name)
    return served(
        server, question, lambda zone: answer(resolving(zone or world.zone), plain, world.at), world.at
    )


def _led(world: ZoneWorld, zone: str) -> Answer:
    """Return what leads to a zone: what the world says of that, or else what the zone has itself."""
    above = world.above or world.zone
    lines = [line.split() for line in above.splitlines() if line.strip()]
    names = tuple(parts[2] for parts in lines if parts[:2] == [zone, "NS"])
    glue = tuple(
        GlueRecord(parts[0], str(ipaddress.ip_address(parts[2])))
        for parts in lines
        if parts[0] in names and parts[1] in {"A", "AAAA"} and parts[0].endswith(f".{zone}")
    )
    return led(names, glue, world.at, authoritative=not world.leads)


def made(world: ZoneWorld) -> World:
    """Return the mail world that the lines of `world` stand for; at each of its addresses stand servers of both kinds."""
    zones = tuple(_zones(world))
    zones = signed_zones(zones, world.signing, world.at) if world.signing else zones
    addresses = sorted(record_table(zones).all_addresses())
    return World(
        zones=zones,
        resolver_faults=tuple(_faults(world)),
        policy_servers=tuple(_policy_server(world, address) for address in {*addresses, *world.https}),
        smtp_servers=tuple(_smtp_server(world, address) for address in {*addresses, *world.smtp}),
        name=NAME,
    )


@lru_cache(maxsize=64)
def resolving(zone: str) -> World:
    """Return the mail world of these zone lines without any server: one that only resolves."""
    world = ZoneWorld(zone=zone)
    return World(zones=tuple(_zones(world)), resolver_faults=tuple(_faults(world)), name=NAME)


def _lines(world: ZoneWorld) -> Iterator[tuple[str, str, str]]:
    """Yield owner, type and data of each record; the owner of a PTR as its name in DNS."""
    for line in world.zone.splitlines():
        if line.strip():
            owner, kind, data = line.split(maxsplit=2)
            yield ipaddress.ip_address(owner).reverse_pointer if kind == "PTR" else owner, kind, data


def _zones(world: ZoneWorld) -> Iterator[ZoneContents]:
    """Yield the signed zones and the unsigned one that holds every record."""
    yield from (ZoneContents(name, secure=True) for name in world.signed)
    apart = {*world.signing, world.domain} if world.signing else set[str]()
    yield from (ZoneContents(name) for name in sorted(apart.difference(world.signed)))
    yield ZoneContents(ROOT_ZONE, tuple(_rrsets(world)))


def _rrsets(world: ZoneWorld) -> Iterator[RRset]:
    """Yield a set for each line, an empty one for a fault: the name is there."""
    for owner, kind, data in _lines(world):
        yield RRset(owner, kind, () if data.startswith("!") else (_record(world, kind, data),))


def _faults(world: ZoneWorld) -> Iterator[ResolverFault]:
    """Yield a fault for each line that is one; that of an alias strikes whatever is asked for."""
    for owner, kind, data in _lines(world):
        if data.startswith("!") and data[1:] in _FAULTS:
            yield ResolverFault(owner, DnsFault(data[1:]), "" if kind == "CNAME" else kind)


def _record(world: ZoneWorld, kind: str, text: str) -> DnsRecord:
    match kind:
        case "TXT":
            return TxtRecord(text.encode("utf-8", "surrogateescape"))
        case "MX":
            preference, exchange = text.split()
            return MxRecord(int(preference), exchange)
        case "A" | "AAAA":
            return AddressRecord(str(ipaddress.ip_address(text)))
        case "CAA":
            flags, tag, value = text.split(maxsplit=2)
            return CaaRecord(int(flags), tag, value.strip('"').encode())
        case "TLSA":
            usage, selector, matching_type, association = text.split()
            if association.startswith("@"):
                data = _association(world, association[1:], int(usage), int(selector), int(matching_type))
            else:
                data = bytes.fromhex(association)
            return TlsaRecord(int(usage), int(selector), int(matching_type), data)
        case _:
            return NameRecord(text)


def _association(world: ZoneWorld, address: str, usage: int, selector: int, matching_type: int) -> bytes:
    """Return what a TLSA record holds for the server at `address` (usages 0 and 2: for its intermediate)."""
    server = world.smtp.get(address, Smtp())
    der = INTERMEDIATE.der if usage in {0, 2} else leaf(_names(world, server, address), server.defect).der
    return association_for(der, selector, matching_type)


def _names(world: ZoneWorld, server: Smtp, address: str) -> tuple[str, ...]:
    """Return the names in the certificate of a server: by default all that lead to its address, aliases among them."""
    if server.names is not None:
        return server.names
    lines = tuple(_lines(world))
    names = [owner for owner, kind, data in lines if kind in {"A", "AAAA"} and data == address]
    names = list(dict.fromkeys(names))
    for name in names:
        names.extend(
            owner for owner, kind, data in lines if (kind, data) == ("CNAME", name) and owner not in names
        )
    return tuple(sorted(names))


def _policy_server(world: ZoneWorld, address: str) -> PolicyServer:
    server = world.https.get(address, Https())
    return PolicyServer(
        name=server.names[0] if server.names else "",
        addresses=(address,),
        body=world.policy if server.body is None else server.body,
        chain=_ders(server.names, server.defect),
        status=server.status,
        headers=(("content-type", server.media_type), *server.headers),
        outcome=server.outcome,
        tls_version=server.version,
        delay_ms=server.delay_ms,
    )


def _smtp_server(world: ZoneWorld, address: str) -> SmtpServer:
    server = world.smtp.get(address, Smtp())
    return SmtpServer(
        name=server.name or next(iter(_names(world, server, address)), "mx.example.com"),
        addresses=(address,),
        chain=_ders(_names(world, server, address), server.defect),
        by_sni=tuple((name, _ders(names, server.defect)) for name, names in server.by_sni.items()),
        banner=server.banner,
        keywords=server.keywords,
        delay_ms=server.delay_ms,
        stage=server.stage,
        outcome=server.outcome,
        reply=server.reply or (b"" if _says_nothing_else(server) else _REFUSALS.get(server.stage, b"")),
        early=server.early,
        tls_version=server.version,
        offers=server.offers,
        inside=server.inside,
    )


def _says_nothing_else(server: Smtp) -> bool:
    """Tell whether a server is silent where it stops, or lists the extensions there that it was given."""
    lists = server.stage is SmtpStage.EHLO and server.keywords != Smtp().keywords
    return lists or server.outcome in _SILENCES


_SILENCES = frozenset({Outcome.TIMEOUT, Outcome.CLOSED})
_REFUSALS = {
    SmtpStage.GREETING: b"554 5.7.1 no service here",
    SmtpStage.EHLO: b"250 mx.example.com",
    SmtpStage.STARTTLS: b"454 4.7.0 TLS not available",
}


def _ders(names: tuple[str, ...], defect: Defect) -> tuple[Der, ...]:
    return tuple(Der(der) for der in chain(names, defect))


def later(world: ZoneWorld, days: float) -> datetime:
    """Return the moment `days` after the world is observed."""
    return world.at + timedelta(days=days)
