"""Where one logs in: what was typed and where one wanted to go stays in the form, but never the password."""

import pytest

from mxproof.serve.web.pages.login import login_content, said_back, words_content
from support_markup import printed


def form(then: str = "", account: str = "") -> str:
    value = f' value="{account}"' if account else ""
    return (
        '<form method="post" action="/login"><input type="hidden" name="form" value="token">'
        f'<input type="hidden" name="then" value="{then}">'
        '<p class="field"><label for="field-account">Account</label>'
        f'<input type="text" name="account" id="field-account"{value} autocomplete="username" required=""></p>'
        '<p class="field"><label for="field-password">Password</label>'
        '<input type="password" name="password" id="field-password" autocomplete="current-password" required="">'
        '</p><p><button type="submit">Log in</button></p></form>'
    )


GUESTS = '<p><a href="/check">Check a domain without an account</a></p>'


@pytest.mark.parametrize(("guests", "link"), [("", ""), ("/check", GUESTS)])
def test_the_form_leads_on_to_where_one_wanted_to_go_and_guests_to_theirs(guests: str, link: str) -> None:
    assert printed(*login_content("token", "/news", guests=guests)) == [
        f'<div class="login"><h1>Log in</h1>{form("/news")}{link}</div>'
    ]


def test_after_a_try_that_came_to_nothing_it_is_said_why_and_the_account_stays() -> None:
    said = '<p class="said-back bad" role="alert">Not &lt;this&gt; one.</p>'
    assert printed(*login_content("token", "/news", "Not <this> one.", "ada", "/check")) == [
        f'<div class="login"><h1>Log in</h1>{said}{form("/news", "ada")}{GUESTS}</div>'
    ]
    assert printed(said_back("Not <this> one.")) == [said]
    assert said_back("") is None


def test_a_page_of_one_thing_says_it_under_its_title() -> None:
    assert printed(*words_content("Title", "Words.")) == ["<h1>Title</h1>", "<p>Words.</p>"]
