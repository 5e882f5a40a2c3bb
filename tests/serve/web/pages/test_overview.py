"""All domains at a glance: how many fare how, the worst first, found by a part of their name, page by page."""

from mxproof.judge.vocabulary import Verdict
from mxproof.serve.web.pages.overview import DOMAINS_SHOWN_MAX, Overview, overview_content, overview_of
from support_markup import printed
from support_newest import SEEN, newest

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
SEVERAL = (
    newest(DELIVERS, "b.example"),
    newest(None, "new.example"),
    newest(DELIVERS, "a.example"),
    newest(REFUSED, "bad.example"),
    newest(UNKNOWN, "dark.example"),
    newest(AT_RISK, "xn--bcher-kva.example"),
)
FIELD = (
    '<p class="field"><label for="field-q">Search for a domain</label>'
    '<input type="search" name="q" id="field-q"{} required=""></p>'
)
BUTTON = '<button type="submit">Search</button>'
FORM = '<form role="search" method="get" action="/" class="search">{}</form>'


def names(seen: Overview) -> list[str]:
    return [one.domain for one in seen.shown]


def pages(count: int, begin: int, search: str = "") -> str:
    """Return the links to the pages before and after, where so many domains are watched."""
    every = [newest(DELIVERS, f"{number:03}.example") for number in range(count)]
    said = printed(*overview_content(overview_of(every, search, begin), {}, 1, 2))
    return said[4] if len(said) > 4 else ""


def test_the_worst_comes_first_then_by_name_and_what_was_not_checked_last() -> None:
    seen = overview_of(SEVERAL, "", 0)
    assert names(seen) == [
        *("bad.example", "xn--bcher-kva.example", "dark.example"),
        *("a.example", "b.example", "new.example"),
    ]
    assert seen.counts == {DELIVERS: 2, None: 1, REFUSED: 1, UNKNOWN: 1, AT_RISK: 1}
    assert (seen.begin, seen.found, seen.search) == (0, 6, "")


def test_a_domain_is_found_as_it_is_read_and_as_it_stands_in_dns_and_the_counts_are_those_of_all() -> None:
    for search in (" BÜCHER.example. ", "xn--bcher"):
        assert names(overview_of(SEVERAL, search, 0)) == ["xn--bcher-kva.example"]
    seen = overview_of(SEVERAL, "B.Example.", 0)
    assert (names(seen), seen.search, seen.found) == (["b.example"], "b.example", 1)
    assert sum(seen.counts.values()) == 6


def test_a_page_begins_where_it_is_asked_to_and_holds_a_hundred() -> None:
    every = [newest(DELIVERS, f"{number:03}.example") for number in range(DOMAINS_SHOWN_MAX + 2)]
    seen = overview_of(every, "", 1)
    assert (names(seen)[0], names(seen)[-1], seen.found) == ("001.example", "100.example", 102)


def test_where_no_domain_is_watched_it_is_said_how_to_name_one() -> None:
    assert printed(*overview_content(overview_of((), "", 0), {}, 1, 2)) == [
        "<h1>Domains that are watched</h1>",
        (
            "<p>No domain is watched yet. Name one under <code>domains</code> in the configuration of "
            "<code>mxproof watch serve</code>, and reload it.</p>"
        ),
    ]


def test_a_single_domain_is_shown_with_its_days_and_when_it_was_seen() -> None:
    said = printed(
        *overview_content(overview_of((newest(REFUSED),), "", 0), {"example.com": {2: REFUSED}}, 1, 2)
    )
    row = (
        '<tr><th scope="row"><span class="word refused"><span aria-hidden="true">✘ </span>REFUSED</span>'
        '<a href="/domains/example.com">example.com</a></th><td>'
        '<svg viewBox="0 0 14 24" preserveAspectRatio="none" role="img" class="spark">'
        "<title>Of the last 2 days, the worst of each: refused on 1 day; last refused on 1970-01-03.</title>"
        '<path d="M0 24v-1h6v1z" class="blank"></path><path d="M8 24v-24h6v24z" class="refused"></path></svg></td>'
        f"<td><p>The headline of example.com</p>{SEEN}</td></tr>"
    )
    assert said == [
        "<h1>The domain that is watched</h1>",
        (
            '<ul class="counts" aria-label="How many domains fare how">'
            '<li class="refused"><strong>1</strong><span>✘ REFUSED</span></li></ul>'
        ),
        FORM.format(FIELD.format("") + BUTTON),
        (
            '<div class="scroll" role="group" aria-label="Domains, the worst first" tabindex="0"><table class="domains">'
            '<caption class="unseen">Domains, the worst first</caption><thead><tr><th scope="col">Domain</th>'
            '<th scope="col">The last 2 days</th><th scope="col">In a line</th></tr></thead>'
            f"<tbody>{row}</tbody></table></div>"
        ),
    ]


def test_a_domain_that_was_not_checked_yet_has_no_verdict_no_line_and_no_moment() -> None:
    heading, counts, _, table = printed(*overview_content(overview_of(SEVERAL[:2], "", 0), {}, 1, 2))
    assert heading == "<h1>Domains that are watched</h1>"
    assert counts.endswith(
        '<li class="delivers"><strong>1</strong><span>✔ DELIVERS</span></li>'
        "<li><strong>1</strong><span>not checked yet</span></li></ul>"
    )
    assert (
        '<span class="word faint">not checked yet</span><a href="/domains/new.example">new.example</a>'
        in table
    )
    assert table.endswith(
        "<title>No check yet.</title>"
        '<path d="M0 24v-1h6v1zM8 24v-1h6v1z" class="blank"></path>'
        "</svg></td><td></td></tr></tbody></table></div>"
    )


def test_a_search_that_finds_nothing_says_so_and_leads_back_to_all() -> None:
    said = printed(*overview_content(overview_of(SEVERAL, "nowhere", 0), {}, 1, 2))
    assert said[2:] == [
        FORM.format(FIELD.format(' value="nowhere"') + BUTTON + '<a href="/">Show all</a>'),
        "<p>No domain that is watched has “nowhere” in its name.</p>",
    ]


def nav(*parts: str) -> str:
    return f'<nav class="pager" aria-label="More domains">{"".join(parts)}</nav>'


def test_more_domains_than_fit_stand_on_further_pages() -> None:
    assert pages(100, 0) == ""
    assert pages(101, 0) == nav("<span>1 to 100 of 101</span>", '<a href="/?from=100">Next</a>')
    assert pages(101, 100) == nav('<a href="/">Before</a>', "<span>101 to 101 of 101</span>")
    assert pages(300, 100) == nav(
        '<a href="/">Before</a>', "<span>101 to 200 of 300</span>", '<a href="/?from=200">Next</a>'
    )
    assert pages(200, 100) == nav('<a href="/">Before</a>', "<span>101 to 200 of 200</span>")
    assert pages(201, 150) == nav('<a href="/?from=50">Before</a>', "<span>151 to 201 of 201</span>")
    assert pages(201, 50) == nav(
        '<a href="/">Before</a>', "<span>51 to 150 of 201</span>", '<a href="/?from=150">Next</a>'
    )


def test_further_pages_of_a_search_are_those_of_the_search() -> None:
    assert pages(201, 100, "example") == nav(
        '<a href="/?q=example">Before</a>',
        "<span>101 to 200 of 201</span>",
        '<a href="/?q=example&amp;from=200">Next</a>',
    )
