"""TLSA records as SMTP uses them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.tlsa import (
    Tlsa,
    association_for,
    matching,
    parse_tlsa,
    print_tlsa,
    strongest,
    unusable_because,
    usable,
)
from support_certificates import INTERMEDIATE, ROOT, leaf
from support_formats import vector

LEAF = leaf(("mail.example.com",))
CHAIN = (LEAF.der, INTERMEDIATE.der, ROOT.der)

bytes_ = st.integers(0, 255)
records = st.builds(Tlsa, bytes_, bytes_, bytes_, st.binary(min_size=1, max_size=80))


def test_the_examples_of_the_rfc_are_read() -> None:
    first = parse_tlsa(vector("rfc6698/tlsa-section-2.3-1.txt").decode())
    second = parse_tlsa(vector("rfc6698/tlsa-section-2.3-2.txt").decode())
    assert (first.usage, first.selector, first.matching_type, len(first.association)) == (0, 0, 1, 32)
    assert (second.usage, second.selector, second.matching_type, len(second.association)) == (1, 1, 2, 64)
    assert second.association.hex().startswith("92003ba34942dc74152e2f2c408d29eca5a520e7")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("3 1 1 0aFF", Tlsa(3, 1, 1, b"\x0a\xff")),
        ("  3\t1 1 0a ff\n", Tlsa(3, 1, 1, b"\x0a\xff")),
        ("3 1 1 0 a f f", Tlsa(3, 1, 1, b"\x0a\xff")),
        ("255 0 007 00", Tlsa(255, 0, 7, b"\x00")),
    ],
)
def test_a_presentation_form_is_read(text: str, want: Tlsa) -> None:
    assert parse_tlsa(text) == want


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "tlsa-association"),
        ("3 1 1", "tlsa-association"),
        ("3 1", "tlsa-association"),
        ("3 1 1 0", "tlsa-association"),
        ("3 1 1 0g", "tlsa-association"),
        ("3 1 1 ( 00 )", "tlsa-association"),
        ("256 1 1 00", "tlsa-number"),
        ("-1 1 1 00", "tlsa-number"),
        ("3 1 x 00", "tlsa-number"),
        ("3 1 ٣ 00", "tlsa-text"),
        ("3 1 1 " + "00" * 300_000, "tlsa-text"),
    ],
)
def test_what_is_no_record_is_refused(text: str, rule: str) -> None:
    with pytest.raises(FormatError) as raised:
        parse_tlsa(text)
    assert [objection.rule for objection in raised.value.objections] == [rule]


@given(records)
def test_a_printed_record_reads_back_as_itself(record: Tlsa) -> None:
    assert parse_tlsa(print_tlsa(record)) == record


@given(st.text(max_size=40) | st.text(alphabet="0123456789abcdef ()", max_size=40))
def test_any_text_is_a_record_or_a_format_error(text: str) -> None:
    try:
        record = parse_tlsa(text)
    except FormatError:
        return
    assert parse_tlsa(print_tlsa(record)) == record


@pytest.mark.parametrize("usage", [2, 3])
@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching_type", [0, 1, 2])
def test_the_combinations_of_rfc_7672_are_usable(usage: int, selector: int, matching_type: int) -> None:
    assert usable(Tlsa(usage, selector, matching_type, association_for(LEAF.der, selector, matching_type)))


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (Tlsa(0, 0, 1, bytes(32)), "tlsa-usage"),
        (Tlsa(1, 1, 1, bytes(32)), "tlsa-usage"),
        (Tlsa(4, 1, 1, bytes(32)), "tlsa-usage"),
        (Tlsa(255, 1, 1, bytes(32)), "tlsa-usage"),
        (Tlsa(3, 2, 1, bytes(32)), "tlsa-selector"),
        (Tlsa(3, 1, 3, bytes(32)), "tlsa-matching-type"),
        (Tlsa(3, 1, 1, bytes(31)), "tlsa-digest-length"),
        (Tlsa(3, 1, 1, bytes(64)), "tlsa-digest-length"),
        (Tlsa(3, 1, 2, bytes(32)), "tlsa-digest-length"),
        (Tlsa(2, 0, 0, b"\x30\x00"), "tlsa-association"),
        (Tlsa(2, 0, 0, LEAF.der[:-1]), "tlsa-association"),
        (Tlsa(2, 0, 0, LEAF.der + b"\x00"), "tlsa-association"),
        (Tlsa(2, 0, 0, LEAF.spki), "tlsa-association"),
        (Tlsa(3, 1, 0, LEAF.spki[:-1]), "tlsa-association"),
        (Tlsa(3, 1, 0, b""), "tlsa-association"),
    ],
)
def test_an_unusable_record_says_why_and_matches_nothing(record: Tlsa, rule: str) -> None:
    objection = unusable_because(record)
    assert objection is not None
    assert objection.rule == rule
    assert not usable(record)
    assert matching(record, CHAIN) is None


def test_the_association_is_the_digest_of_the_exact_bytes() -> None:
    assert association_for(LEAF.der, 0, 0) == LEAF.der
    assert association_for(LEAF.der, 1, 0) == LEAF.spki
    assert association_for(LEAF.der, 0, 1) == hashlib.sha256(LEAF.der).digest()
    assert association_for(LEAF.der, 1, 2) == hashlib.sha512(LEAF.spki).digest()


@pytest.mark.parametrize(("selector", "matching_type"), [(2, 1), (-1, 1), (1, 3)])
def test_an_association_of_unknown_kind_is_refused(selector: int, matching_type: int) -> None:
    with pytest.raises(FormatError):
        association_for(LEAF.der, selector, matching_type)


@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching_type", [0, 1, 2])
def test_dane_ee_matches_the_leaf_only(selector: int, matching_type: int) -> None:
    of_leaf = Tlsa(3, selector, matching_type, association_for(LEAF.der, selector, matching_type))
    of_issuer = Tlsa(3, selector, matching_type, association_for(INTERMEDIATE.der, selector, matching_type))
    assert matching(of_leaf, CHAIN) == 0
    assert matching(of_issuer, CHAIN) is None


@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching_type", [0, 1, 2])
def test_dane_ta_matches_a_certificate_above_the_leaf(selector: int, matching_type: int) -> None:
    of_leaf, of_issuer, of_root = (
        Tlsa(2, selector, matching_type, association_for(der, selector, matching_type)) for der in CHAIN
    )
    assert matching(of_leaf, CHAIN) is None
    assert matching(of_issuer, CHAIN) == 1
    assert matching(of_root, CHAIN) == 2
    assert matching(of_root, CHAIN[:2]) is None


def test_a_chain_that_is_empty_or_garbage_matches_nothing() -> None:
    record = Tlsa(3, 1, 1, association_for(LEAF.der, 1, 1))
    assert matching(record, ()) is None
    assert matching(record, (b"garbage",)) is None
    assert matching(Tlsa(2, 1, 1, record.association), (b"garbage", b"", LEAF.der)) == 2


def test_the_strongest_digest_of_a_usage_and_selector_counts_and_full_data_always() -> None:
    """RFC 7671 section 9; observed: OpenSSL 3.0.19, which passes over a digest that it cannot use."""
    whole, weak, strong = (Tlsa(3, 1, kind, association_for(LEAF.der, 1, kind)) for kind in (0, 1, 2))
    other, short = Tlsa(3, 0, 1, association_for(LEAF.der, 0, 1)), Tlsa(3, 1, 2, b"short")
    got = [strongest(one) for one in ((whole, weak, strong, other), (weak, short), (whole, weak), ())]
    assert got == [(whole, strong, other), (weak,), (whole, weak), ()]


def test_the_strongest_digest_counts_in_whatever_order_the_records_come() -> None:
    weak, strong = (Tlsa(3, 1, kind, association_for(LEAF.der, 1, kind)) for kind in (1, 2))
    above = Tlsa(2, 1, 1, association_for(INTERMEDIATE.der, 1, 1))
    assert strongest((strong, weak)) == strongest((weak, strong)) == (strong,)
    assert strongest((strong, above, weak)) == (strong, above)
    assert strongest((weak, Tlsa(3, 1, 9, b"x"), above)) == (weak, above)
