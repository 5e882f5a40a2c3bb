"""What pasted headers show of a test mail, and of another one."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mxproof.explain.arrival import arrival_of

TEST_MAIL = b"""\
Return-Path: <>
Received: from mx1.example.com (mx1.example.com [192.0.2.25])
 by store.example.com (Postfix) with LMTP id 2; Sun, 1 Mar 2026 09:00:07 +0000
Authentication-Results: mx1.example.com; spf=temperror (DNS timeout) smtp.helo=probe.example.net;
 dkim=none; dmarc=pass header.from=probe.example.net
Received: from probe.example.net (unknown [203.0.113.9])
 (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
 by mx1.example.com (Postfix) with ESMTPS id 1; Sun, 1 Mar 2026 09:00:02 +0000
Subject: mxproof delivery test over mx1.example.com [192.0.2.25]
Message-ID: <mxproof-delivery-test.00ff.1@probe.example.net>

This is a test mail.
"""


def test_a_test_mail_is_known_with_the_server_it_was_handed_to() -> None:
    got = arrival_of(TEST_MAIL)
    assert (got.token, got.host, got.address) == ("00ff", "mx1.example.com", "192.0.2.25")
    assert got.entry == got.hops[0]


def test_the_hops_stand_in_the_order_of_the_way() -> None:
    got = arrival_of(TEST_MAIL)
    assert [(one.by, one.protocol, one.encrypted, one.delay_s) for one in got.hops] == [
        ("mx1.example.com", "ESMTPS", True, None),
        ("store.example.com", "LMTP", False, 5),
    ]
    assert (got.hops[0].tls_version, got.hops[0].address) == ("TLSv1.3", "203.0.113.9")
    assert got.hops[0].at == datetime(2026, 3, 1, 9, 0, 2, tzinfo=UTC)


def test_the_results_say_whom_they_are_about_and_why() -> None:
    got = [(one.by, one.method, one.result, one.about, one.because) for one in arrival_of(TEST_MAIL).results]
    assert got == [
        ("mx1.example.com", "spf", "temperror", "probe.example.net", "DNS timeout"),
        ("mx1.example.com", "dkim", "none", "", ""),
        ("mx1.example.com", "dmarc", "pass", "probe.example.net", ""),
    ]


def test_of_another_mail_nobody_knows_where_it_came_in() -> None:
    got = arrival_of(TEST_MAIL.replace(b"mxproof-delivery-test", b"x").replace(b"mxproof delivery", b"a"))
    assert (got.token, got.host, got.entry, len(got.hops)) == (None, None, None, 2)


@given(st.binary(max_size=2000))
def test_whatever_is_pasted_is_read_somehow(data: bytes) -> None:
    arrival_of(b"Received: from " + data)
