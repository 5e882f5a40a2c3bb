"""The senders of a report on a page: the worst first, with what each writes and why, and guesses apart."""

import pytest

from mxproof.judge.report import Bounce, Delivery
from mxproof.judge.vocabulary import Confidence, Security, Verdict
from mxproof.render.html.senders import Anchors, bounce_words, senders_section
from support_handmade import sender
from support_markup import printed, table_of

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
GUESS = Confidence.GUESS
ANCHORS = Anchors("d1-", frozenset({"mx-alias"}))
KNOWN = '<p class="id">known from: observed</p>'
WORDS = {
    REFUSED: '<span class="word refused"><span aria-hidden="true">✘ </span>REFUSES</span>',
    AT_RISK: '<span class="word at_risk"><span aria-hidden="true">▲ </span>at risk</span>',
    DELIVERS: '<span class="word delivers"><span aria-hidden="true">✔ </span>delivers</span>',
}


def table(caption: str, *rows: str) -> str:
    return table_of(caption, ("Sender", "What it does, and why"), *rows, class_="senders")


def row(verdict: Verdict, name: str, story: str) -> str:
    return f'<tr><th scope="row">{WORDS[verdict]}{name}</th><td>{story}</td></tr>'


def section(*senders: Delivery) -> str:
    """Return what stands below the heading of the section."""
    (said,) = printed(senders_section(senders, 3, ANCHORS))
    head, tail = '<section><h3 id="d1-senders">Senders</h3>', "</section>"
    assert said.startswith(head)
    assert said.endswith(tail)
    return said[len(head) : -len(tail)]


def test_without_a_sender_there_is_no_section() -> None:
    assert senders_section((), 3, ANCHORS) is None


def test_the_worst_comes_first_and_what_it_writes_stands_before_the_reasons() -> None:
    refusing = sender(
        REFUSED,
        "microsoft",
        name="Microsoft",
        because=("mx-alias", "sts-mx-unlisted"),
        bounce=Bounce("451 later", "550 no", 86_400),
        security=Security.DANE,
    )
    story = (
        '<p class="said"><span class="label">at first: </span><code>451 later</code></p>'
        '<p class="said"><span class="label">after 24 h: </span><code>550 no</code></p>'
        '<p><span class="label">because of </span><a href="#d1-mx-alias">mx-alias</a>, '
        f"<code>sts-mx-unlisted</code></p>{KNOWN}"
    )
    good = sender(
        DELIVERS,
        "Postfix_with_DANE",
        security=Security.DANE,
        because=("mx-alias",),
        confidence=Confidence.SOURCE_CODE,
    )
    name = 'POSTFIX_<wbr>WITH_<wbr>DANE<span class="id">Postfix_with_DANE</span>'
    secured = '<p>secured by DANE</p><p class="id">known from: source code</p>'
    assert section(good, refusing) == table(
        "Senders", row(REFUSED, "microsoft", story), row(DELIVERS, name, secured)
    )


def test_of_a_sender_of_which_nothing_more_is_known_only_that_is_told_from_where() -> None:
    assert section(sender(DELIVERS), sender(AT_RISK, "b")) == table(
        "Senders", row(AT_RISK, "b", KNOWN), row(DELIVERS, "a", KNOWN)
    )


def test_a_guess_of_trouble_stands_apart_and_one_of_delivery_nowhere() -> None:
    known = '<p class="id">known from: guess</p>'
    assert section(
        sender(REFUSED, "guessed", confidence=GUESS),
        sender(DELIVERS, "good", confidence=GUESS),
        sender(DELIVERS),
    ) == (
        table("Senders", row(DELIVERS, "a", KNOWN))
        + "<p>if what is guessed of it were so; this counts in no verdict</p>"
        + table("Senders about whom there is a guess", row(REFUSED, "guessed", known))
    )


@pytest.mark.parametrize(
    ("bounce", "said"),
    [
        (Bounce("451 later", "550 no", 0), [("at first", "451 later"), ("at once", "550 no")]),
        (Bounce(None, "550 no", None), [("in the end", "550 no")]),
        (Bounce("451 later", None, None), [("at first", "451 later")]),
        (Bounce(None, None, 3600), [("after 1 h", "a bounce of unknown wording")]),
        (Bounce(None, None, 0), [("at once", "a bounce of unknown wording")]),
        (Bounce(None, None, None), []),
    ],
)
def test_what_a_sender_writes_is_told_with_when(bounce: Bounce, said: list[tuple[str, str]]) -> None:
    assert printed(*bounce_words(bounce)) == [
        f'<p class="said"><span class="label">{when}: </span><code>{words}</code></p>' for when, words in said
    ]
