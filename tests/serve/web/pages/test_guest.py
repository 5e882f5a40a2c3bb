"""What guests see: the form that has a domain checked, the wait for it, and the result under its own link."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.render.html.report import report_content
from mxproof.serve.web.pages.guest import asking_content, failed_content, result_content, waiting_content
from mxproof.store.journal.guest_checks import GuestCheck
from support_certificates import NOW
from support_handmade import checked_of
from support_markup import printed
from support_newest import TIME

CHECK = GuestCheck(
    "example.com", NOW, NOW + timedelta(days=7), is_begun=False, done_at=None, has_evidence=False, ahead=0
)
ANOTHER = (
    '<nav class="pager" aria-label="More checks"><p><a href="/check?domain=example.com">Check it again</a>, or '
    '<a href="/check">check another domain</a>.</p></nav>'
)


def form(value: str = "") -> str:
    return (
        '<form method="post" action="/check" class="search"><input type="hidden" name="form" value="token">'
        '<p class="field"><label for="field-domain">Domain</label>'
        f'<input type="text" name="domain" id="field-domain"{value} autocomplete="off" required=""></p>'
        '<button type="submit">Check</button></form>'
    )


@pytest.mark.parametrize(
    ("kept", "checks", "said"),
    [
        (
            timedelta(days=1),
            1,
            "kept for a day, and who asked is not. Everybody may ask for 1 check an hour.",
        ),
        (
            timedelta(days=7),
            10,
            "kept for 7 days, and who asked is not. Everybody may ask for 10 checks an hour.",
        ),
    ],
)
def test_the_form_says_what_is_done_how_long_it_is_kept_and_how_often_one_may_ask(
    kept: timedelta, checks: int, said: str
) -> None:
    assert printed(*asking_content("token", kept, checks)) == [
        "<h1>Check a domain</h1>",
        (
            "<p>Says for each of the senders that are modelled whether its mail to a domain arrives, and what to change "
            "where it does not. DNS, the mail servers and the policy host of the domain are asked as a sender would ask "
            "them; no mail is sent.</p>"
        ),
        form(),
        (
            '<p class="faint">The result gets a page of its own, which whoever has its link can see and nobody else finds. '
            f"It is {said}</p>"
        ),
    ]


def test_what_came_to_nothing_is_said_above_the_form_which_keeps_what_was_typed() -> None:
    said = printed(*asking_content("token", timedelta(days=1), 1, "a b", "This is no domain."))
    assert (said[1], said[3]) == (
        '<p class="said-back bad" role="alert">This is no domain.</p>',
        form(' value="a b"'),
    )


@pytest.mark.parametrize(
    ("is_begun", "ahead", "words"),
    [
        (True, 0, "example.com is being checked. That takes a few seconds, a minute at most."),
        (False, 0, "example.com is next to be checked."),
        (False, 1, "example.com waits for its turn: one check is before it."),
        (False, 2, "example.com waits for its turn: 2 checks are before it."),
    ],
)
def test_whoever_waits_is_told_what_for(is_begun: bool, ahead: int, words: str) -> None:
    waiting = msgspec.structs.replace(CHECK, is_begun=is_begun, ahead=ahead)
    assert printed(*waiting_content("link", waiting)) == [
        "<h1>example.com</h1>",
        f'<p role="status">{words}</p>',
        '<p>This page looks by itself every few seconds. <a href="/check/link">Look again</a>.</p>',
    ]


def test_a_check_that_could_not_be_made_says_so_and_leads_on() -> None:
    assert printed(*failed_content(msgspec.structs.replace(CHECK, domain="example.com"))) == [
        "<h1>example.com</h1>",
        '<p role="status">example.com could not be checked: what was begun did not come to its end.</p>',
        ANOTHER,
    ]


def test_a_result_says_of_when_it_is_until_when_it_is_kept_and_where() -> None:
    url = "https://watch.example/check/link"
    title, *report = printed(*report_content(checked_of(), 1, ""))
    until = '<time datetime="2026-06-08T12:00:00+00:00">2026-06-08 12:00:00 UTC</time>'
    assert printed(*result_content(url, CHECK, checked_of())) == [
        title,
        f'<p class="faint">As of {TIME}. This page is kept until {until} at <a href="{url}">{url}</a>.</p>',
        *report,
        ANOTHER,
    ]
