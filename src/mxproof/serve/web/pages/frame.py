"""What stands around every page: its head, where one can go from here, and the end of the login."""

import hashlib
from typing import Final

import msgspec

from mxproof import __version__
from mxproof.render.html.style import STYLE
from mxproof.render.markup import Content, Element, element, escaped, html
from mxproof.serve.web.pages.icon import ICON_PATH
from mxproof.serve.web.pages.style import WEB_STYLE

STYLESHEET: Final = STYLE + WEB_STYLE
STYLESHEET_PATH: Final = f"/style-{hashlib.sha256(STYLESHEET.encode()).hexdigest()[:16]}.css"
FEED_MEDIA_TYPE: Final = "application/atom+xml"

_HEAD: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
"""
_PLACES: Final = (
    ("/", "Domains"),
    ("/senders", "Senders"),
    ("/news", "News"),
    ("/reports", "TLS reports"),
    ("/silence", "Silence"),
    ("/search", "Search"),
    ("/settings", "Settings"),
)


class Around(msgspec.Struct, frozen=True):
    """Whoever looks: the name, empty before one logged in, and what the form that logs out has to hold, empty for none."""

    name: str = ""
    form_token: str = ""


def framed(title: str, main: list[Content], around: Around, here: str = "", feed: str | None = None) -> str:
    """Return the page with `main`; `here` is the path of its place among those one can go to, `feed` that of its feed."""
    links = [
        element("link", rel="stylesheet", href=STYLESHEET_PATH),
        element("link", rel="icon", type="image/svg+xml", href=ICON_PATH),
    ]
    if feed is not None:
        links.append(element("link", rel="alternate", type=FEED_MEDIA_TYPE, title=title, href=feed))
    return "".join(
        (
            _HEAD,
            f"<title>{escaped(title)} - mxproof</title>\n",
            *map(html, links),
            '\n</head>\n<body class="watch">\n<a class="skip" href="#main">Skip to the page</a>\n',
            html(_header(around, here)),
            "\n",
            html(element("main", *main, id="main")),
            f"\n<footer><p>mxproof {__version__}</p></footer>\n</body>\n</html>\n",
        )
    )


def _header(around: Around, here: str) -> Element:
    if not around.name:
        return element("header", element("p", "mxproof", class_="brand"))
    places = (
        element(
            "li",
            element("a", words, href=path, aria_current="page" if path == here else None),
        )
        for path, words in _PLACES
    )
    return element(
        "header",
        element("p", element("a", "mxproof", href="/"), class_="brand"),
        element("nav", element("ul", *places), aria_label="Pages"),
        _who(around),
    )


def _who(around: Around) -> Element:
    name = element("span", around.name, class_="name")
    if not around.form_token:
        return element("p", name, class_="who")
    out = element("button", "Log out", type="submit")
    return element(
        "form", name, hidden("form", around.form_token), out, method="post", action="/logout", class_="who"
    )


def hidden(name: str, value: str) -> Element:
    """Return a field of a form that nobody sees."""
    return element("input", type="hidden", name=name, value=value)


def field(label: str, name: str, kind: str, value: str = "", complete: str | None = None) -> Element:
    """Return a field of a form under its label."""
    return element(
        "p",
        element("label", label, for_=f"field-{name}"),
        element(
            "input",
            type=kind,
            name=name,
            id=f"field-{name}",
            value=value or None,
            autocomplete=complete,
            required="",
        ),
        class_="field",
    )
