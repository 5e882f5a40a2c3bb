"""What stands around every page: its head, where one can go from here, and the end of the login."""

from mxproof import __version__
from mxproof.render.markup import element
from mxproof.serve.web.pages.frame import STYLESHEET_PATH, Around, field, framed, hidden
from support_markup import printed

LINKS = (
    f'<link rel="stylesheet" href="{STYLESHEET_PATH}"><link rel="icon" type="image/svg+xml" href="/icon.svg">'
)
PLACES = (
    ("/", "Domains"),
    ("/senders", "Senders"),
    ("/news", "News"),
    ("/reports", "TLS reports"),
    ("/silence", "Silence"),
    ("/search", "Search"),
    ("/settings", "Settings"),
)


def page(header: str, more: str = "") -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>A &lt;title&gt; - mxproof</title>\n{LINKS}{more}\n</head>\n"
        '<body class="watch">\n<a class="skip" href="#main">Skip to the page</a>\n'
        f'<header>{header}</header>\n<main id="main"><p>main</p></main>\n'
        f"<footer><p>mxproof {__version__}</p></footer>\n</body>\n</html>\n"
    )


def header(who: str, here: str = "") -> str:
    items = "".join(
        f'<li><a href="{path}"{current}>{words}</a></li>'
        for path, words in PLACES
        for current in [' aria-current="page"' if path == here else ""]
    )
    return f'<p class="brand"><a href="/">mxproof</a></p><nav aria-label="Pages"><ul>{items}</ul></nav>{who}'


def test_whoever_did_not_log_in_is_led_nowhere() -> None:
    assert framed("A <title>", [element("p", "main")], Around()) == page('<p class="brand">mxproof</p>')


def test_whoever_logged_in_can_go_everywhere_and_log_out() -> None:
    out = (
        '<form method="post" action="/logout" class="who"><span class="name">ada</span>'
        '<input type="hidden" name="form" value="token"><button type="submit">Log out</button></form>'
    )
    whole = framed(
        "A <title>", [element("p", "main")], Around("ada", "token"), here="/news", feed="/feed/news"
    )
    feed = '<link rel="alternate" type="application/atom+xml" title="A &lt;title&gt;" href="/feed/news">'
    assert whole == page(header(out, "/news"), feed)


def test_whom_a_proxy_let_in_is_named_and_cannot_log_out_here() -> None:
    who = '<p class="who"><span class="name">ada</span></p>'
    assert framed("A <title>", [element("p", "main")], Around("ada")) == page(header(who))


def test_a_field_stands_under_its_label_and_a_hidden_one_has_none() -> None:
    assert printed(
        field("Account", "account", "text", "ada", "username"), field("Search", "q", "search")
    ) == [
        (
            '<p class="field"><label for="field-account">Account</label><input type="text" name="account" '
            'id="field-account" value="ada" autocomplete="username" required=""></p>'
        ),
        '<p class="field"><label for="field-q">Search</label><input type="search" name="q" id="field-q" required=""></p>',
    ]
    assert printed(hidden("form", "token")) == ['<input type="hidden" name="form" value="token">']
