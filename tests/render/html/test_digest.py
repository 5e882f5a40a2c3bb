"""A digest as a page: who stands badly and since when that is known, then what was new and what of it is to blame."""

from datetime import timedelta

import msgspec

from mxproof.judge.difference import Course
from mxproof.judge.digest import Digest
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WatchStatus
from mxproof.render.html.digest import digest_html
from support_certificates import NOW
from support_markup import parts_of
from support_told_difference import WORSE

QUIET = Digest(1, NOW - timedelta(days=1), NOW, 2, (), (), 0)
STATUS = WatchStatus(
    schema_version=1,
    domain="bad.example",
    outcome=Verdict.REFUSED,
    headline="Big_Sender refuses",
    observed_at=NOW,
    due_at=NOW,
    is_settled=True,
    blind_since=None,
    senders={},
    news=(),
)
NEWS = DomainNews(
    1,
    "bad.example",
    TurnKind.CHANGED,
    Weight.ALARM,
    Course.WORSE,
    NOW,
    NOW,
    "Big_Sender refuses",
    (),
    (),
    False,
    None,
)
PERIOD = "<p>From 2026-05-31 12:00:00 UTC to 2026-06-01 12:00:00 UTC; 2 domains are watched.</p>"
DELIVERING = "<p>Every sender that is modelled delivers to all of them.</p>"


def content(digest: Digest) -> str:
    """Return what stands in the article of the page."""
    title, main, footer = parts_of("".join(digest_html(digest)))
    assert footer == "<p>mxproof watch</p>"
    assert main.startswith(f"<article><h1>{title}</h1>")
    return main.removeprefix("<article>").removesuffix("</article>")


def test_where_all_deliver_and_nothing_was_new_that_is_said() -> None:
    title = "mxproof: domains: 2 deliver, no news"
    assert content(QUIET) == f"<h1>{title}</h1>{PERIOD}{DELIVERING}<p>No news.</p>"


def test_who_is_in_trouble_stands_in_a_table() -> None:
    unseen = msgspec.structs.replace(
        STATUS, domain="new.example", outcome=None, headline=None, observed_at=None
    )
    troubled = msgspec.structs.replace(QUIET, troubled=(STATUS, unseen))
    assert content(troubled) == (
        f"<h1>mxproof: domains: 2 of 2 in trouble, no news</h1>{PERIOD}"
        '<section><h2 id="trouble">In trouble</h2>'
        '<div class="scroll" role="group" aria-label="In trouble" tabindex="0"><table>'
        '<caption class="unseen">In trouble</caption><thead><tr><th scope="col">Domain</th>'
        '<th scope="col">Mail</th><th scope="col">Why</th><th scope="col">Seen</th></tr></thead><tbody>'
        '<tr><th scope="row">bad.example</th>'
        '<td><span class="word refused"><span aria-hidden="true">✘ </span>REFUSED</span></td>'
        "<td>Big_Sender refuses</td><td>2026-06-01 12:00:00 UTC</td></tr>"
        '<tr><th scope="row">new.example</th>'
        '<td><span class="word unknown"><span aria-hidden="true">? </span>UNKNOWN</span></td>'
        "<td></td><td>not checked yet</td></tr></tbody></table></div></section><p>No news.</p>"
    )


def test_what_was_new_is_told_with_the_changes_that_are_to_blame_and_how_much_is_left_out() -> None:
    changed = msgspec.structs.replace(NEWS, difference=WORSE)
    first = (
        "<section><h3>bad.example: alarm</h3><p>since 2026-06-01 12:00:00 UTC</p>"
        "<p>Big_Sender: REFUSES, where it was: delivers, secured by MTA-STS. 451 later</p>"
        "<p>New error: The <code>MX</code> is an alias.</p><p>Now: Big_Sender refuses</p>"
        '<p>MX example.com</p><pre tabindex="0">- 10 mx1.example.com.\n+ 10 mx2.example.com.</pre></section>'
    )
    assert content(msgspec.structs.replace(QUIET, news=(changed,), news_left_out=3)) == (
        f"<h1>mxproof: domains: 2 deliver, 4 news</h1>{PERIOD}{DELIVERING}"
        f'<section><h2 id="news">News</h2>{first}<p>and 3 older</p></section>'
    )
    assert content(msgspec.structs.replace(QUIET, news=(changed,))) == (
        f"<h1>mxproof: domains: 2 deliver, 1 news</h1>{PERIOD}{DELIVERING}"
        f'<section><h2 id="news">News</h2>{first}</section>'
    )


def test_news_with_nothing_to_compare_with_blame_nothing() -> None:
    assert content(msgspec.structs.replace(QUIET, news=(NEWS,))).endswith(
        "<p>Now: Big_Sender refuses</p></section></section>"
    )
