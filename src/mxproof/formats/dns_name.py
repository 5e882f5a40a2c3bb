r"""Domain names of the DNS: between text, the bytes of a message, and the one form in which they are compared.

A name is held as its own bytes without compression, root label included: `b"\7example\3com\0"` (RFC 1035 section
3.1). A length is at most 63 and so never the code of a letter, which is why folding the letters of a whole name
leaves its lengths alone. In text, odd bytes are kept in the escaped form of RFC 1035 section 5.1 (a raw UTF-8 label
becomes `b\195\188cher`), which can be asked again as it stands.
"""

import re
from functools import lru_cache

from mxproof.formats.errors import FormatError, Objection, shown

NAME_BYTES_MAX = 255
LABEL_BYTES_MAX = 63
LABELS_MAX = (NAME_BYTES_MAX - 1) // 2
POINTERS_MAX = 16
"""The pointers followed in one name; a name that is compressed well has one."""

NAMES_KEPT_MAX = 1024
"""The names remembered in their other form: a question is written when asked and again when its answer is read."""

_ROOT = b"\0"
_POINTER = 0xC0
_OFFSET = 0x3FFF
_LENGTHS = {length: bytes((length,)) for length in range(1, LABEL_BYTES_MAX + 1)}
"""By the length of a label the byte that stands before it."""
_SPECIAL = b'"().;\\@$'
_PLAIN = bytes(code for code in range(0x21, 0x7F) if code not in _SPECIAL)
_ESCAPES = {
    code: "\\" + chr(code) if code in _SPECIAL else chr(code) if code in _PLAIN else f"\\{code:03d}"
    for code in range(256)
}
_ROOTS = frozenset({"", ".", "@", "\u3002", "\uff0e", "\uff61"})
_PIECE = r"""(?sx)
        \\(?P<code>[0-9]{3})
    |   \\(?P<literal>[^0-9])
    |   (?P<dot>[.\u3002\uff0e\uff61])
    |   (?P<plain>[^\\.\u3002\uff0e\uff61]+)"""


@lru_cache(maxsize=NAMES_KEPT_MAX)
def parse_name(text: str) -> bytes:
    """Return the name that `text` means, as `parse_new_name` does, and remember it."""
    return parse_new_name(text)


def parse_new_name(text: str) -> bytes:
    """Return the name that `text` means, its letters in the case given; an empty text and `@` mean the root.

    Raises FormatError for an empty label, a broken escape, a label of more than 63 bytes, a name of more than 255
    (RFC 1035 section 3.1), and a U-label that has no A-label.
    """
    if text in _ROOTS:
        return _ROOT
    if not text.isascii():
        labels = [_a_label(label) for label in _labels(text)]
    elif "\\" in text:
        labels = [label.encode("latin-1") for label in _labels(text)]
    else:
        labels = text.encode("ascii").split(b".")
    if not labels[-1]:
        labels.pop()
    if len(labels) > LABELS_MAX:
        raise _refusal("name-length", f"a name has at most {LABELS_MAX} labels", "3.1", seen=text)
    name = b""
    try:
        for label in labels:
            name += _LENGTHS[len(label)] + label
    except KeyError:
        raise _refusal(
            "label-length", f"a label has 1 to {LABEL_BYTES_MAX} bytes", "3.1", seen=text
        ) from None
    if len(name) >= NAME_BYTES_MAX:
        raise _refusal("name-length", f"a name has at most {NAME_BYTES_MAX} bytes", "3.1", seen=text)
    return name + _ROOT


def _labels(text: str) -> list[str]:
    r"""Split `text` at its dots and undo the escapes `\.` and `\065` (RFC 1035 section 5.1)."""
    token_at = re.compile(_PIECE).match
    labels = [""]
    position = 0
    while position < len(text):
        token = token_at(text, position)
        if token is None or int(token["code"] or 0) > 255:
            raise _refusal("name-escape", "a broken escape", "5.1", position, text)
        position = token.end()
        if token["dot"]:
            labels.append("")
        elif token["code"]:
            labels[-1] += chr(int(token["code"]))
        else:
            labels[-1] += token["literal"] or token["plain"]
    return labels


def _a_label(label: str) -> bytes:
    """Return the label in ASCII: an A-label for a U-label, mapped as people type it (RFC 5891 section 5)."""
    if label.isascii():
        return label.encode("ascii")
    import idna  # noqa: PLC0415 - its tables are large, and few names need them

    try:
        return idna.alabel(idna.uts46_remap(label, std3_rules=False))
    except UnicodeError as error:
        raise _refusal("label-idn", f"no valid U-label ({error})", "3.1", seen=label) from None


def name_text(name: bytes) -> str:
    """Return `name` as canonical text: letters in lower case, odd bytes escaped, no final dot, the root as `.`."""
    labels = []
    at = 0
    while length := name[at]:
        labels.append(name[at + 1 : at + 1 + length])
        at += 1 + length
    text = b".".join(labels).lower()
    if len(text.translate(None, _PLAIN)) == len(labels) - 1 and text.count(b".") == len(labels) - 1:
        return text.decode("ascii")
    return ".".join([label.lower().decode("latin-1").translate(_ESCAPES) for label in labels]) or "."


def read_name(wire: bytes, at: int, end: int, known: dict[int, bytes]) -> tuple[bytes, int]:
    """Return the name that stands at `at` in a message, its letters in lower case, and where it ends.

    A pointer leads backwards, to a name that ends before that which leads there begins: what is read after each
    pointer lies nearer to the start of the message, so no message makes a loop (RFC 1035 section 4.1.4). `known`
    belongs to the message and remembers the names in it that stand there in full. Nothing is read at or after
    `end`. Raises FormatError for what is no name.
    """
    parts = []
    after = 0
    start = at
    for _ in range(1 + POINTERS_MAX):
        known_name = known.get(start)
        if known_name is not None and start + len(known_name) <= end:
            parts.append(known_name)
            return _joined(parts, at), after or start + len(known_name)
        stop = _labels_end(wire, start, end)
        if not wire[stop]:
            parts.append(wire[start : stop + 1].lower())
            name = _joined(parts, at)
            known[start] = parts[-1]
            return name, after or stop + 1
        if stop > start:
            parts.append(wire[start:stop].lower())
        after = after or stop + 2
        start, end = _target(wire, stop, end, start), start
    raise _refusal("name-pointers", f"more than {POINTERS_MAX} pointers in a name", "4.1.4", at)


def _labels_end(wire: bytes, at: int, end: int) -> int:
    """Return where the labels from `at` on are followed by something else."""
    try:
        while 0 < (length := wire[at]) <= LABEL_BYTES_MAX:
            at += 1 + length
    except IndexError:
        at = end
    if at >= end:
        raise _refusal("name-cut", "the name is cut short", "3.1", end)
    return at


def _target(wire: bytes, at: int, end: int, start: int) -> int:
    """Return where the pointer at `at` leads, which must be before `start`."""
    if wire[at] < _POINTER:
        raise _refusal("label-type", f"a label of unknown type 0x{wire[at]:02x}", "4.1.4", at)
    if at + 1 >= end:
        raise _refusal("name-cut", "the name is cut short", "4.1.4", end)
    target = int.from_bytes(wire[at : at + 2], "big") & _OFFSET
    if target >= start:
        raise _refusal("name-pointer", "a pointer that does not lead backwards", "4.1.4", at)
    return target


def _joined(parts: list[bytes], at: int) -> bytes:
    name = parts[0] if len(parts) == 1 else b"".join(parts)
    if len(name) > NAME_BYTES_MAX:
        raise _refusal("name-length", f"a name has at most {NAME_BYTES_MAX} bytes", "3.1", at)
    return name


def _refusal(rule: str, message: str, section: str, position: int = 0, seen: str = "") -> FormatError:
    return FormatError(
        "DNS name", Objection(rule, message, position, f"RFC 1035 section {section}", shown(seen))
    )
