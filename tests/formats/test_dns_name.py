"""Names of the DNS; dnspython, which the lab serves with, says what they should be."""

import dns.exception
import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dns_name import NAME_BYTES_MAX, POINTERS_MAX, name_text, parse_name, read_name
from mxproof.formats.errors import FormatError
from mxproof.formats.names import canonical
from support_formats import work

LONG = "a" * 63
LONGEST = f"{LONG}.{LONG}.{LONG}.{'a' * 61}"


def fits(labels: list[bytes]) -> bool:
    return sum(len(label) + 1 for label in labels) < NAME_BYTES_MAX


def full(labels: list[bytes]) -> bytes:
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


LABELS = st.lists(st.binary(min_size=1, max_size=63), max_size=6).filter(fits)
ESCAPES = ["\\", r"\.", r"\065", r"\255", r"\256", r"\@"]
ASCII = ["a", "B", "_25", "-", ".", "@", "9", "$", " ", "\x7f", "xn--", "a" * 30]
UNICODE = ["ü", "ß", "\u212a", "日本", "\u3002", "\uff0e", "\u00ad", "\u0661", "\ud800"]
TEXTS = st.lists(st.sampled_from([*ASCII, *ESCAPES, *UNICODE]), max_size=12).map("".join)
ASCII_TEXTS = st.lists(st.sampled_from([*ASCII, ".", ".", *ESCAPES]), max_size=12).map("".join)
SKEWED_BYTES = st.one_of(
    st.sampled_from([0, 1, 1, 2, 3, 0xC0, 0xC0, 0xC0, 0x40, 0x80]), st.integers(0, 30), st.integers(0, 255)
)
WIRES = st.lists(SKEWED_BYTES, min_size=1, max_size=60).map(bytes)


def by_the_library(text: str) -> bytes | None:
    try:
        return dns.name.from_text(text).to_wire()
    except (dns.exception.DNSException, UnicodeError):
        return None


def parsed(text: str) -> bytes | None:
    try:
        return parse_name(text)
    except FormatError:
        return None


def rule(wire: bytes, at: int = 0, end: int | None = None) -> str:
    with pytest.raises(FormatError) as caught:
        read_name(wire, at, len(wire) if end is None else end, {})
    return caught.value.objections[0].rule


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", b"\0"),
        (".", b"\0"),
        ("@", b"\0"),
        (r"\@", b"\1@\0"),
        ("Example.com", b"\7Example\3com\0"),
        ("example.com.", b"\7example\3com\0"),
        (r"a\.b.c", b"\3a.b\1c\0"),
        (r"b\195\188cher.de", b"\7b\xc3\xbccher\2de\0"),
        ("bücher。de", b"\x0dxn--bcher-kva\2de\0"),
        (LONGEST, b"".join(b"?" + b"a" * 63 for _ in range(3)) + b"=" + b"a" * 61 + b"\0"),
    ],
)
def test_a_name_in_text_is_its_labels(text: str, want: bytes) -> None:
    assert parse_name(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("..", "label-length"),
        (".a", "label-length"),
        ("a..b", "label-length"),
        (LONG + "a.b", "label-length"),
        (LONGEST + "a", "name-length"),
        ("a\\", "name-escape"),
        (r"a\12", "name-escape"),
        (r"a\1b2", "name-escape"),
        (r"a\256", "name-escape"),
        ("ü" * 63, "label-idn"),
        ("-ü", "label-idn"),
    ],
)
def test_what_is_no_name_is_refused(text: str, want: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_name(text)
    assert caught.value.objections[0].rule == want


@given(st.one_of(ASCII_TEXTS, TEXTS))
def test_a_text_means_the_name_that_the_library_takes_it_for(text: str) -> None:
    assert parsed(text) == by_the_library(text)


@given(LABELS)
def test_a_name_is_written_as_the_library_writes_it(labels: list[bytes]) -> None:
    assert name_text(full(labels)) == (canonical(dns.name.Name([*labels, b""]).to_text()) or ".")


@given(LABELS)
def test_a_written_name_parses_to_itself(labels: list[bytes]) -> None:
    assert parse_name(name_text(full(labels))) == full(labels).lower()


def test_every_byte_has_a_spelling_of_its_own() -> None:
    spellings = [name_text(bytes((1, code, 0))) for code in range(256)]
    assert len(set(spellings)) == 256 - 26
    assert [parse_name(text)[1:2] for text in spellings] == [bytes((code,)).lower() for code in range(256)]


@given(st.lists(LABELS, min_size=1, max_size=6), st.data())
def test_names_compressed_against_each_other_are_read_whole(
    names: list[list[bytes]], data: st.DataObject
) -> None:
    wire = bytearray(12)
    known: dict[int, bytes] = {}
    places: list[tuple[int, list[bytes]]] = []
    for labels in names:
        at, own, whole = len(wire), labels[:2], labels
        compressed = data.draw(st.booleans())
        if compressed and places:
            target, rest = data.draw(st.sampled_from(places))
            wire += full(own)[:-1] + (0xC000 | target).to_bytes(2, "big")
            whole = [*own, *rest]
        else:
            wire += full(labels)
        if fits(whole):
            places.append((at, whole))
            assert read_name(bytes(wire), at, len(wire), known) == (full(whole).lower(), len(wire))
        else:
            assert rule(bytes(wire), at) == "name-length"


@given(WIRES, st.data())
def test_what_is_read_of_any_bytes_is_what_the_library_reads(wire: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(wire)))
    try:
        name, end = read_name(wire, at, len(wire), {})
    except FormatError:
        return
    theirs, size = dns.name.from_wire(wire, at)
    assert (name, end) == (full(list(theirs.labels[:-1])).lower(), at + size)


@given(WIRES, st.lists(st.integers(0, 60), min_size=2, max_size=12))
def test_what_was_read_before_does_not_change_what_is_read(wire: bytes, places: list[int]) -> None:
    def outcome(at: int, known: dict[int, bytes]) -> tuple[bytes, int] | str:
        try:
            return read_name(wire, at, len(wire), known)
        except FormatError as error:
            return str(error)

    known: dict[int, bytes] = {}
    assert [outcome(at, known) for at in places] == [outcome(at, {}) for at in places]


def chain(pointers: int) -> tuple[bytes, int]:
    """Return a name and `pointers` pointers behind it, each to the one before, and the place of the last."""
    targets = [0, *range(3, 3 + 2 * (pointers - 1), 2)]
    wire = b"\1a\0" + b"".join((0xC000 | target).to_bytes(2, "big") for target in targets)
    return wire, len(wire) - 2


def test_pointers_are_followed_up_to_their_limit() -> None:
    wire, at = chain(POINTERS_MAX)
    assert read_name(wire, at, len(wire), {}) == (b"\1a\0", len(wire))
    assert rule(*chain(POINTERS_MAX + 1)) == "name-pointers"


@pytest.mark.parametrize(
    ("wire", "at", "want"),
    [
        (b"\xc0\0", 0, "name-pointer"),
        (b"\xc0\2\1a\0", 0, "name-pointer"),
        (b"\xc0\2\xc0\0", 2, "name-pointer"),
        (b"\1a\xc0\0", 0, "name-pointer"),
        (b"\2a\xc0\0", 2, "name-cut"),
        (b"", 0, "name-cut"),
        (b"\2a", 0, "name-cut"),
        (b"\1a", 0, "name-cut"),
        (b"\0\xc0", 1, "name-cut"),
        (b"\x40", 0, "label-type"),
        (b"\xbf\0", 0, "label-type"),
        (b"\1a" * 127 + b"\1a\0", 0, "name-length"),
    ],
)
def test_bytes_that_are_no_name_are_refused(wire: bytes, at: int, want: str) -> None:
    assert rule(wire, at) == want


def test_the_longest_name_is_read() -> None:
    wire = b"\1a" * 127 + b"\0"
    assert read_name(wire, 0, len(wire), {}) == (wire, NAME_BYTES_MAX)


@pytest.mark.parametrize(("wire", "end"), [(b"\1a\0", 2), (b"\1a\0", 1), (b"\0\xc0\0", 2), (b"\2ab\0", 2)])
def test_nothing_is_read_at_the_end_or_behind_it(wire: bytes, end: int) -> None:
    assert rule(wire, wire[0] == 0, end) == "name-cut"


@pytest.mark.parametrize(("wire", "at"), [(b"\3a\1b\xc0\0", 2), (b"\3abc\1a\xc0\0", 4)])
def test_a_name_that_reaches_into_the_name_pointing_at_it_is_refused(wire: bytes, at: int) -> None:
    assert rule(wire, at) == "name-cut"


def test_that_also_holds_for_a_name_read_before() -> None:
    wire = b"\4\1b\xc0\0\0"
    known: dict[int, bytes] = {}
    assert read_name(wire, 0, len(wire), known) == (wire, len(wire))
    with pytest.raises(FormatError) as caught:
        read_name(wire, 1, len(wire), known)
    assert caught.value.objections[0].rule == "name-cut"


def test_a_pointer_reaches_as_far_as_its_fourteen_bits() -> None:
    wire = bytes(0x3FFE) + b"\0\1a\0\xff\xff"
    assert read_name(wire, 0x4002, len(wire), {}) == (b"\1a\0", len(wire))


def test_reading_costs_no_more_for_a_hostile_message() -> None:
    wire, at = chain(POINTERS_MAX)
    assert work(lambda: read_name(wire, at, len(wire), {})) < 20 * POINTERS_MAX


@pytest.mark.parametrize("order", [(0, 13, 19, 25), (25, 19, 13, 0), (13, 0, 25, 19), (19, 25, 0, 13)])
def test_each_place_of_a_message_has_its_own_name_in_whatever_order_they_are_read(
    order: tuple[int, ...],
) -> None:
    wire = b"\7example\3com\0" + b"\3www\xc0\0" + b"\3sub\xc0\x0d" + b"\xc0\x13"
    want = {
        0: ("example.com", 13),
        13: ("www.example.com", 19),
        19: ("sub.www.example.com", 25),
        25: ("sub.www.example.com", 27),
    }
    known: dict[int, bytes] = {}
    for at in (*order, *order):
        name, end = read_name(wire, at, len(wire), known)
        assert (name_text(name), end) == want[at]
