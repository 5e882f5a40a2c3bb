"""The hosts that send a domain's mail, as receivers look at them."""

from mxproof.evidence import Kind, Question
from mxproof.formats.sent_header import SendingHost
from mxproof.judge.checks import sending
from mxproof.judge.codes import Code
from mxproof.survey.check_set import CheckSet
from mxproof.survey.sending import helo_name, needed, sending_hosts
from support_findings import codes, only, places
from support_sending import HELO, SENDER
from support_world import ZoneWorld, collect

ADDRESS = "192.0.2.25"
FROM_SPF = SENDER.but(sending=())


def addresses(record: str, *more: str) -> list[str]:
    world = FROM_SPF.zone_with(f"example.com TXT {record}", *more)
    return [one.address for one in sending_hosts(collect(world))]


def test_a_host_that_is_named_and_fits_is_in_order() -> None:
    assert places(SENDER, sending.check) == [(Code.SENDER_OK, ADDRESS)]


def test_nothing_is_said_where_it_was_not_asked() -> None:
    assert codes(ZoneWorld(), sending.check) == []


def test_the_record_names_the_senders_where_nobody_does() -> None:
    assert addresses("v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 -all") == ["192.0.2.25", "2001:db8::25"]
    assert addresses("v=spf1 mx -all") == ["192.0.2.1", "2001:db8::1", "192.0.2.2"]
    assert addresses(f"v=spf1 a:{HELO} -all") == [ADDRESS]
    assert addresses("v=spf1 ip4:192.0.2.0/24 include:_spf.example.net -all") == []
    assert addresses("v=spf1 -ip4:192.0.2.9 ?mx ip4:192.0.2.25 -all") == ["192.0.2.25"]


def test_what_is_named_comes_before_what_the_record_names() -> None:
    world = FROM_SPF.but(sending=(SendingHost("203.0.113.9"),))
    assert [one.address for one in sending_hosts(collect(world))] == ["203.0.113.9"]


def test_without_a_name_the_reverse_name_is_taken_for_it() -> None:
    evidence = collect(FROM_SPF)
    assert helo_name(evidence, SendingHost(ADDRESS)) == HELO
    assert helo_name(evidence, SendingHost(ADDRESS, "said.example.com")) == "said.example.com"
    assert helo_name(evidence, SendingHost("203.0.113.9")) == ""


def test_a_reverse_name_that_was_taken_is_not_held_against_the_host_as_its_own_words() -> None:
    world = FROM_SPF.zone_with("192.0.2.25 PTR gone.example.net")
    assert Code.SENDER_HELO_OTHER not in codes(world, sending.check)
    assert Code.SENDER_PTR_UNCONFIRMED in codes(world, sending.check)


def test_what_was_not_answered_is_no_fault() -> None:
    for line in ("192.0.2.25 PTR !timeout", f"{HELO} A !timeout", "example.com TXT !timeout"):
        assert set(codes(SENDER.zone_with(line), sending.check)) <= {Code.SENDER_OK}


def test_a_name_without_a_record_of_its_own_is_no_fault() -> None:
    assert Code.SENDER_HELO_REJECTED not in codes(SENDER, sending.check)


def test_each_way_not_to_pass_is_told_with_its_result() -> None:
    for record, result in (
        ("v=spf1 -all", "fail"),
        ("v=spf1 ~all", "softfail"),
        ("v=spf1 ?all", "neutral"),
        ("", "none"),
    ):
        world = SENDER.zone_with(f"example.com TXT {record}".strip())
        assert only(world, Code.SENDER_SPF_FAILED, sending.check).params["result"] == result


def test_mail_servers_are_not_connected_to() -> None:
    kinds = {question.kind for question in needed(collect(SENDER.but(sets=(CheckSet.SENDING,))))}
    assert kinds <= {Kind.PTR, Kind.A, Kind.AAAA, Kind.TXT, Kind.MX}
    assert Question(Kind.PTR, "25.2.0.192.in-addr.arpa") in needed(collect(SENDER))
