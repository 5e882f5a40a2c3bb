"""Values of a report that were written in another way than RFC 8460 has them."""

import json
import re

import pytest

from mxproof.formats.tlsrpt.json_object import JsonObject
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.value import (
    COUNT_MAX,
    ENTRIES_MAX,
    REPORT_TEXT_CHARACTERS_MAX,
    Members,
    listed_in,
    respelled,
)

KNOWN = frozenset({"policy-type", "policy-domain", "result-type"})
LONG = "a" * REPORT_TEXT_CHARACTERS_MAX
MANY: list[object] = ["a"] * ENTRIES_MAX


class Told:
    """One value under the name `v`, or none, and the repairs that taking it needs."""

    def __init__(self, *value: object) -> None:
        self.repairs: set[Repair] = set()
        self.members = Members(dict(zip("v", value, strict=False)), frozenset({"v"}), self.repairs)


@pytest.mark.parametrize(
    ("value", "want", "repairs"),
    [
        ((), "", set()),
        (("a",), "a", set()),
        (("",), "", {Repair.VALUE_EMPTY}),
        ((None,), "", {Repair.VALUE_NULL}),
        ((["a"],), "a", {Repair.LIST_UNEXPECTED}),
        (([1, "b", "a"],), "b", {Repair.LIST_UNEXPECTED}),
        (([],), "", {Repair.LIST_UNEXPECTED, Repair.VALUE_EMPTY}),
        (({"name": "a"},), "a", {Repair.VALUE_TYPE}),
        (({"name": "a", "other": "b"},), "", {Repair.VALUE_TYPE}),
        (({"name": {"name": "a"}},), "", {Repair.VALUE_TYPE}),
        (({"name": ["a"]},), "", {Repair.VALUE_TYPE}),
        ((True,), "", {Repair.VALUE_TYPE}),
        ((7,), "7", {Repair.VALUE_TYPE}),
        ((1.5,), "1.5", {Repair.VALUE_TYPE}),
        ((COUNT_MAX,), str(COUNT_MAX), {Repair.VALUE_TYPE}),
        ((-COUNT_MAX,), str(-COUNT_MAX), {Repair.VALUE_TYPE}),
        ((COUNT_MAX + 1,), "", {Repair.VALUE_TYPE, Repair.VALUE_EMPTY}),
        ((LONG,), LONG, set()),
        ((f"{LONG}b",), LONG, {Repair.VALUE_LONG}),
        (([LONG],), LONG, {Repair.LIST_UNEXPECTED}),
    ],
)
def test_a_text_is_what_is_meant_by_a_value(
    value: tuple[object, ...], want: str, repairs: set[Repair]
) -> None:
    told = Told(*value)
    assert (told.members.text("v"), told.repairs) == (want, repairs)


@pytest.mark.parametrize(
    ("value", "want", "repairs"),
    [
        (0, 0, set()),
        (7, 7, set()),
        (COUNT_MAX, COUNT_MAX, set()),
        (COUNT_MAX + 1, COUNT_MAX, {Repair.COUNT_RANGE}),
        (-1, 0, {Repair.COUNT_RANGE}),
        ([7], 7, {Repair.LIST_UNEXPECTED}),
        ([7, 8], None, {Repair.COUNT_MISSING}),
        ([], None, {Repair.COUNT_MISSING}),
        (["7"], 7, {Repair.LIST_UNEXPECTED, Repair.COUNT_TYPE}),
        ("7", 7, {Repair.COUNT_TYPE}),
        (" 7 ", 7, {Repair.COUNT_TYPE}),
        ("+7", 7, {Repair.COUNT_TYPE}),
        ("-7", 0, {Repair.COUNT_TYPE, Repair.COUNT_RANGE}),
        ("7.0", 7, {Repair.COUNT_TYPE}),
        ("7.5", None, {Repair.COUNT_MISSING}),
        ("7 sessions", 7, {Repair.COUNT_TYPE}),
        ("1,234,567", 1_234_567, {Repair.COUNT_TYPE}),
        (" 1 234 ", 1_234, {Repair.COUNT_TYPE}),
        ("1,23", None, {Repair.COUNT_MISSING}),
        (7.0, 7, {Repair.COUNT_TYPE}),
        (7.5, None, {Repair.COUNT_MISSING}),
        (True, None, {Repair.COUNT_MISSING}),
        ("", None, {Repair.COUNT_MISSING}),
        ("many", None, {Repair.COUNT_MISSING}),
        (None, None, {Repair.COUNT_MISSING}),
    ],
)
def test_a_count_is_a_whole_number_that_json_carries(
    value: object, want: int | None, repairs: set[Repair]
) -> None:
    told = Told(value)
    assert (told.members.count("v"), told.repairs) == (want, repairs)


@pytest.mark.parametrize(
    ("value", "want", "repairs"),
    [
        ((), [], set()),
        ((None,), [], {Repair.VALUE_NULL}),
        (("",), [], {Repair.LIST_MISSING}),
        (("a",), ["a"], {Repair.LIST_MISSING}),
        (([],), [], set()),
        ((["a", 1],), ["a", 1], set()),
        ((MANY,), MANY, set()),
        (([*MANY, "b"],), MANY, {Repair.ENTRIES_MANY}),
    ],
)
def test_one_value_in_place_of_a_list_is_its_only_entry(
    value: tuple[object, ...], want: list[object], repairs: set[Repair]
) -> None:
    told = Told(*value)
    assert (told.members.entries("v"), told.repairs) == (want, repairs)


POLICY: JsonObject = {"policy-type": "sts"}


@pytest.mark.parametrize(
    ("value", "want", "repairs"),
    [
        ([POLICY], [POLICY], set()),
        (POLICY, [POLICY], {Repair.LIST_MISSING}),
        ({}, [{}], {Repair.LIST_MISSING}),
        ({"a": POLICY, "b": {}}, [POLICY, {}], {Repair.LIST_MISSING}),
        ({"a": POLICY, "b": "c"}, [{"a": POLICY, "b": "c"}], {Repair.LIST_MISSING}),
        ({"policy": POLICY}, [{"policy": POLICY}], {Repair.LIST_MISSING}),
        ({"policy": POLICY, "a": {}}, [{"policy": POLICY, "a": {}}], {Repair.LIST_MISSING}),
        ([[POLICY, {}], POLICY], [POLICY, {}, POLICY], {Repair.LIST_UNEXPECTED}),
        ([[[POLICY]]], [[POLICY]], {Repair.LIST_UNEXPECTED}),
        ([[*MANY, "b"]], MANY, {Repair.LIST_UNEXPECTED}),
        ("a", ["a"], {Repair.LIST_MISSING}),
    ],
)
def test_objects_may_be_in_lists_within_the_list_or_under_keys(
    value: object, want: list[object], repairs: set[Repair]
) -> None:
    told = Told(value)
    assert (told.members.objects("v"), told.repairs) == (want, repairs)


def test_of_objects_under_keys_no_more_are_read_than_of_a_list() -> None:
    told = Told({f"{number}": POLICY for number in range(ENTRIES_MAX + 1)})
    assert len(told.members.objects("v")) == ENTRIES_MAX


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("a, , b,", ["a", "b"]),
        ("", []),
        (["a,b", 1], ["a,b", 1]),
        (LONG, [LONG]),
        (f"{LONG}b", []),
        (7, []),
        ({"a": "b"}, []),
    ],
)
def test_a_text_in_place_of_a_list_is_parted(value: object, want: list[object]) -> None:
    told = Told(value)
    assert (told.members.parts("v", re.compile(", ?")), told.repairs) == (want, set())


@pytest.mark.parametrize(
    ("value", "want", "repairs"),
    [
        (["a", "b"], ("a", "b"), set()),
        (["a", ""], ("a", ""), set()),
        ([], (), set()),
        ("a", ("a",), {Repair.LIST_MISSING}),
        (["a", 7], ("a", "7"), {Repair.VALUE_TYPE}),
        (["a", None], ("a",), {Repair.VALUE_NULL}),
        ([LONG], (LONG,), set()),
        ([f"{LONG}b"], (LONG,), {Repair.VALUE_LONG}),
        (["a", ["b", ["c"]]], ("a", "b", "c"), {Repair.LIST_UNEXPECTED}),
        (
            ["a", {"mx": ["b", "c"], "mode": "d"}],
            ("a", "mx: b", "mx: c", "mode: d"),
            {Repair.LIST_UNEXPECTED},
        ),
        ([["a", {"mx": "b"}]], ("a", "b"), {Repair.LIST_UNEXPECTED, Repair.VALUE_TYPE}),
        ([MANY, "b"], tuple(MANY), {Repair.LIST_UNEXPECTED}),
    ],
)
def test_texts_may_be_in_lists_within_the_list_or_lines_of_an_object(
    value: object, want: tuple[str, ...], repairs: set[Repair]
) -> None:
    told = Told(value)
    assert (told.members.texts("v"), told.repairs) == (want, repairs)


@pytest.mark.parametrize(
    ("value", "want", "repairs"),
    [
        (POLICY, POLICY, set()),
        ([POLICY, {}], POLICY, {Repair.LIST_UNEXPECTED}),
        (["a", POLICY], None, set()),
        ([], None, set()),
        ("a", None, set()),
        (None, None, set()),
    ],
)
def test_an_object_may_be_the_first_of_a_list(
    value: object, want: JsonObject | None, repairs: set[Repair]
) -> None:
    told = Told(value)
    assert (told.members.inner("v"), told.repairs) == (want, repairs)


@pytest.mark.parametrize(
    ("value", "want", "is_repaired"),
    [
        ("192.0.2.1", "192.0.2.1", False),
        ("2001:db8::1", "2001:db8::1", False),
        ("2001:0DB8::0001", "2001:db8::1", False),
        ("", "", False),
        ("[192.0.2.1]", "192.0.2.1", True),
        ("[IPv6:2001:db8::1]:25", "2001:db8::1", True),
        ("192.0.2.1:25", "192.0.2.1", True),
        (" 192.0.2.1 ", "192.0.2.1", True),
        ("192.0.2.1/32", "192.0.2.1", True),
        ("mx1.example.com", "", True),
    ],
)
def test_an_address_is_taken_out_of_what_stands_around_it(
    value: str, want: str, *, is_repaired: bool
) -> None:
    told = Told(value)
    assert told.members.address("v") == want
    assert (Repair.ADDRESS_UNREADABLE in told.repairs) is is_repaired


@pytest.mark.parametrize(
    ("value", "want", "repairs"),
    [
        ("tls@example.com", "tls@example.com", set()),
        ("TLS team <tls@example.com>", "tls@example.com", {Repair.CONTACT_FORM}),
        ("mailto:tls@example.com", "tls@example.com", {Repair.CONTACT_FORM}),
        ("https://example.com/", "https://example.com/", set()),
        ("", "", {Repair.VALUE_EMPTY}),
        ({"email": "tls@example.com"}, "tls@example.com", {Repair.VALUE_TYPE}),
        (["tls@example.com"], "tls@example.com", {Repair.VALUE_TYPE}),
        (["nobody", "at all"], "", {Repair.VALUE_TYPE}),
        ([7, "tls@example.com"], "tls@example.com", {Repair.VALUE_TYPE}),
        ([], "", {Repair.LIST_UNEXPECTED, Repair.VALUE_EMPTY}),
    ],
)
def test_a_mail_address_is_taken_out_of_what_stands_around_it(
    value: object, want: str, repairs: set[Repair]
) -> None:
    told = Told(value)
    assert (told.members.mail_address("v"), told.repairs) == (want, repairs)


@pytest.mark.parametrize(
    ("value", "want", "is_repaired"),
    [
        ("mx1.example.com", "mx1.example.com", False),
        ("MX1.Example.COM.", "mx1.example.com", False),
        ("10 mx1.example.com", "mx1.example.com", True),
        ("user@mx1.example.com", "mx1.example.com", True),
        ("mx1.example.com [192.0.2.1]", "mx1.example.com", True),
        ("mx1.example.com:25", "mx1.example.com", True),
        ("bücher.example", "xn--bcher-kva.example", True),
        ("bü cher", "bü cher", False),
    ],
)
def test_a_host_is_named_as_dns_has_it(value: str, want: str, *, is_repaired: bool) -> None:
    told = Told(value)
    assert told.members.host("v") == want
    assert told.repairs == ({Repair.HOST_FORM} if is_repaired else set())


def test_a_member_is_there_or_not_whatever_it_says() -> None:
    assert (Told(None).members.has("v"), Told().members.has("v")) == (True, False)
    assert (Told(7).members.raw("v"), Told().members.raw("v")) == (7, None)


def test_a_member_is_known_by_its_name_and_by_another_spelling_where_its_name_is_missing() -> None:
    repairs: set[Repair] = set()
    members = Members({"policy-type": "sts", "Policy_Domain": "a", "odd": "b"}, KNOWN, repairs)
    assert (members.raw("policy-type"), members.raw("policy-domain")) == ("sts", "a")
    assert (members.has("odd"), members.has("result-type"), repairs) == (False, False, {Repair.KEY_SPELLING})


def test_of_several_spellings_the_right_one_counts_and_else_the_first() -> None:
    repairs: set[Repair] = set()
    members = Members({"policy_type": "tlsa", "policy-type": "sts", "odd": 1}, KNOWN, repairs)
    assert (members.raw("policy-type"), repairs) == ("sts", set())
    members = Members({"policy_type": "tlsa", "policyType": "sts"}, KNOWN, repairs)
    assert (members.raw("policy-type"), repairs) == ("tlsa", {Repair.KEY_SPELLING})


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('["a", "b"]', ["a", "b"]),
        ("[]", []),
        ('["a", 1]', None),
        ("[1]", None),
        ('["a"', None),
        ('{"a": "b"}', None),
        ('"a"', None),
        (' ["a"]', None),
        ("", None),
    ],
)
def test_a_list_that_was_written_as_one_text_is_a_list_of_texts_or_none(
    text: str, want: list[str] | None
) -> None:
    assert listed_in(text, json.loads) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [("STARTTLS_NOT_SUPPORTED", "starttls-not-supported"), (" sts policy ", "sts-policy"), ("sts", "sts")],
)
def test_a_word_is_respelled_as_the_rfc_has_it(text: str, want: str) -> None:
    assert respelled(text) == want
