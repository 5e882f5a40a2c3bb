from functools import partial

import pytest

from mxproof.evidence import Evidence, Kind, Outcome, Question
from mxproof.survey.outbound import FetchPlan, at_port_25, bracketed, record_id, wanted
from support_certificates import NOW
from support_incident import FIXED
from support_world import Https, ZoneWorld, collect

SIGNED = ("example.com",)
FRESH = FetchPlan()


def asked(world: ZoneWorld, plan: FetchPlan = FRESH) -> set[str]:
    return {str(question) for question in collect(world, partial(wanted, plan=plan)).answers}


def test_an_unsigned_domain_costs_its_mx_its_record_and_its_policy() -> None:
    assert asked(ZoneWorld()) == {
        "MX example.com",
        "TXT _mta-sts.example.com",
        "A mta-sts.example.com",
        "POLICY 192.0.2.80 (mta-sts.example.com)",
    }


@pytest.mark.parametrize(
    ("lines", "https"),
    [
        (("mta-sts.example.com A",), {}),
        (("mta-sts.example.com A !nxdomain",), {}),
        (("mta-sts.example.com A !servfail",), {}),
        (("mta-sts.example.com A !timeout",), {}),
        ((), {"192.0.2.80": Https(status=500)}),
        ((), {"192.0.2.80": Https(outcome=Outcome.REFUSED)}),
        (("mta-sts.example.com A 10.0.0.80",), {}),
    ],
)
def test_a_policy_that_is_not_served_over_ipv4_is_looked_for_over_ipv6(
    lines: tuple[str, ...], https: dict[str, Https]
) -> None:
    world = ZoneWorld().zone_with(*lines, "mta-sts.example.com AAAA 2001:db8::80").but(https=https)
    found = asked(world)
    assert "AAAA mta-sts.example.com" in found
    assert "POLICY 2001:db8::80 (mta-sts.example.com)" in found


@pytest.mark.parametrize("families", [(4, 6), (6, 4)])
def test_ipv6_is_not_asked_about_where_the_policy_came_over_ipv4(families: tuple[int, ...]) -> None:
    world = ZoneWorld().zone_with("mta-sts.example.com AAAA 2001:db8::80").but(families=families)
    assert {one for one in asked(world) if "mta-sts.example.com" in one} == {
        "TXT _mta-sts.example.com",
        "A mta-sts.example.com",
        "POLICY 192.0.2.80 (mta-sts.example.com)",
    }


def test_who_asks_over_ipv6_alone_asks_for_its_addresses_alone() -> None:
    world = ZoneWorld().zone_with("mta-sts.example.com AAAA 2001:db8::80").but(families=(6,))
    assert {one for one in asked(world) if "mta-sts.example.com" in one} == {
        "TXT _mta-sts.example.com",
        "AAAA mta-sts.example.com",
        "POLICY 2001:db8::80 (mta-sts.example.com)",
    }


def test_at_most_four_addresses_are_asked_over_both_families_together() -> None:
    lines = [f"mta-sts.example.com A 192.0.2.{80 + n}" for n in range(3)]
    lines += [f"mta-sts.example.com AAAA 2001:db8::{80 + n}" for n in range(3)]
    world = ZoneWorld().zone_with(*lines)
    broken = {one.split()[-1]: Https(status=500) for one in lines}
    fetched = [one for one in asked(world.but(https=broken)) if one.startswith("POLICY")]
    assert sorted(fetched) == [
        f"POLICY {address} (mta-sts.example.com)"
        for address in ("192.0.2.80", "192.0.2.81", "192.0.2.82", "2001:db8::80")
    ]


def test_a_domain_without_a_record_costs_two_questions() -> None:
    world = ZoneWorld().zone_with("_mta-sts.example.com TXT")
    assert asked(world) == {"MX example.com", "TXT _mta-sts.example.com"}


def test_hosts_of_a_signed_domain_are_asked_for_tlsa() -> None:
    assert {one for one in asked(ZoneWorld(signed=SIGNED)) if one.startswith("TLSA")} == {
        "TLSA _25._tcp.mx1.example.com",
        "TLSA _25._tcp.mx2.example.com",
    }


def test_tlsa_of_insecure_addresses_is_not_asked_for() -> None:
    world = ZoneWorld(signed=SIGNED).zone_with(
        "example.com MX 10 mx.other.example", "mx.other.example A 192.0.2.9"
    )
    assert not any(one.startswith("TLSA") for one in asked(world))
    assert "A mx.other.example" in asked(world)


def test_an_alias_is_asked_for_tlsa_at_both_ends() -> None:
    assert {one for one in asked(FIXED.but(signed=SIGNED)) if one.startswith(("TLSA", "CNAME"))} == {
        f"{kind} {name}.example.com"
        for kind, name in [
            ("CNAME", "mxi1"),
            ("CNAME", "mxi2"),
            ("TLSA", "_25._tcp.mxi1"),
            ("TLSA", "_25._tcp.mxi2"),
            ("TLSA", "_25._tcp.smol"),
            ("TLSA", "_25._tcp.tol"),
        ]
    }


@pytest.mark.parametrize(
    ("plan", "fetched"),
    [
        (FetchPlan(), True),
        (FetchPlan(known_id="20260601"), False),
        (FetchPlan(known_id="20260601", refresh=True), True),
        (FetchPlan(known_id="20250101"), True),
        (FetchPlan(shunned_id="20260601"), False),
        (FetchPlan(shunned_id="20250101"), True),
    ],
)
def test_the_policy_is_fetched_where_it_may_be_another_or_is_due(plan: FetchPlan, fetched: bool) -> None:
    assert any(one.startswith("POLICY") for one in asked(ZoneWorld(), plan)) is fetched


def test_a_refresh_needs_no_record() -> None:
    world = ZoneWorld().zone_with("_mta-sts.example.com TXT !timeout")
    assert any(one.startswith("POLICY") for one in asked(world, FetchPlan(known_id="1", refresh=True)))


def test_addresses_of_the_policy_host_are_tried_one_after_another() -> None:
    zone = "\n".join([ZoneWorld().zone, *(f"mta-sts.example.com A 192.0.2.{81 + n}" for n in range(9))])
    good = ZoneWorld(zone=zone)
    broken = good.but(https={f"192.0.2.{80 + n}": Https(status=500) for n in range(10)})
    second = good.but(https={"192.0.2.80": Https(status=500)})
    counts = [sum(one.startswith("POLICY") for one in asked(world)) for world in (good, second, broken)]
    assert counts == [1, 2, 4]


def test_addresses_that_are_not_public_cost_the_others_no_turn() -> None:
    private = [f"mta-sts.example.com A 10.0.0.{n}" for n in range(1, 9)]
    world = ZoneWorld(zone="\n".join([ZoneWorld().zone, *private]))
    got = collect(world, partial(wanted, plan=FRESH))
    fetched = {one.at: answer.outcome for one, answer in got.answers.items() if one.kind is Kind.POLICY}
    assert fetched == {
        **{f"10.0.0.{n}": Outcome.UNASKED for n in range(1, 9)},
        "192.0.2.80": Outcome.FOUND,
    }


def test_a_destination_in_brackets_is_its_own_exchanger_and_has_no_mx_look_up() -> None:
    world = ZoneWorld(domain="mx1.example.com", signed=SIGNED)
    start = bracketed(Evidence(world.domain), NOW)
    mx = Question(Kind.MX, world.domain)
    got = collect(world, lambda evidence: wanted(evidence.with_answers(start.answers.items()), FRESH))
    assert mx not in got.answers
    assert Question(Kind.TLSA, "_25._tcp.mx1.example.com") in got.answers


def test_another_port_has_tlsa_records_of_its_own() -> None:
    world = ZoneWorld(signed=SIGNED).zone_with("_587._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1")
    got = collect(world, partial(wanted, plan=FetchPlan(port=587)))
    assert {one.name for one in got.answers if one.kind is Kind.TLSA} == {
        "_587._tcp.mx1.example.com",
        "_587._tcp.mx2.example.com",
    }
    moved = at_port_25(got, 587)
    assert moved.answer(Question(Kind.TLSA, "_25._tcp.mx1.example.com")) == got.answer(
        Question(Kind.TLSA, "_587._tcp.mx1.example.com")
    )


@pytest.mark.parametrize(
    ("record", "want"),
    [("v=STSv1; id=7;", "7"), ("v=STSv1; id=a b;", None), ("v=spf1 -all", None), ("!servfail", None)],
)
def test_only_a_valid_record_has_an_id(record: str, want: str | None) -> None:
    world = ZoneWorld().zone_with(f"_mta-sts.example.com TXT {record}")
    assert record_id(collect(world, partial(wanted, plan=FRESH))) == want


def test_after_four_addresses_that_failed_no_other_family_is_asked_about() -> None:
    lines = [f"mta-sts.example.com A 192.0.2.{80 + n}" for n in range(5)]
    world = ZoneWorld().zone_with(*lines, "mta-sts.example.com AAAA 2001:db8::80")
    broken = {f"192.0.2.{80 + n}": Https(status=500) for n in range(5)}
    found = asked(world.but(https=broken))
    assert "AAAA mta-sts.example.com" not in found
    assert sum(one.startswith("POLICY") for one in found) == 4


def test_tlsa_records_wait_for_the_answers_about_both_families() -> None:
    whole = collect(ZoneWorld(signed=SIGNED), partial(wanted, plan=FRESH))
    last = Question(Kind.AAAA, "mx1.example.com")
    tlsa = [Question(Kind.TLSA, f"_25._tcp.{host}.example.com") for host in ("mx1", "mx2")]
    without = whole.without([last, *tlsa])
    assert wanted(without, FRESH) == (last, tlsa[1])
    assert wanted(whole.without(tlsa), FRESH) == tuple(tlsa)
