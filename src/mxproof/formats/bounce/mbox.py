"""An mbox file to its messages (RFC 4155), one at a time, each up to a limit.

A message begins at a line `From ` at the start of the file or behind an empty line; `>From ` is a quoted body line
(the mboxrd and mboxo habit) and is left as it is. The file is read in lines, so that its size does not matter.
"""

from collections.abc import Iterable, Iterator

MBOX_MESSAGE_BYTES_MAX = 1024 * 1024

_SEPARATOR = b"From "


def is_mbox(beginning: bytes) -> bool:
    """Tell whether a file that begins like this is an mbox: a `From ` line with a header field behind it."""
    first, _, rest = beginning.lstrip(b"\r\n").partition(b"\n")
    return first.startswith(_SEPARATOR) and b":" in rest.partition(b"\n")[0]


def split_mbox(lines: Iterable[bytes], limit: int = MBOX_MESSAGE_BYTES_MAX) -> Iterator[bytes]:
    """Yield the messages in `lines` (with their line ends), each cut at `limit` bytes, without its `From ` line."""
    message: list[bytes] = []
    size = 0
    started = False
    after_empty = True
    for line in lines:
        if after_empty and line.startswith(_SEPARATOR):
            if started:
                yield b"".join(message)
            message, size, started, after_empty = [], 0, True, False
            continue
        after_empty = line in (b"\n", b"\r\n")
        if started and size < limit:
            message.append(line[: limit - size])
            size += len(line)
    if started:
        yield b"".join(message)
