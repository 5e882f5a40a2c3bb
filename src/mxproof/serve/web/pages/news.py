"""The news of all domains, the newest first, page by page."""

from collections.abc import Sequence
from typing import Final

from mxproof.render.html.parts import heading
from mxproof.render.markup import Content, element
from mxproof.serve.web.pages.events import ShownNews, no_news

NEWS_PAGE_MAX: Final = 50


def news_content(several: Sequence[ShownNews], *, is_first: bool) -> list[Content]:
    """Return the main part of the page."""
    words = "No news yet." if is_first else "No older news are kept."
    older = None
    if len(several) == NEWS_PAGE_MAX:
        older = element(
            "nav",
            element("a", "Older news", href=f"/news?older_than={several[-1].number}"),
            class_="pager",
            aria_label="More news",
        )
    return [heading(1, "News"), no_news(words, several, names_domain=True), older]
