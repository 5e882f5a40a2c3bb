"""What pasted headers show of a test mail, and of another one."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mxproof.explain.arrival import HOPS_MAX, RESULTS_SHOWN_MAX, ArrivedMail, Hop, arrival_of

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


def hop(by: str, second: int | None) -> str:
    date = f"; Sun, 1 Mar 2026 09:00:{second:02} +0000" if second is not None else ""
    return (
        f"Received: from a.example.net (a.example.net [192.0.2.9]) by {by} (Postfix) with ESMTP id 1{date}\n"
    )


def of_fields(*fields: str) -> ArrivedMail:
    return arrival_of("".join(fields).encode() + b"Subject: hello\n\nwords\n")


def test_a_hop_is_told_with_how_long_it_took_since_the_last_one_whose_time_is_known() -> None:
    got = of_fields(
        hop("d.example.com", 9), hop("c.example.com", 5), hop("b.example.com", None), hop("a.example.com", 7)
    )
    assert [(one.by, one.delay_s) for one in got.hops] == [
        ("a.example.com", None),
        ("b.example.com", None),
        ("c.example.com", -2),
        ("d.example.com", 4),
    ]
    assert [one.delay_s for one in of_fields(hop("b.example.com", 3), hop("a.example.com", None)).hops] == [
        None
    ] * 2


def test_a_hop_has_all_that_its_field_says() -> None:
    assert arrival_of(TEST_MAIL).hops[1] == Hop(
        by="store.example.com",
        from_name="mx1.example.com",
        address="192.0.2.25",
        protocol="LMTP",
        encrypted=False,
        tls_version="",
        at=datetime(2026, 3, 1, 9, 0, 7, tzinfo=UTC),
        delay_s=5,
    )


def test_of_very_many_hops_and_results_those_nearest_to_the_reader_are_told() -> None:
    names = [f"mx{place}.example.com" for place in range(HOPS_MAX + 1)]
    hops = of_fields(*(hop(name, 1) for name in names)).hops
    assert [one.by for one in hops] == names[HOPS_MAX - 1 :: -1]
    results = of_fields(
        *(
            f"Authentication-Results: mx{place}.example.com; spf=pass\n"
            for place in range(RESULTS_SHOWN_MAX + 1)
        )
    ).results
    assert [one.by for one in results] == [f"mx{place}.example.com" for place in range(50)]


def test_a_result_is_about_the_first_of_its_properties_that_is_there_and_has_its_reason_before_its_comments() -> (
    None
):
    got = of_fields(
        "Authentication-Results: mx.example.com; spf=fail (one) (two) smtp.helo=helo.example smtp.mailfrom=from.example;"
        ' dkim=fail (comment) reason="why" header.i=@i.example header.d=d.example;'
        " dmarc=fail header.d=d.example; iprev=fail header.from=x.example\n"
    )
    assert [(one.about, one.because) for one in got.results] == [
        ("from.example", "one two"),
        ("d.example", "why"),
        ("", ""),
        ("", ""),
    ]


def test_a_mail_without_a_field_of_its_way_has_no_hop_and_no_entry() -> None:
    got = arrival_of(TEST_MAIL.replace(b"Received:", b"X-Received:"))
    assert (got.token, got.hops, got.entry, got.message_id) == (
        "00ff",
        (),
        None,
        "<mxproof-delivery-test.00ff.1@probe.example.net>",
    )


@given(st.binary(max_size=2000))
def test_whatever_is_pasted_is_read_somehow(data: bytes) -> None:
    arrival_of(b"Received: from " + data)
