"""Master files that are none, or that nobody should be made to read: refused in bounded time, with file, line and what stands there."""

from pathlib import Path

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.net.dns.zone_file import FILES_MAX, ZONE_RECORDS_MAX, read_lines, read_zone_file
from mxproof.net.dns.zone_tokens import ZONE_BYTES_MAX

SOA = "@ SOA ns1 hostmaster 2 3600 900 604800 300\n"


def refused(folder: Path, data: bytes | str) -> str:
    """Return what is said of a zone file, without the folder."""
    (folder / "zone").write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(ConfigError) as caught:
        read_zone_file(folder / "zone", "example.com")
    return str(caught.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    ("data", "line", "seen"),
    [
        ("x 99999999999 A 192.0.2.1\n", 2, "'99999999999'"),
        ("x 9999w A 192.0.2.1\n", 2, "'9999w'"),
        ("x -1 A 192.0.2.1\n", 2, "'-1'"),
        ("x CH A 192.0.2.1\n", 2, "CH"),
        ("x ANY A 192.0.2.1\n", 2, "ANY"),
        ("x A 192.0.2.256\n", 2, "'x A 192.0.2.256'"),
        ("x AAAA fe80::1%eth0\n", 2, "'x AAAA fe80::1%eth0'"),
        ("x MX 65536 y\n", 2, "65536"),
        ("x TLSA 3 1 1 zz\n", 2, "'x TLSA 3 1 1 zz'"),
        ("x TLSA 3 1 1 abcd\n", 2, "'x TLSA 3 1 1 abcd'"),
        ('x TXT ( "a"\n\n\n', 2, "'x TXT ( \"a\"'"),
        ('{"zone": "example.com"}\n', 2, '\'{"zone": "example.com"}\''),
        ("<!DOCTYPE html>\n", 2, "'<!DOCTYPE html>'"),
        ("$UNICODE 2008\n", 2, "'$UNICODE 2008'"),
        ("$TTL soon\n", 2, "'$TTL soon'"),
        ("$ORIGIN ..\n", 2, "'$ORIGIN ..'"),
        ("$INCLUDE\n", 2, "'$INCLUDE'"),
        ("$INCLUDE .\n", 2, "'$INCLUDE .'"),
        ("$INCLUDE nowhere\n", 2, "'$INCLUDE nowhere'"),
        ("$GENERATE 9-1/0 h$ A 192.0.2.1\n", 2, "'$GENERATE 9-1/0 h$ A 192.0.2.1'"),
        ("$GENERATE 1-3 h${0,99999999,d} A 192.0.2.1\n", 2, "width"),
        ("mäil A 192.0.2.1\n", 2, "'mäil A 192.0.2.1'"),
        (b"@ TXT caf\xe9\n", 2, "UTF-8"),
        (b"a\0 A 192.0.2.1\n", 2, "zero byte"),
        ("a A 192.0.2.1\n".encode("utf-16"), 2, "zero byte"),
        ("@ SOA ns1 hostmaster 3 1 1 1 1\n", 2, "'@ SOA ns1 hostmaster 3 1 1 1 1'"),
        ("sub SOA ns1 hostmaster 2 3600 900 604800 300\n", 2, "a second SOA"),
        ("a" * 64 + " A 192.0.2.1\n", 2, "63"),
    ],
)
def test_a_fault_names_file_line_and_what_stands_there(
    tmp_path: Path, data: bytes | str, line: int, seen: str
) -> None:
    said = refused(tmp_path, SOA.encode() + (data if isinstance(data, bytes) else data.encode()))
    assert said.startswith(f"zone:{line}: ")
    assert seen in said


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    assert refused(tmp_path, b"\xef\xbb\xbfmx1 A 192.0.2.1\n").startswith("zone:1: ")


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_end_lines(tmp_path: Path, ends: str) -> None:
    text = "a A 192.0.2.1\nb A 192.0.2.256\n"
    assert refused(tmp_path, text.replace("\n", ends)).startswith("zone:2: ")


def test_a_comment_in_another_encoding_is_a_comment(tmp_path: Path) -> None:
    (tmp_path / "zone").write_bytes(b"; caf\xe9\nmx1 A 192.0.2.1\n")
    assert [one.name for one in read_zone_file(tmp_path / "zone", "example.com").rrsets] == [
        "mx1.example.com"
    ]


def test_files_that_include_one_another_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("$INCLUDE zone\n")
    assert str(FILES_MAX) in refused(tmp_path, f"{SOA}$INCLUDE other\n")


def test_what_has_no_end_is_left_off(tmp_path: Path) -> None:
    assert ZONE_RECORDS_MAX <= 1_000_000
    (tmp_path / "zone").write_text(f"$GENERATE 1-{2**32 - 1} h$ A 192.0.2.1\n")
    with pytest.raises(ConfigError):
        read_zone_file(tmp_path / "zone", "example.com", records_max=50)


def test_a_device_is_not_included(tmp_path: Path) -> None:
    assert str(ZONE_BYTES_MAX) in refused(tmp_path, "$INCLUDE /dev/zero\n")


def test_a_device_is_no_zone_file() -> None:
    with pytest.raises(ConfigError):
        read_zone_file(Path("/dev/zero"), "example.com")


@pytest.mark.parametrize("line", ["", "$TTL 300", "; nothing"])
def test_a_line_without_a_record_is_refused(line: str) -> None:
    with pytest.raises(ConfigError):
        read_lines([line], "example.com")
