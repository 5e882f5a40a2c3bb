"""The outline of a DER certificate: where its parts stand, as the bytes that were signed; and the size of an RSA key.

A TLSA association and a comparison of names need the exact bytes of a part, which a library that decodes and encodes
again does not promise. So this walks the outline of RFC 5280 section 4.1 and nothing below it:

    Certificate    ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
    TBSCertificate ::= SEQUENCE { [0] version OPTIONAL, serialNumber, signature, issuer, validity, subject,
                                  subjectPublicKeyInfo, ... }

An element is a tag of one byte, a length of definite form in at most four further bytes (X.690 section 8.1.3), and
as many bytes as it says.
"""

from collections.abc import Iterator

import msgspec

from mxproof.formats.errors import FormatError, Objection

CERTIFICATE_BYTES_MAX = 64 * 1024

_SOURCE = "RFC 5280 section 4.1"
_SEQUENCE = 0x30
_VERSION = 0xA0
_INTEGER, _BIT_STRING = 0x02, 0x03
_RSA_ALGORITHM = bytes.fromhex("06092a864886f70d010101")
"""The object identifier of rsaEncryption (RFC 8017 appendix A.1)."""
_LENGTH_BYTES_MAX = 4
_LONG = 0x80
"""From here on the first byte of a length says how many follow (X.690 section 8.1.3.5)."""
_FIELDS = 7
_BOOLEAN = b""
_ALTERNATIVE_NAME = b"U"
"""The identifier of the extension subjectAltName (RFC 5280 section 4.2.1.6)."""
_TEXTS = frozenset({0x81, 0x82, 0x86})
"""The general names that are texts: rfc822Name, dNSName and uniformResourceIdentifier."""


class Outline(msgspec.Struct, frozen=True):
    """Whole elements, tag and length included."""

    issuer: bytes
    subject: bytes
    spki: bytes


def outline(der: bytes) -> Outline:
    """Return the parts of a certificate; raises FormatError where `der` has not the shape of one."""
    if len(der) > CERTIFICATE_BYTES_MAX:
        raise _refusal("certificate-too-long", f"certificate longer than {CERTIFICATE_BYTES_MAX} bytes", 0)
    start, end = _content(der, 0, len(der))
    if end != len(der):
        raise _refusal("certificate-trailing", "bytes behind the certificate", end)
    parts = _first_elements(der, *_content(der, start, end), _FIELDS)
    if parts and parts[0][0] == _VERSION:
        parts = parts[1:]
    if len(parts) < 6:
        raise _refusal("certificate-outline", "certificate with too few fields", start)
    _, _, issuer, _, subject, spki = parts[:6]
    if not issuer[0] == subject[0] == spki[0] == _SEQUENCE:
        raise _refusal("certificate-outline", "issuer, subject and public key are not sequences", start)
    return Outline(issuer=issuer, subject=subject, spki=spki)


def with_ascii_names(der: bytes) -> bytes:
    """Return a certificate with a question mark for each byte beyond ASCII in its alternative names.

    No signature over it holds any more. Raises FormatError where those names have not the shape of such.
    """
    found = der.find(_ALTERNATIVE_NAME)
    if found < 0:
        return der
    start = found + len(_ALTERNATIVE_NAME)
    if der[start : start + 1] == _BOOLEAN:
        _, start = _bounds(der, start, len(der))
    start, end = _content(der, *_bounds(der, start, len(der)))
    plain = bytearray(der)
    while start < end:
        content, stop = _bounds(der, start, end)
        if der[start] in _TEXTS:
            plain[content:stop] = der[content:stop].decode("ascii", "replace").replace("�", "?").encode()
        start = stop
    return bytes(plain)


def is_sequence(der: bytes) -> bool:
    """Tell whether `der` is one whole SEQUENCE and nothing behind it."""
    try:
        return _content(der, 0, len(der))[1] == len(der)
    except FormatError:
        return False


def rsa_modulus_bits(der: bytes) -> int:
    """Return the size of an RSA key in bits.

    `der` is a SubjectPublicKeyInfo (RFC 5280 section 4.1) or the RSAPublicKey within (RFC 8017 appendix A.1.1). Raises
    FormatError where it is neither.
    """
    parts = _pair(der)
    if parts[0][0] == _SEQUENCE:
        algorithm, bits = parts
        content, stop = _bounds(bits, 0, len(bits))
        is_rsa = algorithm.startswith(_RSA_ALGORITHM, _bounds(algorithm, 0, len(algorithm))[0])
        if not is_rsa or bits[0] != _BIT_STRING or bits[content : content + 1] != b"\0":
            raise _refusal("rsa-key", "the algorithm is not rsaEncryption", 0)
        parts = _pair(bits[content + 1 : stop])
    modulus, exponent = parts
    if modulus[0] != _INTEGER or exponent[0] != _INTEGER:
        raise _refusal("rsa-key", "modulus and exponent are not integers", 0)
    content, stop = _bounds(modulus, 0, len(modulus))
    return int.from_bytes(modulus[content:stop]).bit_length()


def _pair(der: bytes) -> tuple[bytes, bytes]:
    """Return the two elements that a SEQUENCE is made of."""
    start, end = _content(der, 0, len(der))
    parts = tuple(_elements(der, start, end))
    if end != len(der) or len(parts) != 2:
        raise _refusal("rsa-key", "a key has two parts", start)
    return parts[0], parts[1]


def _elements(der: bytes, start: int, end: int) -> Iterator[bytes]:
    """Yield the elements between `start` and `end`, tag and length included."""
    while start < end:
        _, stop = _bounds(der, start, end)
        yield der[start:stop]
        start = stop


def _first_elements(der: bytes, start: int, end: int, count: int) -> list[bytes]:
    """Return the first `count` of the elements between `start` and `end`, or all where there are fewer."""
    found: list[bytes] = []
    for _ in range(count):
        if start >= end:
            break
        stop = start + 2 + der[start + 1] if start + 1 < end else end
        if stop - start >= _LONG or stop >= end:  # a long form, or one to be looked at twice
            _, stop = _bounds(der, start, end)
        found.append(der[start:stop])
        start = stop
    return found


def _content(der: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the content of the SEQUENCE at `start` begins and ends."""
    if start >= end or der[start] != _SEQUENCE:
        raise _refusal("der-sequence", "a SEQUENCE was expected", start)
    return _bounds(der, start, end)


def _bounds(der: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the content of the element at `start` begins and ends."""
    if start + 2 > end:
        raise _refusal("der-truncated", "element cut short", start)
    length, content = der[start + 1], start + 2
    if length >= 0x80:
        size = length - 0x80
        if not 1 <= size <= _LENGTH_BYTES_MAX:
            raise _refusal("der-length", "length of indefinite or excessive form", start + 1)
        length, content = int.from_bytes(der[content : content + size]), content + size
    if content + length > end:
        raise _refusal("der-truncated", "element longer than what holds it", start)
    return content, content + length


def _refusal(rule: str, message: str, position: int) -> FormatError:
    return FormatError("certificate", Objection(rule, message, position, _SOURCE))
