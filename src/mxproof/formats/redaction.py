"""Local parts of e-mail addresses taken out of a text, so that what it says otherwise stays as it is.

Letters and digits of a local part become other letters, each local part the same ones wherever it stands; length, other
signs, and the domain stay. So a text keeps its grammar, its positions and its sizes, and two addresses stay two. The
names of roles (RFC 2142) stay: they are nobody's, and mail systems are known by some of them.

| a local part is met | as |
|---|---|
| before `@`, in quotation marks too, and where a header is folded behind it | all of it, as in SRS and VERP |
| before `@` in another spelling | percent signs (RFC 3986), xtext (RFC 3461), HTML, JSON, quoted-printable |
| alone, where only a user stands | `sasl_username=`, `orig_to=<>`, `Delivered-To:`, `Authenticated sender:`, `/cn=Recipients/cn=` |
| alone, once it was met elsewhere | in brackets, quotation marks and paths, behind `user` or `mailbox`; anywhere where no word looks like it |
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
LOCAL_CHARACTERS_MAX: Final = 192
"""More than a local part has (RFC 5321 section 4.5.3.1.1), for it may be encoded."""
_KEYS: Final = frozenset(
    [
        "auth",
        "envelope-from",
        "from",
        "header.from",
        "header.i",
        "i",
        "id",
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
_LOCAL_PART = r"""(?:"[^"\r\n]{1,64}"|[^\s@<>()\[\],;:"'`\\{}|]{1,128})"""
_LOCAL = re.compile(_LOCAL_PART + r"(?=@(?:[A-Za-z0-9\[]|xn--))")
_FOLDED = re.compile(_LOCAL_PART + r"(?=\r?\n[ \t]+@[A-Za-z0-9\[])")
_FOLD = re.compile(r"\n[ \t]+@")
_OTHER_AT = re.compile(
    r"(?:%40|\+40|=40|&#0*64;|&#x0*40;|&commat;|\\u0040)(?=[A-Za-z0-9-]+(?:\.|%2E|=2E|\+2E)[A-Za-z])",
    re.IGNORECASE,
)
"""The sign `@` in another spelling, with a domain behind it."""
_BEFORE_OTHER_AT = re.compile(r"(?:[%+=][0-9A-Fa-f]{2}|[\w.~+-]){1,128}\Z")
_ALONE = re.compile(
    r"""(?P<before>(?:\b(?:sasl_username|ruser|user|login|uid)["']?[=:]\s?["'<]?"""
    r"""|\b(?:orig_to|to|from|rcpt|recipient|RCPT\ TO:|MAIL\ FROM:)=?<"""
    r"""|\bauthenticated\ (?:sender|user):\ ?"""
    r"""|^(?:x-original-to|delivered-to|envelope-to|x-authenticated-(?:user|sender)):\ ?"""
    r"""|\bU=(?=\S+\ P=)|(?:\*\*|==|[=-]>)\ (?=\S+\ <)"""
    r"""|/cn=recipients/cn=))(?P<local>[^\s@<>()\[\],;:"'`\\{}|=/]{1,64})(?![^\s<>()\[\],;:"'`{}|/]*@)""",
    re.IGNORECASE | re.MULTILINE,
)
"""Where the name of a user stands without a domain, in logs and headers."""
_TOKEN = re.compile(r"(?<![\w.@])[\w.+~=-]{1,128}")
_BEHIND = re.compile(
    r"(?P<before>\b(?:user|mailbox|account|recipient|login)\s+['\"<]?|[</'\"])(?P<local>\w[\w.+~-]{0,127})",
    re.IGNORECASE,
)
"""Where the name of a user may stand without a domain that is a common word as well."""
_LIKE_NO_WORD = re.compile(r"[^\W\d][._+-]|[._+-][^\W\d]|\d")
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
        if _FOLD.search(redacted):
            redacted = _FOLDED.sub(lambda found: self._local(found.group()), redacted)
        redacted = self._other_spellings(redacted)
        redacted = _ALONE.sub(lambda found: found["before"] + self._alone(found["local"]), redacted)
        if self._known:
            redacted = _TOKEN.sub(lambda found: self._met(found.group(), like_words=False), redacted)
            redacted = _BEHIND.sub(
                lambda found: found["before"] + self._met(found["local"], like_words=True), redacted
            )
        return redacted

    def octets(self, data: bytes) -> bytes:
        """Return bytes without local parts; what is no UTF-8 in them stays as it is."""
        return self.text(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _other_spellings(self, text: str) -> str:
        """Return `text` without local parts behind which `@` is spelt in another way."""
        pieces: list[str] = []
        done = 0
        for found in _OTHER_AT.finditer(text):
            before = _BEFORE_OTHER_AT.search(
                text, max(done, found.start() - LOCAL_CHARACTERS_MAX), found.start()
            )
            if before is not None:
                pieces += (text[done : before.start()], self._local(before.group()))
                done = before.end()
        return "".join((*pieces, text[done:]))

    def _local(self, found: str) -> str:
        key, equals, rest = found.partition("=")
        if equals and key.lower() in _KEYS:
            return f"{key}={self._local(rest)}" if rest else found
        if found.strip('"').lower() in ROLES:
            return found
        if found not in self._known:
            self._known[found] = self._instead(found)
        return self._known[found]

    def _met(self, found: str, *, like_words: bool) -> str:
        """Return what stands for a local part that was met, or for one behind a hyphen in `found`."""
        if found in self._known:
            return self._known[found] if like_words or _LIKE_NO_WORD.search(found) else found
        first, hyphen, rest = found.partition("-")
        return (
            f"{first}-{self._met(rest, like_words=like_words)}" if hyphen and rest in self._known else found
        )

    def _alone(self, found: str) -> str:
        """Return what stands for the name of a user; a number of one stays."""
        return found if found.isdigit() else self._local(found)

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
