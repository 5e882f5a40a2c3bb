"""The words of a master file, and what is wrong with them: told with file, line, what stands there, and what was expected."""

import codecs
from io import StringIO

import dns.exception
import dns.name
import dns.rdataclass
import dns.tokenizer

from mxproof.formats.errors import ConfigError

ZONE_BYTES_MAX = 16 * 1024 * 1024
"""Of a zone file and all that it includes together."""
LINE = "line"
"""The name of a line that is in no file."""
A_PART = "the part of it that mail comes by, as a file without an SOA record, will do"
_SHOWN_MAX = 60
"""Characters of a line that are shown."""
TTL_S_MAX = 2**31 - 1
"""RFC 2181 section 8."""
_EXAMPLES = {
    "$GENERATE": "$GENERATE 1-9 host$ A 192.0.2.$",
    "$INCLUDE": "$INCLUDE hosts",
    "$ORIGIN": "$ORIGIN example.com.",
    "$TTL": "$TTL 3600",
    "A": "mx1 A 192.0.2.1",
    "AAAA": "mx1 AAAA 2001:db8::1",
    "CNAME": "mx1 CNAME host.example.net.",
    "MX": "@ MX 10 mx1",
    "NS": "@ NS ns1",
    "SOA": "@ SOA ns1 hostmaster 1 3600 900 604800 300",
    "TLSA": "_25._tcp.mx1 TLSA 3 1 1 0123...",
    "TXT": '_mta-sts TXT "v=STSv1; id=1;"',
}


class _AsciiNames(dns.name.IDNACodec):
    """Names as name servers read them: a letter outside ASCII stands for its bytes and not for an A-label."""

    def encode(self, label: str) -> bytes:
        """Return a label in ASCII as it stands."""
        if not label.isascii():
            raise refusal("a name with letters outside ASCII, which name servers do not turn into xn--...")
        return label.encode()


class ZoneTokens(dns.tokenizer.Tokenizer):
    """The words of a file; a fault is in the line of the last word, not in the one behind the end of a record."""

    at_end = False
    broken = False
    opened: int | None = None
    last = ""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(StringIO(text), name, _AsciiNames())  # type: ignore[no-untyped-call]  # dnspython leaves it untyped
        self.text = text

    def get(self, want_leading: bool = False, want_comment: bool = False) -> dns.tokenizer.Token:
        """Return the next word."""
        if not self.multiline:
            self.opened = None
        try:
            token = super().get(want_leading, want_comment)
        except dns.exception.SyntaxError:
            self.broken = self.quoting
            raise
        finally:
            if self.multiline and self.opened is None:
                self.opened = self.line_number
        self.at_end = token.is_eol() or (token.is_eof() and self.text.endswith("\n"))
        if not self.at_end:
            self.last = token.value
        return token

    def where(self) -> tuple[str, int]:
        """Return file and line of the last word, the end of whose line may have been read already.

        Within parentheses it is the line in which they were opened.
        """
        name, line = super().where()
        if self.multiline and self.opened is not None:
            return name, self.opened
        beyond = self.at_end or self.broken or self.ungotten_char == "\n"
        return name, max(line - 1, 1) if beyond else line

    def line(self) -> str:
        """Return that line."""
        lines = self.text.splitlines()
        return "".join(lines[self.where()[1] - 1 :][:1]).strip()


def text_of(data: bytes, name: str) -> str:
    """Return the text of a file; bytes that are not UTF-8 are left for where they matter, which no comment is."""
    if len(data) > ZONE_BYTES_MAX:
        raise too_large(name)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise ConfigError(f"{name}:{line}: a zero byte; a master file in text was expected, in UTF-8")
    if data.startswith(codecs.BOM_UTF8):
        raise ConfigError(
            f"{name}:1: a byte order mark, which name servers take for a part of the first name; "
            "the file was expected without one"
        )
    return data.decode("utf-8", "surrogateescape")


def too_large(name: str) -> ConfigError:
    """Return the refusal of a file, and of what it includes."""
    return ConfigError(f"{name}: more than {ZONE_BYTES_MAX} bytes; {A_PART}")


class ZoneRefusal(dns.exception.SyntaxError):
    """What is wrong though every record can be read; the reader meets it as one of its own errors."""


def refusal(words: str) -> ZoneRefusal:
    """Return such an error with these words."""
    return ZoneRefusal(words)  # type: ignore[no-untyped-call]  # dnspython leaves it untyped


def fault(words: ZoneTokens, error: Exception | str) -> ConfigError:
    """Return what is wrong at the last of `words`, with its line and what a sound one looks like."""
    file, number = words.where()
    line = words.line()
    first = error if isinstance(error, str) else _first(error)
    problem = first if isinstance(first, str) else _problem(first, line.split(), words.last)
    seen = f": {_shown(line)!r}" if line else ""
    sound = (
        "" if isinstance(first, str | ZoneRefusal) else f"; a line such as {_example(line)!r} was expected"
    )
    return ConfigError(f"{file}:{number}: {problem}{seen}{sound}")


def _shown(line: str) -> str:
    return line if len(line) <= _SHOWN_MAX else f"{line[:_SHOWN_MAX]}..."


def _first(error: Exception) -> Exception:
    """Return the error as it was met, before the reader put file and line before it."""
    met = error.__context__
    return met if isinstance(met, dns.exception.SyntaxError) and str(error).endswith(str(met)) else error


def _problem(error: Exception, line: list[str], last: str) -> str:
    """Return what the reader says, and more where that says little."""
    if isinstance(error.__context__, UnicodeEncodeError):
        return "a byte that is not UTF-8"
    if last in line and not any(map(_is_known, line[: line.index(last)])):
        if last[0].isdigit() or last[0] == "-":
            return f"{last!r} is no time to live of 0 to {TTL_S_MAX} s"
        if _is_other_class(last):
            return f"class {last}, where only records of class IN lead mail"
    said = str(error).rstrip(".")
    return "not readable" if not said or said == str(dns.exception.SyntaxError.__doc__).rstrip(".") else said


def _is_known(word: str) -> bool:
    """Tell whether a word is a type of record, or what a line of another kind begins with."""
    return word.upper() in _EXAMPLES


def _is_other_class(word: str) -> bool:
    try:
        return dns.rdataclass.from_text(word) != dns.rdataclass.IN
    except (dns.exception.DNSException, ValueError):
        return False


def _example(line: str) -> str:
    """Return a sound line of the same kind."""
    return next((_EXAMPLES[word.upper()] for word in line.split() if _is_known(word)), _EXAMPLES["A"])
