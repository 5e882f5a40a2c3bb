"""Destinations of records, taken apart."""

import pytest

from mxproof.formats.tlsrpt.destination import (
    MailDestination,
    ReportDestination,
    WebDestination,
    report_destination,
)
from mxproof.formats.tlsrpt.record import parse_record


@pytest.mark.parametrize(
    ("uri", "want"),
    [
        ("mailto:tls@Example.COM.", MailDestination("mailto:tls@Example.COM.", "tls@example.com")),
        (
            "MAILTO:a%2Bb@example.com?subject=x",
            MailDestination("MAILTO:a%2Bb@example.com?subject=x", "a+b@example.com"),
        ),
        ("https://t.example.com", WebDestination("https://t.example.com", "t.example.com", 443, "/")),
        (
            "https://T.example.com:8443/v1?k=a#part",
            WebDestination("https://T.example.com:8443/v1?k=a#part", "t.example.com", 8443, "/v1?k=a"),
        ),
        (
            "https://t.example.com?k=a",
            WebDestination("https://t.example.com?k=a", "t.example.com", 443, "/?k=a"),
        ),
        (
            "https://[2001:db8::1]:444/x",
            WebDestination("https://[2001:db8::1]:444/x", "2001:db8::1", 444, "/x"),
        ),
    ],
)
def test_a_destination_is_taken_apart(uri: str, want: ReportDestination) -> None:
    if not uri.endswith("."):
        (uri,) = parse_record(f"v=TLSRPTv1; rua={uri}".encode()).rua
    assert report_destination(uri) == want
