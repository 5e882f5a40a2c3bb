"""Received fields as real programs write them (shapes from the documentation and the sources of each)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.received import ReceivedField, parse_received

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DATE = "Sun, 1 Mar 2026 10:00:00 +0100"
FORMS = {
    "postfix": (
        (
            "from a.example.net (unknown [192.0.2.9]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"
            " key-exchange X25519) (No client certificate requested) by mx.example.com (Postfix) with ESMTPS id 4X for"
            f" <you@example.com>; {DATE} (CET)"
        ),
        ReceivedField("a.example.net", "192.0.2.9", "mx.example.com", "ESMTPS", "TLSv1.3", AT),
    ),
    "exim": (
        (
            "from [192.0.2.9] (helo=a.example.net) by mx.example.com with esmtps (TLS1.2) tls"
            f" TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 (Exim 4.98) id 1t for you@example.com; {DATE}"
        ),
        ReceivedField("[192.0.2.9]", "192.0.2.9", "mx.example.com", "ESMTPS", "TLSv1.2", AT),
    ),
    "google": (
        (
            "from a.example.net (a.example.net. [2001:db8::9]) by mx.google.com with ESMTPS id x for <you@example.com>"
            f" (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); {DATE}"
        ),
        ReceivedField("a.example.net", "2001:db8::9", "mx.google.com", "ESMTPS", "TLSv1.3", AT),
    ),
    "microsoft": (
        (
            "from a.example.net (192.0.2.9) by mx.outlook.com (10.0.0.1) with Microsoft SMTP Server"
            f" (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20; {DATE}"
        ),
        ReceivedField("a.example.net", "", "mx.outlook.com", "MICROSOFT", "TLSv1.2", AT),
    ),
    "in the clear": (
        f"from a.example.net (a.example.net [192.0.2.9]) by mx.example.com (Postfix) with ESMTP id 4X; {DATE}",
        ReceivedField("a.example.net", "192.0.2.9", "mx.example.com", "ESMTP", "", AT),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_field_is_read_as_it_is_written(form: str) -> None:
    value, want = FORMS[form]
    assert parse_received(value) == want


def test_only_one_in_the_clear_has_no_encryption() -> None:
    assert [form for form, (value, _) in FORMS.items() if not parse_received(value).encrypted] == [
        "in the clear"
    ]


@given(st.text())
def test_whatever_stands_there_is_read_somehow(value: str) -> None:
    parse_received(value)


@pytest.mark.parametrize(
    ("value", "want"),
    [
        pytest.param(
            f"from a.example (x; y [192.0.2.9]) by mx.example with ESMTP (a; b) id 1; {DATE}",
            ReceivedField("a.example", "192.0.2.9", "mx.example", "ESMTP", "", AT),
            id="a semicolon in a comment",
        ),
        pytest.param(
            f"from a.example by mx.example with SMTP for x from b.example by c.example with ESMTPS; {DATE}",
            ReceivedField("a.example", "", "mx.example", "SMTP", "", AT),
            id="the first of each clause",
        ),
        pytest.param(
            f"from a.example (a.example) by mx.example ([192.0.2.25]) with LMTP; {DATE}",
            ReceivedField("a.example", "", "mx.example", "LMTP", "", AT),
            id="the address of the server",
        ),
        pytest.param(
            f"from a.example (b (c (from x.example) d) by y.example) by mx.example with ESMTP; {DATE}",
            ReceivedField("a.example", "", "mx.example", "ESMTP", "", AT),
            id="comments within one another",
        ),
        pytest.param(
            "from a.example by mx.example with ESMTPSA",
            ReceivedField("a.example", "", "mx.example", "ESMTPSA", "", None),
            id="no date",
        ),
    ],
)
def test_a_field_is_not_mistaken_for_what_stands_within_or_behind(value: str, want: ReceivedField) -> None:
    got = parse_received(value)
    assert got == want
    assert got.encrypted is (want.protocol == "ESMTPSA")
