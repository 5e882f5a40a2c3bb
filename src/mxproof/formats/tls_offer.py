"""What a client can offer of TLS in its first message: a closed set, each a version with the cipher suites that go with it."""

from enum import StrEnum


class Offer(StrEnum):
    """What is offered and nothing else; ANY is all that the client has."""

    ANY = ""
    TLS_1_3 = "tls1.3"
    """TLS 1.3 (RFC 8446)."""
    TLS_1_2 = "tls1.2"
    """TLS 1.2 with ECDHE and an AEAD, what RFC 9325 section 4.2 recommends."""
    ECDHE_CBC = "tls1.2-cbc"
    """TLS 1.2 with ECDHE, and a cipher in CBC mode with SHA-1."""
    KEY_TRANSPORT = "tls1.2-rsa"
    """TLS 1.2 with the key sent under the RSA key of the certificate, so without forward secrecy."""
    TLS_1_1 = "tls1.1"
    """TLS 1.1 or 1.0 (RFC 8996)."""
    WEAK = "weak"
    """Up to TLS 1.2: no encryption, keys of 40 and 56 bits, RC4 and 3DES (RFC 9325 section 4.1)."""
    ANONYMOUS = "anonymous"
    """Up to TLS 1.2 without a certificate (RFC 9325 section 4.1)."""
