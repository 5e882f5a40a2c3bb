r"""Pasted log text to its records: without what a collector wrote in front of each line, and without the line breaks
of the terminal or the mail that it was copied from.

| in front | written by |
|---|---|
| `mail-1  \| ` | docker compose |
| `0\|npm run start  \| ` | pm2 |
| `2026-11-20T09:02:44.1Z stdout F ` | the runtime of Kubernetes |
| `/var/log/mail.log.1:`, `mail.log:12:` | grep |

A record begins with a stamp, a program and its process, or a queue id; what follows such a line and begins with none
of them continues it, until the record is complete or a line is empty. A terminal breaks a line at its width, wherever
that is, and drops a space there; mail breaks it between words. So the pieces are put together without a space where
every piece is as wide as the text is, and with one otherwise.
"""

import re
from itertools import pairwise

LOG_RECORDS_MAX = 2000
RECORD_PIECES_MAX = 40
WRAPPED_CHARACTERS_MIN = 40

_TERMINAL_WIDTHS = frozenset({80, 100, 120, 132, 160, 200})
_COLLECTOR = re.compile(
    r"\d{1,3}\|[^|\n]{1,60}\| {1,4}(?=\S)"
    r"|[A-Za-z0-9_.-]{1,60} {0,30}\| {1,4}(?=\S)"
    r"|\S{10,40} (?:stdout|stderr) [FP] "
    r"|(?:/[^\s:]{1,200}|[A-Za-z0-9._-]{1,60}log(?:\.\d{1,3})?(?:\.gz)?):(?:\d{1,9}:)?(?=\S)"
)
_OPENING = re.compile(
    r"\s{0,4}(?:"
    r"(?:<\d{1,3}>\d? ?)?[^\W\d_]{3,5}\.? {1,2}\d{1,2} \d\d:\d\d:\d\d"
    r"|(?:<\d{1,3}>\d? ?)?\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4},? \d{1,2}:\d\d"
    r"|@4[0-9a-f]{23} "
    r"|[A-Za-z0-9_./-]{2,60}\[\d{1,10}\]: "
    r"|[{\[])"
)
_BARE_OPENING = re.compile(
    r"\s{0,4}(?:[0-9A-Za-z]{5,20}: (?:to|from|host|uid|client|message-id|removed|lost|conversation)\b"
    r"|(?:warning|connect to|server certificate|(?:Trusted|Untrusted|Verified|Anonymous) TLS|to=<|status=)\b)"
)
"""How a record without a stamp begins; behind a comma or a colon it goes on."""
_PROGRAM = re.compile(r"[A-Za-z0-9_./-]{2,60}\[\d{1,10}\]: |\bto=<|\bstatus=")
_COMPLETE = re.compile(r"\b(?:status=[a-z]{3,12} \(|stat=)")
_ESCAPED = (("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&"), ('\\"', '"'), ("\\/", "/"))


def records(text: str) -> tuple[str, ...]:
    """Return the records of `text` in order, each on one line; a line of other text is a record, an empty one, too."""
    found: list[list[str]] = []
    is_open = False
    for line in text.split("\n", LOG_RECORDS_MAX)[:LOG_RECORDS_MAX]:
        bare = _without_collector(line)
        is_opening = _opens(bare, found[-1][-1] if is_open else "")
        if is_open and bare.strip() and not is_opening and len(found[-1]) < RECORD_PIECES_MAX:
            found[-1].append(line)
        else:
            found.append([line])
            is_open = is_opening and bool(_PROGRAM.search(bare[:400]))
        is_open = is_open and not _is_complete(found[-1])
    width = max((len(piece) for pieces in found for piece in pieces[:-1]), default=0)
    return tuple(_unescaped(_without_collector(_joined(pieces, width))) for pieces in found)


def _opens(line: str, before: str) -> bool:
    """Tell whether a record begins at a line; `before` is the line of an open record before it, or empty."""
    if _OPENING.match(line):
        return True
    return not before.rstrip().endswith((",", ":")) and _BARE_OPENING.match(line) is not None


def _without_collector(record: str) -> str:
    return _COLLECTOR.sub("", record, count=1) if _COLLECTOR.match(record) else record


def _is_complete(pieces: list[str]) -> bool:
    """Tell whether the record says how it came out, to the last parenthesis."""
    whole = "".join(pieces)
    said = _COMPLETE.search(whole)
    return said is not None and whole.count("(", said.start()) <= whole.count(")", said.start())


def _joined(pieces: list[str], width: int) -> str:
    """Return the pieces of one record on one line."""
    if len(pieces) == 1:
        return pieces[0]
    broken = pieces[:-1]
    is_hard = all(width - 1 <= len(piece) <= width for piece in broken) and width >= WRAPPED_CHARACTERS_MIN
    if is_hard and len(broken) == 1:
        is_hard = width in _TERMINAL_WIDTHS or _is_cut(broken[0])
    whole = pieces[0]
    for before, piece in pairwise(pieces):
        whole += piece if is_hard and len(before) == width else f" {piece.lstrip()}"
    return whole


def _is_cut(piece: str) -> bool:
    """Tell whether a piece ends within a word that has its bracket open."""
    last = piece.rpartition(" ")[2]
    return last.count("<") > last.count(">") or last.count("[") > last.count("]")


def _unescaped(record: str) -> str:
    """Return a record that a collector wrote as JSON with its plain signs."""
    if "\\" not in record:
        return record
    for written, sign in _ESCAPED:
        record = record.replace(written, sign)
    return record
