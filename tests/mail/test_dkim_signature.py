"""A DKIM signature holds as it is and by a key that may have made it, and otherwise not."""

from hashlib import sha256

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxproof.formats.dkim import DkimKey, KeyType, Signature, examine_key
from mxproof.formats.dkim_signed import DkimSignature, signatures_of
from mxproof.mail.dkim_signature import holds
from support_dkim import ed25519_key, record, signed

MESSAGE = b"From: tls@sender.example\r\nSubject: TLS report\r\n\r\nhello\r\n"
KINDS = ("rsa", "ed25519")
DIGEST_OF_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""What stands before a digest of SHA-256 in a signature (RFC 8017 section 9.2)."""


def made(kind: str) -> tuple[DkimSignature, DkimKey]:
    if kind == "rsa":
        return of_bits(2048)
    (one,) = signatures_of(signed(MESSAGE, key=ed25519_key()))
    return one, examine_key(record(ed25519_key()))


def of_bits(bits: int) -> tuple[DkimSignature, DkimKey]:
    """Return a signature and the key of so many bits that it was made to hold by: the modulus is chosen for the signature."""
    covered = b"covered"
    digest = DIGEST_OF_SHA256 + sha256(covered).digest()
    size = -(-bits // 8)
    padded = b"\x00\x01" + b"\xff" * (size - 3 - len(digest)) + b"\x00" + digest
    wanted = int.from_bytes(padded)
    root = _cube_root(2**bits - 1 + wanted)
    root -= (root**3 - wanted) % 2 == 0
    public = RSAPublicNumbers(3, root**3 - wanted).public_key()
    assert public.key_size == bits
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = DkimKey(KeyType.RSA, bits, False, False, frozenset({"*"}), (), der)
    return DkimSignature(Signature("sender.example", "s1"), "rsa-sha256", covered, root.to_bytes(size)), key


def _cube_root(number: int) -> int:
    """Return the greatest number whose cube is not over this, by the way of Newton from above."""
    root = 1 << (number.bit_length() // 3 + 1)
    while (lower := (2 * root + number // root**2) // 3) < root:
        root = lower
    return root


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_holds_only_as_it_is_and_by_a_key_that_may_make_it(kind: str) -> None:
    whole, key = made(kind)
    other = "ed25519-sha256" if kind == "rsa" else "rsa-sha256"
    assert holds(whole, key)
    assert not holds(msgspec.structs.replace(whole, rule="expired"), key)
    assert not holds(msgspec.structs.replace(whole, algorithm=other), key)
    assert not holds(msgspec.structs.replace(whole, covered=whole.covered + b" "), key)
    assert not holds(
        msgspec.structs.replace(whole, value=whole.value[:-1] + bytes([whole.value[-1] ^ 1])), key
    )
    assert not holds(whole, msgspec.structs.replace(key, public=b""))
    assert not holds(whole, msgspec.structs.replace(key, public=key.public[:-1]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_names_its_hashes_verifies_with_sha_256_alone(kind: str) -> None:
    """RFC 6376 section 3.6.1, RFC 8301 section 3.1."""
    whole, key = made(kind)
    assert key.hashes == frozenset()
    assert holds(whole, msgspec.structs.replace(key, hashes=frozenset({"sha1", "sha256"})))
    assert not holds(whole, msgspec.structs.replace(key, hashes=frozenset({"sha1"})))


def test_a_key_of_rsa_is_one_of_rsa() -> None:
    whole, key = made("rsa")
    elliptic = generate_private_key(SECP256R1()).public_key()
    der = elliptic.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert not holds(whole, msgspec.structs.replace(key, public=der))


@pytest.mark.parametrize(("bits", "want"), [(1023, False), (1024, True), (8192, True), (8193, False)])
def test_a_key_of_rsa_has_1024_bits_at_least_and_8192_at_most(bits: int, *, want: bool) -> None:
    """RFC 8301 section 3.2, and RFC 6376 section 3.3.3, which leaves more to the verifier."""
    assert holds(*of_bits(bits)) is want
