"""Domains of customers: the aliases that they need, and the policy that they get."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Answer, DnsData, Evidence, Kind, NameRecord, Outcome, Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.publish.customer import (
    WantedAlias,
    certificate_aliases,
    customer_policy,
    leads_elsewhere,
    wanted_aliases,
)
from support_certificates import NOW
from support_customers import RECORD, TEMPLATE, customer, mx_of
from support_publication import DOMAIN
from support_world import collect


def test_both_aliases_are_wanted_of_a_zone_that_has_neither(tmp_path: Path) -> None:
    look = customer(tmp_path, "mta-sts.example.com A 192.0.2.80").look(DOMAIN)
    assert wanted_aliases(look, TEMPLATE) == (
        WantedAlias("_mta-sts.example.com", RECORD),
        WantedAlias("mta-sts.example.com", "host.example.com"),
    )


def test_aliases_that_lead_elsewhere_are_wanted_too(tmp_path: Path) -> None:
    elsewhere = (
        "_mta-sts.example.com CNAME other.example.com",
        "mta-sts.example.com CNAME other.example.com",
    )
    look = customer(tmp_path, *elsewhere).look(DOMAIN)
    assert [one.leads_to for one in wanted_aliases(look, TEMPLATE)] == ["other.example.com"] * 2
    assert wanted_aliases(customer(tmp_path).look(DOMAIN), TEMPLATE) == ()


def test_a_policy_lists_the_hosts_that_the_domain_has(tmp_path: Path) -> None:
    made = customer_policy(mx_of(customer(tmp_path)), TEMPLATE, None)
    assert made == Policy(Mode.TESTING, 86_400, ("mx1.example.com", "mx2.example.com"))


def test_what_was_published_keeps_its_mode_and_follows_the_hosts_wherever_they_go(tmp_path: Path) -> None:
    world = customer(tmp_path)
    world.world = world.world.zone_with("example.com MX 10 mx.other.example")
    last = Policy(Mode.ENFORCE, 604_800, ("mx1.example.com",))
    followed = customer_policy(mx_of(world), TEMPLATE, last)
    assert followed == Policy(Mode.ENFORCE, 604_800, ("mx.other.example",))
    assert isinstance(customer_policy(mx_of(world), TEMPLATE, None), str)
    any_host = msgspec.structs.replace(TEMPLATE, ours=())
    assert isinstance(customer_policy(mx_of(world), any_host, None), Policy)


@pytest.mark.parametrize("line", ["example.com MX 0 .", "example.com MX"])
def test_a_domain_that_takes_no_mail_has_no_policy(tmp_path: Path, line: str) -> None:
    world = customer(tmp_path)
    world.world = world.world.zone_with(line)
    assert isinstance(customer_policy(mx_of(world), TEMPLATE, None), str)


def test_mx_records_that_nobody_tells_of_make_no_policy() -> None:
    assert isinstance(customer_policy(Evidence(DOMAIN), TEMPLATE, None), str)


HOST = "mta-sts.example.com"


@pytest.mark.parametrize(
    ("line", "leads_here"),
    [
        (f"{HOST} CNAME host.example.com", True),
        (f"{HOST} CNAME other.example.com", False),
        (f"{HOST} A 192.0.2.80", False),
        (HOST, False),
    ],
)
def test_a_host_leads_here_by_its_alias_alone(tmp_path: Path, line: str, *, leads_here: bool) -> None:
    world = customer(tmp_path, line if " " in line else f"{line} A")
    question = Question(Kind.CNAME, HOST)
    look = collect(world.world, lambda evidence: () if question in evidence.answers else (question,))
    assert (leads_elsewhere(look, WantedAlias(HOST, "host.example.com")) == "") is leads_here


def test_a_host_whose_alias_nobody_tells_of_does_not_lead_here() -> None:
    assert leads_elsewhere(Evidence(DOMAIN), WantedAlias(HOST, "host.example.com"))


def aliased(*targets: str) -> Answer:
    records = tuple(map(NameRecord, targets))
    return Answer(Outcome.FOUND, NOW, DnsData("NOERROR", secure=False, records=records))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(Outcome.TIMEOUT, NOW), f"{HOST}: its alias could not be looked up (timeout)"),
        (Answer(Outcome.NXDOMAIN, NOW), f"{HOST} is no alias of host.example.com"),
        (Answer(Outcome.EMPTY, NOW), f"{HOST} is no alias of host.example.com"),
        (aliased("other.example.com"), f"{HOST} is an alias of other.example.com, not of host.example.com"),
        (aliased("host.example.com", "other.example.com"), f"{HOST} is no alias of host.example.com"),
        (aliased("host.example.com"), ""),
    ],
)
def test_where_a_host_leads_is_said_by_what_a_resolver_says_of_its_alias(answer: Answer, words: str) -> None:
    look = Evidence(DOMAIN).with_answers([(Question(Kind.CNAME, HOST), answer)])
    assert leads_elsewhere(look, WantedAlias(HOST, "host.example.com")) == words


def test_a_certificate_that_is_proved_by_records_wants_an_alias_for_them_too() -> None:
    host = WantedAlias(HOST, "host.example.com")
    proof = WantedAlias(f"_acme-challenge.{HOST}", f"_acme-challenge.{RECORD}")
    made = [
        certificate_aliases(DOMAIN, "sts.example.com", "host.example.com", by_record=by_record)
        for by_record in (False, True)
    ]
    assert made == [(host,), (host, proof)]
