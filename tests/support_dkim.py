"""Keys and signatures for tests, made by dkimpy: signed by one program, verified by another."""

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache

import dkim  # type: ignore[import-untyped]  # it says no types
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mxproof.evidence.answer import Answer, DnsData, Outcome, TxtRecord
from mxproof.evidence.question import Kind, Question

DOMAIN = "sender.example"
SELECTOR = "s1"
NAME = f"{SELECTOR}._domainkey.{DOMAIN}"
AT = datetime(2026, 3, 2, tzinfo=UTC)
FIELDS = ("from", "to", "subject", "tls-report-domain", "tls-report-submitter")


@cache
def rsa_key(bits: int = 2048) -> RSAPrivateKey:
    """Return a key of RSA."""
    return generate_private_key(65537, bits)


@cache
def ed25519_key() -> Ed25519PrivateKey:
    """Return a key of Ed25519."""
    return Ed25519PrivateKey.generate()


def private(key: RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    """Return a private key as dkimpy takes it."""
    if isinstance(key, RSAPrivateKey):
        return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return base64.b64encode(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))


def record(key: RSAPrivateKey | Ed25519PrivateKey | None = None, tags: str = "v=DKIM1; s=tlsrpt;") -> bytes:
    """Return the TXT record of a key."""
    key = key or rsa_key()
    if isinstance(key, RSAPrivateKey):
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"{tags} k=rsa; p={base64.b64encode(public).decode()}".encode()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"{tags} k=ed25519; p={base64.b64encode(public).decode()}".encode()


def signed(
    message: bytes,
    *,
    key: RSAPrivateKey | Ed25519PrivateKey | None = None,
    domain: str = DOMAIN,
    forms: tuple[str, str] = ("relaxed", "relaxed"),
    fields: Iterable[str] = FIELDS,
    length: bool = False,
) -> bytes:
    """Return the message with a signature in front."""
    key = key or rsa_key()
    algorithm = b"rsa-sha256" if isinstance(key, RSAPrivateKey) else b"ed25519-sha256"
    field = dkim.DKIM(message, signature_algorithm=algorithm).sign(
        SELECTOR.encode(),
        domain.encode(),
        private(key),
        canonicalize=(forms[0].encode(), forms[1].encode()),
        include_headers=[one.encode() for one in fields],
        length=length,
    )
    return bytes(field) + message


def answers(
    texts: Mapping[str, bytes] | None = None, outcome: Outcome = Outcome.FOUND
) -> dict[Question, Answer]:
    """Return what DNS says of keys, by name."""
    given = {NAME: record()} if texts is None else texts
    return {
        Question(Kind.TXT, name): Answer(
            outcome, AT, DnsData("NOERROR", False, (TxtRecord(text),)) if outcome is Outcome.FOUND else None
        )
        for name, text in given.items()
    }
