"""Parts of a scan: written whole, and read section by section."""

from pathlib import Path

import pytest

from mxproof.evidence import Der
from mxproof.scan.error import ScanError
from mxproof.scan.part import MAGIC, ScanPart, write_part


def test_a_part_holds_its_sections_and_counts(tmp_path: Path) -> None:
    path = tmp_path / "new" / "one.part"
    write_part(path, {3: ("a", "b"), -1: (1, 2)}, {"found": 2})
    part = ScanPart(path)
    assert part.counts == {"found": 2}
    assert part.section(3, tuple[str, ...]) == ("a", "b")
    assert part.section(-1, tuple[int, ...]) == (1, 2)
    assert part.section(4, tuple[int, ...]) is None
    assert [one.name for one in path.parent.iterdir()] == ["one.part"]


def test_certificates_come_back_as_what_they_are(tmp_path: Path) -> None:
    write_part(tmp_path / "one", {0: (Der(b"certificate"),)}, {})
    (found,) = ScanPart(tmp_path / "one").needed(0, tuple[Der, ...])
    assert type(found) is Der


@pytest.mark.parametrize(
    "data", [b"", b"something else", MAGIC + b"\0\0\0\4\xff\xff\xff\xff", MAGIC + b"\0\0"]
)
def test_what_is_no_part_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "one").write_bytes(data)
    with pytest.raises(ScanError):
        ScanPart(tmp_path / "one")


def test_a_part_that_was_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one"
    write_part(path, {0: tuple(range(1000))}, {})
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ScanError, match="damaged"):
        ScanPart(path).section(0, tuple[int, ...])


def test_a_section_that_has_to_be_there_is_missed(tmp_path: Path) -> None:
    write_part(tmp_path / "one", {}, {})
    with pytest.raises(ScanError, match="no section 7"):
        ScanPart(tmp_path / "one").needed(7, tuple[int, ...])
