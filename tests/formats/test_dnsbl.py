"""Names that are looked up in lists of addresses, and what their answers mean (RFC 5782)."""

import pytest

from mxproof.formats.dnsbl import TEST_LISTED, DnsblAnswer, listed_name, read_dnsbl


def test_an_address_is_looked_up_backwards() -> None:
    """The examples of RFC 5782 sections 2.1 and 2.4."""
    assert listed_name("192.0.2.99", "bad.example.com") == "99.2.0.192.bad.example.com"
    assert listed_name("2001:db8:1:2:3:4:567:89ab", "ugly.example.com") == (
        "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ugly.example.com"
    )
    assert listed_name(TEST_LISTED[6], "x").startswith("2.0.0.0.0.0.f.7.f.f.f.f.0.")


@pytest.mark.parametrize(
    ("codes", "want"),
    [
        (("127.0.0.2",), DnsblAnswer.LISTED),
        (("127.0.0.4", "127.0.0.11"), DnsblAnswer.LISTED),
        (("127.255.255.252",), DnsblAnswer.REFUSED),
        (("127.255.255.254",), DnsblAnswer.REFUSED),
        (("127.255.255.255",), DnsblAnswer.REFUSED),
        (("127.0.0.1",), DnsblAnswer.REFUSED),
        (("127.0.0.2", "127.255.255.254"), DnsblAnswer.REFUSED),
        (("203.0.113.9",), DnsblAnswer.FOREIGN),
        (("127.0.0.2", "203.0.113.9"), DnsblAnswer.FOREIGN),
        (("2001:db8::1",), DnsblAnswer.FOREIGN),
        (("127.0.0.1", "203.0.113.9"), DnsblAnswer.FOREIGN),
        (("203.0.113.9", "127.255.255.254"), DnsblAnswer.FOREIGN),
        (("127.255.254.255", "127.255.0.1"), DnsblAnswer.LISTED),
    ],
)
def test_only_an_entry_is_listed(codes: tuple[str, ...], want: DnsblAnswer) -> None:
    assert read_dnsbl(codes) is want
