"""Where one logs in, and what is said where nobody can."""

from mxproof.render.html.parts import heading
from mxproof.render.markup import Content, Element, element
from mxproof.serve.web.pages.frame import field, hidden


def login_content(
    form_token: str, then: str, said: str = "", account: str = "", guests: str = ""
) -> list[Content]:
    """Return the form; `then` is the path that leads on, `said` why the last try came to nothing, `guests` the path of theirs."""
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
    without = element("p", element("a", "Check a domain without an account", href=guests)) if guests else None
    return [element("div", heading(1, "Log in"), said_back(said), form, without, class_="login")]


def said_back(said: str) -> Element | None:
    """Return why what was sent came to nothing, None where nothing is said."""
    return element("p", said, class_="said-back bad", role="alert") if said else None


def words_content(title: str, words: str) -> list[Content]:
    """Return a page that says one thing."""
    return [heading(1, title), element("p", words)]
