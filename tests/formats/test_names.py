"""Host names, patterns and what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.names import (
    INPUT_CHARACTERS_MAX,
    Domain,
    bare_address,
    canonical,
    folded,
    is_address,
    is_host,
    is_lax_host,
    is_localhost,
    parse_domain,
    parse_host,
    patterns_covering,
    to_unicode,
)
from support_formats import hosts


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("mail.example.com", "mail.example.com"),
        ("MAIL.Example.COM", "mail.example.com"),
        ("localhost", "localhost"),
        ("1and1.example", "1and1.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a--b.example", "a--b.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        (".".join(["a" * 63] * 3 + ["a" * 61]), ".".join(["a" * 63] * 3 + ["a" * 61])),
    ],
)
def test_a_host_name_is_returned_in_lower_case(text: str, want: str) -> None:
    assert parse_host(text) == want


@pytest.mark.parametrize(
    ("text", "rule", "position"),
    [
        ("", "host-empty", 0),
        ("example.com.", "host-trailing-dot", 11),
        (".", "host-trailing-dot", 0),
        ("a..b", "host-label", 2),
        (".a.b", "host-label", 0),
        ("-a.b", "host-label", 0),
        ("a.b-.c", "host-label", 2),
        ("mail.a_b.c", "host-label", 5),
        ("mail.a b.c", "host-label", 5),
        ("mail.example.com\n", "host-label", 13),
        ("bücher.example", "host-label", 0),
        ("mail.\u212aexample.com", "host-label", 5),
        ("*.example.com", "host-label", 0),
        ("a" * 64 + ".b", "host-label-too-long", 0),
        ("b." + "a" * 64, "host-label-too-long", 2),
        (".".join(["a" * 63] * 4), "host-too-long", 0),
        ("192.0.2.1", "host-is-address", 0),
        ("2001:db8::1", "host-is-address", 0),
        ("[192.0.2.1]", "host-is-address", 0),
        ("[IPv6:2001:db8::1]", "host-is-address", 0),
    ],
)
def test_what_is_no_host_name_is_refused_with_rule_and_position(text: str, rule: str, position: int) -> None:
    with pytest.raises(FormatError) as raised:
        parse_host(text)
    (objection,) = raised.value.objections
    assert (objection.rule, objection.position) == (rule, position)
    assert not is_host(text)


def test_a_single_label_is_refused_where_two_are_wanted() -> None:
    with pytest.raises(FormatError) as raised:
        parse_host("localhost", labels_min=2)
    assert raised.value.objections[0].rule == "host-single-label"


@pytest.mark.parametrize(
    "text", ["192.0.2.1", "::1", "[192.0.2.1]", "[IPv6:::1]", "[ipv6:::1]", "[2001:db8::1]"]
)
def test_an_address_is_recognised_bare_and_in_brackets(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "192.0.2", "192.0.2.256", "mail.example.com", "[mail.example.com]", "١٢٧.0.0.1"]
)
def test_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert not is_address(text)


def test_folding_changes_ascii_letters_only() -> None:
    assert folded("AZ\u212aÄ.\u0130") == "az\u212aÄ.\u0130"
    assert canonical("MAIL.Example.") == "mail.example"
    assert canonical(".") == ""


@pytest.mark.parametrize(
    ("pattern", "host", "want"),
    [
        ("mail.example.com", "mail.example.com", True),
        ("Mail.Example.com", "mAIL.example.COM", True),
        ("mail.example.com", "mail.example.com.", True),
        ("mail.example.com.", "mail.example.com", False),
        ("*.example.com", "mail.example.com", True),
        ("*.example.com", "mail.example.com.", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "a.b.example.com", False),
        ("*.com", "example.com", True),
        ("*.", "com", False),
        ("*.", "com.", False),
        ("*", "mail", False),
        ("*", "mail.example.com", False),
        ("m*.example.com", "mail.example.com", False),
        ("*l.example.com", "mail.example.com", False),
        ("*.*.com", "mail.example.com", False),
        ("mail.*.com", "mail.example.com", False),
        ("192.0.2.1", "192.0.2.1", False),
        ("*.0.2.1", "192.0.2.1", False),
        ("", "", False),
        ("", ".", False),
        ("*.example.com", ".example.com", False),
    ],
)
def test_a_pattern_covers_what_rfc_9525_says(pattern: str, host: str, want: bool) -> None:
    assert (pattern.lower() in patterns_covering(host)) == want


@given(hosts, st.data())
def test_a_wildcard_stands_for_exactly_one_label(host: str, data: st.DataObject) -> None:
    label = data.draw(hosts.map(lambda name: name.partition(".")[0]))
    assert f"*.{host}" in patterns_covering(f"{label}.{host}")
    assert f"*.{host}" not in patterns_covering(f"{label}.{label}.{host}")
    assert f"*.{host}" not in patterns_covering(host)


@given(hosts)
def test_a_host_name_parses_to_itself_in_any_case(host: str) -> None:
    assert parse_host(host.upper()) == host
    assert host in patterns_covering(host.upper() + ".")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("example.com", "example.com"),
        ("  Example.COM.  ", "example.com"),
        ("user@example.com", "example.com"),
        ("User Name <user@example.com>", "example.com"),
        ("mailto:user@example.com", "example.com"),
        ("MAILTO:user@example.com?subject=x", "example.com"),
        ("mailto:user@example.com?cc=other@example.org", "example.com"),
        ('"odd@local"@example.com', "example.com"),
        ("@example.com", "example.com"),
        ("https://example.com/a?b#c", "example.com"),
        ("https://example.com?b", "example.com"),
        ("https://user:word@example.com:8443/x@y", "example.com"),
        ("smtp://example.com:25", "example.com"),
        ("example.com/path", "example.com"),
        ("example.com:25", "example.com"),
        ("example.com.:25", "example.com"),
        ("mta-sts.example.com", "mta-sts.example.com"),
        ("example。com", "example.com"),
    ],
)
def test_what_people_paste_is_understood(text: str, want: str) -> None:
    assert parse_domain(text) == Domain(want, want)


@pytest.mark.parametrize(
    ("text", "name", "display"),
    [
        ("bücher.example", "xn--bcher-kva.example", "bücher.example"),
        ("BÜCHER.example.", "xn--bcher-kva.example", "bücher.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example"),
        ("user@straße.example", "xn--strae-oqa.example", "straße.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah", "例え.テスト"),
    ],
)
def test_an_internationalised_domain_has_two_spellings(text: str, name: str, display: str) -> None:
    got = parse_domain(text)
    assert got == Domain(name, display)
    assert str(got) == f"{display} ({name})"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "domain-empty"),
        ("   ", "domain-empty"),
        (".", "domain-empty"),
        ("@", "domain-empty"),
        ("https://", "domain-empty"),
        ("com", "host-single-label"),
        ("exam ple.com", "host-label"),
        ("example..com", "host-label"),
        ("_mta-sts.example.com", "host-label"),
        ("*.example.com", "host-label"),
        ("192.0.2.1", "domain-is-address"),
        ("user@[192.0.2.1]", "domain-is-address"),
        ("[IPv6:2001:db8::1]", "domain-is-address"),
        ("https://192.0.2.1/", "domain-is-address"),
        ("https://[2001:db8::1]:8443/", "domain-is-address"),
        ("192.0.2.1:25", "domain-is-address"),
        ("example.123", "domain-numeric"),
        ("a\u0378b.example", "domain-idn"),
        ("-ü.example", "domain-idn"),
        ("x" * (INPUT_CHARACTERS_MAX + 1), "domain-too-long"),
    ],
)
def test_what_is_no_mail_domain_is_refused_with_one_reason(text: str, rule: str) -> None:
    with pytest.raises(FormatError) as raised:
        parse_domain(text)
    assert [objection.rule for objection in raised.value.objections] == [rule]


@pytest.mark.parametrize("name", ["example.com", "xn--zzzzzzzz-.example", "xn--.example", "xn--a-ü.example"])
def test_a_name_that_does_not_decode_is_shown_as_it_is(name: str) -> None:
    assert to_unicode(name) == name


@given(st.text(max_size=40))
def test_any_text_is_a_domain_or_a_format_error(text: str) -> None:
    try:
        domain = parse_domain(text)
    except FormatError:
        return
    assert parse_host(domain.name, labels_min=2) == domain.name
    assert parse_domain(domain.name) == domain
    assert parse_domain(domain.display).name == domain.name


@given(st.text(alphabet="aü.-@/:[]1xn<>?# \u3002", max_size=30))
def test_any_text_of_the_usual_characters_is_a_domain_or_a_format_error(text: str) -> None:
    try:
        domain = parse_domain(text)
    except FormatError:
        return
    assert parse_domain(domain.name) == domain


@pytest.mark.parametrize(
    ("name", "lax"),
    [
        ("mx.example.com", True),
        ("MX_1.example.com", True),
        ("localhost", True),
        ("12345", False),
        ("1.2", False),
        ("mx..example.com", False),
        ("", False),
        ("-mx.example.com", False),
        ("mx-.example.com", False),
        (r"a\\032b.example.com", False),
        ("<b>.example.com", False),
        ("[192.0.2.1]", False),
        ("a" * 64 + ".example.com", False),
        ("a." * 127 + "aa", False),
    ],
)
def test_senders_take_letters_digits_hyphens_and_underscores(name: str, lax: bool) -> None:
    assert is_lax_host(name) is lax


@given(st.text("aZ9-_.", max_size=70), st.sampled_from(["", ".a", ".9", ".example.com", "." * 200 + "a"]))
def test_a_host_is_one_by_each_of_its_labels(start: str, end: str) -> None:
    name = f"{start}{end}"
    labels, allowed = name.lower().split("."), set("az9-exmplco")
    well = [0 < len(one) <= 63 and {*one} <= allowed and one.strip("-") == one for one in labels]
    lax = [0 < len(one) <= 63 and {*one} <= {*allowed, "_"} and one.strip("-") == one for one in labels]
    numeric = all(one.isdigit() for one in labels)
    assert is_host(name) is (all(well) and len(name) <= 253 and not is_address(name))
    assert is_lax_host(name) is (all(lax) and len(name) <= 253 and not numeric)


@pytest.mark.parametrize("name", ["localhost", "LocalHost.", "a.localhost", "localhost.localdomain"])
def test_localhost_is_this_machine(name: str) -> None:
    assert is_localhost(name)


@pytest.mark.parametrize("name", ["localhost.example.com", "mylocalhost", "mx.example.com", ""])
def test_other_names_are_not_this_machine(name: str) -> None:
    assert not is_localhost(name)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[192.0.2.1]", None),
        ("0.0.0.255", "0.0.0.255"),
        ("192.0.2", None),
        ("192.0.2.01", None),
        ("192.0.2.256", None),
        ("192.0.2.1\n", None),
        ("192.0.2.1.1", None),
        ("192.0.2.\u0661", None),
        ("192.0.2.1.example.com", None),
        ("", None),
    ],
)
def test_an_address_that_stands_for_a_name_is_bare(name: str, address: str | None) -> None:
    assert bare_address(name) == address


def test_as_many_labels_as_are_asked_for_have_to_be_there() -> None:
    for labels, text in enumerate(("com", "example.com", "mail.example.com"), 1):
        assert parse_host(text, labels_min=labels) == text
        with pytest.raises(FormatError) as raised:
            parse_host(text, labels_min=labels + 1)
        assert [one.rule for one in raised.value.objections] == ["host-single-label"]
    assert parse_host("com") == "com"
    assert parse_host("example.com") == "example.com"


def test_the_limits_of_a_name_are_those_of_the_rfc() -> None:
    longest = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
    assert (len(longest), is_host(longest), is_host(longest + "d"), is_host("a" + longest[1:])) == (
        253,
        True,
        False,
        True,
    )
    assert (is_host("a" * 63 + ".example"), is_host("a" * 64 + ".example")) == (True, False)
    assert (is_host("example." + "a" * 63), is_host("example." + "a" * 64)) == (True, False)
