"""The folder of certificates that an authority issued: key and chain in one file, taken only where it is for the name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mxproof.publish.certificate_folder import CertificateFolder, renewed_from
from mxproof.publish.keeper import KeeperError
from support_certificates import INTERMEDIATE, NOW, make

NAME = "mta-sts.a.example"
OTHER = "mta-sts.b.example"
KEY = b"a key\n"


def chain(*names: str) -> bytes:
    """Return the chain of a server with these names, which ends sixty days from now, and what is above it."""
    made = (make(names[0], INTERMEDIATE, names=names), INTERMEDIATE)
    return b"".join(one.certificate.public_bytes(Encoding.PEM) for one in made)


def test_a_certificate_is_kept_behind_its_key_for_nobody_else_to_read(tmp_path: Path) -> None:
    folder = CertificateFolder(tmp_path / "certificates")
    issued = chain(NAME, OTHER)
    assert folder.keep(NAME, KEY, issued + b"\n") == NOW + timedelta(days=60)
    path = tmp_path / "certificates" / f"{NAME}.pem"
    assert folder.path(NAME) == path
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (KEY + issued, 0o600)
    assert folder.span(NAME) == (NOW - timedelta(days=30), NOW + timedelta(days=60))


@pytest.mark.parametrize("issued", [chain(OTHER), b"", b"nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_for_the_name_is_not_kept(tmp_path: Path, issued: bytes) -> None:
    folder = CertificateFolder(tmp_path)
    with pytest.raises(KeeperError) as caught:
        folder.keep(NAME, KEY, issued)
    path = tmp_path / f"{NAME}.pem"
    assert str(caught.value) == f"{path}: what the authority issued is no certificate for {NAME}"
    assert (list(tmp_path.iterdir()), folder.span(NAME)) == ([], None)


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    folder = CertificateFolder(tmp_path / "file")
    with pytest.raises(KeeperError) as caught:
        folder.keep(NAME, KEY, chain(NAME))
    assert str(caught.value) == f"{tmp_path / 'file' / NAME}.pem: was not written (Not a directory)"


def test_a_file_that_holds_another_certificate_holds_none_for_the_name(tmp_path: Path) -> None:
    folder = CertificateFolder(tmp_path)
    folder.path(NAME).write_bytes(chain(OTHER))
    assert folder.span(NAME) is None
    folder.path(NAME).write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert folder.span(NAME) is None


def test_a_certificate_is_renewed_a_third_of_its_life_before_its_end_or_by_chance_a_little_earlier() -> None:
    begins, ends = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    moments = [renewed_from(f"mta-sts.{number}.example", begins, ends) for number in range(200)]
    assert renewed_from("mta-sts.0.example", begins, ends) == moments[0]
    latest, earliest = ends - timedelta(days=30), ends - timedelta(days=37.5)
    assert earliest < min(moments) < earliest + timedelta(hours=6)
    assert latest - timedelta(hours=6) < max(moments) < latest
    assert len(set(moments)) == 200
