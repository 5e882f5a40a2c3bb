"""A certificate authority made for one world, and the certificates it issues."""

import datetime as dt
import hashlib
import itertools
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from real.bed.worlds import Flaw

VALID_DAYS = 90
CA_VALID_DAYS = 3650


class Identity(msgspec.Struct, frozen=True):
    """A certificate with its key: one PEM file with the key and the chain, root included, and what TLSA may hold.

    `spki_sha256` is the SHA-256 of the public key as TLSA 3 1 1 has it, `anchor_sha256` that of the root as 2 0 1 has it,
    `anchor_spki_sha256` that of its key as 2 1 1 has it.
    """

    pem: Path
    spki_sha256: str
    anchor_sha256: str
    anchor_spki_sha256: str


class Authority:
    """A self-signed root that issues server certificates into a folder of its own."""

    def __init__(self, folder: Path, now: dt.datetime) -> None:
        folder.mkdir()
        self._folder = folder
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mxproof test root")])
        self._root = self._self_issued()
        self._issued = itertools.count(1)
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._root.public_bytes(serialization.Encoding.PEM))

    def issue(self, names: tuple[str, ...], flaw: Flaw = Flaw.NONE) -> Identity:
        """Issue a certificate for `names`, valid from yesterday on, unless its flaw is in that."""
        key = ec.generate_private_key(ec.SECP256R1())
        start, end = self._term(flaw)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        alone = flaw is Flaw.SELF_SIGNED
        issuer, issuer_key = (subject, key) if alone else (self._name, self._key)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
            )
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
        if flaw is not Flaw.COMMON_NAME:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        certificate = builder.sign(issuer_key, hashes.SHA256())
        chain = (certificate,) if alone else (certificate, self._root)
        pem = self._folder / f"{next(self._issued)}-{names[0]}.pem"
        pem.write_bytes(
            _private_pem(key) + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
        )
        return Identity(
            pem,
            hashlib.sha256(_spki(key)).hexdigest(),
            self._root.fingerprint(hashes.SHA256()).hex(),
            hashlib.sha256(_spki(self._key)).hexdigest(),
        )

    def _term(self, flaw: Flaw) -> tuple[dt.datetime, dt.datetime]:
        day = dt.timedelta(days=1)
        match flaw:
            case Flaw.EXPIRED:
                return self._now - VALID_DAYS * day, self._now - day
            case Flaw.EARLY:
                return self._now + day, self._now + VALID_DAYS * day
            case _:
                return self._now - day, self._now + VALID_DAYS * day

    def _self_issued(self) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - dt.timedelta(days=CA_VALID_DAYS))
            .not_valid_after(self._now + dt.timedelta(days=CA_VALID_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
