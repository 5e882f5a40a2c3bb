"""Name servers for tests: zones in a few lines of text, and at each address a way to answer, without a network.

```
net = Net().at("198.51.100.53", At(tcp=Outcome.REFUSED))
servers = measured(net, keys=(KEY,))
```
`Net()` is a domain with nothing wrong: two name servers with an address of each family, and an SPF record that
includes one of another domain. The resolver answers as the zones say; so does every server for which nothing else is
said.
"""

from collections.abc import Mapping

import msgspec

from mxproof.evidence import (
    Alias,
    Answer,
    DnsData,
    Evidence,
    Kind,
    OtherRecord,
    Outcome,
    Question,
    Transport,
    Vantage,
)
from mxproof.mail.nameserver import NameServers, name_servers
from mxproof.survey.authentication import wanted
from mxproof.world.answer import answer
from support_certificates import NOW
from support_world import World, resolving

KEY = "s1._domainkey.example.com"
ZONE = """
com                        NS    a.gtld.example
a.gtld.example             A     203.0.113.1
a.gtld.example             AAAA  2001:db8:ff::1
example.com                NS    ns1.example.com
example.com                NS    ns2.example.com
ns1.example.com            A     192.0.2.53
ns1.example.com            AAAA  2001:db8::53
ns2.example.com            A     198.51.100.53
ns2.example.com            AAAA  2001:db8:2::53
example.com                TXT   v=spf1 ip4:192.0.2.0/24 include:_spf.example.net -all
_dmarc.example.com         TXT   v=DMARC1; p=none
s1._domainkey.example.com  TXT   v=DKIM1; p=MIIB
example.net                NS    ns.example.net
ns.example.net             A     203.0.113.53
_spf.example.net           TXT   v=spf1 ip4:203.0.113.0/24 -all
"""
NS1 = ("192.0.2.53", "2001:db8::53")
NS2 = ("198.51.100.53", "2001:db8:2::53")

_AA, _TC = 0x04, 0x02
_HEADER_BYTES = 12
_ROUNDS_MAX = 100


class At(msgspec.Struct, frozen=True):
    """How the server at one address answers.

    `udp` and `tcp` are the outcome of every question over that transport, None where it answers from `zone` (that of
    the world where it is empty); REFUSED over TCP is a refused connection. `rcode` is an error that it answers
    everything with.
    """

    udp: Outcome | None = None
    tcp: Outcome | None = None
    zone: str = ""
    rcode: str = ""
    authoritative: bool = True
    elapsed_ms: int = 20
    size_bytes: int = 120
    serial: int = 7


class Net(msgspec.Struct, frozen=True):
    """A domain, the zones of the world, and the servers that have something to them."""

    domain: str = "example.com"
    zone: str = ZONE
    servers: Mapping[str, At] = {}
    families: tuple[int, ...] = (4, 6)

    def at(self, address: str, server: At) -> "Net":
        """Return this world with another server at `address`."""
        return msgspec.structs.replace(self, servers={**self.servers, address: server})

    def all_at(self, addresses: tuple[str, ...], server: At) -> "Net":
        """Return this world with another server at each of `addresses`."""
        return msgspec.structs.replace(self, servers={**self.servers, **dict.fromkeys(addresses, server)})

    def zone_with(self, *lines: str) -> "Net":
        """Return this world with other records, as `World.zone_with` takes them."""
        return msgspec.structs.replace(self, zone=World(zone=self.zone).zone_with(*lines).zone)


def observed(net: Net, keys: tuple[str, ...] = (KEY,)) -> Evidence:
    """Ask the world all that the survey wants, until it wants nothing more."""
    evidence = Evidence(net.domain, Vantage(families=net.families))
    for _ in range(_ROUNDS_MAX):
        questions = wanted(evidence, keys)
        if not questions:
            return evidence
        evidence = evidence.with_answers((question, _answer(net, question)) for question in questions)
    raise AssertionError("the survey does not come to an end")


def measured(net: Net, keys: tuple[str, ...] = (KEY,)) -> NameServers:
    """Return what the survey of the world shows."""
    return name_servers(observed(net, keys), keys)


def _answer(net: Net, question: Question) -> Answer:
    if not question.server:
        return _resolved(net.zone, question)
    server = net.servers.get(question.server, At())
    outcome = server.tcp if question.transport is Transport.TCP else server.udp
    if outcome is Outcome.TRUNCATED:
        return _message(server, Outcome.TRUNCATED, DnsData("NOERROR", secure=False), _TC)
    if outcome is not None:
        elapsed_ms = server.elapsed_ms if outcome is not Outcome.UNASKED else 0
        return Answer(outcome, NOW, elapsed_ms=elapsed_ms, detail="the test says so")
    if server.rcode:
        refused = Outcome.REFUSED if server.rcode == "REFUSED" else Outcome.SERVFAIL
        return _message(server, refused, DnsData(server.rcode, secure=False))
    if question.kind is Kind.SOA:
        soa = OtherRecord(f"ns1.example.com. root.example.com. {server.serial} 3600 900 604800 300")
        return _message(server, Outcome.FOUND, DnsData("NOERROR", secure=False, records=(soa,)))
    whole = _resolved(server.zone or net.zone, question)
    if not isinstance(whole.data, DnsData):
        return _message(server, Outcome.SERVFAIL, DnsData("SERVFAIL", secure=False))
    return _message(server, *_unfollowed(whole.outcome, whole.data))


def _unfollowed(outcome: Outcome, data: DnsData) -> tuple[Outcome, DnsData]:
    """Return what a server that follows no alias says."""
    if not data.chain:
        return outcome, data
    first: tuple[Alias, ...] = data.chain[:1]
    return Outcome.FOUND, msgspec.structs.replace(data, chain=first, records=())


def _message(server: At, outcome: Outcome, data: DnsData, flags: int = 0) -> Answer:
    flags |= _AA if server.authoritative and not server.rcode else 0
    wire = bytes((0, 0, flags, 0)) + bytes(max(server.size_bytes, _HEADER_BYTES) - 4)
    whole = msgspec.structs.replace(data, wire=wire)
    return Answer(outcome, NOW, whole, ttl_s=300, elapsed_ms=server.elapsed_ms)


def _resolved(zone: str, question: Question) -> Answer:
    """Return the answer of a resolver that knows `zone`."""
    return answer(resolving(zone), Question(question.kind, question.name), NOW)
