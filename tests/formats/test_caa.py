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


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_malformed_forbids_as_long_as_nobody_is_named(turned: bool) -> None:
    def both(*records: str) -> CaaPolicy:
        return read(*(records[::-1] if turned else records))

    assert both("0 issue %", "0 issue ca1.example.net") == CaaPolicy(("ca1.example.net",), None, (b"%",))
    assert both("0 issuewild %", "0 issue ca1.example.net") == CaaPolicy(("ca1.example.net",), (), (b"%",))
    assert both("0 issuewild ca2.example.net", "0 iodef x") == CaaPolicy(None, ("ca2.example.net",))
    assert both("128 issue ca1.example.net", "1 issue ca1.example.net") == CaaPolicy(
        ("ca1.example.net",), None
    )
    critical = both(
        "128 tbs x", "0 tbs x", "128 tbs y", "0 issue ca1.example.net", "0 issuewild ca2.example.net"
    )
    assert critical == CaaPolicy(("ca1.example.net",), ("ca2.example.net",), (), ("tbs",), ("tbs",))
    assert (critical.allowed(wildcard=False), critical.allowed(wildcard=True)) == ((), ())


@pytest.mark.parametrize(
    ("records", "plain", "wild"),
    [
        (("0 issue a.example",), ("a.example",), ("a.example",)),
        (("0 issue a.example", "0 issuewild b.example"), ("a.example",), ("b.example",)),
        (("0 issuewild b.example",), None, ("b.example",)),
        ((), None, None),
    ],
)
def test_a_wildcard_goes_by_its_own_property_where_there_is_one(
    records: tuple[str, ...], plain: tuple[str, ...] | None, wild: tuple[str, ...] | None
) -> None:
    got = read(*records)
    assert (got.allowed(wildcard=False), got.allowed(wildcard=True)) == (plain, wild)
