"""The words of a difference: what it comes to, between which states, what changed and for whom it matters."""

import msgspec
import pytest

from mxproof.judge.difference import (
    Course,
    FindingShift,
    LookedAt,
    MomentSeen,
    SenderState,
    Supposed,
    SupposedFact,
)
from mxproof.judge.report import Bounce, Summary
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Confidence, Security, Severity, Verdict
from mxproof.mail.observed_fact import FactKind
from mxproof.render.text.difference_words import (
    COURSE_MARKS,
    COURSE_WORDS,
    at_both,
    at_one,
    bounce_of,
    finding_words,
    headline,
    shift_lines,
    shift_title,
    span_words,
    state_words,
    supposed_lines,
    whom_words,
)
from support_difference import AFTER, PLAIN, REFUSING, SECURED, course, difference, shift

SUPPOSED = Supposed((), ())


def test_each_course_has_a_word_and_a_mark_of_its_own() -> None:
    assert dict(COURSE_WORDS) == {one: one.value.upper() for one in Course}
    assert dict(COURSE_MARKS) == {
        Course.WORSE: "✘",
        Course.BETTER: "✔",
        Course.SAME: "=",
        Course.UNKNOWN: "?",
    }


def test_the_headline_is_what_it_comes_to_now() -> None:
    assert headline(difference()) == "Every sender delivers."
    assert headline(difference(course=Course.BETTER, senders=(course("A", PLAIN, SECURED),))) == (
        "Every sender delivers."
    )
    refused = MomentSeen(AFTER, Summary(Verdict.REFUSED, "One refuses."))
    assert headline(difference(course=Course.WORSE, after=refused)) == "One refuses."


def test_where_all_deliver_and_yet_it_went_for_the_worse_that_comes_first() -> None:
    one, two = course("A", SECURED, PLAIN), course("B", SECURED, PLAIN)
    better = course("C", PLAIN, SECURED, Course.BETTER)
    guess = msgspec.structs.replace(two, confidence=Confidence.GUESS)

    def said(*senders: object) -> str:
        return headline(difference(course=Course.WORSE, senders=senders))

    assert said(one, better, guess) == (
        "1 modelled sender protects mail less than before. Every sender delivers."
    )
    assert said(one, two) == "2 modelled senders protect mail less than before. Every sender delivers."
    assert said(better) == "A finding is new that weighs enough to fail. Every sender delivers."


def test_it_is_told_between_which_moments_or_from_which_to_a_planned_state() -> None:
    assert span_words(difference()) == "from 2026-11-03 12:00:05 UTC to 2026-11-04 12:00:05 UTC"
    assert span_words(difference(supposed=SUPPOSED)) == (
        "from what was seen at 2026-11-03 12:00:05 UTC to what is planned"
    )


def test_of_a_planned_state_it_is_told_what_is_supposed_and_what_nobody_saw() -> None:
    assert supposed_lines(difference()) == []
    assert supposed_lines(difference(supposed=SUPPOSED)) == []
    facts = tuple(SupposedFact("no-other-records", f"mx{number}.example.com AAAA") for number in (1, 2))
    assert supposed_lines(difference(supposed=Supposed(facts, ("MX a.example", "A b.example")))) == [
        "supposed: no other records stand at mx1.example.com AAAA and mx2.example.com AAAA",
        "not seen: MX a.example and A b.example",
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (SECURED, "delivers, secured by MTA-STS"),
        (SenderState(Verdict.DELIVERS, None, (), None), "delivers"),
        (SenderState(Verdict.AT_RISK, Security.MTA_STS, (), None), "at risk"),
        (REFUSING, "REFUSES"),
    ],
)
def test_what_a_sender_does_is_said_with_its_security_where_it_delivers(
    state: SenderState, said: str
) -> None:
    assert state_words(state) == said


@pytest.mark.parametrize(
    ("bounce", "said"),
    [
        (None, ""),
        (Bounce(None, None, 60), ""),
        (Bounce(None, "550 no", 60), "550 no"),
        (Bounce("451 no", "550 no", 60), "451 no"),
    ],
)
def test_the_bounce_that_is_told_is_the_first_that_is_known_of_now(bounce: Bounce | None, said: str) -> None:
    now = msgspec.structs.replace(PLAIN, bounce=bounce)
    assert bounce_of(course("A", REFUSING, now)) == said


@pytest.mark.parametrize(
    ("kind", "about", "title"),
    [
        (FactKind.RECORD, ("TXT",), "TXT a.example and b.example"),
        (FactKind.ADDRESS, ("A", "AAAA"), "A and AAAA a.example and b.example"),
        (FactKind.POLICY, ("192.0.2.80:443",), "policy of a.example and b.example (192.0.2.80:443)"),
        (FactKind.CERTIFICATE, ("192.0.2.1:25",), "certificate of a.example and b.example (192.0.2.1:25)"),
        (FactKind.SERVER, (), "server a.example and b.example"),
        (FactKind.VANTAGE, (), "a.example and b.example"),
    ],
)
def test_what_changed_has_its_names_and_what_it_is_about(
    kind: FactKind, about: tuple[str, ...], title: str
) -> None:
    assert shift_title(shift(kind=kind, names=("a.example", "b.example"), about=about)) == title


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (("a",), ("b",), [("-", "a"), ("+", "b")]),
        (("a", "b"), ("b", "c"), [("-", "a"), ("+", "c")]),
        (("a", "b"), ("a",), [("-", "b")]),
        (("a",), ("a", "b"), [("+", "b")]),
        ((), ("a",), [("-", "nothing"), ("+", "a")]),
        (("a",), (), [("-", "a"), ("+", "nothing")]),
        (None, ("a",), [("-", "not found out: timeout"), ("+", "a")]),
        (("a",), None, [("-", "a"), ("+", "not found out: timeout")]),
        (None, (), [("-", "not found out: timeout"), ("+", "nothing")]),
        ((), None, [("-", "nothing"), ("+", "not found out: timeout")]),
        (("a", "b"), ("b", "a"), [("+", "in another order")]),
    ],
)
def test_a_value_is_told_by_the_lines_that_are_gone_and_those_that_are_new(
    before: tuple[str, ...] | None, after: tuple[str, ...] | None, lines: list[tuple[str, str]]
) -> None:
    assert shift_lines(shift(before=before, after=after, why="timeout")) == lines


GONE = shift("v=STSv1; id=1;", after=(), sight=LookedAt.BEFORE)
NEW = shift(after=("a", "b"), sight=LookedAt.AFTER)
BOTH = shift("v=STSv1; id=1;")
TITLE = "TXT _mta-sts.example.com"


def test_what_was_looked_at_at_both_moments_is_told_apart() -> None:
    assert at_both((GONE, BOTH, NEW)) == [BOTH]


def test_what_was_looked_at_once_is_told_with_its_value_of_that_moment() -> None:
    assert at_one(difference(shifts=(GONE, BOTH, NEW))) == [
        ("Not looked at before", "+", [f"{TITLE}: a; b"]),
        ("Not looked at any more", "-", [f"{TITLE}: v=STSv1; id=1;"]),
    ]
    assert at_one(difference(shifts=(BOTH, GONE))) == [
        ("Not looked at any more", "-", [f"{TITLE}: v=STSv1; id=1;"])
    ]
    unknown = shift(after=None, sight=LookedAt.AFTER, why="timeout")
    assert at_one(difference(shifts=(unknown,))) == [
        ("Not looked at before", "+", [f"{TITLE}: not found out: timeout"])
    ]


def test_of_a_planned_state_it_is_told_what_is_part_of_it_alone() -> None:
    assert [words for words, _, _ in at_one(difference(shifts=(NEW, GONE), supposed=SUPPOSED))] == [
        "Part of what is planned alone",
        "No part of what is planned",
    ]


@pytest.mark.parametrize(
    ("matters_to", "words"),
    [
        ((), "matters to nobody by itself"),
        (("google", "exim"), "matters to google and exim"),
        (tuple(one.id for one in SENDERS), "matters to every sender"),
    ],
)
def test_it_is_told_for_whom_a_change_matters(matters_to: tuple[str, ...], words: str) -> None:
    assert whom_words(shift(matters_to=matters_to)) == words


def test_a_finding_is_new_or_gone_or_weighed_otherwise_before() -> None:
    one = FindingShift("mx-alias", Severity.ERROR, "example.com", "An alias.", ())
    assert finding_words("new", one) == "new"
    assert finding_words("new", msgspec.structs.replace(one, was=Severity.WARNING)) == "was warning"
