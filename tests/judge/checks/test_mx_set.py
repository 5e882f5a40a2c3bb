"""The MX records and the hosts they name: there, with addresses, public, or none at all."""

import pytest

from mxproof.evidence import Alias, Answer, DnsData, Kind, Outcome, Question
from mxproof.formats.address_scope import RANGES
from mxproof.judge.checks import mx_set
from mxproof.judge.codes import Code
from mxproof.judge.value import HostFault, NotPublic
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Ipv6Value, MxValue, Publish, Withdraw
from mxproof.mail.domain import HostState
from mxproof.survey.reading import HOSTS_MAX
from support_findings import codes, only, places
from support_world import Https, ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2, WORLDS


def test_hosts_with_addresses_are_in_order() -> None:
    finding = only(GOOD, Code.MX_OK, mx_set.check)
    assert (finding.params["hosts"], finding.params["count"]) == ((MX1, MX2), 3)


def test_each_host_that_leads_nowhere_is_a_finding_of_its_own() -> None:
    world = GOOD.zone_with(
        "example.com MX 5 mx1.example.com",
        "example.com MX 10 gone.example.com",
        "example.com MX 20 192.0.2.1",
    )
    got = places(world, mx_set.check)
    assert got == [(Code.MX_DANGLING, "gone.example.com"), (Code.MX_ADDRESS_LITERAL, "192.0.2.1")]


def test_a_host_that_exists_without_address_leads_nowhere_too() -> None:
    world = GOOD.zone_with("mx2.example.com A", "x.mx2.example.com A 192.0.2.2")
    finding = only(world, Code.MX_DANGLING, mx_set.check)
    assert finding.params["seen"] == HostFault(HostState.NO_ADDRESS)


def test_an_alias_that_leads_nowhere_is_named_with_its_target() -> None:
    world = GOOD.zone_with("mx2.example.com CNAME gone.example.net")
    finding = only(world, Code.MX_DANGLING, mx_set.check)
    assert finding.params["seen"] == HostFault(HostState.NXDOMAIN, ("gone.example.net",))


def test_an_alias_that_leads_back_to_itself_is_called_so() -> None:
    """A resolver that answers with the loop itself, in place of an error, is what shows it."""
    evidence = collect(GOOD)
    loop = (Alias("mx2.example.com", "a.example.net"), Alias("a.example.net", "mx2.example.com"))
    answers = [
        (
            Question(kind, "mx2.example.com"),
            Answer(Outcome.EMPTY, GOOD.at, DnsData("NOERROR", secure=False, chain=loop)),
        )
        for kind in (Kind.A, Kind.AAAA)
    ]
    domain = assemble(evidence.with_answers(answers), GOOD.at)
    (finding,) = (one for one in mx_set.check(domain) if one.code == Code.MX_DANGLING)
    assert finding.params["seen"] == HostFault(HostState.ALIAS_LOOP, ("a.example.net",))


def test_a_name_with_an_underscore_is_a_warning_of_its_own() -> None:
    world = WORLDS[Code.MX_NAME_UNDERSCORE].world
    assert codes(world, mx_set.check) == [Code.MX_NAME_UNDERSCORE]


def test_localhost_is_named_as_such() -> None:
    for name in ("localhost", "LOCALHOST", "mail.localhost", "localhost.localdomain"):
        assert places(GOOD.zone_with(f"example.com MX 10 {name}"), mx_set.check) == [
            (Code.MX_LOCALHOST, name.lower())
        ]


def test_addresses_that_are_not_public_are_named_with_their_range_and_can_go_where_others_stay() -> None:
    world = GOOD.zone_with("mx2.example.com A 192.0.2.2", "mx2.example.com AAAA 64:ff9b::a00:1")
    finding = only(world, Code.MX_ADDRESS_NOT_PUBLIC, mx_set.check)
    (private,) = (row for row in RANGES if row.network == "10.0.0.0/8")
    assert (finding.subject, finding.params["seen"]) == (MX2, (NotPublic("64:ff9b::a00:1", private),))
    assert finding.changes == (Withdraw(MX2, Ipv6Value("64:ff9b::a00:1")),)
    assert Code.MX_OK not in codes(world, mx_set.check)


def test_a_domain_without_mx_records_may_have_an_address_that_is_not_public() -> None:
    world = GOOD.zone_with("example.com MX", "example.com A 10.0.0.1")
    assert codes(world, mx_set.check) == [Code.MX_IMPLICIT, Code.MX_ADDRESS_NOT_PUBLIC]


def test_no_answer_about_a_host_is_unknown() -> None:
    world = GOOD.zone_with("mx2.example.com A !servfail", "mx2.example.com AAAA !timeout")
    assert codes(world, mx_set.check) == [Code.MX_HOST_UNANSWERED]


def test_no_answer_about_the_records_is_unknown() -> None:
    for fault in ("!timeout", "!servfail", "!refused"):
        assert codes(GOOD.zone_with(f"example.com MX {fault}"), mx_set.check) == [Code.MX_UNANSWERED]


def test_a_domain_without_mx_records_stands_for_itself() -> None:
    lines = ("example.com MX", "example.com A 192.0.2.1")
    assert codes(GOOD.zone_with(*lines), mx_set.check) == [Code.MX_IMPLICIT]
    assert codes(GOOD.zone_with("example.com MX"), mx_set.check) == [Code.MX_NO_ADDRESS]
    assert codes(GOOD.zone_with("example.com MX", "example.com A !timeout"), mx_set.check) == [
        Code.MX_HOST_UNANSWERED
    ]


def test_a_domain_that_does_not_exist_is_no_domain_without_mx() -> None:
    assert codes(ZoneWorld(zone=""), mx_set.check) == [Code.DOMAIN_MISSING]


def test_a_null_mx_beside_others_is_not_in_order() -> None:
    """RFC 7505 section 3; alone it is right."""
    assert codes(WORLDS[Code.MX_NULL_MIXED].world, mx_set.check) == [Code.MX_NULL_MIXED]
    assert codes(WORLDS[Code.MX_NULL].world, mx_set.check) == [Code.MX_NULL]


def test_a_policy_of_a_domain_that_takes_no_mail_is_told() -> None:
    null = GOOD.zone_with("example.com MX 0 .")
    assert codes(null, mx_set.check) == [Code.MX_NULL, Code.MX_NULL_POLICY]
    unannounced = null.zone_with("_mta-sts.example.com TXT")
    assert codes(unannounced, mx_set.check) == [Code.MX_NULL, Code.MX_NULL_POLICY]
    assert codes(unannounced.zone_with("mta-sts.example.com A"), mx_set.check) == [Code.MX_NULL]


def test_a_policy_beside_a_null_mx_is_told_by_the_addresses_that_serve_it() -> None:
    world = GOOD.zone_with(
        "example.com MX 0 .",
        "_mta-sts.example.com TXT",
        "mta-sts.example.com A 192.0.2.80",
        "mta-sts.example.com A 192.0.2.81",
    ).but(https={"192.0.2.81": Https(status=404)})
    finding = only(world, Code.MX_NULL_POLICY, mx_set.check)
    assert [one.at for one in finding.evidence if one.kind is Kind.POLICY] == ["192.0.2.80"]
    assert (finding.way, finding.changes) == ("served", ())


def test_a_text_beside_a_null_mx_that_is_no_policy_is_left_alone() -> None:
    world = GOOD.zone_with("example.com MX 0 .", "_mta-sts.example.com TXT").but(policy=b"It works!")
    assert codes(world, mx_set.check) == [Code.MX_NULL]


def test_no_set_is_called_good_while_an_address_of_a_host_is_unknown() -> None:
    assert codes(GOOD.zone_with(f"{MX2} AAAA !timeout"), mx_set.check) == []


def test_a_host_that_leads_nowhere_can_leave_and_one_that_is_unknown_stays() -> None:
    world = GOOD.zone_with("example.com MX 10 mx1.example.com", "example.com MX 20 gone.example.com")
    dangling = only(world, Code.MX_DANGLING, mx_set.check)
    assert (dangling.way, dangling.changes) == (
        "retire",
        (Withdraw("example.com", MxValue(20, "gone.example.com")),),
    )
    silent = GOOD.zone_with(f"{MX2} A !timeout", f"{MX2} AAAA !timeout")
    unknown = only(silent, Code.MX_HOST_UNANSWERED, mx_set.check)
    assert (unknown.way, unknown.changes) == ("", ())


def test_the_last_addresses_of_a_host_are_not_taken_away_though_they_are_not_public() -> None:
    finding = only(GOOD.zone_with(f"{MX2} A 10.0.0.2"), Code.MX_ADDRESS_NOT_PUBLIC, mx_set.check)
    assert (finding.subject, finding.way, finding.changes) == (MX2, "", ())


def test_a_domain_that_stands_for_itself_is_told_the_record_that_says_so() -> None:
    world = GOOD.zone_with("example.com MX", "example.com A 192.0.2.1")
    finding = only(world, Code.MX_IMPLICIT, mx_set.check)
    assert finding.changes == (Publish("example.com", MxValue(10, "example.com")),)


@pytest.mark.parametrize(
    "world",
    [
        GOOD.zone_with(f"{MX1} A", f"{MX2} A !timeout", f"{MX2} AAAA 2001:db8::2"),
        WORLDS[Code.MX_MANY].world.zone_with(
            *(f"mx{place}.example.com A" for place in range(1, HOSTS_MAX + 3)),
            *(f"mx{place}.example.com AAAA 2001:db8::1" for place in range(1, HOSTS_MAX + 3)),
        ),
    ],
    ids=["an address is unknown", "hosts were not looked at"],
)
def test_ipv4_is_not_called_missing_where_an_address_of_it_may_have_been_overlooked(world: ZoneWorld) -> None:
    assert Code.MX_IPV4_MISSING not in codes(world, mx_set.check)


def test_a_host_whose_addresses_are_bogus_alone_is_left_to_what_is_said_of_signatures() -> None:
    bogus = GOOD.zone_with(f"{MX2} A !bogus", f"{MX2} AAAA !bogus")
    assert codes(bogus, mx_set.check) == []
    half = GOOD.zone_with(f"{MX2} A !bogus", f"{MX2} AAAA !timeout")
    assert places(half, mx_set.check) == [(Code.MX_HOST_UNANSWERED, MX2)]


def test_a_private_address_of_an_alias_is_withdrawn_at_its_target() -> None:
    target, private = "smol.example.com", "fd00::1"
    world = GOOD.zone_with(f"{MX2} CNAME {target}", f"{target} A 192.0.2.2", f"{target} AAAA {private}")
    finding = only(world, Code.MX_ADDRESS_NOT_PUBLIC, mx_set.check)
    assert (finding.subject, finding.params["addresses"], finding.way) == (MX2, (private,), "withdraw")
    assert finding.changes == (Withdraw(target, Ipv6Value(private)),)
    assert finding.evidence[-1] == Question(Kind.SMTP, MX2, private)
