"""Where one logs in, and what is said where nobody can."""

from mxproof.render.html.parts import heading
from mxproof.render.markup import Content, Element, element
from mxproof.serve.web.pages.frame import field, hidden


def login_content(form_token: str, then: str, said: str = "", account: str = "") -> list[Content]:
    """Return the form; `then` is the path that leads on, `said` why the last try came to nothing."""
    form = element(
        "form",
        hidden("form", form_token),
        hidden("then", then),
        field("Account", "account", "text", account, "username"),
        field("Password", "password", "password", complete="current-password"),
        element("p", element("button", "Log in", type="submit")),
        method="post",
        action="/login",
    )
    return [element("div", heading(1, "Log in"), _said(said), form, class_="login")]


def _said(said: str) -> Element | None:
    return element("p", said, class_="said-back bad", role="alert") if said else None


def words_content(title: str, words: str) -> list[Content]:
    """Return a page that says one thing."""
    return [heading(1, title), element("p", words)]
