"""The zones of a public set as who validates sees them: every answer proves itself, or says that nothing is signed."""

from datetime import timedelta

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.node
import dns.opcode
import dns.rcode
import dns.rdataset
import dns.rdatatype
import pytest

from mxproof.lab.signed_zone import SIGNATURES_KEPT_MAX, SignedZones
from support_certificates import NOW
from support_public import RUNS, ZONE, public_set, signer

RUN = RUNS[0]
WORLD = public_set().runs[RUN].run.lab.world
SIGNER = signer()
ZONES = SignedZones(WORLD, ZONE, SIGNER)
GAIN_MAX = 12
"""How many times as long as its question an answer may be: what a forged address would be sent."""

SIGNED = [
    (ZONE, "SOA"),
    (ZONE, "DNSKEY"),
    (ZONE, "NS"),
    (f"dane-right-{RUN}.{ZONE}", "DS"),
    (f"dane-right-{RUN}.{ZONE}", "MX"),
    (f"dane-right-{RUN}.{ZONE}", "DNSKEY"),
    (f"mx1-dane-right-{RUN}.{ZONE}", "A"),
    (f"_25._tcp.mx1-dane-right-{RUN}.{ZONE}", "TLSA"),
    (f"mx1-alias-all-{RUN}.{ZONE}", "A"),
]
ABSENT = [
    (f"open-{RUN}.{ZONE}", "DS", {"NS", "RRSIG", "NSEC"}),
    (f"mx1-dane-right-{RUN}.{ZONE}", "AAAA", {"A", "RRSIG", "NSEC"}),
    (f"nobody.{ZONE}", "A", {"RRSIG", "NSEC", "TYPE128"}),
    (f"_25._tcp.mx1-control-{RUN}.{ZONE}", "TLSA", {"RRSIG", "NSEC", "TYPE128"}),
    (f"_tcp.mx1-dane-right-{RUN}.{ZONE}", "A", {"RRSIG", "NSEC"}),
    (f"dane-right-{RUN}.{ZONE}", "TXT", {"NS", "SOA", "MX", "DNSKEY", "RRSIG", "NSEC"}),
]


def ask(name: str, kind: str, *, signed: bool = True, zones: SignedZones = ZONES) -> dns.message.Message:
    query = dns.message.make_query(name, kind, want_dnssec=signed)
    return dns.message.from_wire(zones.response(query, udp=True))


def validate(section: list[dns.rrset.RRset]) -> int:
    """Verify every set of records in a section, and return how many there are."""
    keys: dict[dns.name.Name, dns.node.Node | dns.rdataset.Rdataset] = {
        dns.name.from_text(one): SIGNER.keys(one) for one in (ZONE, f"dane-right-{RUN}.{ZONE}")
    }
    sets = [one for one in section if one.rdtype != dns.rdatatype.RRSIG]
    for one in sets:
        signature = next(
            each
            for each in section
            if each.rdtype == dns.rdatatype.RRSIG
            and (each.name, each[0].type_covered) == (one.name, one.rdtype)
        )
        dns.dnssec.validate(one, signature, keys, now=NOW.timestamp())
    return len(sets)


@pytest.mark.parametrize(("name", "kind"), SIGNED)
def test_what_is_there_is_signed(name: str, kind: str) -> None:
    answer = ask(name, kind)
    assert (answer.rcode(), bool(answer.flags & dns.flags.AA)) == (dns.rcode.NOERROR, True)
    assert validate(answer.answer) == 1


@pytest.mark.parametrize(("name", "kind", "types"), ABSENT)
def test_what_is_not_there_is_denied_for_that_name_alone(name: str, kind: str, types: set[str]) -> None:
    answer = ask(name, kind)
    (nsec,) = [one for one in answer.authority if one.rdtype == dns.rdatatype.NSEC]
    words = set(nsec[0].to_text().split()[1:])
    assert (answer.rcode(), answer.answer, validate(answer.authority)) == (dns.rcode.NOERROR, [], 2)
    assert {word.replace("NXNAME", "TYPE128") for word in words} == types
    assert nsec[0].next == dns.name.from_text(f"\\000.{name}")


def test_a_name_that_is_not_there_is_said_so_to_who_does_not_validate() -> None:
    answer = ask(f"nobody.{ZONE}", "A", signed=False)
    assert (answer.rcode(), len(answer.authority)) == (dns.rcode.NXDOMAIN, 1)


def test_a_zone_that_is_not_signed_has_no_signatures() -> None:
    answer = ask(f"open-{RUN}.{ZONE}", "MX")
    assert [one.rdtype for one in answer.answer] == [dns.rdatatype.MX]
    assert [one.rdtype for one in ask(f"open-{RUN}.{ZONE}", "AAAA").authority] == [dns.rdatatype.SOA]


def test_what_is_elsewhere_is_refused_and_nothing_is_handed_out_whole() -> None:
    asked = [("example.com", "MX"), (".", "NS"), (f"not{ZONE}", "A"), (ZONE, "ANY"), (ZONE, "AXFR")]
    got = [ask(*one) for one in asked]
    assert {(one.rcode(), len(one.answer), len(one.authority)) for one in got} == {(dns.rcode.REFUSED, 0, 0)}


def test_a_look_up_that_is_to_fail_does() -> None:
    assert ask(f"_25._tcp.mx1-dane-unanswered-{RUN}.{ZONE}", "TLSA").rcode() == dns.rcode.SERVFAIL


def test_the_longest_name_is_refused_and_not_stumbled_over() -> None:
    name = ".".join(["x" * 60] * 3 + ["y" * 45, ZONE])
    assert ask(name, "A").rcode() == dns.rcode.REFUSED


def test_another_operation_and_a_newer_edns_are_said_not_to_be_known() -> None:
    notify = dns.message.make_query(ZONE, "SOA")
    notify.set_opcode(dns.opcode.NOTIFY)
    newer = dns.message.make_query(ZONE, "SOA", use_edns=1)
    got = [dns.message.from_wire(ZONES.response(one, udp=True)).rcode() for one in (notify, newer)]
    assert got == [dns.rcode.NOTIMP, dns.rcode.BADVERS]


def test_no_answer_is_much_longer_than_its_question() -> None:
    names = [*SIGNED, *((name, kind) for name, kind, _ in ABSENT)]
    gains = {
        (name, kind): len(ZONES.response(query, udp=True)) / len(query.to_wire())
        for name, kind in names
        for query in (dns.message.make_query(name, kind, want_dnssec=True),)
    }
    assert {one: gain for one, gain in gains.items() if gain > GAIN_MAX} == {}


def test_who_orders_certificates_is_led_to_where_the_proof_is() -> None:
    zones = SignedZones(WORLD, ZONE, SIGNER, "proofs.example.net")
    for name in (f"_acme-challenge.{ZONE}", f"_acme-challenge.mta-sts.control-zzzzzz.{ZONE}"):
        answer = ask(name, "TXT", zones=zones)
        assert answer.answer[0][0].to_text() == "proofs.example.net."
        assert validate(answer.answer) == 1
    assert ask(f"_acme-challenge.{ZONE}", "TXT").answer == []


def test_signatures_are_made_anew_before_they_end_and_so_many_are_kept() -> None:
    now = [NOW]
    own = signer(lambda: now[0])
    zones = SignedZones(WORLD, ZONE, own)
    first = ask(ZONE, "SOA", zones=zones).answer[1][0]
    assert ask(ZONE, "SOA", zones=zones).answer[1][0] == first
    now[0] += timedelta(days=1)
    assert ask(ZONE, "SOA", zones=zones).answer[1][0].expiration - first.expiration == 86400
    assert own.kept <= SIGNATURES_KEPT_MAX
