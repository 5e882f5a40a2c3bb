"""The frame of a page: its head, which forbids whatever a page of ours does not need, and what stands around its main part.

The policy of the page (Content Security Policy) lets it load nothing and run nothing. No text from outside can become
markup; were it so all the same, it could do nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from mxproof.render.html.style import STYLE
from mxproof.render.markup import escaped

_HEAD: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
"""


def framed(title: str, main: Iterable[str], made_by: str) -> Iterator[str]:
    """Yield the page with `main`, which is HTML already; `title` and `made_by` are texts."""
    yield f"{_HEAD}<title>{escaped(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    yield '<a class="skip" href="#main">Skip to the report</a>\n<main id="main">\n'
    yield from main
    yield f"\n</main>\n<footer><p>{escaped(made_by)}</p></footer>\n</body>\n</html>\n"
