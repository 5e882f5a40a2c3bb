"""A manual page as roff source for man(7): the few requests that man, groff and mandoc all know."""

import re
from collections.abc import Iterable

_MARKED = re.compile(r"`([^`]+)`|(?<![\w*])\*([^*\s][^*]*)\*")


def page(name: str, section: int, source: str, parts: Iterable[str]) -> str:
    """Return a whole page; `source` is what stands at its foot, as `mxproof 1.0`."""
    head = f'.TH "{escaped(name.upper())}" "{section}" "" "{escaped(source)}" "mxproof"\n.nh\n.ad l\n'
    return head + "".join(parts)


def heading(title: str) -> str:
    """Return the heading of a part."""
    return f".SH {title}\n"


def paragraph(words: str) -> str:
    """Return a paragraph; what stands in back quotes is bold."""
    return f".PP\n{text(words)}\n"


def tagged(tag: str, words: str) -> str:
    """Return an item of a list of definitions; `tag` is given as it is to be read, in bold."""
    return f".TP\n\\fB{escaped(tag)}\\fR\n{text(words)}\n"


def example(lines: Iterable[str]) -> str:
    """Return lines that stand as they are."""
    return ".PP\n.nf\n.RS 4\n" + "".join(f"{_guarded(escaped(line))}\n" for line in lines) + ".RE\n.fi\n"


def see_also(pages: Iterable[tuple[str, int]]) -> str:
    """Return references to other pages, by name and section."""
    return (
        heading("SEE ALSO")
        + ",\n".join(f"\\fB{escaped(name)}\\fR({section})" for name, section in pages)
        + "\n"
    )


def text(words: str) -> str:
    """Return running words, on one line of source; what stands in back quotes is bold."""
    flat = " ".join(words.split())
    parts, at = [], 0
    for found in _MARKED.finditer(flat):
        parts += [escaped(flat[at : found.start()]), f"\\fB{escaped(found[1] or found[2])}\\fR"]
        at = found.end()
    return _guarded("".join([*parts, escaped(flat[at:])]))


def escaped(words: str) -> str:
    """Return words of which nothing is taken for a request: backslashes and hyphens are themselves."""
    return words.replace("\\", "\\e").replace("-", "\\-").replace("\u201c", '"').replace("\u201d", '"')


def _guarded(line: str) -> str:
    """Return a line that does not begin with what roff takes for a request."""
    return f"\\&{line}" if line[:1] in {".", "'"} else line
