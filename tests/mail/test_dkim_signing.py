"""Signatures made here, verified by dkimpy and by what verifies them here, of both kinds of keys."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime

import dkim  # type: ignore[import-untyped]  # it says no types
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as ec_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mxproof.formats.dkim import Signature, examine_key
from mxproof.formats.dkim_signed import signatures_of
from mxproof.formats.errors import ConfigError
from mxproof.formats.tlsrpt.report_mail import SIGNED_REPORT_FIELDS, packed_report, report_mail
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.mail.dkim_signature import holds
from mxproof.mail.dkim_signing import SIGNING_RSA_BITS_MIN, DkimSigner, dkim_signer
from support_dkim import ed25519_key, private, rsa_key
from support_tlsrpt import SOUND

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BY = Signature("sender.example", "tlsrpt")
REPORT = msgspec.structs.replace(SOUND, id="20260301.ab12@sender.example")
MAIL = report_mail(REPORT, "example.com", "tls@example.com", packed_report(print_report(REPORT)), AT)
KINDS = ("rsa", "ed25519")


def signer(kind: str) -> DkimSigner:
    return dkim_signer(BY, private(rsa_key() if kind == "rsa" else ed25519_key()))


def signed(kind: str) -> bytes:
    return signer(kind).signed(MAIL, SIGNED_REPORT_FIELDS, AT) + MAIL


def dns(record: str) -> Callable[..., bytes]:
    def answer(name: bytes, **_: object) -> bytes:
        assert name.rstrip(b".") == b"tlsrpt._domainkey.sender.example"
        return record.encode()

    return answer


@pytest.mark.parametrize("kind", KINDS)
def test_another_program_verifies_it_as_a_signature_of_a_report(kind: str) -> None:
    verifier = dkim.DKIM(signed(kind), tlsrpt=True)
    assert verifier.verify(dnsfunc=dns(signer(kind).record()))


@pytest.mark.parametrize("kind", KINDS)
def test_what_verifies_here_takes_it_and_refuses_a_body_that_was_changed(kind: str) -> None:
    key = examine_key(signer(kind).record().encode())
    assert key.for_reports
    assert not key.for_mail
    assert not key.objections
    (whole,) = signatures_of(signed(kind))
    assert holds(whole, key)
    (changed,) = signatures_of(signed(kind).replace(b"TLS report", b"tls report"))
    assert not holds(changed, key)


def test_the_fields_of_the_report_are_signed_and_no_length_is_said() -> None:
    field = signed("rsa").partition(b"From:")[0]
    tags = {
        name.strip(): value.replace(b"\r\n\t", b"").strip()
        for name, _, value in (one.partition(b"=") for one in field.partition(b":")[2].split(b";"))
    }
    assert b"l" not in tags
    assert {b"from", b"tls-report-domain", b"tls-report-submitter", b"tls-required"} <= set(
        tags[b"h"].split(b":")
    )


def test_both_kinds_of_keys_sign_one_mail() -> None:
    twice = signer("rsa").signed(MAIL, SIGNED_REPORT_FIELDS, AT) + signed("ed25519")
    first, second = signatures_of(twice)
    assert holds(first, examine_key(signer("rsa").record().encode()))
    assert holds(second, examine_key(signer("ed25519").record().encode()))


def test_a_key_of_ed25519_is_taken_in_pem_too() -> None:
    pem = ed25519_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert dkim_signer(BY, pem).record() == signer("ed25519").record()


LOCKED = b"""-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBAFsdbRdRNlmVaW0O9E
l5irAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQ9Mai0e9yPf6cMzZT
EpGw5ARA7NM881G2tJr8toQl9ODTwGW61D/H2zuG8ydrPCg7FURtwoFl9K6Jc1L8
odG5tP5UD+3uMgdlZW6SDRN3IXOfWA==
-----END ENCRYPTED PRIVATE KEY-----
"""
"""A key that needs a password."""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a key",
        base64.b64encode(bytes(31)),
        base64.b64encode(bytes(33)),
        base64.b64encode(bytes(32)) + b"=",
        LOCKED,
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ec_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ],
)
def test_what_is_no_key_that_may_sign_is_refused_without_being_repeated(data: bytes) -> None:
    with pytest.raises(ConfigError) as told:
        dkim_signer(BY, data)
    assert data == b"" or data.decode() not in str(told.value)


def test_a_key_of_as_few_bits_as_may_be_signs() -> None:
    """RFC 8301 section 3.2."""
    short = rsa_key(SIGNING_RSA_BITS_MIN)
    assert dkim_signer(BY, private(short)).key.public_key() == short.public_key()
