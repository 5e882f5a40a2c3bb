"""News as a list of what happened: since when, how loudly, what changed for whom, and which fact it was."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from mxproof.judge.news import DomainNews, Weight
from mxproof.render.html.parts import prose
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.difference_words import shift_lines, shift_title
from mxproof.render.text.news import blamed, news_words
from mxproof.render.text.words import moment

TROUBLE = (Weight.ALARM, Weight.WARNING)
WEIGHT_MARKS = {Weight.ALARM: "✘", Weight.WARNING: "▲", Weight.GOOD: "✔", Weight.NOTE: "·"}


class ShownNews(msgspec.Struct, frozen=True):
    """News with their number, the check that brought them, None where none did or it is kept no longer, and who takes care."""

    number: int
    check: int | None
    news: DomainNews
    acknowledged_by: str | None = None


def event_list(several: Iterable[ShownNews], *, names_domain: bool) -> Element:
    """Return the list, in the order given; each under its domain where `names_domain`."""
    return element("ol", *(news_event(one, names_domain=names_domain) for one in several), class_="events")


def news_event(one: ShownNews, *, names_domain: bool) -> Element:
    """Return one piece of news as an item of a list; trouble leads to the way out of it."""
    news = one.news
    mark = element("span", f"{WEIGHT_MARKS[news.weight]} ", aria_hidden="true")
    title: list[Content] = [element("span", mark, f"{news.weight}: ", class_="word"), when(news.since)]
    if names_domain:
        title += [" ", element("a", news.domain, href=f"/domains/{news.domain}")]
    shifts: list[Content] = []
    if news.difference is not None:
        for shift in blamed(news.difference):
            lines = "\n".join(f"{sign} {line}" for sign, line in shift_lines(shift))
            shifts += [element("p", shift_title(shift)), element("pre", lines, tabindex="0")]
    link = None
    if one.check is not None:
        words = f"The check of {moment(news.at)}"
        way_out: list[Content] = []
        if news.weight in TROUBLE:
            way_out = [", ", element("a", "the way out as of then", href=f"/checks/{one.check}/plan")]
        link = element("p", element("a", words, href=f"/checks/{one.check}"), *way_out, class_="faint")
    return element(
        "li",
        element("h3", *title),
        *(element("p", *prose(words)) for words in news_words(news)),
        *shifts,
        link,
        element("p", f"{one.acknowledged_by} takes care of it.", class_="faint")
        if one.acknowledged_by
        else None,
        class_=f"event {news.weight}",
    )


def when(at: datetime) -> Element:
    """Return a moment, for people and programs."""
    return element("time", moment(at), datetime=at.isoformat())


def no_news(words: str, several: Sequence[ShownNews], *, names_domain: bool) -> Element:
    """Return the list, or `words` where there is nothing in it."""
    if several:
        return event_list(several, names_domain=names_domain)
    return element("p", words, class_="faint")
