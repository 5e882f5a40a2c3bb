"""Values of JSON in a report to the texts, counts and lists that were meant; each departure is a repair."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from mxproof.formats.errors import FormatError
from mxproof.formats.names import bare_address, canonical, parse_domain
from mxproof.formats.tlsrpt.json_object import JsonObject
from mxproof.formats.tlsrpt.key_spelling import meant_key
from mxproof.formats.tlsrpt.repair import Repair

REPORT_TEXT_CHARACTERS_MAX: Final = 4096
ENTRIES_MAX: Final = 100_000
"""Entries of one list that are read."""
COUNT_MAX: Final = 2**53 - 1
"""What I-JSON carries exactly (RFC 7493 section 2.2)."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,17}(?:\.0*)?", re.ASCII)
_WITH_A_UNIT: Final = re.compile(r"\s*(\d{1,16})\s+[A-Za-z]{1,20}\s*", re.ASCII)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:([,_ '’\u00a0])\d{3})(?:\1\d{3})*", re.ASCII)
_SEPARATOR: Final = re.compile(r"[,_ '’\u00a0]")
_AROUND_ADDRESS: Final = re.compile(r"\A\[?(?:ipv6:)?|\](?::\d{1,5})?\Z|/\d{1,3}\Z", re.IGNORECASE | re.ASCII)
_PORT: Final = re.compile(r":\d{1,5}\Z", re.ASCII)
_AROUND_HOST: Final = re.compile(
    r"\A(?:\d{1,5}\s+|.*@)|\s*[\[(].*\Z|(?<=[a-z.]):\d{1,5}\Z", re.ASCII | re.IGNORECASE
)
"""The preference of an MX record, a user, an address in brackets, a port."""
_MAIL_ADDRESS: Final = re.compile(r"[^\s<>,;:\"]+@[^\s<>,;:\"]+")
_ENTRY_KEYS: Final = frozenset({"policy", "summary", "failure-details", "result-type"})
"""What an object in place of a list has where it is the only entry."""
_SPELLING: Final = re.compile(r"[_ ]+|(?<=[a-z])(?=[A-Z])")


class Members:
    """The members of an object of JSON, taken by the names that RFC 8460 section 4.4 gives them."""

    __slots__ = ("_repairs", "_values")

    def __init__(self, values: JsonObject, known: frozenset[str], repairs: set[Repair]) -> None:
        self._repairs = repairs
        self._values = values if values.keys() <= known else _respelled(values, known, repairs)

    def text(self, name: str) -> str:
        """Return the text that is meant, empty where there is none."""
        value = self._values.get(name, "")
        if type(value) is str and value and len(value) <= REPORT_TEXT_CHARACTERS_MAX:
            return value
        return self._repaired_text(name, value)

    def raw(self, name: str) -> object:
        """Return the value as it is, None where there is none."""
        return self._values.get(name)

    def has(self, name: str) -> bool:
        """Tell whether there is such a member."""
        return name in self._values

    def entries(self, name: str) -> list[object]:
        """Return the entries of a list; one value in place of a list is its only entry."""
        value = self._values.get(name)
        if type(value) is list:
            if len(value) > ENTRIES_MAX:
                self._repairs.add(Repair.ENTRIES_MANY)
                return value[:ENTRIES_MAX]
            return value
        if value is None:
            if name in self._values:
                self._repairs.add(Repair.VALUE_NULL)
            return []
        self._repairs.add(Repair.LIST_MISSING)
        return [] if value == "" else [value]

    def objects(self, name: str) -> list[object]:
        """Return the entries of a list of objects, be they in lists within it or under keys of an object."""
        value = self._values.get(name)
        if type(value) is dict and value and all(type(one) is dict for one in value.values()):
            inner = list(value.values())
            if not value.keys() & _ENTRY_KEYS:
                self._repairs.add(Repair.LIST_MISSING)
                return inner[:ENTRIES_MAX]
        found = self.entries(name)
        if any(type(one) is list for one in found):
            self._repairs.add(Repair.LIST_UNEXPECTED)
            return [inner for one in found for inner in (one if type(one) is list else [one])][:ENTRIES_MAX]
        return found

    def parts(self, name: str, between: re.Pattern[str]) -> list[object]:
        """Return the entries of a list, or the parts of one text."""
        value = self._values.get(name)
        if type(value) is str and len(value) <= REPORT_TEXT_CHARACTERS_MAX:
            return [part for part in between.split(value) if part]
        return value if type(value) is list else []

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        found = self.entries(name)
        if any(type(one) is list or type(one) is dict for one in found):
            self._repairs.add(Repair.LIST_UNEXPECTED)
            found = [text for one in found for text in _flat(one)][:ENTRIES_MAX]
        if all(type(one) is str and len(one) <= REPORT_TEXT_CHARACTERS_MAX for one in found):
            return tuple(found)  # type: ignore[arg-type]  # all are texts, as just seen
        return tuple(filter(None, (self._repaired_text(name, one) for one in found)))

    def inner(self, name: str) -> JsonObject | None:
        """Return the object that is meant, None where there is none."""
        value = self._values.get(name)
        if type(value) is dict:
            return value
        if type(value) is list and value and type(value[0]) is dict:
            self._repairs.add(Repair.LIST_UNEXPECTED)
            return value[0]
        return None

    def count(self, name: str) -> int | None:
        """Return a count, None where there is none."""
        value = self._values.get(name)
        if type(value) is int and 0 <= value <= COUNT_MAX:
            return value
        return self._repaired_count(value)

    def address(self, name: str) -> str:
        """Return an IP address in canonical text, empty where there is none."""
        text = self.text(name)
        if not text or bare_address(text) == text:
            return text
        bare = _AROUND_ADDRESS.sub("", text.strip())
        if bare_address(bare) is None:
            bare = _PORT.sub("", bare)
        found = bare_address(bare)
        if found is None or bare != text:
            self._repairs.add(Repair.ADDRESS_UNREADABLE)
        return found or ""

    def mail_address(self, name: str) -> str:
        """Return a mail address out of what stands around it; the text as it is where there is none in it."""
        value = self._values.get(name)
        told = (
            " ".join(text for text in _flat(value) if isinstance(text, str))
            if type(value) in (dict, list)
            else ""
        )
        if told:
            self._repairs.add(Repair.VALUE_TYPE)
        text = told or self.text(name)
        found = _MAIL_ADDRESS.search(text[:REPORT_TEXT_CHARACTERS_MAX])
        if found is None or (found[0] == text and not told):
            return text if not told else ""
        if not told:
            self._repairs.add(Repair.CONTACT_FORM)
        return found[0]

    def host(self, name: str) -> str:
        """Return the name of a host or domain as DNS has it: in lower case, without a final dot, as an A-label (RFC 5890)."""
        text = self.text(name).strip()
        found = _AROUND_HOST.sub("", text)
        if not found.isascii():
            found = _as_in_dns(found)
        if found != text:
            self._repairs.add(Repair.HOST_FORM)
        return canonical(found)

    def _repaired_text(self, name: str, value: object) -> str:
        add = self._repairs.add
        if value is None:
            add(Repair.VALUE_NULL)
            return ""
        if type(value) is list:
            add(Repair.LIST_UNEXPECTED)
            value = next((one for one in value if type(one) is str), "")
        if type(value) is dict and len(value) == 1:
            add(Repair.VALUE_TYPE)
            (value,) = value.values()
        if type(value) is bool or type(value) is dict or type(value) is list:
            add(Repair.VALUE_TYPE)
            return ""
        if type(value) is not str:
            add(Repair.VALUE_TYPE)
            value = str(value) if type(value) is not int or abs(value) <= COUNT_MAX else ""
        if len(value) > REPORT_TEXT_CHARACTERS_MAX:
            add(Repair.VALUE_LONG)
            return value[:REPORT_TEXT_CHARACTERS_MAX]
        if not value and name in self._values:
            add(Repair.VALUE_EMPTY)
        return value

    def _repaired_count(self, value: object) -> int | None:
        add = self._repairs.add
        if type(value) is list and len(value) == 1:
            add(Repair.LIST_UNEXPECTED)
            value = value[0]
        if type(value) is str and (found := _WITH_A_UNIT.fullmatch(value)) is not None:
            value = found[1]
        if type(value) is str and _THOUSANDS.fullmatch(value.strip()):
            value = _SEPARATOR.sub("", value)
        if type(value) is str and _NUMBER.fullmatch(value.strip()):
            value = float(value) if "." in value else int(value)
            add(Repair.COUNT_TYPE)
        if type(value) is float and value.is_integer():
            value = int(value)
            add(Repair.COUNT_TYPE)
        if type(value) is not int:
            add(Repair.COUNT_MISSING)
            return None
        if not 0 <= value <= COUNT_MAX:
            add(Repair.COUNT_RANGE)
        return min(max(value, 0), COUNT_MAX)


def _as_in_dns(name: str) -> str:
    """Return a name of another script as an A-label, one that is none as it is."""
    try:
        return parse_domain(name).name
    except FormatError:
        return name


def _flat(value: object) -> Iterator[object]:
    """Yield what is in lists within lists; of an object its lines as a policy has them."""
    if isinstance(value, list):
        for one in value:
            yield from _flat(one) if isinstance(one, list) else (one,)
    elif isinstance(value, dict):
        for name, one in value.items():
            for text in one if isinstance(one, list) else (one,):
                yield f"{name}: {text}"
    else:
        yield value


def respelled(text: str) -> str:
    """Return a word of RFC 8460 in its spelling: lower case, with hyphens."""
    return _SPELLING.sub("-", text.strip()).lower()


def listed_in(text: str, read: Callable[[bytes], object]) -> list[str] | None:
    """Return the texts of a list of JSON that was written as one text, None where it is none."""
    if not text.startswith("["):
        return None
    try:
        found = read(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError, FormatError):
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return found


def _respelled(values: JsonObject, known: frozenset[str], repairs: set[Repair]) -> JsonObject:
    """Return the members with known names where another spelling of one is found; one that is right goes first."""
    found: JsonObject = {name: value for name, value in values.items() if name in known}
    for name, value in values.items():
        if name not in known:
            meant = meant_key(name, known)
            if meant is not None and meant not in found:
                repairs.add(Repair.KEY_SPELLING)
                found[meant] = value
    return found
