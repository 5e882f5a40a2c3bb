"""DKIM signatures and keys as bytes; tests/mail/test_report_signature holds them against what another program signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dkim import examine_key
from mxproof.formats.dkim_signed import REPORT_SIGNATURES_MAX, signatures_of

FIELD = b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from; bh=AAAA; b=AAAA\r\n"


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    signatures_of(FIELD + data)
    signatures_of(b"DKIM-Signature:" + data)
    examine_key(data)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"v=1", b"v=2", "tags"),
        (b"bh=AAAA", b"bh=", "tags"),
        (b"h=from", b"h=from; h=to", ""),
        (b"rsa-sha256", b"rsa-sha1", "algorithm"),
        (b"h=from", b"h=to", "from"),
        (b"s=s1", b"s=s1; i=@other.example", "identity"),
        (b"s=s1", b"s=s1; i=@below.example.com", "body"),
        (b"s=s1", b"s=s1; l=10", "length"),
        (b"s=s1", b"s=s1; c=simple/other", "tags"),
        (b"s=s1", b"s=s1; x=1", "body"),
    ],
)
def test_what_is_wrong_is_told_by_its_rule(old: bytes, new: bytes, rule: str) -> None:
    found = signatures_of(FIELD.replace(old, new) + b"From: a@example.com\r\n\r\nbody\r\n")
    assert [one.rule for one in found] == ([rule] if rule else [])


def test_only_wanted_domains_and_so_many_of_them_are_read() -> None:
    message = FIELD * (REPORT_SIGNATURES_MAX + 1) + b"From: a@example.com\r\n\r\nbody\r\n"
    assert len(signatures_of(message)) == REPORT_SIGNATURES_MAX
    assert signatures_of(message, frozenset({"example.net"})) == ()


def test_a_hostile_message_takes_no_more_time_than_its_length() -> None:
    spaces = b" \t" * 100_000
    body = spaces + b"x" + spaces + b"\r\n" * 100_000
    relaxed = FIELD.replace(b"s=s1", b"s=s1; c=relaxed/relaxed")
    assert signatures_of(relaxed + b"From: a" + b"\r\n " * 50_000 + b"\r\n\r\n" + body)[0].rule == "body"
