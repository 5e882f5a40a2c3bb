"""Whatever bytes come from a resolver, reading them ends in an outcome."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import (
    CONNECTION_KINDS,
    Alias,
    Edns,
    GlueRecord,
    Kind,
    NameRecord,
    Outcome,
    Question,
    SignedRecord,
    Transport,
)
from mxproof.net.dns.message import DNS_BYTES_MAX, DnsResult, is_truncated, read
from mxproof.net.dns.query import Query, query
from support_dns import reply

QUESTION = Question(Kind.MX, "example.com")


def asked(question: Question = QUESTION) -> Query:
    made = query(question)
    assert made is not None
    return made


RESPONSE = reply(
    asked().wire,
    "example.com. 300 IN MX 10 mx.example.com.",
    'example.com. 300 IN TXT "v=spf1" "-all"',
    "mx.example.com. 300 IN CNAME a.example.com.",
    authority=("example.com. 300 IN SOA ns. root. 1 2 3 4 60",),
    extended=((6, "why"),),
)
KINDS = st.sampled_from([kind for kind in Kind if kind not in CONNECTION_KINDS])


@given(KINDS, st.binary(max_size=600))
def test_random_bytes_never_raise(kind: Kind, wire: bytes) -> None:
    reading = read(Question(kind, "example.com"), wire, "udp")
    assert reading.data is not None
    assert reading.data.wire == wire


@given(KINDS, st.integers(12, len(RESPONSE) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_response_never_raises(kind: Kind, position: int, damage: bytes) -> None:
    wire = RESPONSE[:position] + damage + RESPONSE[position + len(damage) :]
    reading = read(Question(kind, "example.com"), wire, "udp")
    assert reading.outcome in {
        Outcome.FOUND,
        Outcome.EMPTY,
        Outcome.BOGUS,
        Outcome.SERVFAIL,
        Outcome.REFUSED,
        Outcome.NXDOMAIN,
        Outcome.MALFORMED,
    }


@pytest.mark.parametrize(("flags", "want"), [(0, False), (dns.flags.TC, True)])
def test_truncation_is_one_bit(flags: int, want: bool) -> None:
    assert is_truncated(reply(asked().wire, flags=flags)) == want


def test_the_wire_is_kept_up_to_its_limit() -> None:
    reading = read(QUESTION, bytes(DNS_BYTES_MAX + 1), "tcp")
    assert reading.outcome == Outcome.OVERSIZE
    assert reading.data is not None
    assert len(reading.data.wire) == DNS_BYTES_MAX


def test_a_ttl_with_the_top_bit_set_is_zero() -> None:
    wire = reply(asked().wire, "example.com. 300 IN MX 10 mx.example.com.")
    marked = wire.replace((300).to_bytes(4, "big"), b"\x80\0\0\1")
    assert read(QUESTION, marked, "udp").ttl_s == 0


def test_a_record_of_another_class_is_no_answer() -> None:
    wire = reply(asked().wire, "example.com. 300 CH TXT x", "example.com. 300 IN TXT y")
    reading = read(Question(Kind.TXT, "example.com"), wire, "udp")
    assert reading.data is not None
    assert len(reading.data.records) == 1


@pytest.mark.parametrize("data", [r"\# 4 01610000", r"\# 2 0161"], ids=["longer", "cut"])
def test_an_alias_that_does_not_fill_its_record_is_malformed(data: str) -> None:
    wire = reply(asked().wire, f"example.com. 300 IN CNAME {data}", "a. 300 IN MX 10 mx.example.com.")
    assert read(QUESTION, wire, "udp").outcome == Outcome.MALFORMED


def read_answer(
    question: Question,
    *records: str,
    authority: tuple[str, ...] = (),
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
) -> DnsResult:
    return read(question, reply(asked(question).wire, *records, authority=authority, rcode=rcode), "udp")


A = Question(Kind.A, "a.example.com")
SOA = "example.com. 300 IN SOA ns. root. 1 2 3 4 60"


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (["a.example.com. 9 IN CNAME b.", "b. 9 IN CNAME a.example.com."], "circle: a.example.com -> b -> a"),
        (["a.example.com. 9 IN CNAME a.example.com."], "circle: a.example.com -> a.example.com"),
        ([f"{'a.example.com' if n == 0 else n}. 9 IN CNAME {n + 1}." for n in range(20)], "more than 16"),
        (
            ["a.example.com. 9 IN CNAME b.", "a.example.com. 9 IN A 192.0.2.1", "b. 9 IN A 192.0.2.2"],
            "beside",
        ),
        ([f"example.com. 9 IN DNAME {'x' * 63}.{'y' * 63}.{'z' * 63}.{'w' * 61}."], "more than 255 bytes"),
    ],
    ids=["circle", "itself", "endless", "beside", "too long"],
)
def test_aliases_that_lead_nowhere_are_malformed_and_said_to_be_what_they_are(
    records: list[str], words: str
) -> None:
    result = read_answer(A, *records)
    assert (result.outcome, words in result.detail) == (Outcome.MALFORMED, True)


def test_several_aliases_of_one_name_are_malformed() -> None:
    """They make one set, as no zone file may hold it (RFC 2181 section 10.1)."""
    message = dns.message.from_wire(reply(asked(A).wire, "a.example.com. 9 IN CNAME b."))
    message.answer.append(dns.rrset.from_text("a.example.com.", 9, "IN", "CNAME", "c."))
    result = read(A, message.to_wire(), "udp")
    assert (result.outcome, "several CNAME" in result.detail) == (Outcome.MALFORMED, True)


def test_signatures_and_proofs_may_stand_beside_an_alias() -> None:
    rrsig = "a.example.com. 9 IN RRSIG CNAME 13 3 9 20300101000000 20250101000000 1 example.com. AAAA"
    result = read_answer(A, "a.example.com. 9 IN CNAME b.", rrsig, "b. 9 IN A 192.0.2.2")
    assert result.outcome is Outcome.FOUND


def test_the_same_alias_twice_is_one() -> None:
    wire = reply(asked(A).wire, "a.example.com. 9 IN CNAME b.", "b. 9 IN A 192.0.2.2")
    message = dns.message.from_wire(wire)
    message.answer.insert(0, message.answer[0])
    assert read(A, message.to_wire(), "udp").outcome is Outcome.FOUND


def test_a_dname_makes_an_alias_of_what_is_below_it_alone() -> None:
    below = read_answer(A, "example.com. 7 IN DNAME example.net.", "a.example.net. 9 IN A 192.0.2.1")
    assert below.data is not None
    assert (below.outcome, below.ttl_s) == (Outcome.FOUND, 7)
    assert below.data.chain == (Alias("a.example.com", "a.example.net", 7),)
    itself = read_answer(A, "a.example.com. 7 IN DNAME example.net.", authority=(SOA,))
    assert itself.outcome is Outcome.EMPTY
    part_of_a_label = read_answer(A, "ple.com. 7 IN DNAME example.net.", authority=(SOA,))
    assert part_of_a_label.outcome is Outcome.MALFORMED


@pytest.mark.parametrize(
    "record",
    ["b.example.com. 9 IN A 192.0.2.1", "a.example.com. 9 IN TXT x", "a.example.com. 9 CH TXT x"],
    ids=["name", "type", "class"],
)
def test_an_answer_about_something_else_is_not_taken_for_none(record: str) -> None:
    assert read_answer(A, record).outcome is Outcome.MALFORMED


def test_what_does_not_exist_has_no_records() -> None:
    result = read_answer(A, "a.example.com. 9 IN A 192.0.2.1", rcode=dns.rcode.NXDOMAIN)
    assert result.outcome is Outcome.MALFORMED


def test_an_answer_that_ends_at_an_alias_is_whole_only_with_the_proof_of_absence() -> None:
    alias = "a.example.com. 9 IN CNAME b."
    assert read_answer(A, alias).outcome is Outcome.MALFORMED
    assert read_answer(A, alias, authority=(". 9 IN SOA ns. root. 1 2 3 4 60",)).outcome is Outcome.EMPTY


def test_a_referral_is_not_taken_for_absence_even_from_who_recurses() -> None:
    assert read_answer(A, authority=("com. 300 IN NS a.example.",)).outcome is Outcome.SERVFAIL


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.MX, r"\# 0"),
        (Kind.MX, r"\# 1 00"),
        (Kind.MX, r"\# 2 000a"),
        (Kind.TXT, r"\# 0"),
        (Kind.TXT, r"\# 2 0561"),
        (Kind.A, r"\# 3 c00002"),
        (Kind.A, r"\# 5 c000020101"),
        (Kind.AAAA, r"\# 4 c0000201"),
        (Kind.TLSA, r"\# 2 0301"),
    ],
)
def test_data_too_short_for_their_type_are_malformed(kind: Kind, data: str) -> None:
    question = Question(kind, "example.com")
    assert read_answer(question, f"example.com. 300 IN {kind} {data}").outcome is Outcome.MALFORMED


def test_an_soa_record_too_short_to_say_how_long_is_malformed() -> None:
    assert read_answer(A, authority=(r"example.com. 300 IN SOA \# 3 000000",)).outcome is Outcome.MALFORMED


def test_over_tcp_the_tc_bit_means_that_records_are_missing() -> None:
    wire = reply(asked().wire, "example.com. 300 IN MX 10 mx.example.com.", flags=dns.flags.TC)
    result = read(QUESTION, wire, "tcp")
    assert result.data is not None
    assert (result.outcome, result.data.records, result.data.truncated) == (Outcome.MALFORMED, (), True)


DELEGATION = Question(Kind.DELEGATION, "example.com", server="192.0.2.1")
LED = ("example.com. 300 IN NS ns1.example.com.", "example.com. 300 IN NS ns.example.net.")
GLUE = ("ns1.example.com. 300 IN A 192.0.2.53", "ns1.example.com. 300 IN AAAA 2001:db8::53")


def led(
    *authority: str, additional: tuple[str, ...] = (), answer: tuple[str, ...] = (), aa: bool = False
) -> DnsResult:
    made = dns.message.from_wire(reply(asked(DELEGATION).wire, *answer, authority=authority))
    for line in additional:
        owner, ttl, *rest = line.split(None, 4)
        made.additional.append(dns.rrset.from_text(owner, int(ttl), *rest))
    made.flags |= dns.flags.AA if aa else 0
    return read(DELEGATION, made.to_wire(), "udp")


def test_a_referral_is_read_by_those_who_ask_where_a_server_leads_to() -> None:
    """RFC 1034 section 4.3.2 step 3b: glue of servers that are not named, and other records, are passed over."""
    got = led(*LED, additional=(*GLUE, "other.example.com. 300 IN A 192.0.2.9"))
    assert (got.outcome, got.ttl_s) == (Outcome.FOUND, 300)
    assert got.data is not None
    assert {*got.data.records} == {
        NameRecord("ns1.example.com"),
        NameRecord("ns.example.net"),
        GlueRecord("ns1.example.com", "192.0.2.53"),
        GlueRecord("ns1.example.com", "2001:db8::53"),
    }
    assert not got.data.authoritative


def test_a_server_that_has_the_zone_itself_answers_with_authority() -> None:
    got = led(answer=LED, aa=True)
    assert got.outcome is Outcome.FOUND
    assert got.data is not None
    assert got.data.authoritative


@pytest.mark.parametrize(
    ("authority", "aa", "want"),
    [
        (("com. 300 IN NS a.nic.com.",), False, Outcome.SERVFAIL),
        (("com. 300 IN SOA ns. root. 1 2 3 4 60",), True, Outcome.EMPTY),
    ],
)
def test_what_does_not_lead_to_the_zone_is_no_delegation(
    authority: tuple[str, ...], aa: bool, want: Outcome
) -> None:
    assert led(*authority, aa=aa).outcome is want


def test_an_answer_with_its_signatures_holds_all_records_as_they_are_signed() -> None:
    question = Question(Kind.MX, "example.com", edns=Edns.SIGNED)
    wire = reply(
        asked(question).wire,
        "example.com. 300 IN MX 10 MX.Example.com.",
        "example.com. 300 IN RRSIG MX 13 2 300 20260614000000 20260531000000 7 Example.com. AAAA",
        "example.com. 300 CH TXT other",
        authority=(
            "example.com. 300 IN SOA ns. root. 1 2 3 4 60",
            "example.com. 300 IN NSEC mx.example.com. MX",
        ),
    )
    reading = read(question, wire, "udp")
    assert reading.data is not None
    records = [one for one in reading.data.records if isinstance(one, SignedRecord)]
    assert (reading.outcome, [one.rdtype for one in records]) == (Outcome.FOUND, [15, 46, 47])
    assert records[0].data == b"\0\x0a\2mx\7example\3com\0"
    assert records[1].data.endswith(b"\7example\3com\0\0\0\0")


SOA = "example.com. 900 IN SOA ns. root. 1 2 3 4 60"


def test_a_resolver_that_answers_in_its_own_words_is_taken_for_none() -> None:
    """RFC 8914 sections 4.5 and 4.16 to 4.18: forged, blocked, censored, filtered, whatever the answer looks like."""
    found = "example.com. 300 IN MX 10 mx.example.com."
    for code in (4, 15, 16, 17):
        for records, rcode in (((found,), dns.rcode.NOERROR), ((), dns.rcode.NXDOMAIN)):
            got = read(QUESTION, reply(asked().wire, *records, rcode=rcode, extended=((code, ""),)), "udp")
            assert got.outcome is Outcome.REFUSED, (code, rcode)
    stale = read(QUESTION, reply(asked().wire, found, extended=((3, "stale"),)), "udp")
    assert stale.outcome is Outcome.FOUND


@pytest.mark.parametrize(
    ("rcode", "extended", "want"),
    [
        (dns.rcode.SERVFAIL, (), Outcome.SERVFAIL),
        (dns.rcode.SERVFAIL, ((22, "no reachable authority"),), Outcome.SERVFAIL),
        (dns.rcode.SERVFAIL, ((6, ""),), Outcome.BOGUS),
        (dns.rcode.SERVFAIL, ((22, ""), (7, "")), Outcome.BOGUS),
        (dns.rcode.SERVFAIL, ((12, ""),), Outcome.BOGUS),
        (dns.rcode.REFUSED, (), Outcome.REFUSED),
        (dns.rcode.REFUSED, ((6, ""),), Outcome.REFUSED),
        (dns.rcode.FORMERR, (), Outcome.SERVFAIL),
        (dns.rcode.NXDOMAIN, (), Outcome.NXDOMAIN),
        (dns.rcode.NXDOMAIN, ((6, ""),), Outcome.NXDOMAIN),
        (dns.rcode.NOERROR, (), Outcome.EMPTY),
    ],
)
def test_an_error_is_what_its_codes_say(
    rcode: dns.rcode.Rcode, extended: tuple[tuple[int, str], ...], want: Outcome
) -> None:
    """RFC 8914: that validation failed is told by an extended error beside SERVFAIL."""
    assert read(QUESTION, reply(asked().wire, rcode=rcode, extended=extended), "udp").outcome is want


@pytest.mark.parametrize(
    ("rcode", "refuses"),
    [(dns.rcode.FORMERR, True), (dns.rcode.NOTIMP, True), (dns.rcode.SERVFAIL, False)],
)
def test_a_server_that_may_not_know_edns_says_so_by_its_code(
    rcode: dns.rcode.Rcode, *, refuses: bool
) -> None:
    """RFC 6891 section 7."""
    assert read(QUESTION, reply(asked().wire, rcode=rcode), "udp").refuses_edns is refuses
    assert DnsResult(Outcome.TIMEOUT).refuses_edns is False


@pytest.mark.parametrize(
    ("soa_ttl", "minimum", "want"), [(900, 60, 60), (60, 900, 60), (0, 900, 0), (900, 0, 0)]
)
def test_absence_is_held_for_the_lesser_of_the_ttl_of_the_soa_and_its_minimum(
    soa_ttl: int, minimum: int, want: int
) -> None:
    """RFC 2308 section 5."""
    soa = f"example.com. {soa_ttl} IN SOA ns. root. 1 2 3 4 {minimum}"
    for rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        got = read(QUESTION, reply(asked().wire, authority=(soa,), rcode=rcode), "udp")
        assert got.ttl_s == want


def test_an_answer_is_held_no_longer_than_its_shortest_record_and_alias() -> None:
    assert read_answer(A, "a.example.com. 9 IN A 192.0.2.1", "a.example.com. 9 IN A 192.0.2.2").ttl_s == 9
    by_alias = read_answer(A, "a.example.com. 5 IN CNAME b.example.", "b.example. 9 IN A 192.0.2.1")
    by_record = read_answer(A, "a.example.com. 9 IN CNAME b.example.", "b.example. 5 IN A 192.0.2.1")
    gone = read_answer(
        A, "a.example.com. 5 IN CNAME b.example.", authority=(". 900 IN SOA n. r. 1 2 3 4 60",)
    )
    assert [one.ttl_s for one in (by_alias, by_record, gone)] == [5, 5, 5]
    assert read_answer(A).ttl_s is None


def test_records_of_the_authority_section_other_than_an_soa_say_nothing_of_how_long_absence_holds() -> None:
    proof = ("example.com. 7 IN NSEC b.example.com. A", SOA)
    assert read(QUESTION, reply(asked().wire, authority=proof), "udp").ttl_s == 60


def test_a_referral_is_told_from_absence_by_its_servers_without_an_soa_and_without_authority() -> None:
    """RFC 2308 section 2.2: NS records without an SOA are a referral; with one, or from who has the zone, they are not."""
    servers = "com. 300 IN NS a.example."
    assert read_answer(A, authority=(servers,)).outcome is Outcome.SERVFAIL
    assert read_answer(A, authority=(servers, SOA)).outcome is Outcome.EMPTY
    wire = reply(asked().wire, authority=(servers,), flags=dns.flags.AA)
    assert read(QUESTION, wire, "udp").outcome is Outcome.EMPTY
    assert read(QUESTION, reply(asked().wire), "udp").outcome is Outcome.EMPTY


@pytest.mark.parametrize(("cut", "want"), [(11, Outcome.MALFORMED), (12, Outcome.EMPTY)])
def test_a_message_is_at_least_a_header(cut: int, want: Outcome) -> None:
    assert read(QUESTION, (b"\0\0\x84\0" + bytes(8))[:cut], "udp").outcome is want


def test_no_message_is_read_that_has_more_records_than_any_honest_one() -> None:
    def outcome(count: int) -> Outcome:
        counts = (0).to_bytes(2, "big") + count.to_bytes(2, "big") + bytes(4)
        return read(QUESTION, b"\0\0\x84\0" + counts, "udp").outcome

    assert (outcome(200), outcome(201)) == (Outcome.MALFORMED, Outcome.OVERSIZE)


@pytest.mark.parametrize("size", [DNS_BYTES_MAX, DNS_BYTES_MAX + 1])
def test_a_message_may_be_as_long_as_its_limit(size: int) -> None:
    got = read(QUESTION, b"\0\0\x84\0" + bytes(size - 4), "tcp")
    assert (got.outcome is Outcome.OVERSIZE) is (size > DNS_BYTES_MAX)


def test_a_cut_answer_is_truncated_only_to_who_asked_for_the_datagram_itself() -> None:
    wire = reply(asked().wire, "example.com. 300 IN MX 10 mx.example.com.", flags=dns.flags.TC)
    by_datagram = Question(Kind.MX, "example.com", server="192.0.2.1", transport=Transport.UDP)
    assert read(by_datagram, wire, "udp").outcome is Outcome.TRUNCATED
    assert read(QUESTION, wire, "udp").outcome is Outcome.MALFORMED
    whole = reply(asked().wire, "example.com. 300 IN MX 10 mx.example.com.")
    assert read(by_datagram, whole, "udp").outcome is Outcome.FOUND


def test_the_ad_bit_alone_makes_an_answer_secure() -> None:
    for flags, is_secure in ((0, False), (dns.flags.AD, True), (dns.flags.CD, False), (dns.flags.AA, False)):
        got = read(QUESTION, reply(asked().wire, "example.com. 1 IN MX 10 mx.", flags=flags), "udp")
        assert got.data is not None
        assert got.data.secure is is_secure, flags


@pytest.mark.parametrize(("ttl_s", "minimum_s", "alias_s"), [(900, 60, 300), (60, 900, 300), (900, 300, 60)])
def test_absence_is_held_as_long_as_the_shortest_on_the_way_to_it_allows(
    ttl_s: int, minimum_s: int, alias_s: int
) -> None:
    """RFC 2308 section 5: the TTL of the SOA record or its last number; and the TTL of an alias that leads there."""
    soa = f"example.com. {ttl_s} IN SOA ns. root. 1 2 3 4 {minimum_s}"
    alias = f"example.com. {alias_s} IN CNAME gone.example.com."
    for rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        plain = read(QUESTION, reply(asked().wire, authority=(soa,), rcode=rcode), "udp")
        assert plain.ttl_s == min(ttl_s, minimum_s)
        behind = read(QUESTION, reply(asked().wire, alias, authority=(soa,), rcode=rcode), "udp")
        assert behind.ttl_s == 60


@pytest.mark.parametrize("rcode", [dns.rcode.NOERROR, dns.rcode.NXDOMAIN])
def test_an_absence_that_is_proved_holds_the_records_of_its_proof(rcode: dns.rcode.Rcode) -> None:
    question = Question(Kind.MX, "example.com", edns=Edns.SIGNED)
    authority = (SOA, "a.example.com. 300 IN NSEC z.example.com. A")
    got = read(question, reply(asked(question).wire, authority=authority, rcode=rcode), "udp")
    assert got.data is not None
    assert [(one.name, one.rdtype) for one in got.data.records if isinstance(one, SignedRecord)] == [
        ("a.example.com", 47)
    ]
    assert got.outcome is (Outcome.EMPTY if rcode == dns.rcode.NOERROR else Outcome.NXDOMAIN)
