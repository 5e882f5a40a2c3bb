"""A DKIM signature verified with the key that DNS has for it (RFC 6376 section 6.1, RFC 8301, RFC 8463)."""

import hashlib

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mxproof.formats.dkim import DkimKey, KeyType
from mxproof.formats.dkim_signed import DkimSignature

DKIM_RSA_BITS_MIN = 1024
DKIM_RSA_BITS_MAX = 8192


def holds(signature: DkimSignature, key: DkimKey) -> bool:
    """Tell whether `key` made `signature`, and nothing else is wrong with it."""
    if signature.rule or not key.may_verify or not signature.algorithm.startswith(f"{key.type}-"):
        return False
    if key.hashes and "sha256" not in key.hashes:
        return False
    try:
        if key.type is KeyType.ED25519:
            digest = hashlib.sha256(signature.covered).digest()
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature.value, digest)
            return True
        public = load_der_public_key(key.public)
        if (
            not isinstance(public, RSAPublicKey)
            or not DKIM_RSA_BITS_MIN <= public.key_size <= DKIM_RSA_BITS_MAX
        ):
            return False
        public.verify(signature.value, signature.covered, PKCS1v15(), SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
