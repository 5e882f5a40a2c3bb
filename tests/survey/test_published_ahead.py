"""What is asked of a domain that is published: everybody who serves its record and its policy, and whom an alias leads to."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    DnsData,
    Evidence,
    Kind,
    NameRecord,
    Outcome,
    Question,
    Transport,
)
from mxproof.survey import published
from mxproof.survey.name_servers import ALIASES_ASKED_MAX
from mxproof.survey.published import (
    PUBLISHED_ADDRESSES_MAX,
    PUBLISHED_SERVERS_MAX,
    asked_anew,
    beyond,
    owner,
    where_served,
    with_policy_host,
)
from mxproof.survey.reading import addresses
from support_answers import Said, told
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import NAMED, NS1, NS2

HOST = "mta-sts.example.com"
TARGET = "host.example.net"
NOT_YET = NAMED.zone_with(f"{HOST} A", f"{TARGET} A 192.0.2.80", f"{TARGET} AAAA 2001:db8::80")
ALIASED = NOT_YET.zone_with(f"{HOST} CNAME {TARGET}").zone
AHEAD = NOT_YET.at_servers((*NS1, *NS2), At(zone=ALIASED))
"""The servers of the zone have an alias that the resolver, asked before, holds not to be there."""


def look(world: ZoneWorld) -> Evidence:
    return collect(world, published.wanted)


def test_the_record_is_asked_for_at_every_address_of_its_servers_over_both_transports() -> None:
    asked = {
        (one.server, one.transport)
        for one in look(NAMED).answers
        if one.kind is Kind.TXT and one.name == "_mta-sts.example.com" and one.server
    }
    assert asked == {(address, over) for address in (*NS1, *NS2) for over in (Transport.UDP, Transport.TCP)}


def test_the_policy_host_is_asked_where_its_own_servers_lead_though_the_resolver_holds_that_it_is_not_there() -> (
    None
):
    evidence = look(AHEAD)
    assert addresses(evidence, HOST) == ()
    assert addresses(with_policy_host(evidence), HOST) == ("192.0.2.80", "2001:db8::80")
    asked = {one.at for one in evidence.answers if one.kind is Kind.POLICY}
    assert asked == {"192.0.2.80", "2001:db8::80"}
    answer, data = with_policy_host(evidence).dns(Kind.A, HOST)
    assert isinstance(data, DnsData)
    assert list(data.chain) == [Alias(HOST, TARGET)]
    assert answer.at == evidence.answer(Question(Kind.A, TARGET)).at


@pytest.mark.parametrize("world", [NAMED, NOT_YET])
def test_where_the_resolver_knows_the_host_or_nobody_does_it_stays_as_it_is(world: ZoneWorld) -> None:
    evidence = look(world)
    assert with_policy_host(evidence) == evidence


def test_one_server_that_is_ahead_of_the_others_is_enough_to_know_whom_the_host_is_an_alias_of() -> None:
    evidence = look(NOT_YET.at_servers(NS2, At(zone=ALIASED)))
    assert addresses(with_policy_host(evidence), HOST) == ("192.0.2.80", "2001:db8::80")


def test_only_what_changes_while_something_is_published_is_asked_anew() -> None:
    evidence = look(NAMED)
    anew = set(asked_anew(evidence))
    assert {one.kind for one in anew if one.at} == {Kind.POLICY}
    assert anew == {one for one in evidence.answers if one.server or one.at or one.name == HOST}
    assert Question(Kind.A, HOST) in anew
    assert Question(Kind.TXT, "_mta-sts.example.com", server=NS1[0], transport=Transport.UDP) in anew
    kept = set(evidence.answers) - anew
    assert {Question(Kind.NS, "example.com"), Question(Kind.A, "ns1.example.com")} <= kept


def test_the_owner_of_a_record_stands_at_the_end_of_the_aliases_of_its_name() -> None:
    record = Question(Kind.TXT, "_mta-sts.example.com")
    assert owner(look(NAMED), record) == "_mta-sts.example.com"
    aliased = NAMED.zone_with(
        "_mta-sts.example.com CNAME sts.example.net", "sts.example.net TXT v=STSv1; id=1;"
    )
    assert owner(look(aliased), record) == "sts.example.net"


def test_sixteen_servers_of_a_zone_are_asked_and_of_more_it_is_told() -> None:
    def names(count: int) -> list[str]:
        return [f"ns{number:02}.example.com" for number in range(count)]

    def world(count: int) -> ZoneWorld:
        hosts = [f"{name} A 198.51.100.{number + 1}" for number, name in enumerate(names(count))]
        return NAMED.zone_with(*(f"example.com NS {name}" for name in names(count)), *hosts)

    assert PUBLISHED_SERVERS_MAX == 16
    for count, left in ((16, 0), (17, 1)):
        evidence = look(world(count))
        assert len(where_served(evidence, "_mta-sts.example.com")) == 16
        assert len(beyond(evidence, "_mta-sts.example.com")) == left


RECORD = Question(Kind.TXT, "_mta-sts.example.com")


def test_of_two_aliases_the_last_one_has_the_record_and_is_asked_of_its_own_servers() -> None:
    links = (Alias(RECORD.name, "sts.example.org"), Alias("sts.example.org", "sts.example.net"))
    evidence = told(
        {
            RECORD: DnsData("NOERROR", secure=False, chain=links),
            Question(Kind.NS, "sts.example.net"): Outcome.EMPTY,
            Question(Kind.NS, "example.net"): (NameRecord("ns.example.net"),),
            Question(Kind.A, "ns.example.net"): (AddressRecord("203.0.113.53"),),
        }
    )
    assert owner(evidence, RECORD) == "sts.example.net"
    asked = [one for one in published.wanted(evidence) if one.server]
    assert asked == [
        Question(Kind.TXT, "sts.example.net", server="203.0.113.53", transport=over)
        for over in (Transport.UDP, Transport.TCP)
    ]


def test_thirty_two_addresses_of_all_servers_are_asked() -> None:
    servers = [f"ns{number:02}.example.com" for number in range(12)]
    said: dict[Question, Said] = {
        Question(Kind.NS, "example.com"): tuple(map(NameRecord, servers)),
        **{
            Question(Kind.A, server): tuple(AddressRecord(f"192.0.{place}.{n}") for n in range(3))
            for place, server in enumerate(servers)
        },
    }
    found = where_served(told(said), "example.com")
    assert len(found) == PUBLISHED_ADDRESSES_MAX == 32
    assert [one.server for one in found] == [name for name in servers for _ in range(3)][:32]
    assert beyond(told(said), "example.com") == ("ns11.example.com",)


def ahead(targets: list[str], known: dict[str, Said]) -> Evidence:
    """Return evidence in which each name server has the policy host as an alias of another target."""
    servers = [f"ns{place}.example.com" for place in range(len(targets))]
    said: dict[Question, Said] = {
        Question(Kind.NS, HOST): Outcome.EMPTY,
        Question(Kind.NS, "example.com"): tuple(map(NameRecord, servers)),
        **{Question(Kind.A, name): answer for name, answer in known.items()},
    }
    for place, (server, target) in enumerate(zip(servers, targets, strict=True)):
        address = f"192.0.2.{place + 1}"
        said[Question(Kind.A, server)] = (AddressRecord(address),)
        said[Question(Kind.CNAME, HOST, server=address, transport=Transport.UDP)] = (NameRecord(target),)
    return told(said)


def test_where_servers_lead_to_different_hosts_the_first_counts_and_four_are_asked_about() -> None:
    targets = [f"t{place}.example.net" for place in range(ALIASES_ASKED_MAX + 1)]
    evidence = ahead(targets, {})
    asked = [one.name for one in published.wanted(evidence) if one.kind is Kind.A and one.name in targets]
    assert asked == targets[:ALIASES_ASKED_MAX]
    known: dict[str, Said] = {
        "t0.example.net": (AddressRecord("192.0.2.80"),),
        "t1.example.net": (AddressRecord("192.0.2.81"),),
    }
    assert addresses(with_policy_host(ahead(targets, known)), HOST) == ("192.0.2.80",)
    del known["t0.example.net"]
    assert addresses(with_policy_host(ahead(targets, known)), HOST) == ("192.0.2.81",)


def test_an_alias_of_an_alias_is_told_whole() -> None:
    further = Alias("t0.example.net", "web.example.org")
    data = DnsData("NOERROR", secure=False, records=(AddressRecord("192.0.2.80"),), chain=(further,))
    _, seen = with_policy_host(ahead(["t0.example.net"], {"t0.example.net": data})).dns(Kind.A, HOST)
    assert seen is not None
    assert seen.chain == (Alias(HOST, "t0.example.net"), further)


def test_a_policy_that_was_fetched_from_another_host_is_fetched_anew() -> None:
    questions = (
        Question(Kind.POLICY, "mta-sts.example.net", "192.0.2.80"),
        Question(Kind.AAAA, HOST),
        Question(Kind.NS, "example.com", server="192.0.2.53"),
        Question(Kind.NS, "example.com"),
        RECORD,
    )
    assert asked_anew(told(dict.fromkeys(questions, Outcome.EMPTY))) == questions[:3]
