"""The words of values: every kind has some, on one line, and what a value holds is no template."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import Answer, Outcome
from mxproof.formats import Objection
from mxproof.formats.address_scope import SpecialRange
from mxproof.judge.catalogue.wording import Words, worded
from mxproof.judge.value import (
    AliasLacks,
    CertificateNames,
    HeldRecords,
    HostFault,
    NameLack,
    NotPublic,
    RecordFaults,
    Unseen,
    Value,
)
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.mail.domain import HostState

OBJECTION = Objection("rule", "wrong", 7, "RFC 8461 section 3.2")
AT = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def looked_up(state: HostState, *aliases: str) -> HostFault:
    silent = Answer(Outcome.TIMEOUT, AT, detail="late")
    return HostFault(state, aliases, (silent, silent))


def said(template: str, value: Value) -> str:
    return Words({"x": value}).fill(template)


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [
        ("{x}", ("a", "b", "a"), "a, b"),
        ("{x}", (), "none"),
        ("{x}", None, "none"),
        ("{x}", 7, "7"),
        ("{x}", AT, "2026-06-01 12:30 UTC"),
        ("{x:day}", AT, "2026-06-01"),
        ("{x}", b"\xff", "\\xff"),
        ("{x:quoted}", (b"v=STSv1;",), "`v=STSv1;`"),
        ("{x:mx}", ("a", "*.b"), "`mx: a`, `mx: *.b`"),
        ("{x:chains}", (("a", "b"), ("c", "d", "e")), "a -> b, c -> d -> e"),
        ("{x:each}", ("One, two", "three", "three"), "One, two; three"),
        ("{x}", (Publish("a.example", Ipv4Value("192.0.2.1")),), "`a.example. A 192.0.2.1`"),
        ("{x}", looked_up(HostState.UNKNOWN, "b"), "no answer in time (late)"),
        ("{x:each}", (OBJECTION,), "wrong (byte 7, RFC 8461 section 3.2)"),
        ("{x:rules}", (OBJECTION,), "wrong (RFC 8461 section 3.2)"),
        (
            "{x}",
            (NameLack("a"), NameLack("b", ("192.0.2.1", "192.0.2.2"))),
            "a, b (at 192.0.2.1 and 192.0.2.2)",
        ),
        ("{x:max_age}", None, "max_age"),
        ("{x:media_type}", "", "no media type"),
        ("{x:wildcard}", None, ""),
    ],
)
def test_a_value_reads_as_its_kind_and_form_have_it(template: str, value: Value, words: str) -> None:
    assert said(template, value) == words


def test_what_an_alias_lacks_is_said_where_it_was_seen() -> None:
    unseen = AliasLacks(Unseen.POLICY, Unseen.CERTIFICATE)
    nothing = AliasLacks((), ())
    assert said("{x}", unseen) == said("{x}", nothing)
    policy_only = said("{x}", AliasLacks(("a",), ()))
    both = said("{x}", AliasLacks(("a",), (NameLack("b"),)))
    assert "a" in policy_only.split()
    assert both.startswith(f"{policy_only} and ")


def test_a_common_name_and_a_rival_are_said_only_where_there_is_one() -> None:
    assert said("{x}", CertificateNames(("a",))) == "a"
    assert "b.example" in said("{x}", CertificateNames(("a",), "b.example"))
    assert said("{x}", RecordFaults((OBJECTION,), several=False, rivals=())) == said("{x:each}", (OBJECTION,))
    assert said("{x}", RecordFaults((), several=True, rivals=(b"one",))).count(";") > 1


@pytest.mark.parametrize("states", [HostState, Unseen])
def test_every_state_has_words(states: type[HostState] | type[Unseen]) -> None:
    assert all(worded(state) for state in states)


def test_every_outcome_has_words() -> None:
    from mxproof.evidence import Answer

    assert all(worded(Answer(outcome, AT)) for outcome in Outcome)


def test_every_kind_of_value_has_words() -> None:
    from mxproof.judge.catalogue import wording

    kinds = {kind for kind in get_args(Value) if isinstance(kind, type)}
    assert kinds - set(wording._BY_TYPE) == {HeldRecords}, "which has a form of its own, in lines"


@given(st.text())
def test_any_text_stays_on_one_line(words: str) -> None:
    assert len(said("<{x}>", words).splitlines()) == 1


def test_a_value_is_worded_anew_for_each_form_and_stays_the_same_for_each() -> None:
    words = Words({"x": AT, "y": ("192.0.2.1", "192.0.2.2")})
    template = "{x:day}, {x}, {y}, {x:day} and {x}"
    want = "2026-06-01, 2026-06-01 12:30 UTC, 192.0.2.1, 192.0.2.2, 2026-06-01 and 2026-06-01 12:30 UTC"
    assert [words.fill(template), words.fill("{x}"), words.fill("{x:day}"), words.fill(template)] == [
        want,
        "2026-06-01 12:30 UTC",
        "2026-06-01",
        want,
    ]


def test_two_findings_have_words_of_their_own() -> None:
    first, second = Words({"x": 1}), Words({"x": 2})
    assert [first.fill("{x}"), second.fill("{x}"), first.fill("{x}")] == ["1", "2", "1"]


def test_a_value_without_words_is_asked_for_again_and_leaves_nothing() -> None:
    words = Words({"x": None})
    assert [words.fill("a{x:wildcard}b{x:behind}"), words.fill("{x:wildcard}")] == ["ab", ""]


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [
        ("{x:later}", None, "A time to live after"),
        ("{x:later}", 0, "A time to live after"),
        ("{x:later}", 300, "300 seconds (the time to live) after"),
        ("{x:later}", (60, None, 3600, 300), "3600 seconds (the time to live) after"),
        ("{x:later}", (None, 0), "A time to live after"),
        ("{x:later}", (), "A time to live after"),
        ("{x:span}", 86_400, "86400 seconds"),
        ("{x:span}", 172_800, "172800 seconds (2 days)"),
        ("{x:span}", 172_801, "172801 seconds"),
        ("{x:span}", (86_400, 604_800, 300), "604800 seconds (7 days)"),
        ("{x:few}", tuple("abcd"), "a, b, c, d"),
        ("{x:few}", tuple("abcde"), "a, b, c, d, e"),
        ("{x:few}", tuple("abcdef"), "a, b, c, d and 2 more"),
        ("{x:first}", ("a",), "a"),
        ("{x:first}", ("a", "b", "c"), "a, and 2 more"),
        ("{x:unless}", (), "it is not of the form that receivers look for"),
        ("{x:unless}", ("a", "b", "a"), "a; b"),
        ("{x:bogus}", (), "it has them only with checking disabled"),
        ("{x:bogus}", ("6 bogus", "7"), "it says: 6 bogus, 7"),
        ("{x:counting}", (), "none counts"),
        ("{x:counting}", ("a", "b"), "only a and b take one of them"),
        ("{x:using}", (), "no modelled sender uses the policy"),
        ("{x:aside}", ("a",), "Read all the same by a"),
        ("{x:mx_block}", "a", "\n    mx: a\n"),
        ("{x:mx_block}", ("a", "*.b"), "\n    mx: a\n    mx: *.b\n"),
        ("{x:look_ups}", ("a",), "\n    dig TXT a\n    dig +cd TXT a\n"),
        ("{x:leftover}", None, ""),
    ],
)
def test_a_form_reads_at_its_edges_as_it_does_between_them(template: str, value: Value, words: str) -> None:
    assert said(template, value) == words


def failing(*answers: Answer, state: HostState = HostState.UNKNOWN) -> str:
    return said("{x}", HostFault(state, ("b", "c"), answers))


def test_each_reason_why_a_host_is_not_known_is_told_once_and_no_answer_that_came() -> None:
    late, refused = Answer(Outcome.TIMEOUT, AT), Answer(Outcome.REFUSED, AT)
    empty = Answer(Outcome.EMPTY, AT)
    assert failing(late, empty, late) == "no answer in time"
    assert failing(late, refused, late) == "no answer in time; refused"
    assert failing(empty) == "its addresses could not be looked up"
    assert failing(late, state=HostState.NXDOMAIN) == "it is an alias (CNAME) of b -> c, which does not exist"
    assert failing(late, state=HostState.INVALID) == "it is not a host name"


def test_addresses_are_told_by_their_range_each_range_once() -> None:
    private = SpecialRange("10.0.0.0/8", "private use", "RFC 1918")
    loopback = SpecialRange("127.0.0.0/8", "loopback", "RFC 1122")
    seen = (
        NotPublic("10.0.0.1", private),
        NotPublic("127.0.0.1", loopback),
        NotPublic("10.0.0.2", private),
    )
    assert said("{x:by_range}", seen) == (f"10.0.0.1, 10.0.0.2 are in {private}; 127.0.0.1 is in {loopback}")
