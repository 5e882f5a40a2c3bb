"""HTML to the lines a reader would see: enough for a bounce, and linear in the length of the text."""

import html
import re

MARKUP_CHARACTERS_MAX = 256 * 1024

_UNSEEN = ("style", "script", "head")
_BREAKING = re.compile(
    r"<(?:/?(?:p|div|tr|table|h[1-6]|li|ul|ol|blockquote|pre|hr)|br)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[!/?A-Za-z][^<>]*>")
_COPIED = re.compile(
    r"<(?:br|p|div|span|table|t[rdh]|html|body|pre|ul|li|font|b|i|a)(?:\s[^<>]{0,500})?>", re.IGNORECASE
)
_TAG_COPIED = re.compile(
    r"</?(?:span|t[dh]|html|body|font|b|i|a|em|strong|code|small|thead|tbody|u|meta|wbr|mark|o:p)(?:\s[^<>]{0,500})?>",
    re.IGNORECASE,
)
_COPIED_MIN = 2
_ENTITIES = ("&lt;", "&gt;", "&amp;", "&quot;", "&#39;", "&nbsp;")
_SPACES = re.compile(r"[ \t]+")


def html_text(markup: str) -> str:
    """Return the text of `markup`, a line for each block; what stands in style, script and head is left out.

    Both patterns stop at the next angle bracket, so that no character is looked at more than twice; what looks like a
    tag but does not begin with a letter (`<192.0.2.1>`) stays.
    """
    seen = markup[:MARKUP_CHARACTERS_MAX]
    for element in _UNSEEN:
        seen = _without(seen, element)
    seen = _TAG.sub("", _BREAKING.sub("\n", seen.replace("\n", " ")))
    lines = (_SPACES.sub(" ", line).strip() for line in html.unescape(seen).split("\n"))
    return "\n".join(line for line in lines if line)


def copied_text(text: str) -> str:
    """Return text that somebody copied with its markup as a reader would see it, and other text as it is.

    Line breaks stay, since what was copied may be a log within a page.
    """
    if "<" in text and len(_COPIED.findall(text[:MARKUP_CHARACTERS_MAX])) >= _COPIED_MIN:
        text = _TAG_COPIED.sub("", _BREAKING.sub("\n", text))
    return html.unescape(text) if any(entity in text for entity in _ENTITIES) else text


def _without(markup: str, element: str) -> str:
    """Return `markup` without the elements of this name; one that is never closed is only a tag."""
    lowered = markup.lower()
    if len(lowered) != len(markup):
        return markup
    kept: list[str] = []
    position = 0
    opening, closing = f"<{element}", f"</{element}"
    while (start := lowered.find(opening, position)) >= 0:
        name_end = start + len(opening)
        end = lowered.find(closing, name_end)
        if end < 0:
            break
        if lowered[name_end : name_end + 1] not in (">", " ", "\n", "\t"):
            kept.append(markup[position:name_end])
            position = name_end
            continue
        kept.append(markup[position:start])
        position = end
    kept.append(markup[position:])
    return "".join(kept)
