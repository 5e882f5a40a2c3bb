"""DKIM signatures, as far as they name their key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dkim import parse_signature, signature


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


@given(st.text())
def test_any_text_is_read(value: str) -> None:
    parse_signature(value)
