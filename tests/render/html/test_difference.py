"""Differences as a page: which way it went, for whom, what changed, and which findings are new or gone."""

import msgspec
import pytest

from mxproof.judge.difference import Course, Difference
from mxproof.render.html.difference import document
from support_markup import parts_of
from support_told_difference import APPEARED, GONE, SAME, SUPPOSED, WORSE

BANNER = '<p class="verdict delivers"><strong>= SAME</strong><span>All deliver</span></p>'
SPAN = '<p class="faint">From 2026-06-01 12:00:00 UTC to 2026-06-01 13:00:00 UTC{}</p>'
NEW = (
    '<li><span class="word error">new: error: </span>The <code>MX</code> is an alias.'
    '<span class="id">mx-alias</span></li>'
)
PAST = '<li><span class="word notice">gone: notice: </span>No reverse name.<span class="id">ptr-missing</span></li>'


def parts(*several: Difference) -> tuple[str, str]:
    """Return the title and the main part of the page."""
    title, main, footer = parts_of("".join(document(several)))
    assert footer == "<p></p>"
    return title, main


def test_a_difference_says_who_fares_otherwise_what_changed_and_what_was_found() -> None:
    assert parts(WORSE) == (
        "example.com: WORSE",
        '<article><h1 id="difference">example.com</h1>'
        '<p class="verdict refused"><strong>✘ WORSE</strong><span>Big_Sender refuses</span></p>'
        + SPAN.format(".")
        + '<section><h2 id="senders">Senders</h2>'
        '<div class="scroll" role="group" aria-label="Senders" tabindex="0"><table>'
        '<caption class="unseen">Senders</caption><thead><tr><th scope="col">Sender</th>'
        '<th scope="col">Before</th><th scope="col">Now</th></tr></thead><tbody>'
        '<tr><th scope="row">Big_<wbr>Sender</th><td>delivers, secured by MTA-STS</td>'
        '<td><p class="word refused">REFUSES</p><p class="said">451 later</p></td></tr>'
        '<tr><th scope="row">Guessed<span class="id">a guess, does not count</span></th><td>unknown</td>'
        '<td><p class="word delivers">delivers, secured by MTA-STS</p></td></tr></tbody></table></div></section>'
        '<section><h2 id="changed">What changed</h2><article class="finding"><h3>MX example.com</h3>'
        '<pre tabindex="0">- 10 mx1.example.com.\n+ 10 mx2.example.com.</pre>'
        "<p>matters to big-sender</p></article></section>"
        '<section><h2 id="once0">Not looked at before</h2>'
        "<ul><li>certificate of mx2.example.com (192.0.2.2:25): until 2026-07-01</li></ul></section>"
        f'<section><h2 id="findings">Findings</h2><ul>{NEW}{PAST}</ul></section></article>',
    )


def test_where_nothing_changed_that_is_said() -> None:
    assert parts(SAME) == (
        "example.com: SAME",
        f'<article><h1 id="difference">example.com</h1>{BANNER}{SPAN.format(": nothing changed.")}</article>',
    )


def test_what_is_planned_rests_on_what_is_supposed() -> None:
    assert parts(msgspec.structs.replace(SAME, supposed=SUPPOSED))[1] == (
        f'<article><h1 id="difference">example.com</h1>{BANNER}'
        '<p class="faint">From what was seen at 2026-06-01 12:00:00 UTC to what is planned: nothing changed.</p>'
        '<p class="faint">Supposed: the policy is served at 192.0.2.1.</p>'
        '<p class="faint">Not seen: TXT _mta-sts.example.com.</p></article>'
    )


@pytest.mark.parametrize(
    ("found", "item"),
    [
        (msgspec.structs.replace(SAME, appeared=(APPEARED,)), NEW),
        (msgspec.structs.replace(SAME, gone=(GONE,)), PAST),
    ],
)
def test_findings_are_told_whether_they_are_new_or_gone(found: Difference, item: str) -> None:
    assert parts(found)[1] == (
        f'<article><h1 id="difference">example.com</h1>{BANNER}{SPAN.format(".")}'
        f'<section><h2 id="findings">Findings</h2><ul>{item}</ul></section></article>'
    )


@pytest.mark.parametrize(
    ("course", "tone", "mark"),
    [(Course.BETTER, "delivers", "✔ BETTER"), (Course.UNKNOWN, "unknown", "? UNKNOWN")],
)
def test_which_way_it_went_has_the_colour_of_what_becomes_of_mail(
    course: Course, tone: str, mark: str
) -> None:
    banner = f'<p class="verdict {tone}"><strong>{mark}</strong><span>All deliver</span></p>'
    assert parts(msgspec.structs.replace(SAME, course=course))[1] == (
        f'<article><h1 id="difference">example.com</h1>{banner}{SPAN.format(": nothing changed.")}</article>'
    )


def test_of_several_differences_each_has_a_part_with_anchors_of_its_own() -> None:
    other = msgspec.structs.replace(SAME, domain="xn--bcher-kva.example")
    nothing = BANNER + SPAN.format(": nothing changed.")
    assert parts(SAME, other) == (
        "What changed at 2 domains",
        (
            "<h1>What changed at 2 domains</h1>"
            f'<article class="report"><h2 id="d1-difference">example.com</h2>{nothing}</article>'
            '<article class="report"><h2 id="d2-difference">bücher.example (xn--bcher-kva.example)</h2>'
            f"{nothing}</article>"
        ),
    )
