"""The lab's resolver, asked by a real client over both transports."""

import socket
from datetime import UTC, datetime

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from mxproof.lab.dns import response_to
from mxproof.lab.making import made
from mxproof.lab.running import RunningLab
from mxproof.lab.scenario import Scenario, ScenarioError
from support_lab import ask, in_lab, world

NOW = datetime(2026, 11, 3, tzinfo=UTC)
ALIASES = """
[[zone]]
name = "signed.example"
secure = true
records = '''
@        MX     10 mx
mx       A      192.0.2.1
alias    CNAME  mx
abroad   CNAME  mx1.example.com.
dangling CNAME  nothing.example.com.
loop     CNAME  pool
pool     CNAME  loop
a.b      TXT    "one" "two"
'''
[[zone]]
name = "unsigned.signed.example"
records = "@ A 192.0.2.2"
"""


def answered(one: Scenario, wire: bytes, *, udp: bool) -> bytes | None:
    return response_to(made(one, NOW).world, wire, udp=udp)


def respond(
    one: Scenario, name: str, kind: str, *, dnssec: bool = True, udp: bool = True
) -> dns.message.Message:
    query = dns.message.make_query(name, kind, want_dnssec=dnssec)
    wire = answered(one, query.to_wire(), udp=udp)
    assert wire is not None
    response = dns.message.from_wire(wire)
    assert query.is_response(response)
    return response


def texts(response: dns.message.Message) -> list[str]:
    return [rrset.to_text() for rrset in response.answer]


@pytest.mark.parametrize("tcp", [False, True])
def test_udp_and_tcp_give_the_same_answer(tcp: bool) -> None:
    def client(lab: RunningLab) -> list[str]:
        return texts(ask(lab, "alias.signed.example", "A", tcp=tcp))

    assert in_lab(world(ALIASES), client) == [
        "alias.signed.example. 300 IN CNAME mx.signed.example.",
        "mx.signed.example. 300 IN A 192.0.2.1",
    ]


def test_one_tcp_connection_serves_several_queries() -> None:
    def client(lab: RunningLab) -> list[int]:
        with socket.create_connection(lab.resolver, timeout=3) as connection:
            for name in ("signed.example", "nothing.signed.example"):
                dns.query.send_tcp(connection, dns.message.make_query(name, "MX"))
            return [dns.query.receive_tcp(connection)[0].rcode() for _ in range(2)]

    assert in_lab(world(ALIASES), client) == [dns.rcode.NOERROR, dns.rcode.NXDOMAIN]


@pytest.mark.parametrize(
    ("name", "kind", "rcode", "secure", "answers"),
    [
        ("signed.example", "MX", dns.rcode.NOERROR, True, 1),
        ("signed.example", "TXT", dns.rcode.NOERROR, True, 0),
        ("b.signed.example", "TXT", dns.rcode.NOERROR, True, 0),
        ("none.signed.example", "A", dns.rcode.NXDOMAIN, True, 0),
        ("unsigned.signed.example", "A", dns.rcode.NOERROR, False, 1),
        ("abroad.signed.example", "A", dns.rcode.NOERROR, False, 2),
        ("dangling.signed.example", "A", dns.rcode.NXDOMAIN, False, 1),
        ("loop.signed.example", "A", dns.rcode.SERVFAIL, False, 0),
        ("loop.signed.example", "CNAME", dns.rcode.NOERROR, True, 1),
        ("mx1.example.com", "A", dns.rcode.NOERROR, False, 1),
        ("nowhere.test", "A", dns.rcode.NXDOMAIN, True, 0),
        (".", "SOA", dns.rcode.NOERROR, True, 1),
        ("1.2.0.192.in-addr.arpa", "PTR", dns.rcode.NOERROR, False, 1),
        ("9.2.0.192.in-addr.arpa", "PTR", dns.rcode.NXDOMAIN, False, 0),
    ],
)
def test_an_answer_has_the_code_and_the_ad_bit_of_its_zones(
    name: str, kind: str, rcode: dns.rcode.Rcode, secure: bool, answers: int
) -> None:
    response = respond(world(ALIASES), name, kind)
    seen = (response.rcode(), bool(response.flags & dns.flags.AD), len(response.answer))
    assert seen == (rcode, secure, answers)


def test_the_ad_bit_is_kept_from_those_who_do_not_ask_for_it() -> None:
    assert not respond(world(ALIASES), "signed.example", "MX", dnssec=False).flags & dns.flags.AD


def test_a_negative_answer_carries_the_soa_of_its_zone() -> None:
    (soa,) = respond(world(ALIASES), "none.signed.example", "A").authority
    assert soa.name.to_text() == "signed.example."


def test_character_strings_of_a_txt_record_stay_apart() -> None:
    assert texts(respond(world(ALIASES), "a.b.signed.example", "TXT")) == [
        'a.b.signed.example. 300 IN TXT "one" "two"'
    ]


def test_every_address_points_at_its_first_name_unless_told_otherwise() -> None:
    tables = (
        "[[ptr]]\naddress = '192.0.2.1'\nnames = ['other.example.net']\n[[ptr]]\naddress = '203.0.113.80'\n"
    )
    one = world(ALIASES + tables)
    assert texts(respond(one, "25.2.0.192.in-addr.arpa", "PTR"))[0].endswith(" PTR mx1.example.com.")
    assert texts(respond(one, "1.2.0.192.in-addr.arpa", "PTR"))[0].endswith(" PTR other.example.net.")
    assert respond(one, "80.113.0.203.in-addr.arpa", "PTR").rcode() == dns.rcode.NXDOMAIN


def test_an_answer_too_large_for_its_client_is_truncated_over_udp_only() -> None:
    many = " ".join(f'"{"x" * 250}"' for _ in range(6))
    large = world(f"[[zone]]\nname = 'large.example'\nrecords = '@ TXT {many}'\n")
    assert respond(large, "large.example", "TXT").flags & dns.flags.TC
    assert texts(respond(large, "large.example", "TXT")) == []
    assert not respond(large, "large.example", "TXT", udp=False).flags & dns.flags.TC
    half = world(f"[[zone]]\nname = 'large.example'\nrecords = '@ TXT {many[: 253 * 3]}'\n")
    assert respond(half, "large.example", "TXT", dnssec=False).flags & dns.flags.TC
    assert not respond(half, "large.example", "TXT").flags & dns.flags.TC


def faulty(fault: str, kind: str = "A", name: str = "mx.signed.example") -> Scenario:
    return world(ALIASES + f"[[dns_fault]]\nname = '{name}'\ntype = '{kind}'\nfault = '{fault}'\n")


@pytest.mark.parametrize(
    ("fault", "rcode"),
    [("servfail", dns.rcode.SERVFAIL), ("refused", dns.rcode.REFUSED), ("nxdomain", dns.rcode.NXDOMAIN)],
)
def test_a_fault_strikes_its_name_and_type_also_behind_an_alias(fault: str, rcode: dns.rcode.Rcode) -> None:
    assert respond(faulty(fault), "mx.signed.example", "A").rcode() == rcode
    assert respond(faulty(fault), "alias.signed.example", "A").rcode() == rcode
    assert respond(faulty(fault), "mx.signed.example", "TXT").rcode() == dns.rcode.NOERROR
    assert respond(faulty(fault, kind=""), "mx.signed.example", "TXT").rcode() == rcode


def test_a_bogus_answer_says_so_and_is_given_where_checking_is_disabled() -> None:
    one = faulty("bogus")
    response = respond(one, "mx.signed.example", "A")
    assert response.rcode() == dns.rcode.SERVFAIL
    assert [option.to_text() for option in response.options] == ["EDE 6 (DNSSEC Bogus)"]
    query = dns.message.make_query("mx.signed.example", "A", want_dnssec=True)
    query.flags |= dns.flags.CD
    wire = answered(one, query.to_wire(), udp=True)
    assert wire is not None
    assert texts(dns.message.from_wire(wire)) == ["mx.signed.example. 300 IN A 192.0.2.1"]


def test_a_truncating_resolver_answers_over_tcp() -> None:
    def client(lab: RunningLab) -> tuple[bool, list[str], list[str]]:
        udp = ask(lab, "mx.signed.example", "A")
        return bool(udp.flags & dns.flags.TC), texts(udp), texts(ask(lab, "mx.signed.example", "A", tcp=True))

    assert in_lab(faulty("truncate"), client) == (True, [], ["mx.signed.example. 300 IN A 192.0.2.1"])


@pytest.mark.parametrize("tcp", [False, True])
def test_a_silent_resolver_says_nothing_over_either_transport(tcp: bool) -> None:
    def client(lab: RunningLab) -> str:
        with pytest.raises(dns.exception.Timeout):
            ask(lab, "mx.signed.example", "A", tcp=tcp, timeout_s=0.1)
        return texts(ask(lab, "signed.example", "MX"))[0]

    assert in_lab(faulty("timeout"), client) == "signed.example. 300 IN MX 10 mx.signed.example."


def test_an_answer_with_a_wrong_id_is_no_answer() -> None:
    query = dns.message.make_query("mx.signed.example", "A")
    wire = answered(faulty("wrong-id"), query.to_wire(), udp=True)
    assert wire is not None
    assert dns.message.from_wire(wire).id == query.id ^ 0xFFFF
    assert not query.is_response(dns.message.from_wire(wire))


@pytest.mark.parametrize("wire", [b"", b"\0" * 11, bytes(12), b"\xff" * 40])
def test_what_is_no_query_gets_no_answer_or_an_error(wire: bytes) -> None:
    reply = answered(world(""), wire, udp=True)
    assert reply is None or dns.message.from_wire(reply).rcode() == dns.rcode.NOTIMP


@pytest.mark.parametrize(
    ("tables", "want"),
    [
        (
            "[[zone]]\nname = 'a.example'\nrecords = '@ A 8.8.8.8'\n",
            r"zone 'a\.example': a\.example\.: address '8",
        ),
        (
            "[[zone]]\nname = 'a.example'\nrecords = '@ MX ten'\n",
            r"zone 'a\.example': .*; expected records in zone",
        ),
        ("[[zone]]\nname = 'a..example'\nrecords = ''\n", r"name 'a\.\.example': .*; expected a domain name"),
        (
            "[[dns_fault]]\nname = 'a'\ntype = 'NOPE'\nfault = 'timeout'\n",
            r"dns_fault 'a': type 'NOPE'; expected a",
        ),
    ],
)
def test_records_that_cannot_be_are_named(tables: str, want: str) -> None:
    with pytest.raises(ScenarioError, match=want):
        made(world(tables), NOW)
