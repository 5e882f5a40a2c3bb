"""A difference as text: the course first, then senders, what changed for whom, and findings."""

import msgspec

from mxproof.judge.difference import Course, Difference, FindingShift, LookedAt, MomentSeen, Supposed
from mxproof.judge.report import Summary
from mxproof.judge.vocabulary import Confidence, Severity, Verdict
from mxproof.render.text.difference import document
from mxproof.render.text.paper import Paper, Tone
from support_difference import AFTER, PLAIN, REFUSING, SECURED, course, difference, shift

PAPER = Paper(width=90, unicode=True)
SPAN = "  from 2026-11-03 12:00:05 UTC to 2026-11-04 12:00:05 UTC"
WORSE = difference(
    course=Course.WORSE, after=MomentSeen(AFTER, Summary(Verdict.REFUSED, "Mail for example.com is refused."))
)


def lines(*several: Difference, paper: Paper = PAPER) -> list[str]:
    return "".join(document(several, paper)).splitlines()


def test_where_nothing_changed_that_is_said_behind_the_moments() -> None:
    assert lines(difference()) == ["= SAME  example.com: Every sender delivers.", f"{SPAN}: nothing changed"]


def test_several_are_apart_by_an_empty_line() -> None:
    assert lines(difference(), difference()) == [*lines(difference()), "", *lines(difference())]


def test_senders_that_do_the_same_and_write_the_same_stand_together() -> None:
    guess = msgspec.structs.replace(course("Guess", SECURED, REFUSING), confidence=Confidence.GUESS)
    told = msgspec.structs.replace(
        WORSE,
        senders=(
            course("Microsoft", SECURED, REFUSING),
            course("Google", PLAIN, REFUSING),
            guess,
            course("Exim", PLAIN, SECURED),
        ),
    )
    assert lines(told) == [
        "✘ WORSE  Mail for example.com is refused.",
        SPAN,
        "",
        "Senders",
        "  Microsoft",
        "  Guess (a guess, does not count)",
        "    before: delivers, secured by MTA-STS",
        "    now:    REFUSES",
        "            451 4.4.8 no",
        "  Google",
        "    before: delivers, TLS, not verified",
        "    now:    REFUSES",
        "            451 4.4.8 no",
        "  Exim",
        "    before: delivers, TLS, not verified",
        "    now:    delivers, secured by MTA-STS",
    ]


def test_what_changed_has_its_lines_and_for_whom_it_matters_and_what_was_seen_once_stands_below() -> None:
    told = msgspec.structs.replace(
        WORSE,
        shifts=(
            shift("v=STSv1; id=1;"),
            shift(names=("a.example.com",), about=("A",), after=("192.0.2.1",), sight=LookedAt.AFTER),
        ),
    )
    assert lines(told)[2:] == [
        "",
        "What changed",
        "  TXT _mta-sts.example.com",
        "    - v=STSv1; id=1;",
        "    + v=STSv1; id=2;",
        "    matters to google",
        "",
        "Not looked at before",
        "  + A a.example.com: 192.0.2.1",
    ]


def test_findings_that_are_new_stand_before_those_that_are_gone_each_with_its_weight() -> None:
    new = FindingShift("mx-alias", Severity.ERROR, "example.com", "An alias.", ())
    graver = FindingShift("tls-old", Severity.WARNING, "mx1", "It is old.", (), Severity.NOTICE)
    told = msgspec.structs.replace(WORSE, appeared=(new, graver), gone=(new,))
    assert lines(told)[2:] == [
        "",
        "Findings",
        "  new         error    An alias. (mx-alias)",
        "  was notice  warning  It is old. (tls-old)",
        "  gone        error    An alias. (mx-alias)",
    ]
    assert lines(msgspec.structs.replace(WORSE, gone=(new,)))[3:] == [
        "Findings",
        "  gone        error    An alias. (mx-alias)",
    ]


def test_of_a_planned_state_what_nobody_saw_stands_below_the_moments() -> None:
    assert lines(difference(supposed=Supposed((), ("MX a.example",)))) == [
        "= SAME  example.com: Every sender delivers.",
        "  from what was seen at 2026-11-03 12:00:05 UTC to what is planned: nothing changed",
        "  not seen: MX a.example",
    ]


def test_colours_say_which_way_it_went() -> None:
    paper = Paper(width=90, unicode=True, colour=True)
    told = msgspec.structs.replace(
        WORSE, shifts=(shift("v=STSv1; id=1;"),), senders=(course("A", SECURED, REFUSING),)
    )
    said = lines(told, paper=paper)
    for words, tone in (("✘ WORSE", Tone.BAD), ("now:", Tone.BAD), ("-", Tone.BAD), ("+", Tone.GOOD)):
        assert len([line for line in said if line.lstrip().startswith(paper.painted(words, tone))]) == 1
