"""A mail message to its headers and parts, however broken (RFC 5322, RFC 2045, RFC 2046, RFC 2047).

Bounces arrive forwarded, cut, re-wrapped and made by programs that never read an RFC, so nothing here raises: what
cannot be read as MIME is plain text. A message whose header lost its Content-Type is still split where its body shows
a boundary. Every step is a search or a split by a fixed string, so the work is linear in the size, and of a bounce only
the first MAIL_BYTES_MAX are read: a report stands before the message that it returns.
"""

import binascii
import re
from collections.abc import Iterator

import msgspec

MAIL_BYTES_MAX = 512 * 1024
PARTS_MAX = 64
DEPTH_MAX = 8
PREAMBLE_BYTES_MAX = 300
HEADER_LINES_MAX = 2000
HEADER_CHARACTERS_MAX = 64 * 1024
ENCODED_WORDS_MAX = 200

_TEXT = "text/plain"
_OF_PART = frozenset({b"content-type", b"content-transfer-encoding"})
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9_-]{0,70})[ \t]{0,3}:")
_ASCII_FIELD = _FIELD.pattern.decode("ascii")
_ASCII_FIELDS = re.compile(rf"^{_ASCII_FIELD}(.*(?:\n(?!{_ASCII_FIELD}).*)*)", re.MULTILINE)
"""A field and the lines behind it that are none."""
_MEDIA_TYPE = re.compile(r"\s*([a-z0-9.+_-]{1,60}/[a-z0-9.+_-]{1,60})", re.IGNORECASE)
_PARAMETER = re.compile(
    r';\s*(boundary|charset)\*?\s*=\s*(?:"([^"]{0,200})"|([^\s;"]{1,200}))', re.IGNORECASE
)
_BOUNDARY_SEEN = re.compile(rb"\n--([^\n]{1,200})\n(?=content-)", re.IGNORECASE)
_CHARSET = re.compile(
    r"(?:us-ascii|ascii|utf|iso|latin|windows|cp\d|koi8|gb|big5|euc|shift|hz|mac)", re.IGNORECASE
)
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]{0,300})\?=(\s+(?==\?))?")
_UNICODE_1_1 = "unicode-1-1-"


class Part(msgspec.Struct, frozen=True):
    """A leaf of the MIME tree as it came; `part_text` decodes it when it is wanted."""

    media_type: str
    charset: str
    encoding: str
    raw: bytes


class Mail(msgspec.Struct, frozen=True):
    """A message: `headers` in order, names in lower case, values unfolded; `parts` are the leaves in order.

    A part of type `message/rfc822` is a leaf here: whether to read on is for the reader to decide.
    """

    headers: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    def header(self, name: str) -> str:
        """Return the first value of a header field, or an empty string."""
        for field, value in self.headers:
            if field == name:
                return value
        return ""


def parse_mail(data: bytes, *, limit: int = MAIL_BYTES_MAX, wanted: frozenset[bytes] | None = None) -> Mail:
    """Return the message in the first `limit` bytes of `data`; of its header fields only those `wanted`, None for all.

    The parts are found by the fields of MIME, so that these have to be among those wanted.
    """
    head, body = _split_head(with_line_feeds(data[:limit]).lstrip(b"\n"))
    headers = parse_headers(head) if wanted is None else parse_wanted_headers(head, wanted)
    return Mail(headers=headers, parts=tuple(_leaves(headers, body, DEPTH_MAX))[:PARTS_MAX])


def with_line_feeds(data: bytes) -> bytes:
    """Return `data` with a line feed alone at the end of a line; most files have nothing else."""
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def parse_wanted_headers(head: bytes, wanted: frozenset[bytes]) -> tuple[tuple[str, str], ...]:
    """Return the header fields with names in `wanted`, which are in lower case; a third of the work of all."""
    fields: list[tuple[str, list[bytes]]] = []
    keeps = False
    for line in head.split(b"\n", HEADER_LINES_MAX)[:HEADER_LINES_MAX]:
        if line[:1] in (b" ", b"\t"):
            if keeps:
                fields[-1][1].append(line.strip())
            continue
        name, _, value = line.partition(b":")
        name = name.rstrip().lower()
        keeps = name in wanted
        if keeps:
            fields.append((name.decode("ascii"), [value.strip()]))
    return tuple((name, _unfolded(values)) for name, values in fields)


def parse_headers(head: bytes) -> tuple[tuple[str, str], ...]:
    """Return header fields in order, names in lower case, values unfolded (RFC 5322 section 2.2.3).

    A line that is neither a field nor folded continues the field before it: some programs lose the leading space.
    """
    if head.isascii():
        return _ascii_headers(head.decode("ascii"))
    fields: list[tuple[str, list[bytes]]] = []
    for line in head.split(b"\n", HEADER_LINES_MAX)[:HEADER_LINES_MAX]:
        found = None if line[:1] in (b" ", b"\t") else _FIELD.match(line)
        if found:
            fields.append((found.group(1).decode("ascii").lower(), [line[found.end() :].strip()]))
        elif fields:
            fields[-1][1].append(line.strip())
    return tuple((name, _unfolded(values)) for name, values in fields)


def _ascii_headers(head: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a header that needs no decoding, as nearly all are: the same, in half the time."""
    if head.count("\n") >= HEADER_LINES_MAX:
        head = "\n".join(head.split("\n", HEADER_LINES_MAX)[:HEADER_LINES_MAX])
    return tuple(
        (name.lower(), _joined(value)[:HEADER_CHARACTERS_MAX])
        for name, value, _ in _ASCII_FIELDS.findall(head)
    )


def _joined(value: str) -> str:
    """Return a value of one line or several as one."""
    return " ".join([line.strip() for line in value.split("\n")]) if "\n" in value else value.strip()


def decode_words(value: str) -> str:
    """Return a header value with its encoded words decoded (RFC 2047 section 2); what does not decode stays."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_decoded_word, value, count=ENCODED_WORDS_MAX)


def part_text(part: Part) -> str:
    """Return the text of `part`; bytes that its charset does not explain are read as UTF-8 or else as Latin-1."""
    return decode_text(part_bytes(part), part.charset)


def part_bytes(part: Part) -> bytes:
    """Return the content of `part` without its transfer encoding."""
    return _transfer_decoded(part.raw, part.encoding)


def decode_text(data: bytes, charset: str = "") -> str:
    """Return `data` as text in `charset`, and where that is unknown or wrong, as UTF-8 or else Latin-1.

    It can always be written as UTF-8: UTF-7 spells halves of a character that is in two (RFC 2152), and no text has such alone.
    """
    name = charset.lower().removeprefix(_UNICODE_1_1)
    if name not in ("", "utf-8", "us-ascii") and _CHARSET.match(name):
        try:
            text = data.decode(name)
            text.encode()
        except (LookupError, ValueError):
            pass
        else:
            return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def quoted_printable(data: bytes) -> bytes:
    """Return `data` decoded from quoted-printable (RFC 2045 section 6.7)."""
    return binascii.a2b_qp(data)


def _split_head(data: bytes) -> tuple[bytes, bytes]:
    """Return header and body; without a header field in the first line all of it is body."""
    if data[:1] == b">":
        data = data[1:]
    if data[:5] == b"From ":
        data = data[data.find(b"\n") + 1 :]
    if not _FIELD.match(data[:100]):
        return b"", data
    head, _, body = data.partition(b"\n\n")
    return head, body


def _leaves(headers: tuple[tuple[str, str], ...], body: bytes, depth: int) -> Iterator[Part]:
    fields = dict(reversed(headers))
    content_type = fields.get("content-type", "")
    named = _MEDIA_TYPE.match(content_type)
    media_type = named.group(1).lower() if named else _TEXT
    parameters = {found[0].lower(): found[1] or found[2] for found in _PARAMETER.findall(content_type)}
    encoding = fields.get("content-transfer-encoding", "").strip().lower()
    multiple = media_type.startswith("multipart/")
    if depth and (multiple or (depth == DEPTH_MAX and media_type == _TEXT)):
        pieces = _pieces(body, parameters.get("boundary", "").encode(), named=multiple)
        if pieces:
            for piece in pieces:
                head, inner = _split_piece(piece)
                yield from _leaves(parse_wanted_headers(head, _OF_PART), inner, depth - 1)
            return
    yield Part(_TEXT if multiple else media_type, parameters.get("charset", ""), encoding, body)


def _split_piece(piece: bytes) -> tuple[bytes, bytes]:
    if piece[:1] == b"\n":
        return b"", piece[1:]
    head, _, body = piece.partition(b"\n\n")
    return head, body


def _pieces(body: bytes, boundary: bytes, *, named: bool) -> list[bytes]:
    """Return what stands between the delimiters (RFC 2046 section 5.1.1); empty where there is none.

    A boundary that the header does not name is taken from the first delimiter that a Content field follows. Where
    the header does not even name a multipart, that delimiter stands near the beginning: further down it belongs to a
    message that is returned as text.
    """
    if not named or not boundary or b"--" + boundary not in body:
        seen = _BOUNDARY_SEEN.search(b"\n" + body)
        if seen is None or (not named and seen.start() > PREAMBLE_BYTES_MAX):
            return []
        boundary = seen.group(1).rstrip()
    pieces: list[list[bytes]] = []
    for chunk in (b"\n" + body).split(b"\n--" + boundary)[1:]:
        rest, _, content = chunk.partition(b"\n")
        if rest.strip() == b"--" or len(pieces) == PARTS_MAX:
            break
        if not rest.strip():
            pieces.append([content])
        elif pieces:
            pieces[-1] += (b"\n--", boundary, chunk)
    return [b"".join(piece) for piece in pieces]


def _unfolded(values: list[bytes]) -> str:
    return decode_text(b" ".join(values)[:HEADER_CHARACTERS_MAX])


def _transfer_decoded(raw: bytes, encoding: str) -> bytes:
    """Return `raw` without its transfer encoding (RFC 2045 section 6); damaged base64 stays as it is."""
    if encoding == "quoted-printable":
        return quoted_printable(raw)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(raw)
        except binascii.Error:
            return raw
    return raw


def _decoded_word(found: re.Match[str]) -> str:
    charset, encoding, text, _ = found.groups()
    encoded = text.encode("ascii", "replace")
    try:
        data = binascii.a2b_base64(encoded) if encoding in "bB" else binascii.a2b_qp(encoded, header=True)
    except binascii.Error:
        return found.group()
    return decode_text(data, charset)
