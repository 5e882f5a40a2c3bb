"""What is asked of the name servers behind SPF, DKIM and DMARC, and that it has an end."""

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Outcome, Question, Transport
from mxproof.formats.spf import LOOKUPS_MAX
from mxproof.mail.nameserver import name_servers
from mxproof.net.collect import QUESTIONS_MAX
from mxproof.survey.authentication import (
    CONTROLS_MAX,
    NAMES_MAX,
    OTHER_PLACES_MAX,
    PLACES_MAX,
    needed,
    record_names,
    spf_names,
    wanted,
    zone_of,
)
from support_evidence import Spy
from support_nameserver import KEY, NS1, NS2, At, Net, observed

NETS = {
    "good": Net(),
    "silent": Net().all_at(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)),
    "ipv4": Net(families=(4,)),
    "alias": Net().zone_with(f"{KEY} CNAME s1.keys.example.net", "s1.keys.example.net TXT v=DKIM1; p=MIIB"),
    "deaf resolver": Net().zone_with("example.com TXT !servfail"),
    "no zone": Net().zone_with("example.com NS !servfail"),
    "below a zone": Net(domain="mail.example.com"),
}


@pytest.mark.parametrize("net", NETS.values(), ids=NETS.keys())
def test_all_that_the_measurement_reads_is_asked(net: Net) -> None:
    evidence = observed(net)
    spy = Spy(evidence.answers)
    name_servers(msgspec.structs.replace(evidence, answers=spy), (KEY,))
    missing = spy.read - set(needed(evidence, (KEY,)))
    assert {one for one in missing if one.kind not in {Kind.A, Kind.AAAA}} == set()


@pytest.mark.parametrize("net", NETS.values(), ids=NETS.keys())
def test_all_that_is_asked_is_read(net: Net) -> None:
    evidence = observed(net)
    spy = Spy(evidence.answers)
    name_servers(msgspec.structs.replace(evidence, answers=spy), (KEY,))
    assert set(needed(evidence, (KEY,))) - spy.read == set()


@pytest.mark.parametrize("net", NETS.values(), ids=NETS.keys())
def test_more_answers_only_add_questions(net: Net) -> None:
    whole = observed(net)
    asked: set[Question] = set()
    evidence = Evidence(whole.domain, whole.vantage)
    for question, answer in sorted(whole.answers.items(), key=lambda item: item[0]):
        now_needed = set(needed(evidence, (KEY,)))
        assert asked - now_needed == set()
        asked = now_needed
        evidence = evidence.with_answers([(question, answer)])


def test_the_first_questions_wait_for_nothing() -> None:
    assert wanted(Evidence("example.com"), (KEY,)) == (
        Question(Kind.TXT, "example.com"),
        Question(Kind.NS, "example.com"),
        Question(Kind.TXT, "_dmarc.example.com"),
        Question(Kind.NS, "_dmarc.example.com"),
        Question(Kind.TXT, KEY),
        Question(Kind.NS, KEY),
        Question(Kind.NS, "com"),
    )


def test_each_record_is_asked_at_each_address_over_udp_and_over_tcp() -> None:
    asked = {
        (one.name, one.server, one.transport)
        for one in needed(observed(Net()), (KEY,))
        if one.server and one.kind is Kind.TXT
    }
    own = ("example.com", "_dmarc.example.com", KEY)
    want = {(name, address) for name in own for address in (*NS1, *NS2)}
    want.add(("_spf.example.net", "203.0.113.53"))
    assert asked == {(*one, transport) for one in want for transport in (Transport.UDP, Transport.TCP)}


def test_without_a_selector_no_key_is_asked_for() -> None:
    assert [one for one in needed(observed(Net(), ())) if "_domainkey" in one.name] == []


def test_the_zone_of_a_name_is_found_above_it() -> None:
    evidence = observed(Net())
    assert [zone_of(evidence, name) for name in ("example.com", KEY, "_spf.example.net")] == [
        "example.com",
        "example.com",
        "example.net",
    ]


def test_the_top_level_domain_is_no_ones_zone() -> None:
    assert zone_of(observed(Net(domain="missing.com")), "missing.com") is None


def test_a_name_is_followed_along_its_aliases() -> None:
    assert "s1.keys.example.net" in record_names(observed(NETS["alias"]), (KEY,))


def test_the_spf_record_of_a_server_leads_on_where_the_resolver_has_none() -> None:
    net = Net().zone_with("example.com TXT !servfail").all_at(NS1, At(zone=Net().zone))
    broken = net.all_at(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT))
    assert spf_names(observed(broken)) == ("_spf.example.net",)


def test_included_records_are_followed_as_far_as_receivers_do() -> None:
    """RFC 7208 section 4.6.4, and a loop comes to an end as well."""
    links = [f"{n}.example.net TXT v=spf1 include:{n + 1}.example.net -all" for n in range(20)]
    endless = Net().zone_with("example.com TXT v=spf1 include:0.example.net -all", *links)
    loop = Net().zone_with("example.com TXT v=spf1 include:example.com redirect=example.com")
    assert len(spf_names(observed(endless))) == LOOKUPS_MAX
    assert record_names(observed(loop), ()) == ("example.com", "_dmarc.example.com")


def test_a_domain_made_to_cost_questions_costs_no_more_than_its_bounds() -> None:
    terms = " ".join(f"include:spf.d{n}.example" for n in range(30))
    lines = [f"example.com TXT v=spf1 {terms} -all"]
    zones = ["example.com", *(f"d{n}.example" for n in range(30))]
    for zone in zones:
        lines += [f"{zone} NS ns{n}.{zone}" for n in range(30)]
    addresses = iter(range(1, 60_000))
    for zone in zones:
        for n in range(30):
            numbers = [next(addresses) for _ in range(6)]
            lines += [f"ns{n}.{zone} A 192.0.{one >> 8 & 255}.{one & 255}" for one in numbers[:3]]
            lines += [f"ns{n}.{zone} AAAA 2001:db8::{one:x}" for one in numbers[3:]]
    asked = needed(observed(Net().zone_with(*lines)), (KEY,))
    at_servers = [one for one in asked if one.server and one.kind is Kind.TXT]
    own = 3 * PLACES_MAX * 2
    others = LOOKUPS_MAX * OTHER_PLACES_MAX * 2
    assert len(at_servers) == own + others
    assert len(record_names(observed(Net().zone_with(*lines)), (KEY,))) <= NAMES_MAX
    assert len(asked) <= QUESTIONS_MAX
    assert len([one for one in asked if one.name == "com"]) == 1 + CONTROLS_MAX * 2
