"""SMTP replies (RFC 5321 section 4.2) cut out of a stream of bytes, without the stream.

    reply      = *(code "-" [text] CRLF) code [SP text] CRLF
    code       = %x32-35 %x30-35 %x30-39                          _CODE, which takes any second digit
    status     = ("2" / "4" / "5") "." 1*3DIGIT "." 1*3DIGIT      _STATUS (RFC 3463 section 2)

A reader has two states, between replies and inside one; a line either moves it on or is malformed. It reads one
reply at a time and on demand, so that what a server sent behind the reply stays visible in `pending`: behind the 220
to STARTTLS there must be nothing (RFC 3207 section 4.2). A bare LF ends a line too.
"""

import re

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown

REPLY_LINES_MAX = 100
REPLY_BYTES_MAX = 64 * 1024

_SOURCE = "RFC 5321 section 4.2"
_CODE = re.compile(rb"[2-5][0-9][0-9]")
_STATUS = re.compile(rb"([245])\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})(?=[ \t]|\Z)")


class Reply(msgspec.Struct, frozen=True):
    """One reply; `lines` are the texts behind the code, `raw` the lines as received without their line ends."""

    code: int
    enhanced: str | None
    lines: tuple[bytes, ...]
    raw: tuple[bytes, ...] = ()


class ReplyReader:
    """Reads replies from bytes as they come: `feed` bytes, then `read` until it returns None."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._raw: list[bytes] = []
        self._size_bytes = 0

    @property
    def pending(self) -> bytes:
        """The bytes fed that no reply has used."""
        return bytes(self._buffer)

    @property
    def partial(self) -> tuple[bytes, ...]:
        """The lines of a reply that has begun and not ended; the last may be the one that was refused."""
        return tuple(self._raw)

    def feed(self, data: bytes) -> None:
        """Take bytes in; raises FormatError where more than `REPLY_BYTES_MAX` stay unread."""
        self._buffer += data
        if len(self._buffer) > REPLY_BYTES_MAX:
            raise _refusal("reply-too-long", f"more than {REPLY_BYTES_MAX} bytes of one reply", b"")

    def read(self) -> Reply | None:
        """Return the next reply, or None until it is complete.

        Raises FormatError for a line that is none of a reply, and for a reply above the limits.
        """
        while (line := self._line()) is not None:
            self._append(line)
            if line[3:4] != b"-":
                raw, self._raw, self._size_bytes = tuple(self._raw), [], 0
                code, lines = int(raw[0][:3]), tuple(line[4:] for line in raw)
                return Reply(code, enhanced_status(code, lines[0]), lines, raw)
        return None

    def _line(self) -> bytes | None:
        """Take the next line out of the buffer, without its line end."""
        end = self._buffer.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        self._size_bytes += end + 1
        return line.removesuffix(b"\r")

    def _append(self, line: bytes) -> None:
        """Keep a line, also one that is refused, so that it stays visible in `partial`."""
        self._raw.append(line)
        if not _CODE.match(line) or line[3:4] not in (b"-", b" ", b""):
            raise _refusal("reply-line", 'a line begins with a code of three digits and "-" or space', line)
        if line[:3] != self._raw[0][:3]:
            raise _refusal("reply-code", "the lines of one reply carry different codes", line)
        if len(self._raw) > REPLY_LINES_MAX:
            raise _refusal("reply-too-long", f"reply of more than {REPLY_LINES_MAX} lines", line)
        if self._size_bytes > REPLY_BYTES_MAX:
            raise _refusal("reply-too-long", f"more than {REPLY_BYTES_MAX} bytes of one reply", line)


def enhanced_status(code: int, text: bytes) -> str | None:
    """Return the enhanced status code that `text` begins with, such as `4.4.8`.

    None where it has none, or one of another class than the reply code (RFC 2034 section 4).
    """
    found = _STATUS.match(text)
    if found is None or int(found[1]) != code // 100:
        return None
    return found[0].decode()


def ehlo_keywords(reply: Reply) -> tuple[str, ...]:
    """Return the extensions that a 250 reply to EHLO offers: keyword in upper case, then its parameters.

    The first line names the server and is no extension (RFC 5321 section 4.1.1.1).
    """
    if reply.code != 250:
        return ()
    offered: list[str] = []
    for line in reply.lines[1:]:
        keyword, _, parameters = line.decode("ascii", "backslashreplace").strip().partition(" ")
        if keyword:
            offered.append(f"{keyword.upper()} {parameters.strip()}".rstrip())
    return tuple(offered)


def _refusal(rule: str, message: str, line: bytes) -> FormatError:
    return FormatError("SMTP reply", _objection(rule, message, line))


def _objection(rule: str, message: str, line: bytes) -> Objection:
    return Objection(rule, message, 0, _SOURCE, shown(line))
