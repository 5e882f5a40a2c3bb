"""DKIM signatures, as far as they name their key."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dkim import KeyType, examine_key, parse_signature, signature
from support_sending import KEY_1024, KEY_2048


def test_a_signature_names_its_key() -> None:
    made = parse_signature("v=1; a=rsa-sha256; d=Example.com;\r\n s=sel\r\n .one; h=from; b=AbC=")
    assert made is not None
    assert made.key_name == "sel.one._domainkey.example.com"


@pytest.mark.parametrize(
    "value", ["", "v=1; d=example.com", "s=x", "d=exa mple..com; s=x", "d=example.com; s=-", "d=a;b; s=/"]
)
def test_what_names_no_key_is_none(value: str) -> None:
    assert parse_signature(value) is None


def test_a_name_too_long_for_dns_is_none() -> None:
    assert signature("a." * 120 + "example", "selector-of-some-length") is None
    assert signature("example.com", 64 * "a") is None
    assert signature("example.com", 63 * "a") is not None


@given(st.text())
def test_any_text_is_read(value: str) -> None:
    parse_signature(value)


KEY_BODY = f"v=DKIM1; k=rsa; p={KEY_2048}"


@pytest.mark.parametrize(
    ("text", "kind", "bits"),
    [
        (KEY_BODY, KeyType.RSA, 2048),
        (f"p={KEY_1024}", KeyType.RSA, 1024),
        (f"v=DKIM1; h=sha256; p={KEY_2048[:100]} {KEY_2048[100:]}; t=s", KeyType.RSA, 2048),
        (f"k=ed25519; p={b64encode(bytes(32)).decode()}", KeyType.ED25519, 256),
    ],
)
def test_a_sound_key_is_read(text: str, kind: KeyType, bits: int) -> None:
    key = examine_key(text.encode())
    assert (key.type, key.bits, key.objections) == (kind, bits, ())
    assert key.for_mail
    assert not key.revoked
    assert not key.testing


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("v=DKIM1; k=rsa", ["key-missing"]),
        (f"k=rsa; v=DKIM1; p={KEY_2048}", ["version"]),
        (f"v=DKIM2; p={KEY_2048}", ["version"]),
        (f"k=dsa; p={KEY_2048}", ["key-type"]),
        ("p=?", ["key-base64"]),
        (f"p={KEY_2048[:100]}", ["key-der"]),
        ("k=ed25519; p=AAAA", ["key-size"]),
        (f"p={KEY_2048}; p=", ["tag-twice"]),
        (f"p={KEY_2048}; s", ["tag-malformed"]),
        (f"p={b64encode(bytes.fromhex('3006020101020103')).decode()}", ["key-size"]),
    ],
)
def test_what_is_wrong_with_a_key_is_said(text: str, rules: list[str]) -> None:
    assert [one.rule for one in examine_key(text.encode()).objections] == rules


def test_flags_and_services_are_read() -> None:
    assert examine_key(b"p=").revoked
    assert examine_key(f"p={KEY_2048}; t=s:y".encode()).testing
    assert not examine_key(f"p={KEY_2048}; s=tlsrpt".encode()).for_mail
    assert examine_key(f"p={KEY_2048}; s=other:email".encode()).for_mail


@given(st.binary())
def test_any_bytes_are_a_key_or_objected_to(data: bytes) -> None:
    key = examine_key(b"p=" + b64encode(data))
    assert key.revoked or key.bits or key.objections
