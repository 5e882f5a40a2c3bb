"""Local parts of e-mail addresses taken out of a text, so that what it says otherwise stays as it is.

Letters and digits of a local part become other letters, each local part the same ones wherever it stands; length, other
signs, and the domain stay. So a text keeps its grammar, its positions and its sizes, and two addresses stay two. The
names of roles (RFC 2142) stay: they are nobody's, and mail systems are known by some of them.
"""

import re
from collections.abc import Iterator
from typing import Final

ROLES: Final = frozenset(
    [
        "abuse",
        "administrator",
        "bounce",
        "bounces",
        "double-bounce",
        "hostmaster",
        "info",
        "mailer-daemon",
        "no-reply",
        "noreply",
        "postmaster",
        "root",
        "security",
        "support",
        "tlsrpt",
        "webmaster",
    ]
)
_KEYS: Final = frozenset(
    [
        "auth",
        "envelope-from",
        "from",
        "header.from",
        "header.i",
        "i",
        "identity",
        "mailfrom",
        "mailto",
        "orig_to",
        "ra",
        "rcpt",
        "rcptto",
        "rua",
        "ruf",
        "recipient",
        "sasl_username",
        "sender",
        "smtp.mailfrom",
        "smtp.rcptto",
        "to",
        "user",
    ]
)
"""What stands before an address in logs and headers, with `=` between."""
_LOCAL = re.compile(r"""(?:"[^"\r\n]{1,64}"|[^\s@<>()\[\],;:"'`\\{}|]{1,128})(?=@(?:[A-Za-z0-9\[]|xn--))""")
_UNIT = re.compile(r"%[0-9A-Fa-f]{2}|[A-Za-z0-9]|[^\x00-\x7f]")
_LETTERS = "xabcdefghijklmnopqrstuvw"
_WIDE = {1: "x", 2: "é", 3: "字", 4: "😀"}
"""A sign for each length in UTF-8, so that a text keeps its size."""


class Redaction:
    """What becomes of each local part that was met, over as many texts as belong together."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Return `text` without local parts; one that was met stands in `<>` or quotation marks alone is taken out too."""
        redacted = _LOCAL.sub(lambda found: self._local(found.group()), text) if "@" in text else text
        for local, instead in self._known.items():
            for before, behind in (("<", ">"), ("'", "'"), ('"', '"')):
                redacted = redacted.replace(f"{before}{local}{behind}", f"{before}{instead}{behind}")
        return redacted

    def octets(self, data: bytes) -> bytes:
        """Return bytes without local parts; what is no UTF-8 in them stays as it is."""
        return self.text(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _local(self, found: str) -> str:
        key, equals, rest = found.partition("=")
        if equals and key.lower() in _KEYS:
            return f"{key}={self._local(rest)}" if rest else found
        if found.strip('"').lower() in ROLES:
            return found
        if found not in self._known:
            self._known[found] = self._instead(found)
        return self._known[found]

    def _instead(self, local: str) -> str:
        """Return letters in place of a local part: as many, and none that stand for another one."""
        count = len(_UNIT.findall(local))
        taken = set(self._known.values())
        for number in range(len(self._known) + 2):
            letters = _numbered(number, count)
            made = _UNIT.sub(lambda unit: _like(unit.group(), next(letters)), local)  # noqa: B023 - used at once
            if made not in taken:
                return made
        return made


def _numbered(number: int, count: int) -> Iterator[str]:
    """Yield `count` letters that stand for a number, the lowest digit last."""
    digits = []
    for _ in range(count):
        number, digit = divmod(number, len(_LETTERS))
        digits.append(_LETTERS[digit])
    return iter(reversed(digits))


def _like(unit: str, letter: str) -> str:
    """Return a letter in place of one, of the same size; an octet in percent signs stays one (RFC 3986 section 2.1)."""
    if unit.startswith("%"):
        return "%78"
    if unit.isascii():
        return letter
    if "\ud800" <= unit <= "\udfff":
        return unit
    return _WIDE[len(unit.encode())]
