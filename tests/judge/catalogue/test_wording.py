"""The words of values: every kind has some, on one line, and what a value holds is no template."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import Answer, Outcome
from mxproof.formats import Objection
from mxproof.judge.catalogue.wording import Words, worded
from mxproof.judge.value import (
    AliasLacks,
    CertificateNames,
    HeldRecords,
    HostFault,
    NameLack,
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
