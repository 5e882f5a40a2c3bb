"""What the header of a mail that arrived tells of the system that sent it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.mime import parse_headers
from mxproof.formats.sent_header import HEADER_SELECTORS_MAX, SendingHost, selectors_for, sending_host

GMAIL = b"""\
Delivered-To: bob@example.net
Received: by 2002:a05:6402:1:b0:5c0 with SMTP id x9; Mon, 1 Jun 2026 12:00:01 -0700 (PDT)
Return-Path: <alice@example.com>
Received: from mail.example.com (mail.example.com. [192.0.2.25])
        by mx.google.com with ESMTPS id y7; Mon, 01 Jun 2026 12:00:00 -0700 (PDT)
Received-SPF: pass (google.com: domain of alice@example.com designates 192.0.2.25 as permitted sender)
        client-ip=192.0.2.25;
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=S1;
        h=from:to; bh=x; b=d=evil.example;s=no
DKIM-Signature: v=1; a=rsa-sha256; d=provider.example; s=p1; h=from; bh=x; b=y
From: alice@example.com
"""


def fields(text: bytes) -> tuple[tuple[str, str], ...]:
    return parse_headers(text)


def test_the_address_and_the_selectors_of_a_mail_are_read() -> None:
    assert sending_host(fields(GMAIL)) == SendingHost("192.0.2.25")
    assert selectors_for(fields(GMAIL), "example.com") == ("s1",)
    assert selectors_for(fields(GMAIL), "provider.example") == ("p1",)


@pytest.mark.parametrize(
    ("field", "want"),
    [
        (
            b"Received-SPF: Pass (mx.example.net: domain designates) receiver=mx; client-ip=2001:db8::25; helo=mail.example.com;",
            SendingHost("2001:db8::25", "mail.example.com"),
        ),
        (
            b"Received: from mail.example.com (unknown [IPv6:2001:db8::25]) by mx.example.net with ESMTP",
            SendingHost("2001:db8::25", "mail.example.com"),
        ),
        (
            b"Received: from [198.51.100.7] (helo=laptop [198.51.100.7]) by mx.example.net with ESMTP",
            SendingHost("198.51.100.7"),
        ),
        (b"Received: from a (localhost [127.0.0.1]) by mx.example.net with ESMTP", None),
        (b"Received: from a (b [10.1.2.3]) by mx.example.net with ESMTP", None),
        (b"Received: from a by mx.example.net ([192.0.2.9]) with ESMTP", None),
        (b"Received: by mx.example.net with local", None),
        (b"Subject: from mail.example.com ([192.0.2.25])", None),
    ],
)
def test_a_field_tells_of_a_public_address_or_of_none(field: bytes, want: SendingHost | None) -> None:
    assert sending_host(fields(field + b"\n")) == want


def test_the_hops_inside_of_the_receiver_are_passed_over() -> None:
    inner = (
        b"Received: from a (a [10.0.0.1]) by b with LMTP\nReceived: from c.example.com (c [192.0.2.7]) by a\n"
    )
    assert sending_host(fields(inner)) == SendingHost("192.0.2.7", "c.example.com")


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange_to_be_read(text: bytes) -> None:
    for name in (b"Received: ", b"Received-SPF: ", b"DKIM-Signature: "):
        read = fields(name + text)
        sending_host(read)
        selectors_for(read, "example.com")


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("d=example.com; s=one; s=two", ("one",)),
        ("s=one; d=example.com; d=other.example", ("one",)),
        ("d=other.example; d=example.com; s=one", ()),
        ("D=example.com; s=one", ()),
        ("d=Example.com.; s=One.", ("one",)),
        ("d=example.com", ()),
    ],
)
def test_of_a_tag_of_a_signature_that_stands_again_the_first_counts(
    value: str, want: tuple[str, ...]
) -> None:
    assert selectors_for([("dkim-signature", value)], "example.com") == want


def test_selectors_are_named_once_each_and_so_many_of_them() -> None:
    every = [
        ("dkim-signature", f"d=example.com; s=s{number // 2}") for number in range(3 * HEADER_SELECTORS_MAX)
    ]
    want = tuple(f"s{number}" for number in range(HEADER_SELECTORS_MAX))
    assert selectors_for(every, "example.com") == want
    assert selectors_for([*every[::2], *every], "example.com") == want


def test_what_the_receiver_found_goes_before_the_hops_and_a_private_address_before_neither() -> None:
    hop = ("received", "from hop.example.net (hop [198.51.100.7]) by mx.example.net with ESMTP")
    inner = ("received", "from inner.example.net (inner [10.0.0.1]) by mx.example.net with ESMTP")
    found = ("received-spf", "pass client-ip=192.0.2.25; helo=mail.example.com;")
    private = ("received-spf", "pass client-ip=10.0.0.2; helo=private.example.com;")
    broken = ("received-spf", "pass client-ip=1.2.3; helo=broken.example.com;")
    spf, relay = SendingHost("192.0.2.25", "mail.example.com"), SendingHost("198.51.100.7", "hop.example.net")
    assert sending_host([inner, hop, private, broken, found]) == spf
    assert sending_host([inner, hop, private, broken]) == relay
    assert sending_host([hop, found]) == spf
    assert sending_host([inner, private]) is None
    assert sending_host(iter([inner, hop])) == relay
