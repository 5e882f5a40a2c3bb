"""Queries as they go out, and which bytes are taken for their answer."""

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import Edns, Kind, Question
from mxproof.net.dns.query import Fit, Query, is_writable, query, section_of, usual_query
from support_dns import reply

QUESTION = Question(Kind.MX, "example.com")


def asked(question: Question = QUESTION) -> Query:
    made = query(question)
    assert made is not None
    return made


@given(st.binary(max_size=100))
def test_random_bytes_answer_no_query(wire: bytes) -> None:
    assert asked().fit(wire) is Fit.NO


def test_a_response_answers_the_query_it_was_made_for() -> None:
    one = asked()
    assert one.fit(reply(one.wire)) is Fit.YES
    other = reply(asked(Question(Kind.TXT, "example.com")).wire)
    assert one.fit(one.wire[:2] + other[2:]) is Fit.NO
    assert one.fit(b"\0\0" + reply(one.wire)[2:]) is Fit.NO


def headed(one: Query, flags: int, questions: int = 1, echoed: bytes | None = None) -> bytes:
    """Return a message of our ID with these flags, this count of questions, and our question in it or another one."""
    head = one.wire[:2] + flags.to_bytes(2, "big") + questions.to_bytes(2, "big") + bytes(6)
    return head + (one.question if echoed is None else echoed)


def test_a_query_is_no_answer_though_it_has_our_id_and_our_question() -> None:
    """RFC 1035 section 4.1.1: the QR bit tells a response from a query. Whoever sends ours back has answered nothing."""
    one = asked()
    assert one.fit(one.wire) is Fit.NO
    assert one.fit(headed(one, 0x0000)) is Fit.NO
    assert one.fit(headed(one, 0x0005)) is Fit.NO
    assert one.fit(headed(one, 0x8000)) is Fit.YES


@pytest.mark.parametrize("opcode", [1, 2, 4, 5, 8, 15])
def test_a_response_to_another_kind_of_message_is_no_answer(opcode: int) -> None:
    one = asked()
    assert one.fit(headed(one, 0x8000 | opcode << 11)) is Fit.NO
    assert one.fit(headed(one, 0x8000 | opcode << 11 | 4, questions=0, echoed=b"")) is Fit.NO


def test_a_response_with_other_questions_beside_ours_or_a_part_of_it_is_no_answer() -> None:
    one = asked()
    assert one.fit(headed(one, 0x8000, questions=2, echoed=one.question * 2)) is Fit.NO
    assert one.fit(headed(one, 0x8000, echoed=one.question[:-1])) is Fit.NO
    assert one.fit(headed(one, 0x8000, questions=0)) is Fit.NO


def test_a_header_alone_is_long_enough_for_an_error_and_nothing_shorter_is() -> None:
    one = asked()
    bare = headed(one, 0x8001, questions=0, echoed=b"")
    assert (len(bare), one.fit(bare), one.fit(bare[:-1])) == (12, Fit.UNASKED, Fit.NO)


def test_the_better_answer_is_the_greater() -> None:
    assert sorted(Fit) == [Fit.NO, Fit.UNASKED, Fit.LETTERS, Fit.YES]


def test_a_response_in_other_letters_is_told_from_one_in_ours() -> None:
    one = asked()
    swapped = one.question.swapcase()
    assert one.fit(reply(one.wire).replace(one.question, swapped)) is Fit.LETTERS


def test_an_error_may_come_without_its_question() -> None:
    one = asked()
    bare = one.wire[:2] + b"\x80\x05" + bytes(8)
    assert one.fit(bare) is Fit.UNASKED
    assert one.fit(one.wire[:2] + b"\x80\x00" + bytes(8)) is Fit.NO


def test_letters_are_drawn_anew_for_each_query_and_the_name_is_the_same() -> None:
    drawn = [query(QUESTION, letters_drawn=True) for _ in range(50)]
    questions = {one.question for one in drawn if one is not None}
    assert len(questions) > 10
    assert {one.lower() for one in questions} == {asked().question}


def test_a_query_without_edns_asks_for_validation_by_its_ad_bit() -> None:
    made = query(QUESTION, edns=False)
    assert made is not None
    message = dns.message.from_wire(made.wire)
    assert (dns.flags.to_text(message.flags), message.edns) == ("RD AD", -1)


@pytest.mark.parametrize(
    ("question", "checking_disabled", "want"),
    [
        (Question(Kind.TLSA, "_25._tcp.MX.example.com."), False, "RD AD"),
        (Question(Kind.TXT, r"b\195\188cher\.s.example"), True, "RD AD CD"),
        (Question(Kind.SOA, ".", server="192.0.2.53"), False, "AD"),
        (Question(Kind.DNSKEY, "example.com", edns=Edns.SIGNED), False, "RD AD CD"),
    ],
)
def test_a_query_is_what_another_reader_of_dns_takes_it_for(
    question: Question, checking_disabled: bool, want: str
) -> None:
    made = query(question, checking_disabled=checking_disabled)
    assert made is not None
    message = dns.message.from_wire(made.wire)
    (only,) = message.question
    assert (only.name.to_text().lower(), dns.rdatatype.to_text(only.rdtype)) == (
        dns.name.from_text(question.name).to_text().lower(),
        question.kind,
    )
    assert (dns.flags.to_text(message.flags), message.edns, message.payload) == (want, 0, 1232)
    assert dns.flags.edns_to_text(message.ednsflags) == "DO"


def test_each_query_has_an_id_of_its_own() -> None:
    assert len({asked().wire[:2] for _ in range(20)}) > 1


@pytest.mark.parametrize(
    ("name", "is_name"),
    [
        ("example.com", True),
        ("a" * 63 + ".example", True),
        ("a" * 64 + ".example", False),
        (".".join(["a" * 49] * 5), True),
        (".".join(["a" * 63] * 4), False),
    ],
)
def test_there_is_a_query_for_a_name_whose_labels_and_whole_are_short_enough(
    name: str, *, is_name: bool
) -> None:
    """RFC 1035 section 2.3.4: 63 octets a label, 255 the name."""
    one = Question(Kind.A, name)
    assert (is_writable(one), query(one) is not None, section_of(one) is not None) == (is_name,) * 3


def test_letters_are_kept_as_they_are_asked_for_unless_they_are_drawn() -> None:
    assert {asked().question for _ in range(5)} == {section_of(QUESTION)}
    assert usual_query(b"id", asked().question)[2:] == asked().wire[2:]
