"""A certificate authority made for one world, and the certificates it issues."""

import datetime as dt
import hashlib
import itertools
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mxproof.lab.ca import PrivateKey, signed_over_sha1
from real.bed.worlds import Flaw

_FOR_SERVERS = ExtendedKeyUsageOID.SERVER_AUTH
_PURPOSES = {Flaw.ANY_PURPOSE: ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
_FOR_AUTHORITIES = x509.KeyUsage(
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
_ANCHOR = 2

VALID_DAYS = 90
CA_VALID_DAYS = 3650


class Identity(msgspec.Struct, frozen=True):
    """A certificate with its key: one PEM file with the key and the chain, root included; `leaf` and `root` are DER."""

    pem: Path
    leaf: bytes
    root: bytes

    @property
    def spki_sha256(self) -> str:
        """Return the SHA-256 of the public key as TLSA 3 1 1 has it."""
        return self.association("3 1 1")

    def association(self, kind: str) -> str:
        """Return what a TLSA record of this usage, selector and matching type holds; usage 2 names the root."""
        usage, selector, matching = map(int, kind.split())
        der = self.root if usage == _ANCHOR else self.leaf
        selected = der if selector == 0 else _spki(x509.load_der_x509_certificate(der).public_key())
        match matching:
            case 1:
                return hashlib.sha256(selected).hexdigest()
            case 2:
                return hashlib.sha512(selected).hexdigest()
            case _:
                return selected.hex()


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
        key = _key(flaw)
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
            .add_extension(x509.ExtendedKeyUsage([_PURPOSES.get(flaw, _FOR_SERVERS)]), critical=False)
        )
        if flaw is Flaw.KEY_USAGE:
            builder = builder.add_extension(_FOR_AUTHORITIES, critical=True)
        if flaw is not Flaw.COMMON_NAME:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        certificate = builder.sign(issuer_key, hashes.SHA256())
        if flaw is Flaw.OLD_SIGNATURE:
            certificate = signed_over_sha1(certificate, self._key)
        chain = (certificate,) if alone or flaw is Flaw.ROOT_UNSENT else (certificate, self._root)
        pem = self._folder / f"{next(self._issued)}-{names[0]}.pem"
        pem.write_bytes(
            _private_pem(key) + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
        )
        return Identity(pem, _der(certificate), _der(self._root))

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
        return (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - dt.timedelta(days=CA_VALID_DAYS))
            .not_valid_after(self._now + dt.timedelta(days=CA_VALID_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_FOR_AUTHORITIES, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _key(flaw: Flaw) -> PrivateKey:
    if flaw is Flaw.WEAK_KEY:
        return rsa.generate_private_key(65537, 1024)
    return ec.generate_private_key(ec.SECP256R1())


def _private_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _spki(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
