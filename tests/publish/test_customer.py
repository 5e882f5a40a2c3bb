"""Domains of customers: the aliases that they need, the policy that they get, and all of them gone through."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Answer, DnsData, Evidence, Kind, NameRecord, Outcome, Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.publish.customer import (
    CertificateWanted,
    CustomerTemplate,
    WantedAlias,
    certificate_aliases,
    customer_policy,
    leads_elsewhere,
    wanted_aliases,
)
from mxproof.publish.customers import CustomerEnd, CustomerResult, Customers
from mxproof.publish.state import PublishedState, decoded
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from support_certificates import NOW
from support_publication import DOMAIN, SERVERS, PublishedWorld, bare
from support_world import Https, collect

TEMPLATE = CustomerTemplate("sts.example.com", "host.example.com", Mode.TESTING, 86_400, ("*.example.com",))
RECORD = "example.com.sts.example.com"
ALIASES = (
    f"_mta-sts.example.com CNAME {RECORD}",
    "mta-sts.example.com CNAME host.example.com",
    "host.example.com A 192.0.2.80",
)


def customer(folder: Path, *lines: str) -> PublishedWorld:
    made = bare(folder)
    made.world = made.world.zone_with("mta-sts.example.com A", *(lines or ALIASES))
    return made


def mx_of(world: PublishedWorld) -> Evidence:
    def wanted(evidence: Evidence) -> tuple[Question, ...]:
        asked = Question(Kind.MX, DOMAIN)
        return () if asked in evidence.answers else (asked,)

    return collect(world.world, wanted)


def gone_through(
    world: PublishedWorld, certificates: list[str] | None = None, *, dry: bool = False
) -> CustomerResult:
    asked: list[str] = [] if certificates is None else certificates

    def obtain(hosts: Sequence[str]) -> dict[str, ToldCertificate]:
        asked.extend(hosts)
        return {one: ToldCertificate(1, one, CertificateEnd.ISSUED, None, None, None, "") for one in hosts}

    def published(domain: str) -> PublishedState | None:
        last = world.journal().published(domain)
        return decoded(last[0].after) if last else None

    made = Customers(
        world.publisher(),
        TEMPLATE,
        published=published,
        receiving=lambda domain: mx_of(world),
        read_again=lambda: None,
        pause=world.pause,
        patience_s=10.0,
        obtain=obtain,
    )
    (result,) = made.go_through([DOMAIN], dry=dry)
    return result


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


def test_the_record_is_altered_at_the_name_in_our_zone_under_an_id_of_its_own(tmp_path: Path) -> None:
    world = customer(tmp_path)
    result = gone_through(world)
    assert result.end is CustomerEnd.PUBLISHED
    assert result.publication is not None
    assert result.publication.state is not None
    assert f"{RECORD} TXT v=STSv1; id={result.publication.state.id};" in world.world.zone
    assert "mode: testing" in world.served()
    again = gone_through(world)
    assert (again.end, again.publication and again.publication.state) == (
        CustomerEnd.PUBLISHED,
        result.publication.state,
    )


def test_without_its_aliases_nothing_is_done(tmp_path: Path) -> None:
    world = customer(tmp_path, "mta-sts.example.com A 192.0.2.80")
    result = gone_through(world)
    assert (result.end, len(result.aliases)) == (CustomerEnd.ALIASES, 2)
    assert (world.served(), world.journal().history(DOMAIN, 5)) == ("", ())


def test_a_dry_run_publishes_nothing(tmp_path: Path) -> None:
    world = customer(tmp_path)
    assert gone_through(world, dry=True).end is CustomerEnd.PLANNED
    assert (world.served(), world.journal().history(DOMAIN, 5)) == ("", ())


def test_a_host_without_a_certificate_wants_one_once_and_nothing_is_announced(tmp_path: Path) -> None:
    world = customer(tmp_path)
    world.world = world.world.but(https={"192.0.2.80": Https(names=("other.example.com",))})
    asked: list[str] = []
    result = gone_through(world, asked)
    assert (result.end, result.certificate) == (
        CustomerEnd.CERTIFICATE,
        CertificateWanted("mta-sts.example.com"),
    )
    assert asked == ["mta-sts.example.com"]
    assert result.order is not None
    assert result.order.end is CertificateEnd.ISSUED
    assert RECORD not in world.world.zone.replace(ALIASES[0], "")
    world.world = world.world.but(https={})
    last = gone_through(world)
    assert (last.end, last.order) == (CustomerEnd.PUBLISHED, None)


@pytest.mark.parametrize(
    "lines",
    [
        ("mta-sts.example.com A 192.0.2.80",),
        (ALIASES[0], "mta-sts.example.com CNAME other.example.com", "other.example.com A 192.0.2.80"),
        ALIASES[1:],
    ],
)
def test_no_certificate_is_ordered_for_a_customer_whose_aliases_do_not_lead_here(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    world = customer(tmp_path, *lines)
    world.world = world.world.but(https={"192.0.2.80": Https(names=("other.example.com",))})
    asked: list[str] = []
    assert gone_through(world, asked).end is CustomerEnd.ALIASES
    assert asked == []


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


def test_a_server_that_lags_is_waited_for_and_named(tmp_path: Path) -> None:
    world = customer(tmp_path)
    world.lagging = SERVERS[1:]
    result = gone_through(world)
    assert result.end is CustomerEnd.WAITING
    world.catch_up()
    assert gone_through(world).end is CustomerEnd.PUBLISHED
