"""Master files: read with all that they include, and refused with file and line."""

from pathlib import Path

import pytest

from mxproof.evidence import AddressRecord, MxRecord, NameRecord, TlsaRecord, TxtRecord
from mxproof.formats.errors import ConfigError
from mxproof.net.dns.zone_file import FILES_MAX, ZoneFile, read_lines, read_zone_file
from mxproof.world.world import RRset

ZONE = """\
$ORIGIN example.com.
$TTL 5m
@ IN SOA ns1 hostmaster 1 3600 900 604800 300
@ MX 10 mxi1 ; a comment
$INCLUDE hosts sub
mxi1 600 CNAME smol
_mta-sts TXT ( "v=STSv1; "
               "id=1;" )
_25._tcp.smol TLSA 3 1 1 {digest}
"""


def read(folder: Path, text: str, origin: str = "example.com", **others: str) -> ZoneFile:
    for name, other in others.items():
        (folder / name).write_text(other)
    (folder / "zone").write_text(text)
    return read_zone_file(folder / "zone", origin)


def test_a_zone_is_read_with_what_it_includes(tmp_path: Path) -> None:
    got = read(tmp_path, ZONE.format(digest="ab" * 32), "other.example", hosts="a A 192.0.2.1\n  AAAA ::1\n")
    assert got.apex == "example.com"
    assert [one for one in got.rrsets if one.type != "SOA"] == [
        RRset("example.com", "MX", (MxRecord(10, "mxi1.example.com"),), 300),
        RRset("a.sub.example.com", "A", (AddressRecord("192.0.2.1"),), 300),
        RRset("a.sub.example.com", "AAAA", (AddressRecord("::1"),), 300),
        RRset("mxi1.example.com", "CNAME", (NameRecord("smol.example.com"),), 600),
        RRset("_mta-sts.example.com", "TXT", (TxtRecord(b"v=STSv1; id=1;", 2),), 300),
        RRset("_25._tcp.smol.example.com", "TLSA", (TlsaRecord(3, 1, 1, b"\xab" * 32),), 300),
    ]


def test_a_zone_is_read_also_from_a_folder_that_was_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    got = read(tmp_path, "$INCLUDE hosts\n", hosts="a A 192.0.2.1\n")
    assert [one.name for one in got.rrsets] == ["a.example.com"]
    with pytest.raises(FileNotFoundError):
        Path.cwd()


def test_a_file_without_soa_is_a_part_of_a_zone(tmp_path: Path) -> None:
    assert read(tmp_path, "mx1 A 192.0.2.1\n").apex is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@ MX mxi1\n", 2),
        ("a A 1.2.3\n", 2),
        ("a CNAME b\na A 192.0.2.1\n", 3),
        ("a CNAME b\na CNAME c\n", 3),
        ("a BOGUS x\n\n", 2),
        ('@ TXT "abc\nb A 192.0.2.1\n', 2),
        ("$FOO\n", 2),
    ],
)
def test_a_typo_names_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f"x A 192.0.2.1\n{text}")
    assert str(caught.value).startswith(f"{tmp_path / 'zone'}:{line}: ")


def test_a_typo_in_an_included_file_names_that(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "x A 192.0.2.1\n$INCLUDE hosts\n", hosts="a A 192.0.2.1\nb A 192.0.2\n")
    assert str(caught.value).startswith("hosts:2: ")


@pytest.mark.parametrize("text", ["$INCLUDE nowhere\n", "$INCLUDE zone\n"])
def test_files_that_cannot_be_read_or_have_no_end_are_refused(tmp_path: Path, text: str) -> None:
    assert FILES_MAX < 1000
    with pytest.raises(ConfigError):
        read(tmp_path, text)


@pytest.mark.parametrize("data", [b"\xff\xfe", b""])
def test_what_is_no_text_is_refused_and_nothing_is_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "zone").write_bytes(data)
    if data:
        with pytest.raises(ConfigError):
            read_zone_file(tmp_path / "zone", "example.com")
    else:
        assert read_zone_file(tmp_path / "zone", "example.com") == ZoneFile((), None)


def test_an_alias_may_have_a_signature_beside_it(tmp_path: Path) -> None:
    text = "a CNAME b\na NSEC b.example.com. CNAME RRSIG NSEC\n"
    assert [one.type for one in read(tmp_path, text).rrsets] == ["CNAME", "NSEC"]


def test_lines_are_relative_to_the_domain() -> None:
    got = read_lines(["mxi1 A 192.0.2.1", "@ MX 10 mx.example.net."], "example.com")
    assert [(one.name, one.records) for one in got] == [
        ("mxi1.example.com", (AddressRecord("192.0.2.1"),)),
        ("example.com", (MxRecord(10, "mx.example.net"),)),
    ]


@pytest.mark.parametrize(("included", "is_read"), [(99, True), (100, False)])
def test_a_zone_is_read_out_of_a_hundred_files_and_no_more(
    tmp_path: Path, included: int, *, is_read: bool
) -> None:
    text = "$INCLUDE hosts\n" * included + "b A 192.0.2.2\n"
    if is_read:
        assert [one.name for one in read(tmp_path, text, hosts="; nothing\n").rrsets] == ["b.example.com"]
    else:
        with pytest.raises(ConfigError, match="100 files"):
            read(tmp_path, text, hosts="; nothing\n")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_no_line_is_passed_over_for_its_fault(place: int) -> None:
    lines = ["mx1 A 192.0.2.1", "mx2 A 192.0.2.2"]
    lines.insert(place, "mx3 A 192.0.2.300")
    with pytest.raises(ConfigError) as refused:
        read_lines(lines, "example.com")
    assert "mx3 A 192.0.2.300" in str(refused.value)


def test_records_of_one_name_and_type_have_the_time_to_live_of_the_first(tmp_path: Path) -> None:
    file = tmp_path / "zone"
    file.write_text("a 60 A 192.0.2.1\nb 600 A 192.0.2.3\na 300 A 192.0.2.2\n")
    (first, other) = read_zone_file(file, "example.com").rrsets
    assert (first.name, first.ttl_s, len(first.records)) == ("a.example.com", 60, 2)
    assert (other.name, other.ttl_s, len(other.records)) == ("b.example.com", 600, 1)


def test_as_many_records_are_read_as_may_be_and_no_more_and_each_once(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("a A 192.0.2.1\na A 192.0.2.2\na A 192.0.2.1\n")
    (of_a,) = read_zone_file(tmp_path / "zone", "example.com", records_max=3).rrsets
    assert of_a.records == (AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2"))
    with pytest.raises(ConfigError, match="too many records"):
        read_zone_file(tmp_path / "zone", "example.com", records_max=2)
