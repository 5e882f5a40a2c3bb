"""DKIM signatures, as far as they name their key."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dkim import KeyType, Signature, examine_key, parse_signature, signature
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


def test_of_a_tag_that_stands_again_the_first_counts() -> None:
    assert parse_signature("d=first.example; s=one; d=second.example; s=two") == Signature(
        "first.example", "one"
    )
    key = examine_key(f"k=rsa; p={KEY_2048}; p={KEY_1024}; k=ed25519; t=s; t=y; s=tlsrpt; s=email".encode())
    assert (key.type, key.bits, key.testing, key.services) == (
        KeyType.RSA,
        2048,
        False,
        frozenset({"tlsrpt"}),
    )
    assert [one.rule for one in key.objections] == ["tag-twice"] * 4


@pytest.mark.parametrize(
    ("tags", "revoked", "rules"),
    [("p=", True, []), ("p= ", True, []), ("k=rsa", False, ["key-missing"]), (f"p={KEY_2048}", False, [])],
)
def test_a_key_is_revoked_where_it_is_empty_not_where_it_is_missing(
    tags: str, revoked: bool, rules: list[str]
) -> None:
    key = examine_key(tags.encode())
    assert (key.revoked, [one.rule for one in key.objections]) == (revoked, rules)
    assert key.may_verify is (KEY_2048 in tags)


@pytest.mark.parametrize(
    ("flags", "testing"),
    [("y", True), ("s:Y", True), ("s", False), ("any", False), ("y2:s", False), ("", False)],
)
def test_a_key_is_for_testing_by_that_flag_alone(flags: str, testing: bool) -> None:
    assert examine_key(f"p={KEY_2048}; t={flags}".encode()).testing is testing


@pytest.mark.parametrize(
    ("services", "mail", "reports"),
    [
        ("", True, True),
        ("s=*;", True, True),
        ("s=email;", True, False),
        ("s=TLSRPT;", False, True),
        ("s=email:tlsrpt;", True, True),
        ("s=other;", False, False),
    ],
)
def test_a_key_signs_what_its_services_are(services: str, mail: bool, reports: bool) -> None:
    key = examine_key(f"{services} p={KEY_2048}".encode())
    assert (key.for_mail, key.for_reports) == (mail, reports)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        (f"v=DKIM1; p={KEY_2048}", True),
        (f"v=DKIM2; p={KEY_2048}", False),
        (f"p={KEY_2048}; v=DKIM1", False),
        (f"k=dsa; p={KEY_2048}", False),
        ("p=AAAA", False),
        (f"p={KEY_2048}; p=", True),
    ],
)
def test_a_signature_is_verified_with_a_whole_key_of_a_known_version(text: str, may: bool) -> None:
    assert examine_key(text.encode()).may_verify is may


def test_a_key_that_is_too_short_is_objected_to_and_still_read() -> None:
    public = bytes.fromhex("3006020101020103")
    key = examine_key(b"p=" + b64encode(public))
    assert (key.public, key.bits, key.may_verify) == (public, 1, True)
    assert [(one.rule, one.source) for one in key.objections] == [("key-size", "RFC 8301 section 3.2")]


def test_the_whole_name_of_a_key_has_253_characters_at_most() -> None:
    domain = ".".join(["a" * 60, "b" * 60, "c" * 60, "d" * 50])
    rest = 253 - len(f"._domainkey.{domain}")
    assert signature(domain, "s" * rest) == Signature(domain, "s" * rest)
    assert signature(domain, "s" * (rest + 1)) is None
