"""A digest as one page, as a mail can carry it."""

from collections.abc import Iterator

from mxproof.judge.digest import Digest
from mxproof.judge.news import DomainNews
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WatchStatus
from mxproof.render.html.frame import framed
from mxproof.render.html.parts import heading, paragraphs, section, summary_word, table
from mxproof.render.markup import Element, element, html
from mxproof.render.text.difference_words import shift_lines, shift_title
from mxproof.render.text.digest import digest_title, period_words
from mxproof.render.text.news import blamed, news_words
from mxproof.render.text.words import moment


def digest_html(digest: Digest) -> Iterator[str]:
    """Yield the page."""
    title = digest_title(digest)
    left_out = f"and {digest.news_left_out} older" if digest.news_left_out else None
    news = [*map(_news, digest.news), element("p", left_out) if left_out else None]
    article = element(
        "article",
        heading(1, title),
        element("p", period_words(digest)),
        _standing(digest),
        section(2, "News", "news", *news) if digest.news else element("p", "No news."),
    )
    yield from framed(title, [html(article)], "mxproof watch")


def _standing(digest: Digest) -> Element:
    if not digest.troubled:
        return element("p", "Every sender that is modelled delivers to all of them.")
    rows = table("In trouble", ("Domain", "Mail", "Why", "Seen"), map(_row, digest.troubled))
    return section(2, "In trouble", "trouble", rows)


def _row(one: WatchStatus) -> Element:
    seen = moment(one.observed_at) if one.observed_at is not None else "not checked yet"
    return element(
        "tr",
        element("th", one.domain, scope="row"),
        element("td", summary_word(one.outcome or Verdict.UNKNOWN)),
        element("td", one.headline),
        element("td", seen),
    )


def _news(news: DomainNews) -> Element:
    shifts = [] if news.difference is None else blamed(news.difference)
    changes = [
        part
        for shift in shifts
        for part in (
            element("p", shift_title(shift)),
            element("pre", "\n".join(f"{sign} {line}" for sign, line in shift_lines(shift)), tabindex="0"),
        )
    ]
    said = [part for words in news_words(news) for part in paragraphs(words)]
    head = heading(3, f"{news.domain}: {news.weight}")
    return element("section", head, element("p", f"since {moment(news.since)}"), *said, *changes)
