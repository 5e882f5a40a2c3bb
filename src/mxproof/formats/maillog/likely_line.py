"""The lines of a log that may tell of a mail, found in blocks of it: most lines tell of something else, and are never made.

In journald's export format an entry is many lines, so there every line is wanted from the first entry on.
"""

from collections.abc import Iterable, Iterator

from mxproof.formats.maillog.handed_in import EXIM_SIGN, POSTFIX_SIGN

LINE_BYTES_MAX = 64 * 1024
"""A line that is longer is taken for several."""
JSON_EXIM_SIGN = b"u003c= "
_SIGNS = (POSTFIX_SIGN, EXIM_SIGN, JSON_EXIM_SIGN)
_EXPORT_SIGN = b"__REALTIME_TIMESTAMP="
_NONE = -1


def likely_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each line of a log that may tell of a mail, and in any case its last one; `blocks` are the log in order."""
    kept = last = b""
    is_export = False
    for read in blocks:
        block = kept + read
        end = block.rfind(b"\n") + 1
        if not end:
            if len(block) < LINE_BYTES_MAX:
                kept = block
                continue
            end = len(block)
        kept = block[end:]
        is_export = is_export or _EXPORT_SIGN in block
        if is_export:
            yield from (line + b"\n" for line in block[: end - 1].split(b"\n"))
            last = b""
            continue
        yielded_until = 0
        for begin, finish in _signed(block, end):
            yield block[begin:finish]
            yielded_until = finish
        last = block[max(yielded_until, block.rfind(b"\n", 0, end - 1) + 1) : end]
    if kept or last:
        yield kept or last


def _signed(block: bytes, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines with a sign in them begin and end; most logs have one sign, and are searched for it alone."""
    following = [block.find(sign, 0, end) for sign in _SIGNS]
    finish = 0
    if following.count(_NONE) == len(_SIGNS) - 1:
        place = max(following)
        sign = _SIGNS[following.index(place)]
        while place != _NONE:
            begin = block.rfind(b"\n", finish, place) + 1 or finish
            finish = block.find(b"\n", place, end) + 1 or end
            yield begin, finish
            place = block.find(sign, finish, end)
        return
    while found := [place for place in following if place != _NONE]:
        place = min(found)
        begin = block.rfind(b"\n", finish, place) + 1 or finish
        finish = block.find(b"\n", place, end) + 1 or end
        yield begin, finish
        following = [
            block.find(sign, finish, end) if _NONE < before < finish else before
            for sign, before in zip(_SIGNS, following, strict=True)
        ]
