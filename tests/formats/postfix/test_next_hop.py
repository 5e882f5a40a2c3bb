import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.postfix.next_hop import NextHop, next_hop


@pytest.mark.parametrize(
    ("key", "want"),
    [
        ("example.com", NextHop("example.com")),
        ("Example.COM", NextHop("example.com")),
        ("example.com.", NextHop("example.com")),
        ("bücher.example", NextHop("xn--bcher-kva.example")),
        ("example.com:25", NextHop("example.com")),
        ("example.com:587", NextHop("example.com", port=587)),
        ("example.com:submission", NextHop("example.com", port=587)),
        ("[mail.example.net]", NextHop("mail.example.net", bracketed=True)),
        ("[Mail.Example.net]:25", NextHop("mail.example.net", bracketed=True)),
        ("[mail.example.net]:465", NextHop("mail.example.net", bracketed=True, port=465)),
    ],
)
def test_a_key_names_a_destination(key: str, want: NextHop) -> None:
    assert next_hop(key) == want


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        ".example.com",
        ".com",
        "com",
        "localhost",
        "[localhost]:10024",
        "192.0.2.1",
        "[192.0.2.1]",
        "[192.0.2.1]:25",
        "[ipv6:2001:db8::1]",
        "[IPv6:2001:db8::1]:25",
        "[2001:db8::1]",
        "example.com:0",
        "example.com:70000",
        "example.com:no-such-service",
        "example.com:",
        "user@example.com",
        "https://example.com/",
        "/var/run/lmtp",
        "unix:private/lmtp",
        "exa mple.com",
        " example.com",
        "example.com\n",
        "exam_ple.com",
        "[example.com",
        "example.com]",
        "a..example",
        "x" * 64 + ".example",
        "a." * 600 + "example",
        "1.2.3",
    ],
)
def test_what_is_no_destination_with_a_policy_domain_is_none(key: str) -> None:
    assert next_hop(key) is None


@given(st.text(max_size=80))
def test_any_text_is_a_destination_or_none_and_a_destination_reads_back(key: str) -> None:
    found = next_hop(key)
    assert found is None or next_hop(str(found)) == found
