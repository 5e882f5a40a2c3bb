"""SPF records, as far as they lead to further look-ups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.spf import SPF_OBJECTIONS_MAX, Lookup, Mechanism, examine_spf, is_spf, lookups


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


PIECES = (
    b"include:",
    b"a",
    b"mx/24",
    b"exists:",
    b"redirect=",
    b"ptr",
    b" ",
    b"-",
    b"%{i}",
    b"b.example",
    b"=",
    b"/",
)


@given(st.lists(st.binary(max_size=4) | st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_any_bytes_are_read_and_each_look_up_is_of_a_term_that_stands_there(text: bytes) -> None:
    for one in lookups(b"v=spf1 include:c.example " + text):
        assert one.term.encode("latin-1", "replace") in b"v=spf1 include:c.example " + text
    assert ("include:c.example", "c.example") in {
        (one.term, one.name) for one in lookups(b"v=spf1 include:c.example " + text)
    }


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ("ipv4:192.0.2.7", "mechanism-unknown"),
        ("=a", "mechanism-unknown"),
        ("-all:x", "all-argument"),
        ("all/8", "all-argument"),
        ("ip4:192.0.2.300", "ip4-network"),
        ("ip4:192.0.2.0/33", "ip4-network"),
        ("ip4", "ip4-network"),
        ("ip6:192.0.2.1", "ip6-network"),
        ("a/33", "prefix-length"),
        ("mx//129", "prefix-length"),
        ("a/024", "prefix-length"),
        ("include", "domain-spec"),
        ("include:example", "domain-spec"),
        ("exists:%{z}.example", "domain-spec"),
        ("ptr/24", "prefix-length"),
        ("redirect=", "domain-spec"),
        ("exp=", "domain-spec"),
        ("exp=a.example exp=b.example", "modifier-twice"),
        ("other=%", "macro"),
    ],
)
def test_one_error_is_said_with_its_rule(terms: str, rule: str) -> None:
    assert [one.rule for one in examine_spf(f"v=spf1 mx {terms} -all".encode()).objections] == [rule]


def test_a_byte_outside_ascii_is_an_error() -> None:
    assert "record-not-ascii" in {one.rule for one in examine_spf("v=spf1 é -all".encode()).objections}


def test_terms_are_read_in_their_order() -> None:
    record = examine_spf(
        b"v=spf1 a:x.example/24//64 -ip6:2001:db8::/32 ?exists:%{i}.x.example redirect=y.example"
    )
    a, ip6, exists = record.directives
    assert (a.mechanism, a.ip4_length, a.ip6_length) == (Mechanism.A, 24, 64)
    assert (ip6.qualifier, str(ip6.network)) == ("-", "2001:db8::/32")
    assert (exists.qualifier, exists.looks_up, ip6.looks_up) == ("?", True, False)
    assert record.followed is record.redirect is not None
    assert record.objections == ()


def test_beside_all_a_redirect_and_what_stands_behind_count_for_nothing() -> None:
    record = examine_spf(b"v=spf1 mx -all a redirect=y.example")
    assert [one.text for one in record.evaluated] == ["mx", "-all"]
    assert record.followed is None


def test_of_a_redirect_given_again_the_first_is_kept_and_the_second_objected_to() -> None:
    record = examine_spf(b"v=spf1 REDIRECT=a.example mx redirect=b.example exp=c.example")
    assert record.redirect is not None
    assert (record.redirect.text, record.redirect.target.plain) == ("REDIRECT=a.example", "a.example")
    assert [(one.rule, one.position, one.seen) for one in record.objections] == [
        ("modifier-twice", 29, "redirect=b.example")
    ]
    assert lookups(b"v=spf1 redirect=a.example redirect=b.example")[-1] == Lookup(
        "redirect=a.example", "a.example"
    )


@pytest.mark.parametrize(
    ("lengths", "want"),
    [
        ("", (32, 128)),
        ("/24", (24, 128)),
        ("//64", (32, 64)),
        ("/0//0", (0, 0)),
        ("/32//128", (32, 128)),
        ("/", None),
        ("//", None),
        ("/24//", None),
        ("/33", None),
        ("//129", None),
        ("/24/64", None),
        ("/24///64", None),
    ],
)
@pytest.mark.parametrize("mechanism", ["a", "mx", "a:x.example"])
def test_each_family_has_its_length(mechanism: str, lengths: str, want: tuple[int, int] | None) -> None:
    record = examine_spf(f"v=spf1 {mechanism}{lengths} -all".encode())
    found = [
        (one.ip4_length, one.ip6_length) for one in record.directives if one.mechanism is not Mechanism.ALL
    ]
    assert found == ([] if want is None else [want])
    assert len(record.objections) == (want is None)


def test_of_two_all_the_first_ends_the_evaluation() -> None:
    record = examine_spf(b"v=spf1 a ~all mx -all redirect=x.example")
    assert [one.text for one in record.evaluated] == ["a", "~all"]
    assert (record.all is record.directives[1], record.followed) == (True, None)


def test_an_objection_stands_where_its_term_does_however_many_spaces_are_before() -> None:
    text = b"v=spf1  a   bad  mx/99 -all"
    found = examine_spf(text).objections
    assert [(one.position, one.seen) for one in found] == [
        (text.index(b"bad"), "bad"),
        (text.index(b"mx/"), "mx/99"),
    ]
    assert len(examine_spf(b"v=spf1" + b" bad" * (SPF_OBJECTIONS_MAX + 1)).objections) == SPF_OBJECTIONS_MAX


@pytest.mark.parametrize(
    ("term", "rule"),
    [
        ("include:a.example/24", "domain-spec"),
        ("exists:a.example//64", "domain-spec"),
        ("include:a/b.example", ""),
        ("exists:%{i}/24.x.example", ""),
        ("ip6:fe80::1%eth0", "ip6-network"),
        ("ip4:192.0.2.1%0", "ip4-network"),
        ("ip6:2001:db8::/129", "ip6-network"),
        ("ip6:2001:db8::1/0", ""),
    ],
)
def test_a_slash_is_a_part_of_a_name_and_a_scope_of_no_address(term: str, rule: str) -> None:
    record = examine_spf(f"v=spf1 {term}".encode())
    assert [one.rule for one in record.objections] == ([rule] if rule else [])
    assert [one.text for one in record.directives] == ([] if rule else [term])
