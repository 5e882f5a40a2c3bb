"""What reports come packed in, and what is damaged or beyond the bounds."""

import base64
import gzip
import io
import tracemalloc
import zipfile
import zlib

import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.json_object import REPORT_BYTES_MAX
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.unpacking import (
    INFLATED_AT_ONCE_BYTES_MAX,
    MEMBERS_MAX,
    PACKED_BYTES_MAX,
    PACKINGS_MAX,
    RATIO_FROM_BYTES,
    Unpacked,
    from_base64,
    gunzip,
    repaired_packing,
    unpack,
)
from support_long import EXHAUSTIVE


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def bomb(mebibytes: int) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(1024 * 1024)
    return b"".join([*(packing.compress(piece) for _ in range(mebibytes)), packing.flush()])


def refused(data: bytes) -> str:
    with pytest.raises(FormatError) as refusal:
        list(unpack(data))
    return refusal.value.objections[0].rule


def test_members_of_gzip_are_one_text() -> None:
    assert gunzip(gzip.compress(b"a") + gzip.compress(b"b")) == b"ab"
    assert gunzip(gzip.compress(b"a") + b"\0\0") == b"a"


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"a"), zlib.compress(b"a"), gzip.compress(b"a") + b"\x1f"],
    ids=["gzip", "zlib", "something behind"],  # packed data holds the time of packing
)
def test_what_is_inflated_at_once_is_what_comes_out_piece_by_piece(packed: bytes) -> None:
    assert gunzip(packed) == gunzip(packed + bytes(INFLATED_AT_ONCE_BYTES_MAX)) == b"a"


def test_files_of_an_archive_are_each_one_thing() -> None:
    data = zipped(("a.json", b"{}"), ("b.json.gz", gzip.compress(b"[]")), ("folder/", b""))
    assert list(unpack(data)) == [Unpacked(b"{}", "a.json"), Unpacked(b"[]", "b.json.gz")]
    assert list(unpack(zipped())) == []


def test_what_is_not_packed_is_itself() -> None:
    assert list(unpack(b"{}")) == [Unpacked(b"{}")]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (gzip.compress(b"a" * 1000)[:-9], "gzip-cut"),
        (gzip.compress(b"a" * 1000)[:12], "gzip-cut"),
        (b"\x1f\x8b", "gzip-cut"),
        (gzip.compress(b"a" * 1000)[:-8] + bytes(8), "gzip-damaged"),
        (b"\x1f\x8b\0\0", "gzip-damaged"),
        (b"\x1f\x8b" + bytes(PACKED_BYTES_MAX), "packed-too-long"),
        (b"PK\x03\x04", "zip-damaged"),
        (zipped(("a", b"x" * 100))[:-8], "zip-damaged"),
        (zipped(("a", b"x"), method=zipfile.ZIP_BZIP2), "zip-method"),
        (zipped(*((str(number), b"") for number in range(MEMBERS_MAX + 1))), "zip-members"),
        (zipped(("a", bytes(8 * 1024 * 1024))), "unpacked-ratio"),
        (gzip.compress(bytes(4 * 1024 * 1024)), "unpacked-ratio"),
        (gzip.compress(bytes(9 * 1024 * 1024)), "unpacked-ratio"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",  # packed data holds the time of packing
)
def test_what_is_damaged_or_beyond_the_bounds_is_refused(data: bytes, rule: str) -> None:
    assert refused(data) == rule


def test_packings_around_one_another_are_counted() -> None:
    data = b"{}"
    for _ in range(PACKINGS_MAX):
        data = gzip.compress(data)
    assert list(unpack(data)) == [Unpacked(b"{}")]
    assert refused(gzip.compress(data)) == "packed-too-often"


@EXHAUSTIVE
def test_a_bomb_is_refused_before_it_takes_memory() -> None:
    data = bomb(256)
    tracemalloc.start()
    try:
        assert refused(data) == "unpacked-ratio"
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_the_packing_is_told_by_the_first_bytes() -> None:
    packed = gzip.compress(b"{}")
    assert repaired_packing(packed, True) == repaired_packing(b"{}", False) == set()
    assert repaired_packing(packed, False) == repaired_packing(b"{}", True) == {Repair.PACKING_OTHER}


def test_of_a_damaged_file_in_an_archive_the_others_are_told_apart() -> None:
    data = bytearray(
        zipped(("a.json", b"{}" * 200), ("b.json", b"[]" * 200), ("c.gz", gzip.compress(b"x")[:-4]))
    )
    place = data.index(b"b.json") + len("b.json") + 4
    data[place] ^= 0xFF
    unread: list[FormatError] = []
    assert [one.name for one in unpack(bytes(data), unread)] == ["a.json"]
    assert [one.objections[0].rule for one in unread] == ["zip-damaged", "gzip-cut"]
    assert ["b.json" in str(unread[0]), "c.gz" in str(unread[1])] == [True, True]
    assert refused(bytes(data)) == "zip-damaged"


def test_what_breaks_a_bound_ends_an_archive() -> None:
    unread: list[FormatError] = []
    data = zipped(("a", bomb(64)), ("b", b"{}"), method=zipfile.ZIP_STORED)
    with pytest.raises(FormatError):
        list(unpack(data, unread))
    assert unread == []


def test_files_of_an_archive_are_bounded_together() -> None:
    one = gzip.compress(bytes(range(256)) * 4096)
    each = len(gzip.decompress(one))
    data = zipped(
        *((str(number), one) for number in range(REPORT_BYTES_MAX // each + 1)), method=zipfile.ZIP_STORED
    )
    with pytest.raises(FormatError) as refusal:
        list(unpack(data, []))
    assert refusal.value.objections[0].rule in {"unpacked-too-long", "unpacked-ratio"}


def test_archives_within_one_another_are_counted_and_the_inner_name_is_told() -> None:
    data = zipped(("inner.json", b"{}"), ("packed", gzip.compress(b"[]")))
    assert list(unpack(zipped(("outer.zip", data), ("own.json", b"1")))) == [
        Unpacked(b"{}", "inner.json"),
        Unpacked(b"[]", "packed"),
        Unpacked(b"1", "own.json"),
    ]
    deepest = zipped(("a", b"{}"))
    for _ in range(PACKINGS_MAX - 1):
        deepest = zipped(("b", deepest))
    assert list(unpack(deepest)) == [Unpacked(b"{}", "a")]
    assert refused(zipped(("c", deepest))) == "packed-too-often"
    assert refused(gzip.compress(deepest)) == "packed-too-often"
    assert refused(zipped(("c", gzip.compress(zipped(("b", gzip.compress(b"{}"))))))) == "packed-too-often"


def test_a_damaged_file_within_another_archive_is_told_by_both_names_and_ends_neither() -> None:
    inner = zipped(("bad.gz", gzip.compress(b"x")[:-4]), ("good", b"1"))
    unread: list[FormatError] = []
    found = list(unpack(zipped(("first", b"0"), ("inner.zip", inner), ("last", b"2")), unread))
    assert [one.name for one in found] == ["first", "good", "last"]
    assert [(one.objections[0].rule, "bad.gz" in str(one)) for one in unread] == [("gzip-cut", True)]


def test_base64_that_nobody_decoded_is_taken_as_far_as_it_is_whole() -> None:
    packed = gzip.compress(b"{}", mtime=0)
    encoded = base64.encodebytes(packed)
    assert (
        from_base64(encoded.rstrip(b"=\n") + b"\n--\nscanned")
        == packed[: len(encoded.rstrip(b"=\n")) // 4 * 3]
    )
    assert list(unpack(b" \r\n" + encoded)) == [Unpacked(b"{}")]
    assert list(unpack(b"\r\n\t" + packed)) == [Unpacked(b"{}")]
    assert list(unpack(b"\n" + zipped(("a", b"{}")))) == [Unpacked(b"{}", "a")]
    assert list(unpack(b"\n{}")) == [Unpacked(b"\n{}")]


def test_what_is_small_may_have_been_packed_very_well() -> None:
    for size in (1000, RATIO_FROM_BYTES):
        assert list(unpack(gzip.compress(bytes(size)))) == [Unpacked(bytes(size))]
        assert list(unpack(zipped(("a", bytes(size))))) == [Unpacked(bytes(size), "a")]
    assert refused(gzip.compress(bytes(RATIO_FROM_BYTES + 1))) == "unpacked-ratio"


def test_a_file_of_an_archive_that_is_encrypted_is_told_beside_the_others() -> None:
    data = bytearray(zipped(("a", b"1"), ("b", b"2")))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + flags] |= 1
    unread: list[FormatError] = []
    assert list(unpack(bytes(data), unread)) == [Unpacked(b"2", "b")]
    assert [one.objections[0].rule for one in unread] == ["zip-method"]
