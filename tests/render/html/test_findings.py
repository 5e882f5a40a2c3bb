"""The findings of a report on a page: what each means, how to mend it, what to copy, and where it can be read up."""

import msgspec
import pytest

from mxproof.judge.report import VerifiedFix, WordedFinding
from mxproof.judge.vocabulary import Remedied, Severity
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.render.html.findings import findings_section
from support_handmade import finding
from support_markup import printed

ERROR = finding(Severity.ERROR)
MENDS = VerifiedFix(Remedied.MENDS, (), "Then every sender delivers.")
MORE = "<dt>More</dt><dd><code>mxproof finding mx-alias</code></dd>"
WORD = '<span class="word error"><span aria-hidden="true">✘ </span>error: </span>'
TITLE = f'<h4 id="d1-mx-alias">{WORD}An alias.</h4>'


def section(*findings: WordedFinding) -> str:
    """Return what stands below the heading of the section."""
    (said,) = printed(findings_section(findings, 3, "d1-"))
    head, tail = '<section><h3 id="d1-findings">Findings</h3>', "</section>"
    assert said.startswith(head)
    assert said.endswith(tail)
    return said[len(head) : -len(tail)]


def article(*content: str, facts: str = MORE) -> str:
    return f'<article class="finding">{"".join(content)}<dl class="facts">{facts}</dl></article>'


def test_without_a_finding_there_is_no_section() -> None:
    assert findings_section((), 3, "") is None


def test_a_finding_says_what_it_means_how_to_mend_it_and_where_it_can_be_read_up() -> None:
    whole = msgspec.structs.replace(
        ERROR,
        detail="An alias is no `host`.",
        steps=("Publish an address.", "Check again."),
        otherwise=("Or name the host itself.",),
        who="you, in the zone",
        verified=MENDS,
        affects=("microsoft", "rfc8461"),
        changes=(Publish("mx.example.com", Ipv4Value("192.0.2.1")),),
        rfc=("RFC 2181 section 10.3", "A book"),
    )
    another = msgspec.structs.replace(
        whole,
        summary="Another alias.",
        changes=(*whole.changes, Publish("mx.example.com", Ipv4Value("192.0.2.2"))),
    )
    assert section(whole, another) == article(
        TITLE,
        "<p>Another alias.</p>",
        "<p>An alias is no <code>host</code>.</p>",
        "<h5>What to do</h5>",
        "<ol><li>Publish an address.</li><li>Check again.</li></ol>",
        '<figure class="copy"><figcaption>To copy, in the zone</figcaption>'
        '<pre tabindex="0">mx.example.com. A 192.0.2.1\nmx.example.com. A 192.0.2.2</pre></figure>',
        "<p>Or name the host itself.</p>",
        facts="<dt>Who acts</dt><dd>you, in the zone</dd>"
        "<dt>Verified</dt><dd>Then every sender delivers.</dd>"
        "<dt>Affects</dt><dd>microsoft and rfc8461</dd>"
        "<dt>Sources</dt><dd>"
        '<a href="https://www.rfc-editor.org/rfc/rfc2181#section-10.3">RFC 2181 section 10.3</a>, A book</dd>'
        + MORE,
    )


def test_a_finding_that_nobody_knows_how_to_mend_has_no_heading_for_it() -> None:
    assert section(ERROR) == article(TITLE)


@pytest.mark.parametrize(
    ("steps", "verified"), [((), MENDS), (("Do it.",), None), (("Do it.",), VerifiedFix(Remedied.IDLE, ()))]
)
def test_what_was_verified_is_told_of_steps_that_change_something(
    steps: tuple[str, ...], verified: VerifiedFix | None
) -> None:
    mending = "<h5>What to do</h5><p>Do it.</p>" if steps else ""
    assert section(msgspec.structs.replace(ERROR, steps=steps, verified=verified)) == article(TITLE, mending)


def test_the_weightiest_comes_first_and_only_the_first_of_a_code_bears_its_anchor() -> None:
    notice = finding(Severity.NOTICE, "sts-max-age-short", "Short.")
    elsewhere = msgspec.structs.replace(ERROR, detail="Elsewhere.")
    sign = '<span class="word notice"><span aria-hidden="true">? </span>notice: </span>'
    assert section(notice, ERROR, elsewhere) == (
        article(TITLE)
        + article(f"<h4>{WORD}An alias.</h4>", "<p>Elsewhere.</p>")
        + article(
            f'<h4 id="d1-sts-max-age-short">{sign}Short.</h4>',
            facts="<dt>More</dt><dd><code>mxproof finding sts-max-age-short</code></dd>",
        )
    )


def test_what_is_in_order_has_a_line_each_below_all_others() -> None:
    fine = (
        finding(Severity.OK, "sts-ok", "The policy is `enforce`."),
        finding(Severity.OK, "cert-ok", "Fine."),
    )
    assert section(fine[0], ERROR, fine[1]) == (
        article(TITLE) + "<h4>In order</h4>"
        '<ul class="fine"><li>The policy is <code>enforce</code>.<span class="id">sts-ok</span></li>'
        '<li>Fine.<span class="id">cert-ok</span></li></ul>'
    )
