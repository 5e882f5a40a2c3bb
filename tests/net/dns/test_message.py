"""Whatever bytes come from a resolver, reading them ends in an outcome."""

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import Kind, Outcome, Question
from mxproof.net.dns.message import DNS_BYTES_MAX, Query, is_truncated, query, read
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
KINDS = st.sampled_from([kind for kind in Kind if kind not in {Kind.POLICY, Kind.SMTP}])


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


@given(st.binary(max_size=100))
def test_random_bytes_answer_no_query(wire: bytes) -> None:
    assert not asked().answered_by(wire)


def test_a_response_answers_the_query_it_was_made_for() -> None:
    one = asked()
    assert one.answered_by(reply(one.wire))
    assert not one.answered_by(reply(asked(Question(Kind.TXT, "example.com")).wire))


def test_an_error_may_come_without_its_question() -> None:
    one = asked()
    bare = one.wire[:2] + b"\x80\x05" + bytes(8)
    assert one.answered_by(bare)
    assert not one.answered_by(one.wire[:2] + b"\x80\x00" + bytes(8))


@pytest.mark.parametrize(
    ("question", "checking_disabled", "want"),
    [
        (Question(Kind.TLSA, "_25._tcp.MX.example.com."), False, "RD AD"),
        (Question(Kind.TXT, r"b\195\188cher\.s.example"), True, "RD AD CD"),
        (Question(Kind.SOA, ".", server="192.0.2.53"), False, "AD"),
    ],
)
def test_a_query_is_what_another_reader_of_dns_takes_it_for(
    question: Question, checking_disabled: bool, want: str
) -> None:
    made = query(question, checking_disabled=checking_disabled)
    assert made is not None
    message = dns.message.from_wire(made.wire)
    (only,) = message.question
    assert (only.name.to_text(), dns.rdatatype.to_text(only.rdtype)) == (
        dns.name.from_text(question.name).to_text(),
        question.kind,
    )
    assert (dns.flags.to_text(message.flags), message.edns, message.payload) == (want, 0, 1232)
    assert dns.flags.edns_to_text(message.ednsflags) == "DO"


def test_each_query_has_an_id_of_its_own() -> None:
    assert len({asked().wire[:2] for _ in range(20)}) > 1


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
