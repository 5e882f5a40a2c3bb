"""What is asked of the name servers behind SPF, DKIM and DMARC, and that it has an end."""

import msgspec
import pytest

from mxproof.evidence import Alias, DnsData, Evidence, Kind, Outcome, Question, Transport, TxtRecord
from mxproof.formats.spf import LOOKUPS_MAX
from mxproof.mail.name_servers import name_servers_of
from mxproof.net.collect import QUESTIONS_MAX
from mxproof.survey.authentication import (
    NAMES_MAX,
    dmarc_names,
    keys_asked,
    needed,
    record_names,
    spf_names,
    wanted,
)
from mxproof.survey.name_servers import (
    CONTROLS_MAX,
    OTHER_SERVER_ADDRESSES_MAX,
    SERVER_ADDRESSES_MAX,
    are_asked,
)
from mxproof.survey.zone import zone_of
from support_answers import Said, told
from support_evidence import Spy
from support_long import EXHAUSTIVE
from support_name_servers import At
from support_sending import SENDING
from support_world import ZoneWorld, collect, collect_servers
from support_worlds import KEY, NAMED, NS1, NS2

WORLDS = {
    "good": NAMED,
    "no key": NAMED.but(keys=()),
    "two keys": NAMED.but(keys=("s2._domainkey.example.com", KEY)),
    "silent": NAMED.at_servers(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)),
    "ipv4": NAMED.but(families=(4,)),
    "alias": NAMED.zone_with(f"{KEY} CNAME s1.keys.example.net", "s1.keys.example.net TXT v=DKIM1; p=MIIB"),
    "deaf resolver": NAMED.zone_with("example.com TXT !servfail"),
    "no zone": NAMED.zone_with("example.com NS !servfail"),
    "below a zone": NAMED.but(domain="mail.example.com"),
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_all_that_the_measurement_reads_is_asked(world: ZoneWorld) -> None:
    evidence = collect_servers(world)
    spy = Spy(evidence.answers)
    name_servers_of(msgspec.structs.replace(evidence, answers=spy))
    missing = spy.read - set(needed(evidence, world.keys))
    assert {one for one in missing if one.kind not in {Kind.A, Kind.AAAA}} == set()


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_all_that_is_asked_is_read(world: ZoneWorld) -> None:
    evidence = collect_servers(world)
    spy = Spy(evidence.answers)
    name_servers_of(msgspec.structs.replace(evidence, answers=spy))
    assert set(needed(evidence, world.keys)) - spy.read == set()


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_more_answers_only_add_questions(world: ZoneWorld) -> None:
    whole = collect_servers(world)
    asked: set[Question] = set()
    evidence = Evidence(whole.domain, whole.vantage)
    for question, answer in sorted(whole.answers.items(), key=lambda item: item[0]):
        now_needed = set(needed(evidence, world.keys))
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
        for one in needed(collect_servers(NAMED), (KEY,))
        if one.server and one.kind is Kind.TXT
    }
    own = ("example.com", "_dmarc.example.com", KEY)
    want = {(name, address) for name in own for address in (*NS1, *NS2)}
    want.add(("_spf.example.net", "203.0.113.53"))
    assert asked == {(*one, transport) for one in want for transport in (Transport.UDP, Transport.TCP)}


def test_without_a_selector_no_key_is_asked_for() -> None:
    assert [one for one in needed(collect_servers(NAMED.but(keys=()))) if "_domainkey" in one.name] == []


def test_the_keys_that_were_asked_for_are_told_by_the_evidence() -> None:
    two = ("s2._domainkey.example.com", KEY)
    assert keys_asked(collect_servers(NAMED)) == (KEY,)
    assert keys_asked(collect_servers(NAMED.but(keys=()))) == ()
    assert keys_asked(collect_servers(NAMED.but(keys=two))) == (KEY, two[0])


def test_a_key_that_another_is_an_alias_of_is_not_another_key() -> None:
    hosted = "s1._domainkey.example.net"
    world = NAMED.zone_with(f"{KEY} CNAME {hosted}", f"{hosted} TXT v=DKIM1; p=MIIB")
    assert keys_asked(collect_servers(world)) == (KEY,)


def test_what_an_spf_record_includes_is_no_key() -> None:
    included = "spf._domainkey.example.net"
    world = NAMED.zone_with(f"example.com TXT v=spf1 include:{included} -all", f"{included} TXT v=spf1 -all")
    evidence = collect_servers(world)
    assert included in record_names(evidence, (KEY,))
    assert keys_asked(evidence) == (KEY,)


def test_whether_the_servers_were_asked_is_seen_from_the_first_question_for_them() -> None:
    assert are_asked(collect_servers(NAMED.zone_with("example.com NS !timeout")))
    assert not are_asked(collect(ZoneWorld()))
    assert not are_asked(Evidence("example.com"))
    assert not are_asked(collect(SENDING))


def test_the_zone_of_a_name_is_found_above_it() -> None:
    evidence = collect_servers(NAMED)
    assert [zone_of(evidence, name) for name in ("example.com", KEY, "_spf.example.net")] == [
        "example.com",
        "example.com",
        "example.net",
    ]


def test_the_top_level_domain_is_no_ones_zone() -> None:
    assert zone_of(collect_servers(NAMED.but(domain="missing.com")), "missing.com") is None


def test_a_name_is_followed_along_its_aliases() -> None:
    assert "s1.keys.example.net" in record_names(collect_servers(WORLDS["alias"]), (KEY,))


def test_the_spf_record_of_a_server_leads_on_where_the_resolver_has_none() -> None:
    world = NAMED.zone_with("example.com TXT !servfail").at_servers(NS1, At(zone=NAMED.zone))
    broken = world.at_servers(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT))
    assert spf_names(collect_servers(broken)) == ("_spf.example.net",)


def test_included_records_are_followed_as_far_as_receivers_do() -> None:
    """RFC 7208 section 4.6.4, and a loop comes to an end as well."""
    links = [f"{n}.example.net TXT v=spf1 include:{n + 1}.example.net -all" for n in range(20)]
    endless = NAMED.zone_with("example.com TXT v=spf1 include:0.example.net -all", *links)
    loop = NAMED.zone_with("example.com TXT v=spf1 include:example.com redirect=example.com")
    assert len(spf_names(collect_servers(endless))) == LOOKUPS_MAX
    assert record_names(collect_servers(loop), ()) == ("example.com", "_dmarc.example.com")


@EXHAUSTIVE
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
    asked = needed(collect_servers(NAMED.zone_with(*lines)), (KEY,))
    at_servers = [one for one in asked if one.server and one.kind is Kind.TXT]
    own = 3 * SERVER_ADDRESSES_MAX * 2
    others = LOOKUPS_MAX * OTHER_SERVER_ADDRESSES_MAX * 2
    assert len(at_servers) == own + others
    assert len(record_names(collect_servers(NAMED.zone_with(*lines)), (KEY,))) <= NAMES_MAX
    assert len(asked) <= QUESTIONS_MAX
    assert len([one for one in asked if one.name == "com"]) == 1 + CONTROLS_MAX * 2


DMARC = (TxtRecord(b"v=DMARC1; p=reject"),)


@pytest.mark.parametrize(
    ("domain", "answers", "want"),
    [
        ("mail.example.com", {}, ["mail.example.com"]),
        ("mail.example.com", {"mail.example.com": Outcome.SERVFAIL}, ["mail.example.com"]),
        ("mail.example.com", {"mail.example.com": DMARC}, ["mail.example.com"]),
        ("mail.example.com", {"mail.example.com": Outcome.NXDOMAIN}, ["mail.example.com", "example.com"]),
        (
            "mail.example.com",
            {"mail.example.com": (TxtRecord(b"v=spf1 -all"),), "example.com": Outcome.EMPTY},
            ["mail.example.com", "example.com"],
        ),
        ("com", {"com": Outcome.EMPTY}, ["com"]),
    ],
)
def test_a_dmarc_record_is_looked_for_up_to_the_first_name_that_has_one(
    domain: str, answers: dict[str, Said], want: list[str]
) -> None:
    said = {Question(Kind.TXT, f"_dmarc.{name}"): one for name, one in answers.items()}
    assert dmarc_names(told(said, domain)) == tuple(f"_dmarc.{name}" for name in want)


@pytest.mark.parametrize(
    ("question", "want"),
    [
        (Question(Kind.TXT, KEY), (KEY,)),
        (Question(Kind.NS, KEY), ()),
        (Question(Kind.TXT, KEY, server="192.0.2.53"), ()),
        (Question(Kind.TXT, "_dmarc.example.com"), ()),
    ],
)
def test_a_key_is_asked_for_by_its_text_of_the_resolver(question: Question, want: tuple[str, ...]) -> None:
    assert keys_asked(told({question: Outcome.NXDOMAIN})) == want


def test_keys_that_are_aliases_of_one_another_are_keys_all_the_same() -> None:
    names = ("s1._domainkey.example.com", "s2._domainkey.example.com")

    def leads(place: int) -> Said:
        link = Alias(names[place], names[1 - place])
        return DnsData("NOERROR", secure=False, chain=(link,))

    both = {Question(Kind.TXT, name): leads(place) for place, name in enumerate(names)}
    assert keys_asked(told(both)) == names
    one = both | {Question(Kind.TXT, names[1]): (TxtRecord(b"v=DKIM1; p=MIIB"),)}
    assert keys_asked(told(one)) == names[:1]


def test_records_are_followed_nearest_first() -> None:
    includes = {
        "example.com": ("a.example", "b.example"),
        "a.example": ("aa.example", "example.com"),
        "b.example": ("bb.example", "a.example"),
    }
    said: dict[Question, Said] = {
        Question(Kind.TXT, name): (TxtRecord(f"v=spf1 include:{first} include:{second} -all".encode()),)
        for name, (first, second) in includes.items()
    }
    assert spf_names(told(said)) == ("a.example", "b.example", "aa.example", "example.com", "bb.example")
