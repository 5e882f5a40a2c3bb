"""What is asked of the name servers behind the records that lead mail to a domain."""

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Outcome, Question
from mxproof.mail.name_servers import name_servers_of
from mxproof.survey import exchange, inbound
from mxproof.survey.exchange import TLSA_HOSTS_MAX, are_asked, records, unserved
from mxproof.survey.name_servers import needed
from mxproof.survey.together import together
from support_evidence import Spy
from support_world import ZoneWorld, collect
from support_worlds import NAMED, NS1, NS2

WALK = together(inbound.wanted, exchange.wanted)
WORLDS = {
    "good": NAMED,
    "signed": NAMED.but(signed=("example.com",)),
    "policy elsewhere": NAMED.zone_with(
        "_mta-sts.example.com CNAME sts.example.net", "sts.example.net TXT v=STSv1; id=1"
    ),
    "no name servers": ZoneWorld(),
}


def _served(evidence: Evidence, kind: Kind, name: str) -> set[str]:
    return {one.server for one in evidence.answers if (one.kind, one.name) == (kind, name) and one.server}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_all_that_is_read_of_the_servers_is_asked(world: ZoneWorld) -> None:
    evidence = collect(world.but(name_servers={}, keys=()), WALK)
    spy = Spy(evidence.answers)
    name_servers_of(msgspec.structs.replace(evidence, answers=spy))
    assert set(needed(evidence, records(evidence))) <= set(evidence.answers)
    assert exchange.wanted(evidence) == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.MX, "example.com"),
        (Kind.TXT, "_mta-sts.example.com"),
        (Kind.TLSA, "_25._tcp.mx1.example.com"),
        (Kind.TLSA, "_25._tcp.mx2.example.com"),
    ],
)
def test_each_record_that_leads_mail_is_asked_of_every_server(kind: Kind, name: str) -> None:
    evidence = collect(NAMED, WALK)
    assert _served(evidence, kind, name) == {*NS1, *NS2}


def test_an_alias_of_the_policy_record_is_asked_of_the_servers_of_its_own_zone() -> None:
    evidence = collect(WORLDS["policy elsewhere"], WALK)
    assert _served(evidence, Kind.TXT, "sts.example.net") == {"203.0.113.53"}


def test_the_hosts_whose_tlsa_records_are_asked_are_bounded() -> None:
    hosts = [f"mx{number}.example.com" for number in range(TLSA_HOSTS_MAX + 3)]
    world = NAMED.zone_with(*(f"example.com MX 10 {host}" for host in hosts))
    asked = [one for one in records(collect(world, WALK)) if one.kind is Kind.TLSA]
    assert len(asked) == TLSA_HOSTS_MAX


def test_what_a_resolver_alone_says_is_a_check_without_servers() -> None:
    evidence = collect(NAMED, WALK)
    alone = collect(NAMED.but(name_servers=None), inbound.wanted)
    assert set(alone.answers) <= set(unserved(evidence).answers)
    assert not any(one.server or one.kind is Kind.NS for one in unserved(evidence).answers)
    assert (are_asked(evidence), are_asked(unserved(evidence))) == (True, False)


def test_servers_that_were_not_asked_for_these_records_show_none() -> None:
    evidence = collect(NAMED)
    kinds = {one.kind for one in name_servers_of(evidence).records}
    assert kinds == {Kind.TXT}
    assert evidence.answer(Question(Kind.MX, "example.com")).outcome is Outcome.FOUND
