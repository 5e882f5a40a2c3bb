"""The news of all domains, page by page: each page leads on to what is older than the last that stands on it."""

import msgspec
import pytest

from mxproof.serve.web.pages.events import ShownNews, event_list
from mxproof.serve.web.pages.news import NEWS_PAGE_MAX, news_content
from support_certificates import NOW
from support_markup import printed
from support_watched_store import migration_news

NEWS = msgspec.structs.replace(migration_news(NOW), difference=None)


def several(count: int) -> list[ShownNews]:
    """Return so many news, the newest first, which has the number 100."""
    return [ShownNews(100 - place, 7, NEWS) for place in range(count)]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("count", [1, NEWS_PAGE_MAX - 1, NEWS_PAGE_MAX])
def test_a_full_page_leads_to_what_is_older_than_its_last(count: int, *, is_first: bool) -> None:
    heading, told, *older = printed(*news_content(several(count), is_first=is_first))
    assert heading == "<h1>News</h1>"
    assert told == printed(event_list(several(count), names_domain=True))[0]
    link = '<nav class="pager" aria-label="More news"><a href="/news?older_than=51">Older news</a></nav>'
    assert (NEWS_PAGE_MAX, older) == (50, [link] if count == NEWS_PAGE_MAX else [])


@pytest.mark.parametrize(("is_first", "words"), [(True, "No news yet."), (False, "No older news are kept.")])
def test_where_there_are_none_it_is_said_whether_there_were_newer_ones(words: str, *, is_first: bool) -> None:
    assert printed(*news_content((), is_first=is_first)) == [
        "<h1>News</h1>",
        f'<p class="faint">{words}</p>',
    ]
