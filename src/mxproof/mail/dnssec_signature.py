"""A signature over records verified by a key, and the dates and keys that it hangs on (RFC 4035 section 5.3).

The bytes are put together here and `cryptography` verifies them. dnspython has a validator as well, but takes objects of
its own that are made of whole messages, and what was recorded is records; and the rooms that judge load no DNS library.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, SHA512, HashAlgorithm

from mxproof.formats.dns_name import parse_name
from mxproof.formats.dnssec import Algorithm, Dnskey, Rrsig

SIGNATURES_CACHED_MAX: Final = 1024
"""Verdicts on signatures that are kept: each server of a zone mostly serves what the others do, and a fix is judged anew."""
_CLASS_IN = (1).to_bytes(2, "big")
_RSA_HASHES: dict[int, Callable[[], HashAlgorithm]] = {
    Algorithm.RSASHA1: SHA1,
    Algorithm.RSASHA1_NSEC3_SHA1: SHA1,
    Algorithm.RSASHA256: SHA256,
    Algorithm.RSASHA512: SHA512,
}
_CURVES: dict[int, tuple[ec.EllipticCurve, HashAlgorithm, int]] = {
    Algorithm.ECDSAP256SHA256: (ec.SECP256R1(), SHA256(), 32),
    Algorithm.ECDSAP384SHA384: (ec.SECP384R1(), SHA384(), 48),
}


def signed_bytes(name: str, kind: int, data: Sequence[bytes], signature: Rrsig) -> bytes:
    """Return what `signature` is over: its own head and the records at `name` in order (RFC 4034 section 3.1.8.1)."""
    owner = _signed_owner(name, signature.labels)
    head = owner + kind.to_bytes(2, "big") + _CLASS_IN + signature.original_ttl_s.to_bytes(4, "big")
    records = (head + len(one).to_bytes(2, "big") + one for one in sorted(dict.fromkeys(data)))
    return signature.head + b"".join(records)


@lru_cache(maxsize=SIGNATURES_CACHED_MAX)
def verifies(signed: bytes, signature: Rrsig, key: Dnskey) -> bool:
    """Tell whether the signature over `signed` was made with `key`; one that cannot be read was made with none."""
    try:
        _verify(signed, signature.signature, key)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _signed_owner(name: str, labels: int) -> bytes:
    """Return the owner that was signed: a wildcard where the name has more labels than the signature says."""
    own = name.split(".") if name != "." else []
    return parse_name(name if len(own) <= labels else ".".join(("*", *own[len(own) - labels :]))).lower()


def _verify(signed: bytes, signature: bytes, key: Dnskey) -> None:
    """Raise InvalidSignature, UnsupportedAlgorithm or ValueError where the signature does not verify."""
    if key.algorithm in _RSA_HASHES:
        numbers = key.rsa
        if numbers is None:
            raise ValueError("no RSA key")
        public = rsa.RSAPublicNumbers(*numbers).public_key()
        public.verify(signature, signed, padding.PKCS1v15(), _RSA_HASHES[key.algorithm]())
    elif key.algorithm in _CURVES:
        curve, algorithm, half = _CURVES[key.algorithm]
        if len(signature) != 2 * half:
            raise ValueError("a signature of another length")
        parts = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        point = ec.EllipticCurvePublicKey.from_encoded_point(curve, b"\x04" + key.key)
        point.verify(encode_dss_signature(*parts), signed, ec.ECDSA(algorithm))
    elif key.algorithm == Algorithm.ED25519:
        ed25519.Ed25519PublicKey.from_public_bytes(key.key).verify(signature, signed)
    elif key.algorithm == Algorithm.ED448:
        ed448.Ed448PublicKey.from_public_bytes(key.key).verify(signature, signed)
    else:
        raise ValueError("an algorithm that nobody verifies by")
