"""What evidence says of how it was asked: what is so now, and what the caller wished for."""

import socket
from collections.abc import Iterable

import dns.flags
import dns.message
import dns.rdatatype
import msgspec
import pytest

from mxproof import __version__
from mxproof.evidence import Der, Evidence, Kind, Question, Vantage
from mxproof.formats.sent_header import SendingHost
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.survey.together import Wanted
from support_clock import run
from support_dns import Respond, dns_server, reply

DOMAIN = "example.com"
MX = Question(Kind.MX, DOMAIN)


def believed(wire: bytes, _transport: str) -> Iterable[bytes]:
    """Answer as a resolver that validates, which knows the root zone and nothing else."""
    question = dns.message.from_wire(wire).question[0]
    records = [". 300 IN SOA ns. root. 1 2 3 4 60"] if question.rdtype is dns.rdatatype.SOA else []
    return [reply(wire, *records, flags=dns.flags.AD)]


def silent(_wire: bytes, _transport: str) -> Iterable[bytes]:
    return []


def fixed(*questions: Question) -> Wanted:
    return lambda _evidence: questions


def vantage_of(
    wanted: Wanted,
    respond: Respond = believed,
    evidence: Evidence | None = None,
    trust_ad: bool | None = None,
) -> tuple[Vantage, Peer]:
    """Return the vantage of what is collected, and the resolver that was asked."""

    async def scenario() -> tuple[Vantage, Peer]:
        async with dns_server(respond) as resolver:
            asking = Asking((resolver,), families=(4,), trust_ad=trust_ad, simulated="test", roots="none")
            with Asker(asking) as asker:
                return (await collect(DOMAIN, asker, wanted, evidence=evidence)).vantage, resolver

    return run(scenario())


def test_what_the_caller_wished_for_stands_in_the_vantage_and_of_the_rest_nothing_old() -> None:
    wished = Vantage(
        sets=("inbound", "outbound"),
        selectors=("s1", "s2"),
        sending=(SendingHost("192.0.2.9", "out.example.com"),),
        lists=("zen.example",),
    )
    old = msgspec.structs.replace(
        wished,
        software="mxproof 0.0",
        host="elsewhere",
        resolvers=("192.0.2.53:53",),
        validating=True,
        validating_because="said so",
        families=(6,),
        roots="old",
        anchors=(Der(b"0"),),
        simulated="old",
    )
    vantage, resolver = vantage_of(fixed(), evidence=Evidence(DOMAIN, old), trust_ad=False)
    assert vantage == msgspec.structs.replace(
        wished,
        software=f"mxproof {__version__}",
        host=socket.gethostname(),
        resolvers=(str(resolver),),
        validating_because=vantage.validating_because,
        families=(4,),
        roots="none",
        simulated="test",
    )
    assert vantage.validating_because not in {"", "said so", "not found out in time"}


@pytest.mark.parametrize(("respond", "validating"), [(believed, True), (silent, False)])
def test_whether_a_resolver_validates_is_found_out(respond: Respond, *, validating: bool) -> None:
    vantage, _ = vantage_of(fixed(MX), respond)
    assert (vantage.validating, bool(vantage.validating_because)) == (validating, True)


@pytest.mark.parametrize("trust_ad", [True, None])
def test_a_resolver_that_is_declared_trusted_is_known_from_the_first_question(trust_ad: bool | None) -> None:
    seen: list[tuple[bool, str]] = []

    def wanted(evidence: Evidence) -> Iterable[Question]:
        seen.append((evidence.vantage.validating, evidence.vantage.validating_because))
        return [MX]

    vantage, _ = vantage_of(wanted, trust_ad=trust_ad)
    in_the_end = (True, vantage.validating_because)
    assert vantage.validating
    assert seen[0] == (in_the_end if trust_ad else (False, "not found out in time"))
