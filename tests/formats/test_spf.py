"""SPF records, as far as they lead to further look-ups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.spf import Lookup, is_spf, lookups


@pytest.mark.parametrize("text", [b"v=spf1", b"v=spf1 -all", b"V=SPF1 mx", b"v=spf1  -all"])
def test_a_record_begins_with_its_version(text: bytes) -> None:
    assert is_spf(text)


@pytest.mark.parametrize("text", [b"", b"v=spf10 -all", b"v=spf1\t-all", b" v=spf1 -all", b"spf2.0/pra -all"])
def test_another_text_is_no_record(text: bytes) -> None:
    """RFC 7208 section 4.5."""
    assert not is_spf(text)


@pytest.mark.parametrize(
    ("terms", "want"),
    [
        ("ip4:192.0.2.0/24 ip6:2001:db8::/32 -all", ()),
        ("include:a.example ~include:B.Example. -all", (("include:a.example", "a.example"), ("~include:B.Example.", "b.example"))),
        ("a mx/24 a:x.example ptr exists:%{i}.x.example -all", (("a", ""), ("mx/24", ""), ("a:x.example", ""), ("ptr", ""), ("exists:%{i}.x.example", ""))),
        ("redirect=r.example include:a.example", (("include:a.example", "a.example"), ("redirect=r.example", "r.example"))),
        ("redirect=r.example -all", ()),
        ("-all include:never.example", ()),
        ("include:%{d}.example ?all", (("include:%{d}.example", ""),)),
        ("allow:x.example amx include exp=e.example", ()),
    ],
)  # fmt: skip
def test_the_terms_that_look_something_up_come_in_order(
    terms: str, want: tuple[tuple[str, str], ...]
) -> None:
    assert lookups(f"v=spf1 {terms}".encode()) == tuple(Lookup(*one) for one in want)


@given(st.binary())
def test_any_bytes_are_read(text: bytes) -> None:
    assert all(one.term for one in lookups(b"v=spf1 " + text))
