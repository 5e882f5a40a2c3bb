"""A folder of an IMAP server (RFC 3501), read message by message in the order in which they came.

It blocks, so that it is used in a thread of its own. TLS is always spoken, from the first byte (`imaps`, RFC 8314) or after
STARTTLS (`imap`), and the certificate verified; nothing is sent before. Messages are read without being marked as read. Where
they are not moved, the folder is opened read-only.
"""

import base64
import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from mxproof.formats.text import listed, safe
from mxproof.net.imap_folder import ImapFolder

IMAP_TIMEOUT_S: Final = 30.0
IMAP_LITERAL_BYTES_MAX: Final = 64 * 1024 * 1024
SEARCHED_AT_ONCE: Final = 50_000
"""UIDs in one search, so that no answer is longer than the library takes."""
SEARCHES_MAX: Final = 1000
SIZES_AT_ONCE: Final = 200
FETCHED_AT_ONCE: Final = 50
FETCHED_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of messages fetched together; a longer one is fetched alone."""
LONG_BYTES: Final = 64 * 1024
"""How much is read of a message that is longer than one may be."""
FOLDERS_NAMED_MAX: Final = 10

_UID: Final = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d{1,10})\b")
_NUMBER: Final = re.compile(rb"\d{1,10}")
"""Numbers are of 32 bits (RFC 3501 section 9)."""
_LISTED: Final = re.compile(rb'\((?P<flags>[^)]*)\) (?:"[^"]*"|NIL) (?P<name>.*)')
_ABOVE_ASCII: Final = re.compile(r"[^\x20-\x7e]+")


class ImapMessage(msgspec.Struct, frozen=True):
    """A message by its number; `cut` where it is longer than was asked for, so that only its beginning is here."""

    uid: int
    data: bytes
    cut: bool = False


class ImapError(Exception):
    """The folder cannot be read now; the message says what was seen and what to do."""


class MoveWay(StrEnum):
    """How a server moves messages: by MOVE (RFC 6851), or by a copy and an expunge of just these (RFC 4315)."""

    MOVE = "MOVE"
    UIDPLUS = "UIDPLUS"


class OpenFolder:
    """A folder that is open; `validity` is that of its numbers (RFC 3501 section 2.3.1.1).

    With `moves` it is opened for writing. Raises ImapError, as every method does.
    """

    def __init__(self, mailbox: ImapFolder, password: str, roots: Iterable[bytes], *, moves: bool) -> None:
        self._mailbox = mailbox
        self._where = f"{mailbox.host}:{mailbox.port}"
        with self._told():
            self._client = _connected(mailbox, _context(roots))
        try:
            with self._told():
                self._log_in(password)
                self._open(moves=moves)
        except BaseException:
            self.abort()
            raise

    def numbers(self, after: int) -> list[int]:
        """Return the numbers of the messages behind `after`, in their order."""
        first, end = after + 1, self._next
        stride = max(SEARCHED_AT_ONCE, -(-(end - first) // SEARCHES_MAX))
        found: set[int] = set()
        with self._told():
            for begin in range(first, end, stride):
                last = min(begin + stride, end) - 1
                (answer,) = self._asked("SEARCH", "UID", f"{begin}:{last}") or [b""]
                found.update(self._number(one, "the messages found") for one in (answer or b"").split())
        return sorted(one for one in found if first <= one < end)

    def messages(self, numbers: Sequence[int], bytes_max: int) -> Iterator[list[ImapMessage]]:
        """Yield the messages of these numbers, a few at a time; those that have gone meanwhile are left out."""
        for place in range(0, len(numbers), SIZES_AT_ONCE):
            sizes = self._sizes(numbers[place : place + SIZES_AT_ONCE])
            for some in _grouped(sizes, bytes_max):
                if sizes[some[0]] > bytes_max:
                    found = self._fetched(some, f"BODY.PEEK[]<0.{LONG_BYTES}>", cut=True)
                else:
                    found = self._fetched(some, "BODY.PEEK[]")
                if found:
                    yield sorted(found, key=lambda one: one.uid)

    def move(self, numbers: Sequence[int], folder: str) -> None:
        """Move messages to another folder of this server, which is made where it is missing."""
        if not numbers:
            return
        uids, where = _set_of(numbers), _named(folder)
        with self._told():
            if self._way is MoveWay.MOVE:
                self._done_in(folder, "MOVE", uids, where)
                return
            self._done_in(folder, "COPY", uids, where)
            self._asked("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")
            self._asked("EXPUNGE", uids)

    def close(self) -> None:
        """Log out."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.logout()

    def abort(self) -> None:
        """Let go of the connection at once, whoever waits for it."""
        with contextlib.suppress(OSError):
            self._client.shutdown()

    def _log_in(self, password: str) -> None:
        client, user = self._client, self._mailbox.user
        try:
            if "AUTH=PLAIN" in client.capabilities:
                client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            else:
                client.login(user, password)
        except client.abort:
            raise
        except (client.error, UnicodeEncodeError) as error:
            raise ImapError(
                f"{self._where}: user {user!r} or the password is refused ({_words(error)})"
            ) from None

    def _open(self, *, moves: bool) -> None:
        client, folder = self._client, self._mailbox.folder
        if moves:
            client.capabilities = tuple(client.capability()[1][0].decode("ascii", "replace").split())
            self._way = next((way for way in MoveWay if way in client.capabilities), None)
            if self._way is None:
                raise ImapError(f"{self._where}: this server cannot move messages; leave move_to empty")
        status, said = client.select(_named(folder), readonly=not moves)
        if status != "OK":
            raise ImapError(
                f"{self._where}: there is no folder {folder!r} to open ({_words(said[0])}){self._others()}"
            )
        self.validity = self._stated("UIDVALIDITY")
        self._next = self._stated("UIDNEXT")

    def _stated(self, name: str) -> int:
        return self._number(self._client.response(name)[1][-1], f"the {name} of this folder")

    def _number(self, said: object, of: str) -> int:
        if not isinstance(said, bytes) or not _NUMBER.fullmatch(said):
            raise ImapError(f"{self._where}: the server does not say {of} (RFC 3501)")
        return int(said)

    def _others(self) -> str:
        """Return which folders there are, to be said after a name that is wrong."""
        status, lines = self._client.list()
        found = [_LISTED.match(line) for line in lines if isinstance(line, bytes)]
        names = [one["name"].decode("ascii", "replace").strip('"') for one in found if one is not None]
        return f"; there are {listed(names[:FOLDERS_NAMED_MAX])}" if status == "OK" and names else ""

    def _sizes(self, numbers: Sequence[int]) -> dict[int, int]:
        sizes: dict[int, int] = {}
        with self._told():
            for line in self._asked("FETCH", _set_of(numbers), "(UID RFC822.SIZE)"):
                text = line if isinstance(line, bytes) else b""
                uid, size = _UID.search(text), _SIZE.search(text)
                if uid is not None and size is not None:
                    sizes[int(uid[1])] = int(size[1])
        return {number: sizes[number] for number in numbers if number in sizes}

    def _fetched(self, numbers: Sequence[int], what: str, *, cut: bool = False) -> list[ImapMessage]:
        wanted = set(numbers)
        found: list[ImapMessage] = []
        with self._told():
            answer = self._asked("FETCH", _set_of(numbers), f"(UID {what})")
        for place, part in enumerate(answer):
            if not isinstance(part, tuple):
                continue
            behind = answer[place + 1] if place + 1 < len(answer) else b""
            uid = _UID.search(part[0]) or _UID.search(behind if isinstance(behind, bytes) else b"")
            if uid is not None and int(uid[1]) in wanted:
                wanted.discard(int(uid[1]))
                found.append(ImapMessage(int(uid[1]), bytes(part[1]), cut))
        return found

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        status, said = self._client.uid(command, *arguments)
        if status != "OK":
            raise ImapError(f"{self._where}: {command} is refused ({_words(said[0] if said else b'')})")
        return said

    def _done_in(self, folder: str, command: str, uids: str, where: str) -> None:
        status, said = self._client.uid(command, uids, where)
        if status != "OK" and self._client.create(where)[0] == "OK":
            status, said = self._client.uid(command, uids, where)
        if status != "OK":
            raise ImapError(
                f"{self._where}: messages cannot be moved to {folder!r} ({_words(said[0] if said else b'')})"
            )

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise ImapError(
                f"{self._where}: its certificate is not trusted ({error.verify_message}); if it is yours, name its authority"
            ) from None
        except TimeoutError:
            raise ImapError(f"{self._where}: no answer within {IMAP_TIMEOUT_S:g} s") from None
        except OSError as error:
            raise ImapError(f"{self._where}: cannot be reached ({error.strerror or error})") from None
        except imaplib.IMAP4.error as error:
            raise ImapError(f"{self._where}: {_words(error)}") from None
        except ValueError as error:  # The library decodes what it is sent, and takes numbers for numbers.
            raise ImapError(f"{self._where}: what it says is not IMAP (RFC 3501): {_words(error)}") from None


class _Bounded(imaplib.IMAP4):
    """The client of the library, which takes no literal that is longer than it needs to be."""

    def read(self, size: int) -> bytes:
        if size > IMAP_LITERAL_BYTES_MAX:
            raise self.abort(f"a text of {size} bytes is announced")
        return super().read(size)


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    pass


def _connected(mailbox: ImapFolder, context: ssl.SSLContext) -> imaplib.IMAP4:
    where = (mailbox.host, mailbox.port)
    if not mailbox.starttls:
        return _BoundedTls(*where, ssl_context=context, timeout=IMAP_TIMEOUT_S)
    client = _Bounded(*where, timeout=IMAP_TIMEOUT_S)
    try:
        client.starttls(context)
    except BaseException:
        with contextlib.suppress(OSError):
            client.shutdown()
        raise
    return client


def _context(roots: Iterable[bytes]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=b"".join(roots))
    return context


def _grouped(sizes: dict[int, int], bytes_max: int) -> Iterator[list[int]]:
    """Yield numbers whose messages are fetched together; one that is too long stands alone."""
    some: list[int] = []
    total = 0
    for number, size in sizes.items():
        full = len(some) >= FETCHED_AT_ONCE or total + size > FETCHED_BYTES_MAX
        if some and (full or size > bytes_max):
            yield some
            some, total = [], 0
        some.append(number)
        total += size
        if size > bytes_max:
            yield some
            some, total = [], 0
    if some:
        yield some


def _set_of(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _named(folder: str) -> str:
    """Return a name as a server takes it: in modified UTF-7 (RFC 3501 section 5.1.3), in quotes."""
    coded = _ABOVE_ASCII.sub(
        lambda found: "&" + base64.b64encode(found[0].encode("utf-16-be"), b"+,").decode().rstrip("=") + "-",
        folder.replace("&", "&-"),
    )
    escaped = coded.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _words(said: object) -> str:
    """Return what a server says, on one line and harmless."""
    first = said.args[0] if isinstance(said, Exception) and said.args else said
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first or "no reason given")
    return safe(" ".join(text.split()), limit=200)
