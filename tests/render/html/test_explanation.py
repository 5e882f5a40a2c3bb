"""Explanations as a page: what the bounce means, at whose side the fault lies, what a check finds now, what to do next."""

import msgspec

from mxproof import __version__
from mxproof.explain.explanation import Explanation, LookedFor
from mxproof.render.html.explanation import document
from support_markup import parts_of
from support_told_explanation import LIVE, UNKNOWN, WHOLE

NOTHING = (
    "<h2>bounce.eml</h2>"
    '<p class="verdict unknown"><strong>{}</strong><span>Nothing is known of this.</span></p>'
)


def parts(*several: Explanation) -> tuple[str, str]:
    """Return the title and the main part of the page."""
    title, main, footer = parts_of("".join(document(several)))
    assert footer == f"<p>mxproof {__version__}</p>"
    return title, main


def test_an_explanation_says_all_that_is_known_of_a_bounce() -> None:
    assert parts(WHOLE) == (
        "What the bounce means",
        (
            "<h1>What the bounce means</h1><article><h2>bounce.eml</h2>"
            '<p class="verdict refused"><strong>transport security</strong>'
            "<span>The MX host is not in the <code>policy</code>.</span></p>"
            "<p>It was <code>mx.example.com</code>.</p>"
            '<dl class="facts"><dt>Fault</dt><dd>recipient: its policy</dd>'
            "<dt>Reported by</dt><dd>Postfix, mail.example.net</dd><dt>Codes</dt><dd>451 and 4.4.8</dd></dl>"
            '<section><h3 id="m1-causes">Cause</h3><article class="finding"><h4>mtasts_mx_mismatch (observed)</h4>'
            '<dl class="facts"><dt>Said</dt><dd><code>MX hosts failed MTA-STS validation</code></dd>'
            "<dt>About</dt><dd>mx.example.com</dd><dt>Look at</dt><dd>Look at the <code>mx</code> lines.</dd>"
            "<dt>Known from</dt><dd>a page; a sample</dd></dl></article></section>"
            '<section><h3 id="m1-leads">Possible</h3><article class="finding"><h4>queue_expired (claimed)</h4>'
            '<dl class="facts"><dt>Said</dt><dd><code>Message expired</code></dd>'
            "<dt>Look at</dt><dd>Look at the queue.</dd></dl></article></section>"
            '<section><h3 id="m1-live">Now</h3>'
            "<p>Lab scenario incident: confirmed. The <code>policy</code> does not list it.</p>"
            '<p class="faint">example.com, asked 2026-06-01 12:00:00 UTC</p>'
            '<ol><li><p>List it:</p><pre tabindex="0">mx: mx.example.com</pre></li><li>Then change the id.</li></ol>'
            "<p>Or retire the host.</p>"
            '<dl class="facts"><dt>Who acts</dt><dd>you, in the <code>policy</code></dd>'
            "<dt>Verified</dt><dd>With it every sender delivers.</dd></dl>"
            "<ul><li>ns1.example.com 192.0.2.53: UDP 12 ms, TCP timeout, 100 bytes</li></ul></section>"
            '<section><h3 id="m1-next">Next</h3>'
            '<pre tabindex="0">mxproof check example.com\nmxproof finding mx-alias</pre></section></article>'
        ),
    )


def test_of_a_text_that_nobody_knows_no_more_is_said_than_that() -> None:
    assert parts(UNKNOWN)[1] == (
        f"<h1>What the bounce means</h1><article>{NOTHING.format('unknown')}</article>"
    )
    understood = msgspec.structs.replace(UNKNOWN, understood=True)
    assert parts(understood)[1] == (
        f"<h1>What the bounce means</h1><article>{NOTHING.format('another kind')}</article>"
    )


def test_what_was_not_looked_for_was_asked_of_no_domain() -> None:
    live = msgspec.structs.replace(LIVE, joined=LookedFor.NOT_LOOKED_FOR, domain="")
    assert parts(msgspec.structs.replace(UNKNOWN, live=live))[1] == (
        f"<h1>What the bounce means</h1><article>{NOTHING.format('unknown')}"
        '<section><h3 id="m1-live">Now</h3><p>not looked for. The <code>policy</code> does not list it.</p>'
        "</section></article>"
    )


def test_of_several_explanations_each_has_a_part_with_anchors_of_its_own() -> None:
    live = msgspec.structs.replace(UNKNOWN, live=LIVE)
    assert parts(UNKNOWN, live) == (
        "What 2 messages mean",
        (
            f'<h1>What 2 messages mean</h1><article class="report">{NOTHING.format("unknown")}</article>'
            f'<article class="report">{NOTHING.format("unknown")}<section><h3 id="m2-live">Now</h3>'
            "<p>confirmed. The <code>policy</code> does not list it.</p>"
            '<p class="faint">example.com, asked 2026-06-01 12:00:00 UTC</p></section></article>'
        ),
    )
