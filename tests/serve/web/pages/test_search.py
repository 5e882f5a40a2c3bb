"""What is found under a few letters: a check by its number, domains, senders and TLS reports."""

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.serve.web.pages.reported import report_table
from mxproof.serve.web.pages.search import DOMAINS_FOUND_MAX, FoundPages, search_content, senders_named
from support_markup import printed
from support_newest import newest
from support_report_line import report_line

NOTHING = FoundPages((), (), (), None)
POSTFIX = next(one for one in SENDERS if one.id == "postfix-dane")


def form(value: str = "") -> str:
    return (
        '<form role="search" method="get" action="/search" class="search"><p class="field">'
        '<label for="field-q">A domain, a sender, a TLS report or the number of a check</label>'
        f'<input type="search" name="q" id="field-q"{value} required=""></p>'
        '<button type="submit">Search</button></form>'
    )


def sections(found: FoundPages) -> list[str]:
    """Return what stands below the form."""
    heading, asked, *said = printed(*search_content("a", found))
    assert (heading, asked) == ("<h1>Search</h1>", form(' value="a"'))
    return said


def test_before_anything_is_asked_there_is_a_form_alone() -> None:
    assert printed(*search_content("", None)) == ["<h1>Search</h1>", form()]


def test_where_nothing_is_found_that_is_said() -> None:
    assert sections(NOTHING) == ['<p role="status">Nothing has “a” in its name.</p>']


@pytest.mark.parametrize(
    ("found", "section"),
    [
        (
            FoundPages((), (), (), ("example.com", 7)),
            '<section><h2 id="check">Check</h2><p><a href="/checks/7">Check 7 of example.com</a></p></section>',
        ),
        (
            FoundPages((newest(Verdict.REFUSED, "xn--bcher-kva.example"), newest(None)), (), (), None),
            (
                '<section><h2 id="domains">Domains</h2><ul><li><a href="/domains/xn--bcher-kva.example">'
                "bücher.example (xn--bcher-kva.example)</a> "
                '<span class="word refused"><span aria-hidden="true">✘ </span>REFUSED</span></li>'
                '<li><a href="/domains/example.com">example.com</a></li></ul></section>'
            ),
        ),
        (
            FoundPages((), (POSTFIX,), (), None),
            (
                '<section><h2 id="senders">Senders</h2><ul><li><a href="/senders/postfix-dane">'
                f"{POSTFIX.name.replace('_', '_<wbr>')}</a></li></ul></section>"
            ),
        ),
        (
            FoundPages((), (), (report_line(),), None),
            (
                '<section><h2 id="reports">TLS reports</h2>'
                f"{''.join(printed(report_table((report_line(),), names_domain=True)))}</section>"
            ),
        ),
    ],
    ids=["check", "domains", "senders", "reports"],
)
def test_whatever_is_found_has_a_section(found: FoundPages, section: str) -> None:
    assert sections(found) == [section]
    assert not found.is_empty


def test_what_was_found_stands_in_one_order() -> None:
    found = FoundPages((newest(None),), (POSTFIX,), (report_line(),), ("example.com", 7))
    ids = [one.partition('<h2 id="')[2].partition('"')[0] for one in sections(found)]
    assert ids == ["check", "domains", "senders", "reports"]


@pytest.mark.parametrize(
    ("count", "more"),
    [
        (DOMAINS_FOUND_MAX, ""),
        (DOMAINS_FOUND_MAX + 1, '<p class="faint">1 more; more letters find fewer.</p>'),
    ],
)
def test_of_many_domains_the_first_thirty_are_shown(count: int, more: str) -> None:
    (section,) = sections(FoundPages([newest(None)] * count, (), (), None))
    assert section.count("<li>") == 30
    assert section.endswith(f"</li></ul>{more}</section>")


def test_senders_are_found_by_their_name_and_by_their_id() -> None:
    by_name, by_id = POSTFIX.name.lower(), "postfix-dane"
    assert by_id not in by_name
    assert by_name not in by_id
    assert senders_named(by_name) == [POSTFIX]
    assert senders_named(by_id) == [POSTFIX]
    assert senders_named("no sender has this name") == []
