"""CAA records read: who may issue, and what is written wrongly (RFC 8659)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.caa import CaaPolicy, CaaProperty, read_caa
from mxproof.formats.caa_issuer import CAA_ISSUERS, caa_names, organization


def read(*records: str) -> CaaPolicy:
    parts = (one.split(" ", 2) for one in records)
    return read_caa(CaaProperty(int(flags), tag, value.encode()) for flags, tag, value in parts)


@pytest.mark.parametrize(
    ("records", "want", "want_wild"),
    [
        (("0 issue ca1.example.net",), ("ca1.example.net",), ("ca1.example.net",)),
        (
            ("0 issue ca1.example.net", "0 issue CA2.example.org"),
            ("ca1.example.net", "ca2.example.org"),
        )
        * 1
        + (("ca1.example.net", "ca2.example.org"),),
        (("0 issue ;",), (), ()),
        (("0 issue  ",), (), ()),
        (("0 issue ca1.example.net; account=230123",), ("ca1.example.net",), ("ca1.example.net",)),
        (("0 issue  ca1.example.net ; a=1; b=2 ",), ("ca1.example.net",), ("ca1.example.net",)),
        (("0 issue ca1.example.net", "0 issuewild ;"), ("ca1.example.net",), ()),
        (("0 issuewild ca1.example.net",), None, ("ca1.example.net",)),
        (("0 iodef mailto:security@example.com",), None, None),
        (("128 tbs Unknown", "0 issue ca1.example.net"), (), ()),
        (("0 tbs Unknown",), None, None),
        (("128 iodef mailto:security@example.com",), None, None),
        (("0 issue %%%%%",), (), ()),
        (("0 issue ca1.example.net other",), (), ()),
        (("0 issue https://ca1.example.net",), (), ()),
    ],
)
def test_who_may_issue_is_said_by_the_records_together(
    records: tuple[str, ...], want: tuple[str, ...] | None, want_wild: tuple[str, ...] | None
) -> None:
    """RFC 8659 sections 4.2, 4.3 and 4.1, with the examples there."""
    got = read(*records)
    assert (got.allowed(wildcard=False), got.allowed(wildcard=True)) == (want, want_wild)


def test_what_names_nobody_by_mistake_is_kept() -> None:
    got = read("0 issue %%%%%", "0 issue ;", "0 issued ca1.example.net", "128 tbs Unknown")
    assert (got.malformed, got.unknown, got.critical) == ((b"%%%%%",), ("issued",), ("tbs",))


@given(st.lists(st.builds(CaaProperty, st.integers(0, 255), st.text(max_size=9), st.binary(max_size=40))))
def test_any_record_is_read(properties: list[CaaProperty]) -> None:
    got = read_caa(properties)
    assert got.critical == () or got.allowed(wildcard=False) == ()


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("CN=R13,O=Let's Encrypt,C=US", "Let's Encrypt"),
        (r"CN=Go Daddy,O=GoDaddy.com\, Inc.,L=Scottsdale", "GoDaddy.com, Inc."),
        ("O=Amazon,CN=x", "Amazon"),
        ("CN=O", ""),
        (r"CN=a\,O=Amazon", ""),
    ],
)
def test_the_organization_is_read_of_a_distinguished_name(name: str, want: str) -> None:
    assert organization(name) == want


def test_an_authority_that_is_not_in_the_table_has_no_names() -> None:
    assert caa_names("CN=R13,O=Let's Encrypt,C=US") == ("letsencrypt.org",)
    assert caa_names("CN=x") == ()
    assert caa_names("O=Nobody") == ()
    assert all(one.source.startswith(("https://", "CCADB, ")) and one.names for one in CAA_ISSUERS)
