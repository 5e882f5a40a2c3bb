"""The value of a DKIM signature, made with a private key: RSA (RFC 8301) or Ed25519 (RFC 8463)."""

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from mxproof.formats.dkim import ED25519_BYTES, Signature
from mxproof.formats.dkim_signing import signed_field, unsigned_field
from mxproof.formats.errors import ConfigError

SIGNING_RSA_BITS_MIN: Final = 1024
"""RFC 8301 section 3.2: signers MUST use 1024 bits at least, and SHOULD use 2048."""

_PEM: Final = b"-----BEGIN"


class DkimSigner(msgspec.Struct, frozen=True):
    """A private key, and the name under which DNS has the public one."""

    by: Signature
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        """The value of `a=`."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    def signed(self, message: bytes, names: tuple[str, ...], at: datetime) -> bytes:
        """Return the field that signs these fields and the body of a message, to stand before it."""
        field = unsigned_field(message, self.by, self.algorithm, names, at)
        if isinstance(self.key, RSAPrivateKey):
            return signed_field(field, self.key.sign(field.covered, PKCS1v15(), SHA256()))
        return signed_field(field, self.key.sign(hashlib.sha256(field.covered).digest()))

    def record(self) -> str:
        """Return the TXT record that publishes the key, for TLS reports alone (RFC 8460 section 3)."""
        public = self.key.public_key()
        if isinstance(self.key, RSAPrivateKey):
            data = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            data = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        kind = self.algorithm.partition("-")[0]
        return f"v=DKIM1; k={kind}; s=tlsrpt; p={base64.b64encode(data).decode()}"


def dkim_signer(by: Signature, data: bytes) -> DkimSigner:
    """Return what signs with a private key in PEM, or in Base64 as dknewkey writes those of Ed25519.

    Raises ConfigError, which never repeats the key, where it is none that may sign.
    """
    key = _key(data)
    if isinstance(key, RSAPrivateKey) and key.key_size < SIGNING_RSA_BITS_MIN:
        raise ConfigError(
            f"an RSA key of {key.key_size} bits, where at least {SIGNING_RSA_BITS_MIN} are needed"
        )
    return DkimSigner(by, key)


def _key(data: bytes) -> RSAPrivateKey | Ed25519PrivateKey:
    if not data.lstrip().startswith(_PEM):
        try:
            seed = binascii.a2b_base64(data.strip(), strict_mode=True)
        except binascii.Error:
            seed = b""
        if len(seed) != ED25519_BYTES:
            raise ConfigError("no private key in PEM, RSA or Ed25519")
        return Ed25519PrivateKey.from_private_bytes(seed)
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigError("no private key in PEM that can be read without a password") from None
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ConfigError("a key of another kind than RSA or Ed25519")
    return key
