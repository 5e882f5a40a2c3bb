"""What several checks look for in a domain: whether it takes mail, which policies it serves, and which hosts they lack."""

import pytest

from mxproof.evidence import Kind
from mxproof.judge.checks.seen import (
    deciding,
    is_bogus,
    is_whole,
    served_policies,
    served_policy,
    takes_mail,
    unlisted,
    unsettled,
)
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import HostState, MailDomain
from mxproof.survey.reading import HOSTS_MAX
from support_world import Https, ZoneWorld, collect
from support_worlds import ADDRESSES, DANE, GOOD, INCIDENT, MX1, MX2, WORLDS, policy

POLICY_HOSTS = GOOD.zone_with("mta-sts.example.com A 192.0.2.80", "mta-sts.example.com A 192.0.2.81")


def domain_of(world: ZoneWorld) -> MailDomain:
    return assemble(collect(world), world.at)


def serving(first: Https, second: Https) -> MailDomain:
    """Return a domain whose policy host has two addresses."""
    return domain_of(POLICY_HOSTS.but(https={"192.0.2.80": first, "192.0.2.81": second}))


def patterns(domain: MailDomain) -> list[tuple[str, ...]]:
    return [one.mx for one in served_policies(domain)]


def lacking(world: ZoneWorld) -> list[str]:
    return [one.name for one in unlisted(domain_of(world))]


@pytest.mark.parametrize(
    ("world", "takes"),
    [
        pytest.param(GOOD, True, id="with MX records"),
        pytest.param(GOOD.zone_with("example.com MX"), True, id="without any"),
        pytest.param(GOOD.zone_with("example.com MX !timeout"), True, id="without an answer"),
        pytest.param(GOOD.zone_with("example.com MX 0 ."), False, id="with a null MX"),
        pytest.param(ZoneWorld(zone=""), False, id="without a domain"),
    ],
)
def test_a_domain_takes_mail_unless_it_says_otherwise_or_is_not_there(
    world: ZoneWorld, *, takes: bool
) -> None:
    assert takes_mail(domain_of(world)) is takes


def test_addresses_that_serve_the_same_policy_serve_one() -> None:
    same = Https(body=policy(MX1))
    assert patterns(serving(same, same)) == [(MX1,)]


def test_addresses_that_serve_different_policies_are_all_read_and_the_first_is_the_domains() -> None:
    domain = serving(Https(body=policy(MX1)), Https(body=policy(MX2)))
    assert patterns(domain) == [(MX1,), (MX2,)]
    assert served_policy(domain) == served_policies(domain)[0]


def test_a_policy_counts_that_only_lenient_senders_can_read() -> None:
    junk = policy(MX1) + b"\nthe end\n"
    assert patterns(serving(Https(body=junk), Https(body=policy(MX2)))) == [(MX1,), (MX2,)]


def test_an_address_without_a_policy_is_passed_over() -> None:
    domain = serving(Https(status=404), Https(body=policy(MX2)))
    assert patterns(domain) == [(MX2,)]
    assert served_policy(serving(Https(status=404), Https(body=b"It works!"))) is None


def test_a_host_is_whole_once_both_families_are_answered_though_one_has_nothing() -> None:
    one, other = domain_of(GOOD.zone_with(f"{MX1} A !timeout")).hosts
    assert (one.state, is_whole(one), is_whole(other)) == (HostState.RESOLVED, False, True)


def test_a_host_is_unlisted_once_any_policy_lacks_it() -> None:
    assert lacking(GOOD) == []
    assert lacking(GOOD.but(policy=policy(MX2))) == [MX1]
    both = {"192.0.2.80": Https(body=policy(MX1, MX2)), "192.0.2.81": Https(body=policy(MX1))}
    assert lacking(POLICY_HOSTS.but(https=both)) == [MX2]


def test_a_policy_of_mode_none_lists_nobody_and_lacks_nobody() -> None:
    assert lacking(GOOD.but(policy=policy("old.example.net", mode="none"))) == []
    both = {"192.0.2.80": Https(body=policy("old.example.net", mode="none")), "192.0.2.81": Https()}
    assert lacking(POLICY_HOSTS.but(https=both)) == []


@pytest.mark.parametrize("exchange", ["gone.example.com", "192.0.2.9", "localhost", "empty.example.com"])
def test_a_name_that_is_no_host_is_not_missing_from_the_policy(exchange: str) -> None:
    world = GOOD.zone_with(
        "example.com MX 10 mx1.example.com",
        f"example.com MX 20 {exchange}",
        "x.empty.example.com A 192.0.2.9",
    )
    assert lacking(world.but(policy=policy("mail.example.com"))) == [MX1]


def test_a_host_whose_addresses_are_unknown_may_be_missing_all_the_same() -> None:
    world = GOOD.zone_with(f"{MX2} A !timeout", f"{MX2} AAAA !timeout")
    assert lacking(world.but(policy=policy(MX1))) == [MX2]


def test_hosts_beyond_those_that_are_tested_are_compared_too() -> None:
    assert len(lacking(WORLDS[Code.MX_MANY].world.but(policy=policy(MX1)))) == HOSTS_MAX + 1


def test_what_senders_decide_by_is_asked_of_the_domain_and_of_those_hosts_alone() -> None:
    domain = domain_of(DANE)
    first, _ = domain.hosts
    asked = deciding(domain, [first])
    assert {one.kind for one in asked} == {
        Kind.MX,
        Kind.TXT,
        Kind.A,
        Kind.AAAA,
        Kind.POLICY,
        Kind.TLSA,
        Kind.SMTP,
        Kind.PTR,
    }
    assert {one.at for one in asked if one.kind is Kind.SMTP} == set(ADDRESSES[:2])
    assert not any(one.name.startswith(MX2) for one in asked)


def test_an_alias_is_decided_about_by_all_of_its_sessions() -> None:
    domain = domain_of(INCIDENT)
    sessions = [one for one in deciding(domain, domain.hosts) if one.kind is Kind.SMTP]
    assert {one.name for one in sessions} == {MX1, MX2, "smol.example.com", "tol.example.com"}


def test_answers_say_why_a_host_is_unknown_and_only_then() -> None:
    answers = domain_of(GOOD).hosts[0].answers
    assert unsettled(HostState.UNKNOWN, answers) == answers
    assert unsettled(HostState.NXDOMAIN, answers) == ()


@pytest.mark.parametrize(
    ("lines", "bogus"),
    [
        ((f"{MX1} A !bogus", f"{MX1} AAAA !bogus"), True),
        ((f"{MX1} A !bogus", f"{MX1} AAAA"), True),
        ((f"{MX1} A !bogus", f"{MX1} AAAA !timeout"), False),
        ((f"{MX1} A !timeout", f"{MX1} AAAA !timeout"), False),
        ((f"{MX1} A 192.0.2.1", f"{MX1} AAAA !bogus"), False),
        ((f"{MX1} A", f"{MX1} AAAA"), False),
    ],
    ids=["both", "the only one there is", "one, and one silent", "silent", "one of two", "no address at all"],
)
def test_addresses_are_kept_back_by_signatures_alone_where_nothing_else_failed(
    lines: tuple[str, ...], *, bogus: bool
) -> None:
    domain = domain_of(DANE.zone_with(*lines))
    assert is_bogus(domain, domain.hosts[0]) is bogus


def test_that_other_answers_are_bogus_too_makes_no_difference_to_a_host() -> None:
    world = DANE.zone_with(f"{MX1} A !bogus", f"{MX1} AAAA !bogus", f"{MX2} A !bogus", f"{MX2} AAAA !bogus")
    domain = domain_of(world)
    assert [is_bogus(domain, host) for host in domain.hosts] == [True, True]
