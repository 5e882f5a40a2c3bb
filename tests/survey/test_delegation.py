"""What leads to a zone, and which of the servers that it leads to are asked beside those of the zone itself."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    DnsData,
    DnsRecord,
    GlueRecord,
    Kind,
    NameRecord,
    Outcome,
    Question,
    Vantage,
)
from mxproof.survey.delegation import delegation_data, led_addresses, led_only, led_to, needed, zone_above
from mxproof.survey.name_servers import SERVER_ADDRESSES_MAX
from support_answers import Said, told

AUTHORITATIVE = b"\0\0\x84\0"
LEADING = Question(Kind.DELEGATION, "example.com", server="203.0.113.1")
ZONE: dict[Question, Said] = {
    Question(Kind.NS, "com"): (NameRecord("a.nic.com"),),
    Question(Kind.A, "a.nic.com"): (AddressRecord("203.0.113.1"),),
    Question(Kind.NS, "example.com"): (NameRecord("ns1.example.com"),),
    Question(Kind.A, "ns1.example.com"): (AddressRecord("192.0.2.53"),),
}
OLD = (
    NameRecord("old.example.com"),
    GlueRecord("old.example.com", "192.0.2.54"),
    GlueRecord("old.example.com", "2001:db8::54"),
)


@pytest.mark.parametrize(
    ("families", "resolved", "want"),
    [
        ((4, 6), (), ["192.0.2.54", "2001:db8::54"]),
        ((4,), (), ["192.0.2.54"]),
        ((6,), (), ["2001:db8::54"]),
        ((4, 6), (AddressRecord("192.0.2.55"),), ["192.0.2.55"]),
        ((4, 6), (AddressRecord("192.0.2.53"),), []),
    ],
)
def test_a_server_that_only_the_zone_above_names_is_asked_at_its_addresses_or_its_glue(
    families: tuple[int, ...], resolved: tuple[DnsRecord, ...], want: list[str]
) -> None:
    said = ZONE | {LEADING: (NameRecord("ns1.example.com"), *OLD)}
    if resolved:
        said[Question(Kind.A, "old.example.com")] = resolved
    evidence = told(said, vantage=Vantage(families=families))
    # The servers of the zone above are found by their own addresses, IPv4 here.
    if 4 not in families:
        evidence = told(
            said
            | {
                Question(Kind.AAAA, "a.nic.com"): (AddressRecord("2001:db8::1"),),
                Question(Kind.DELEGATION, "example.com", server="2001:db8::1"): OLD,
            },
            vantage=Vantage(families=families),
        )
    assert led_only(evidence, "example.com") == ("old.example.com",)
    assert [one.address for one in led_addresses(evidence, "example.com")] == want


@pytest.mark.parametrize(
    ("said", "want"),
    [
        (OLD, {"old.example.com": ("192.0.2.54", "2001:db8::54")}),
        (DnsData("NOERROR", secure=False, records=OLD, wire=AUTHORITATIVE), {}),
        (Outcome.TIMEOUT, {}),
        ((), {}),
    ],
)
def test_a_server_leads_that_does_not_answer_from_the_zone_itself(
    said: Said, want: dict[str, tuple[str, ...]]
) -> None:
    evidence = told(ZONE | {LEADING: said})
    assert led_to(evidence, "example.com") == want
    assert (delegation_data(evidence, LEADING) is None) is (
        said is Outcome.TIMEOUT or isinstance(said, DnsData)
    )


@pytest.mark.parametrize(
    ("zone", "answers", "want"),
    [
        ("com", {}, None),
        ("example.com", {}, "com"),
        (
            "a.b.example.com",
            {"b.example.com": Outcome.EMPTY, "example.com": (NameRecord("ns1.example.com"),)},
            "example.com",
        ),
        ("a.b.example.com", {"b.example.com": Outcome.EMPTY, "example.com": Outcome.NXDOMAIN}, "com"),
        ("a.b.example.com", {"b.example.com": Outcome.EMPTY, "example.com": Outcome.SERVFAIL}, None),
        ("a.b.example.com", {"b.example.com": Outcome.SERVFAIL, "example.com": Outcome.EMPTY}, None),
    ],
)
def test_the_zone_above_is_the_nearest_that_has_name_servers(
    zone: str, answers: dict[str, Said], want: str | None
) -> None:
    evidence = told({Question(Kind.NS, name): said for name, said in answers.items()})
    assert zone_above(evidence, zone) == want


@pytest.mark.parametrize(
    ("above", "want"),
    [
        ({}, ["mail.b.example.com", "b.example.com"]),
        ({"b.example.com": (NameRecord("ns.b.example.com"),)}, ["mail.b.example.com", "b.example.com"]),
        (
            {"b.example.com": Outcome.EMPTY, "example.com": Outcome.NXDOMAIN},
            ["mail.b.example.com", "b.example.com", "example.com"],
        ),
        (
            {
                "b.example.com": DnsData(
                    "NOERROR", secure=False, chain=(Alias("b.example.com", "c.example.net"),)
                )
            },
            ["mail.b.example.com", "b.example.com", "example.com"],
        ),
        ({"b.example.com": Outcome.SERVFAIL}, ["mail.b.example.com", "b.example.com"]),
    ],
    ids=["not known yet", "found", "not there", "an alias", "failed"],
)
def test_the_zone_above_is_asked_for_name_by_name(above: dict[str, Said], want: list[str]) -> None:
    own: dict[Question, Said] = {Question(Kind.NS, "a.mail.b.example.com"): (NameRecord("ns1.example.com"),)}
    said: dict[Question, Said] = {Question(Kind.NS, "mail.b.example.com"): Outcome.EMPTY}
    said |= {Question(Kind.NS, name): answer for name, answer in above.items()}
    asked = needed(told(own | said, domain="a.mail.b.example.com"))
    names = [one.name for one in asked if one.kind is Kind.NS and not one.server]
    assert list(dict.fromkeys(name for name in names if name != "com")) == want


def test_servers_that_the_zone_above_alone_names_are_asked_at_sixteen_addresses_over_both_transports() -> (
    None
):
    led = [f"old{place}.example.com" for place in range(5)]
    glue = [GlueRecord(name, f"198.51.{place}.{n}") for place, name in enumerate(led) for n in range(1, 6)]
    evidence = told(ZONE | {LEADING: (*map(NameRecord, led), *glue)})
    found = led_addresses(evidence, "example.com")
    assert len(found) == SERVER_ADDRESSES_MAX
    assert {one.server for one in found} == {*led[:4]}
    serials = [one for one in needed(evidence) if one.kind is Kind.SOA]
    assert [one.server for one in serials] == [one.address for one in found for _ in range(2)]
    assert len({*serials}) == 2 * SERVER_ADDRESSES_MAX
