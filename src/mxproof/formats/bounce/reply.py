"""SMTP replies as they stand in bounces and logs: folded, prefixed, quoted (RFC 5321 section 4.2, RFC 3463).

A reply of several lines reaches the reader with its prefixes in the middle of the text (`... due to 550-5.7.26
domain's DMARC policy`), because the program that reports it folds the lines anew. `flattened` takes them out, so that
a sentence is one sentence again; `reply_codes` names the codes, the outermost first.
"""

import re
from collections.abc import Iterator

import msgspec

REPLY_CHARACTERS_MAX = 64 * 1024
CODES_MAX = 40

_HIDDEN = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_PLAIN = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " ", 0x2013: "-", 0x2011: "-"}
_TYPOGRAPHIC = {**_HIDDEN, **_PLAIN}
_CONTROLS = re.compile(
    r"\x1b\[[0-9;?]{0,20}[A-Za-z]|\x1b\][^\x07\n]{0,200}\x07|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTE_MARKS = re.compile(r"^(?!>>>)(?:> ?){1,20}?(?=>>> |[^>]|$)", re.MULTILINE)
"""What a mail puts before the lines that it quotes, and mails that quote one another unevenly; `>>> ` is a command."""
_DEEP_QUOTE_MARKS = re.compile(r"^(?:> ?){3,20}", re.MULTILINE)
_DEEP_SHARE_MIN = 0.6
_CONTINUED = re.compile(r"(?<![^\s'\"(<])([245]\d\d)-(?:([245]\.\d{1,3}\.\d{1,3})(?=\s|$))?")
_DASHED = re.compile(r"-(?<=[245]\d\d-)")
_DOTTED = re.compile(r"\.(?<=[245]\.)\d{1,3}\.\d")
"""The first dot of an enhanced code and what follows: found much faster than a code, which is looked for around it."""
_BASIC_BEFORE = re.compile(r"[245]\d\d[ -]{1,3}#?\(?\Z")
_BASIC_CHARACTERS_MAX = 8
"""Of a basic code before an enhanced one, with what stands between them."""
_CODES = re.compile(
    r"(?<![\d.#:-])([245]\d\d)(?:[ -]{1,3}#?\(?([245]\.\d{1,3}\.\d{1,3}))?(?![\d.:])"
    r"|(?<![\w.+~-])(?<!\d:)([245]\.\d{1,3}\.\d{1,3})(?![\d.+~]|-\w)"
)
_LISTED = re.compile(r"(?<!\d)([245]\d\d), ?['\"\u201e]?([245]\.\d{1,3}\.\d{1,3})['\"]?(?:,| -)?(?= )")
_LIST_SIGNS = (', "4', ', "5', ", '4", ", '5", ", 4.", ", 5.", ", \u201e4", ", \u201e5")
"""A reply as the parts of a list, `421, "4.7.0", text`, which is how Google's own pages write it."""


class ReplyCode(msgspec.Struct, frozen=True):
    """A reply code and an enhanced status code that stand together; an empty string is one that is not there."""

    basic: str
    enhanced: str


def plain(text: str) -> str:
    """Return `text` with straight quotes, plain spaces and hyphens, no invisible or control characters, no `> ` of a
    forward.

    Three such marks stay, for `>>> ` is a command in a transcript, unless most lines have them. A reply that stands
    there as a list (`421, "4.7.0", text`) is one again.
    """
    return readable(text[:REPLY_CHARACTERS_MAX])


def readable(text: str) -> str:
    """Return all of `text` as `plain` does."""
    text = without_controls(text)
    if not text.isascii():
        text = text.translate(_TYPOGRAPHIC)
    if any(sign in text for sign in _LIST_SIGNS):
        text = _LISTED.sub(r"\1 \2", text)
    return _unquoted(text) if ">" in text else text


def _unquoted(text: str) -> str:
    """Return `text` without the marks of quotation before its lines."""
    if not text.startswith(">") and "\n>" not in text:
        return text
    lines = text.count("\n") - text.count("\n\n") + 1
    if text.count(">>>") + text.count("> > >") >= _DEEP_SHARE_MIN * lines:
        text = _DEEP_QUOTE_MARKS.sub("", text)
    return _QUOTE_MARKS.sub("", text)


def without_controls(text: str) -> str:
    """Return `text` without the colours of a terminal it was copied from, and without other control characters."""
    return text if _CONTROL.search(text) is None else _CONTROLS.sub("", text)


def flattened(text: str) -> str:
    """Return `text` as one line with single spaces, each reply in it with the codes of its first line only.

    In `550-5.7.26 a 550-5.7.26 b 550 5.7.26 c` the codes behind `a` go; a reply with another code is another reply.
    """
    line = " ".join(text[:REPLY_CHARACTERS_MAX].split())
    first = _CONTINUED.search(line) if _DASHED.search(line) else None
    if first is None:
        return line
    code, enhanced = first.group(1), first.group(2) or ""
    again = re.compile(rf"(?<!\S){code}[ -] ?(?:{re.escape(enhanced)}(?!\S) ?)?")
    opening = f"{line[: first.start()]}{code} {enhanced} "
    return " ".join((opening + again.sub("", line[first.end() :].lstrip())).split())


def reply_codes(text: str) -> tuple[ReplyCode, ...]:
    """Return the codes in `text` in order, each pair once; three digits count only beside an enhanced code or first."""
    found: dict[ReplyCode, None] = {}
    for code in _codes(text[:REPLY_CHARACTERS_MAX]):
        basic, enhanced, alone = code.groups()
        found[ReplyCode(basic or "", enhanced or alone or "")] = None
        if len(found) == CODES_MAX:
            break
    return tuple(found)


def _codes(text: str) -> Iterator[re.Match[str]]:
    """Yield where codes stand: a basic and an enhanced one together, an enhanced one alone, a basic one alone as the first word."""
    first = _CODES.match(text)
    if first is not None:
        yield first
    behind = first.end() if first is not None else 0
    for dot in _DOTTED.finditer(text):
        start = dot.start() - 1
        if start < behind:
            continue
        basic = _BASIC_BEFORE.search(text, max(behind, start - _BASIC_CHARACTERS_MAX), start)
        both = _CODES.match(text, basic.start()) if basic is not None else None
        found = both if both is not None and both.group(2) else _CODES.match(text, start)
        if found is not None:
            behind = found.end()
            yield found
