"""Certificates in files: taken where they are whole and for the host, and the last good one kept where they are not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from mxproof.lab.defect import Defect
from mxproof.serve.publish.certificates import CertificateFiles, HostCertificate, looked_at
from support_pem import issued, key_pem, pem
from support_publish import DOMAIN, OTHER, certificate, put_certificate, put_key, touch_later

NOW = datetime.now(UTC)
HOST = f"mta-sts.{DOMAIN}"


def files(folder: Path) -> CertificateFiles:
    return CertificateFiles(f"{folder}/certificates/{{host}}.pem", f"{folder}/certificates/{{host}}.key")


def look(folder: Path, before: HostCertificate | None = None, now: datetime = NOW) -> HostCertificate:
    held = {} if before is None else {DOMAIN: before}
    return looked_at([DOMAIN], files(folder), held, now)[DOMAIN]


def leaf(one: HostCertificate) -> bytes | None:
    return None if one.certificate is None else one.certificate.leaf


def test_chain_and_key_are_taken(tmp_path: Path) -> None:
    one = certificate(DOMAIN)
    put_certificate(tmp_path, DOMAIN, one)
    found = look(tmp_path)
    assert found.fault == ""
    assert found.certificate is not None
    assert (found.certificate.leaf, *found.certificate.above) == one.ders()


def test_both_may_be_in_one_file_and_be_named_by_the_domain(tmp_path: Path) -> None:
    (tmp_path / f"{DOMAIN}.pem").write_bytes(certificate(DOMAIN).pem())
    one_file = CertificateFiles(f"{tmp_path}/{{domain}}.pem", f"{tmp_path}/{{domain}}.pem")
    assert leaf(looked_at([DOMAIN], one_file, {}, NOW)[DOMAIN]) == certificate(DOMAIN).ders()[0]


def test_the_same_files_are_not_read_again_and_new_ones_are(tmp_path: Path) -> None:
    put_certificate(tmp_path, DOMAIN, certificate(DOMAIN))
    before = look(tmp_path)
    assert look(tmp_path, before) is before
    touch_later(tmp_path / "certificates" / f"{HOST}.pem")
    assert look(tmp_path, before) is not before
    other = issued(HOST)
    put_certificate(tmp_path, DOMAIN, other)
    assert leaf(look(tmp_path, before)) == other.ders()[0]


def test_one_that_ends_while_it_is_shown_is_told(tmp_path: Path) -> None:
    put_certificate(tmp_path, DOMAIN, certificate(DOMAIN))
    before = look(tmp_path)
    assert before.certificate is not None
    after = look(tmp_path, before, before.certificate.not_after + timedelta(seconds=1))
    assert (leaf(after), "the certificate ended at" in after.fault) == (leaf(before), True)


def test_between_the_two_steps_of_a_renewal_the_old_one_is_shown(tmp_path: Path) -> None:
    put_certificate(tmp_path, DOMAIN, certificate(DOMAIN))
    before = look(tmp_path)
    new = issued(HOST)
    put_key(tmp_path, DOMAIN, new)
    between = look(tmp_path, before)
    assert (leaf(between), between.fault != "") == (leaf(before), True)
    put_certificate(tmp_path, DOMAIN, new)
    after = look(tmp_path, between)
    assert (leaf(after), after.fault) == (new.ders()[0], "")


@pytest.mark.parametrize(
    ("chain", "key"),
    [
        (b"", key_pem(certificate(DOMAIN))),
        (pem(certificate(DOMAIN)), b""),
        (pem(certificate(DOMAIN))[:300], key_pem(certificate(DOMAIN))),
        (pem(certificate(DOMAIN)).replace(b"MII", b"MIJ", 1), key_pem(certificate(DOMAIN))),
        (pem(certificate(DOMAIN)), key_pem(certificate(OTHER))),
        (pem(certificate(DOMAIN)), key_pem(certificate(DOMAIN)) * 2),
        (
            pem(certificate(DOMAIN)),
            certificate(DOMAIN).key.private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
            ),
        ),
        (
            pem(certificate(DOMAIN)),
            x25519.X25519PrivateKey.generate().private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            ),
        ),
        (pem(certificate(DOMAIN)), b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        (pem(certificate(OTHER)), key_pem(certificate(OTHER))),
    ],
    ids=[
        "no-chain",
        "no-key",
        "half",
        "broken",
        "other-key",
        "two-keys",
        "password",
        "no-signatures",
        "no-der",
        "other-name",
    ],
)
def test_what_is_of_no_use_leaves_the_last_good_one(tmp_path: Path, chain: bytes, key: bytes) -> None:
    put_certificate(tmp_path, DOMAIN, certificate(DOMAIN))
    before = look(tmp_path)
    (tmp_path / "certificates" / f"{HOST}.pem").write_bytes(chain)
    (tmp_path / "certificates" / f"{HOST}.key").write_bytes(key)
    touch_later(tmp_path / "certificates" / f"{HOST}.pem")
    found = look(tmp_path, before)
    assert (found.certificate, found.fault != "") == (before.certificate, True)
    assert look(tmp_path).certificate is None


@pytest.mark.parametrize("defect", [Defect.EXPIRED, Defect.NOT_YET_VALID])
def test_one_that_is_not_in_force_is_not_taken(tmp_path: Path, defect: Defect) -> None:
    put_certificate(tmp_path, DOMAIN, issued(HOST, defect=defect))
    found = look(tmp_path)
    assert (found.certificate, found.fault != "") == (None, True)


def test_one_that_was_not_in_force_yet_is_taken_when_it_is(tmp_path: Path) -> None:
    put_certificate(tmp_path, DOMAIN, issued(HOST, defect=Defect.NOT_YET_VALID))
    before = look(tmp_path)
    assert look(tmp_path, before, NOW + timedelta(days=2)).fault == ""


def test_files_that_are_not_there_are_said(tmp_path: Path) -> None:
    assert str(tmp_path) in look(tmp_path).fault


def test_an_authority_is_held_once_for_all_hosts(tmp_path: Path) -> None:
    for domain in (DOMAIN, OTHER):
        put_certificate(tmp_path, domain, certificate(domain))
    one, other = looked_at([DOMAIN, OTHER], files(tmp_path), {}, NOW).values()
    assert one.certificate is not None
    assert other.certificate is not None
    assert one.certificate.above is other.certificate.above
