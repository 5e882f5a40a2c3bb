"""Elements of HTML and XML as values, and the one door through which text gets between them.

An element holds elements and texts. A text is never markup: it is escaped when the element is printed, and so is the
value of every attribute, so that nothing from outside can begin an element, leave an attribute or steer whoever shows
the page. There is no way to put markup in from a text. A template engine would do the same with a switch that must not
be forgotten, and would be loaded by a command that needs none of it.
"""

from typing import Final

import msgspec

from mxproof.formats.text import safe

TEXT_CHARACTERS_MAX: Final = 4000
"""Of one line of text, as on a terminal."""

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_VOID: Final = frozenset({"br", "col", "hr", "input", "link", "meta", "wbr"})
"""The elements of HTML that have no end tag (HTML section 13.1.2)."""


class Element(msgspec.Struct, frozen=True):
    """A tag with attributes and children, in order."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple["Element | str", ...]


Content = Element | str | None
"""What can stand in an element; None is nothing, so that what is absent needs no branch around it."""


def element(tag: str, *content: Content, **attributes: str | None) -> Element:
    """Return an element; in the names of attributes `_` stands for `-`, and one at the end for nothing.

    An attribute that is None is left out.
    """
    named = (
        (name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value is not None
    )
    return Element(tag, tuple(named), tuple(one for one in content if one is not None))


def html(one: Element) -> str:
    """Return the element as HTML."""
    return _printed(one, _VOID)


def xml(one: Element) -> str:
    """Return the element as XML 1.0."""
    return _printed(one, frozenset())


def escaped(text: str) -> str:
    """Return `text` as what is shown and nothing else; a line break stays one."""
    lines = (safe(line, limit=TEXT_CHARACTERS_MAX) for line in text.split("\n"))
    return "\n".join(lines).translate(_ESCAPES)


def _printed(one: Element, void: frozenset[str]) -> str:
    pieces: list[str] = []
    _print(one, void, pieces)
    return "".join(pieces)


def _print(one: Element, void: frozenset[str], pieces: list[str]) -> None:
    """Add the pieces of an element; a generator would hand each of them up through all that it stands in."""
    attributes = "".join([f' {name}="{escaped(value)}"' for name, value in one.attributes])
    pieces.append(f"<{one.tag}{attributes}>")
    if one.tag in void:
        return
    for child in one.children:
        if isinstance(child, str):
            pieces.append(escaped(child))
        else:
            _print(child, void, pieces)
    pieces.append(f"</{one.tag}>")
