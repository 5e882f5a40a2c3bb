"""The lab's authoritative servers, asked by a real client, and what a measurement of them finds."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from mxproof.judge.checks import name_servers
from mxproof.judge.checks.name_server_unknowns import unknowns
from mxproof.lab.running import DNS_PORT, RunningLab, running
from mxproof.lab.scenario import ScenarioError, load, scenarios
from mxproof.mail.assemble import assemble
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.survey.authentication import wanted
from support_lab import CLIENT_S_MAX, in_lab, reach, world
from support_long import some

KEYS = ("s1._domainkey.example.com",)
UNREACHED = frozenset({"ns-unanswered", "ns-edns-silent", "ns-answer-lost"})
"""Scenarios in which nothing can be measured from here, or in which it depends on this client's patience what is slow."""
UNANSWERED = {
    "dnssec-ds-wrong": ("NS example.com", "NS s1._domainkey.example.com"),
    "dnssec-unanswered": ("NS com",),
}
"""What the resolver of a scenario does not answer, so that a part of the measurement is told to be unknown."""
MEASURED = [name for name in scenarios() if load(name).name_servers and name not in UNREACHED]
ZONE = """
[[zone]]
name = "own.example"
records = '''
@      NS     ns
@      TXT    "v=spf1 -all"
ns     A      192.0.2.53
alias  CNAME  mx1.example.com.
'''
[[name_server]]
name = "ns.own.example"
"""
SILENT_S = 0.2
BUSY = (1, 10)
"""How many times the scenario's time its servers are given: what comes out otherwise may have had a busy machine."""


def ask(
    lab: RunningLab, name: str, *, tcp: bool = False, timeout_s: float = CLIENT_S_MAX
) -> dns.message.Message:
    host, port = reach(lab, "192.0.2.53", DNS_PORT)
    query = dns.message.make_query(name, "TXT", flags=0)
    return (dns.query.tcp if tcp else dns.query.udp)(query, host, port=port, timeout=timeout_s)


@pytest.mark.parametrize("scenario", some(MEASURED, 5))
def test_a_measurement_comes_out_as_the_file_of_the_scenario_says(scenario: str) -> None:
    async def run(longer: int) -> tuple[set[str], tuple[str, ...]]:
        async with running(load(scenario), now=datetime.now(UTC)) as lab:
            patience_s = lab.timeout_s * longer
            asking = Asking((Peer(*lab.resolver),), connect_to=lab.connect_to, timeout_s=patience_s)
            with Asker(asking) as asker:
                evidence = await collect(lab.domain, asker, partial(wanted, keys=KEYS))
            domain = assemble(evidence, evidence.observed_at())
            unknown = tuple(one.question for one in unknowns(domain))
            return {finding.code for finding in name_servers.check(domain)}, unknown

    wanted_of_it = set(load(scenario).expect.name_server_faults), UNANSWERED.get(scenario, ())
    for longer in BUSY:
        found = asyncio.run(run(longer))
        if found == wanted_of_it:
            break
    assert found == wanted_of_it


def test_there_are_scenarios_of_good_and_of_bad_name_servers() -> None:
    expected = [load(scenario).expect.name_server_faults for scenario in MEASURED]
    assert () in expected
    assert len(set(expected)) > 5


@pytest.mark.parametrize("tcp", [False, True])
def test_a_server_answers_for_its_zones_and_for_no_other(tcp: bool) -> None:
    def client(lab: RunningLab) -> list[tuple[dns.rcode.Rcode, bool, int]]:
        replies = [
            ask(lab, name, tcp=tcp)
            for name in ("own.example", "no.own.example", "ns.own.example", "example.com")
        ]
        return [(one.rcode(), bool(one.flags & dns.flags.AA), len(one.answer)) for one in replies]

    assert in_lab(world(ZONE), client) == [
        (dns.rcode.NOERROR, True, 1),
        (dns.rcode.NXDOMAIN, True, 0),
        (dns.rcode.NOERROR, True, 0),
        (dns.rcode.REFUSED, False, 0),
    ]


def test_an_alias_is_told_and_not_followed() -> None:
    def client(lab: RunningLab) -> list[str]:
        return [rrset.to_text() for rrset in ask(lab, "alias.own.example").answer]

    assert in_lab(world(ZONE), client) == ["alias.own.example. 300 IN CNAME mx1.example.com."]


@pytest.mark.parametrize(
    ("fault", "udp", "tcp"),
    [
        ("none", "NOERROR AA", "NOERROR AA"),
        ("silent", "Timeout", "Timeout"),
        ("tcp-refused", "NOERROR AA", "ConnectionRefusedError"),
        ("tcp-silent", "NOERROR AA", "Timeout"),
        ("lame", "REFUSED", "REFUSED"),
        ("not-authoritative", "NOERROR", "NOERROR"),
    ],
)
def test_a_fault_is_what_its_name_says(fault: str, udp: str, tcp: str) -> None:
    def client(lab: RunningLab) -> list[str]:
        return [attempt(lab, over_tcp) for over_tcp in (False, True)]

    def attempt(lab: RunningLab, over_tcp: bool) -> str:
        patience_s = CLIENT_S_MAX if "Timeout" not in (udp, tcp) else SILENT_S
        try:
            answer = ask(lab, "own.example", tcp=over_tcp, timeout_s=patience_s)
        except (dns.exception.Timeout, OSError) as error:
            return type(error).__name__
        return dns.rcode.to_text(answer.rcode()) + (" AA" if answer.flags & dns.flags.AA else "")

    assert in_lab(world(f'{ZONE}fault = "{fault}"\n'), client) == [udp, tcp]


def test_a_server_may_have_its_own_version_of_a_zone() -> None:
    older = """
[[name_server.zone]]
name = "own.example"
serial = 3
records = '''
@   NS  ns
@   TXT "older"
ns  A   192.0.2.53
'''
"""

    def client(lab: RunningLab) -> list[str]:
        return [rdata.to_text() for rrset in ask(lab, "own.example").answer for rdata in rrset]

    assert in_lab(world(ZONE + older), client) == ['"older"']


def test_a_server_may_follow_a_script_and_answer_from_elsewhere() -> None:
    scripts = """
[[name_server.script]]
name = "own.example"
over = "tcp"
flags = ["-AA"]
[[name_server.script]]
name = "own.example"
over = "udp"
other_source = true
"""

    def client(lab: RunningLab) -> bool:
        with pytest.raises(dns.query.UnexpectedSource):
            ask(lab, "own.example")
        return bool(ask(lab, "own.example", tcp=True).flags & dns.flags.AA)

    assert not in_lab(world(ZONE + scripts), client)


def test_where_no_name_server_stands_port_53_refuses() -> None:
    def client(lab: RunningLab) -> str:
        host, port = reach(lab, "192.0.2.53", DNS_PORT)
        with pytest.raises(ConnectionRefusedError):
            dns.query.tcp(dns.message.make_query("own.example", "TXT"), host, port=port, timeout=CLIENT_S_MAX)
        return host

    assert in_lab(world(ZONE.partition("[[name_server]]")[0]), client) == "127.0.0.1"


@pytest.mark.parametrize(
    "server",
    ['[[name_server]]\nname = "ns.nowhere.example"\n', '[[name_server]]\nname = "mx1.example.com"\n'],
)
def test_a_name_server_without_an_address_or_a_zone_is_named(server: str) -> None:
    with pytest.raises(ScenarioError, match="name server"):
        in_lab(world(server), lambda _lab: None)
