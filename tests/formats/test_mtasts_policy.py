"""The MTA-STS policy after RFC 8461 section 3.2; ids in capitals are rows of the list of requirements."""

import pytest

from mxproof.formats import FormatError
from mxproof.formats.mtasts import (
    MAX_AGE_S_MAX,
    POLICY_BYTES_MAX,
    Mode,
    Policy,
    examine_policy,
    parse_policy,
    repeated_fields,
)
from support_formats import vector


def body(
    version: str = "version: STSv1\n",
    mode: str = "mode: enforce\n",
    mx: str = "mx: mail.example.com\n",
    max_age: str = "max_age: 86400\n",
    more: str = "",
) -> bytes:
    """Return a policy; every argument is one line or several, or empty to leave it out."""
    return (version + mode + mx + max_age + more).encode()


GOOD = Policy(Mode.ENFORCE, 86400, ("mail.example.com",))


def test_the_examples_of_the_rfc_are_read() -> None:
    assert parse_policy(vector("rfc8461/policy-section-3.2.txt")) == Policy(
        Mode.ENFORCE, 604800, ("mail.example.com", "*.example.net", "backupmx.example.com")
    )
    assert parse_policy(vector("rfc8461/policy-appendix-a.txt")) == Policy(
        Mode.TESTING, 1296000, ("mx1.example.com", "mx2.example.com", "mx.backup-example.com")
    )


@pytest.mark.parametrize(
    ("data", "want"),
    [
        pytest.param(body(version="", more="version: STSv1"), GOOD, id="PA-02 version last"),
        pytest.param(body(mode="mode: testing\n"), Policy(Mode.TESTING, 86400, GOOD.mx), id="PA-03 testing"),
        pytest.param(body(mode="mode: none\n"), Policy(Mode.NONE, 86400, GOOD.mx), id="PA-03 none"),
        pytest.param(body(max_age="max_age: 0\n"), Policy(Mode.ENFORCE, 0, GOOD.mx), id="PA-04 CA-11 zero"),
        pytest.param(body(max_age="max_age: 0000086400\n"), GOOD, id="PA-04 ten digits"),
        pytest.param(
            body(max_age="max_age: 31557600\n"),
            Policy(Mode.ENFORCE, 31557600, GOOD.mx),
            id="PA-04 the maximum",
        ),
        pytest.param(body(mode="mode: none\n", mx=""), Policy(Mode.NONE, 86400), id="PA-05 none without mx"),
        pytest.param(
            body(mx="mx: b.example\nmx: a.example\n"),
            Policy(Mode.ENFORCE, 86400, ("b.example", "a.example")),
            id="PA-06 two mx lines",
        ),
        pytest.param(
            body(mx="mx: *.example.com\n"), Policy(Mode.ENFORCE, 86400, ("*.example.com",)), id="PA-07 *."
        ),
        pytest.param(body(mx="mx: MAIL.Example.COM\n"), GOOD, id="PA-07 capitals"),
        pytest.param(
            body(mx="mx: localhost\n"), Policy(Mode.ENFORCE, 86400, ("localhost",)), id="PA-07 one label"
        ),
        pytest.param(body().replace(b"\n", b"\r\n"), GOOD, id="PA-08 ER-01 CRLF"),
        pytest.param(body().replace(b"\n", b"\r\n", 2), GOOD, id="PA-08 mixed line ends"),
        pytest.param(body().removesuffix(b"\n"), GOOD, id="PA-08 no final line end"),
        pytest.param(body(mx="mx:mail.example.com\n"), GOOD, id="PA-09 no space"),
        pytest.param(body(mx="mx: \t mail.example.com \t\n"), GOOD, id="PA-09 space on both sides"),
        pytest.param(body().removesuffix(b"\n") + b"  ", GOOD, id="PA-09 space at the very end"),
        pytest.param(
            body(more="foo: bar\n"),
            Policy(Mode.ENFORCE, 86400, GOOD.mx, (("foo", "bar"),)),
            id="PA-10 unknown field",
        ),
        pytest.param(body(mode="mode: enforce\nmode: testing\n"), GOOD, id="PA-11 the first mode counts"),
        pytest.param(body(more="mode: nonsense\n"), GOOD, id="PA-11 a second mode may say anything"),
        pytest.param(
            body(more="max_age: 1\nversion: STSv2\n"), GOOD, id="PA-11 the first max_age and version count"
        ),
        pytest.param(
            body(more="x: 1\nx: 2\n"),
            Policy(Mode.ENFORCE, 86400, GOOD.mx, (("x", "1"),)),
            id="PA-11 first extension",
        ),
        pytest.param(
            body(more="0" + "_-." * 10 + "z: ä: ✉ 😀=;\n"),
            Policy(Mode.ENFORCE, 86400, GOOD.mx, (("0" + "_-." * 10 + "z", "ä: ✉ 😀=;"),)),
            id="PA-12 longest name and UTF-8",
        ),
        pytest.param(
            body(mx="mx: xn--bcher-kva.example\n"),
            Policy(Mode.ENFORCE, 86400, ("xn--bcher-kva.example",)),
            id="ID-01 A-label",
        ),
        pytest.param(
            body(more="x: a\ufeffb\n"),
            Policy(Mode.ENFORCE, 86400, GOOD.mx, (("x", "a\ufeffb"),)),
            id="PA-13 a byte order mark within a value is a part of it",
        ),
    ],
)
def test_a_valid_policy_is_read(data: bytes, want: Policy) -> None:
    assert parse_policy(data) == want


@pytest.mark.parametrize(
    ("data", "want"),
    [
        pytest.param(body(version=""), ("version-missing",), id="PA-01 missing"),
        pytest.param(body(version="version: STSv2\n"), ("version-value",), id="PA-01 other version"),
        pytest.param(body(version="version: stsv1\n"), ("version-value",), id="PA-01 value in small letters"),
        pytest.param(body(version="version:\n"), ("version-value",), id="PA-01 no value"),
        pytest.param(body(version="Version: STSv1\n"), ("version-missing",), id="PA-01 key with a capital"),
        pytest.param(
            body(version="v=STSv1\n"), ("line-malformed", "version-missing"), id="PA-01 as in the record"
        ),
        pytest.param(body(mode=""), ("mode-missing",), id="PA-03 missing"),
        pytest.param(body(mode="mode: Enforce\n"), ("mode-value",), id="PA-03 capital"),
        pytest.param(body(mode="mode: report\n"), ("mode-value",), id="PA-03 the draft's report"),
        pytest.param(body(mode="mode:\n"), ("mode-value",), id="PA-03 empty"),
        pytest.param(
            body(mode="mode: report\nmode: enforce\n"), ("mode-value",), id="PA-11 a bad first mode counts"
        ),
        pytest.param(body(max_age=""), ("max-age-missing",), id="PA-04 missing"),
        pytest.param(body(max_age="max_age: -1\n"), ("max-age-value",), id="PA-04 negative"),
        pytest.param(body(max_age="max_age: +1\n"), ("max-age-value",), id="PA-04 sign"),
        pytest.param(body(max_age="max_age: 1.0\n"), ("max-age-value",), id="PA-04 float"),
        pytest.param(body(max_age="max_age: 1d\n"), ("max-age-value",), id="PA-04 unit"),
        pytest.param(body(max_age="max_age: 1_000\n"), ("max-age-value",), id="PA-04 underscore"),
        pytest.param(body(max_age="max_age: ٣\n"), ("max-age-value",), id="PA-04 digit that is not ASCII"),
        pytest.param(body(max_age="max_age: 00000086400\n"), ("max-age-value",), id="PA-04 eleven digits"),
        pytest.param(body(max_age="max-age: 86400\n"), ("max-age-missing",), id="PA-04 hyphen in the key"),
        pytest.param(body(mx=""), ("mx-missing",), id="PA-05 enforce without mx"),
        pytest.param(body(mode="mode: testing\n", mx=""), ("mx-missing",), id="PA-05 testing without mx"),
        pytest.param(body(mx="MX: mail.example.com\n"), ("mx-missing",), id="PA-05 mx in capitals"),
        pytest.param(
            body(mode="Mode: Off\n"), ("mode-missing",), id="PA-03 a key that is another has no value"
        ),
        pytest.param(
            body(version="VERSION: 2\n", mode="MODE: off\n", max_age="Max_Age: never\n"),
            ("version-missing", "mode-missing", "max-age-missing"),
            id="PA-01 PA-03 PA-04 all keys in capitals",
        ),
        pytest.param(
            body(mode="mode: none\n", max_age="Max_Age: 1\n", mx=""), ("max-age-missing",), id="PA-04 capital"
        ),
        pytest.param(
            body().replace(b"\n", b"\r"),
            ("stray-cr", "version-value", "mode-missing", "max-age-missing", "mx-missing"),
            id="PA-08 bare CR",
        ),
        pytest.param(
            body().replace(b"\n", "\u2028".encode()),
            ("version-value", "mode-missing", "max-age-missing", "mx-missing"),
            id="PA-08 no other line end",
        ),
        pytest.param(
            b"", ("version-missing", "mode-missing", "max-age-missing", "mx-missing"), id="PA-17 empty body"
        ),
        pytest.param(
            b"<html>",
            ("line-malformed", "version-missing", "mode-missing", "max-age-missing", "mx-missing"),
            id="PA-17 a page",
        ),
        pytest.param(body() + b"x" * POLICY_BYTES_MAX, ("policy-too-long",), id="PH-07 SH-07 above 64 KiB"),
    ],
)
def test_an_unreadable_policy_is_refused_even_leniently(data: bytes, want: tuple[str, ...]) -> None:
    got = examine_policy(data)
    assert tuple(objection.rule for objection in got.objections) == want
    assert (got.strict, got.lenient) == (None, None)
    with pytest.raises(FormatError) as raised:
        parse_policy(data)
    assert raised.value.objections == got.objections


@pytest.mark.parametrize(
    ("data", "want", "lenient"),
    [
        pytest.param(
            body(max_age="max_age: 31557601\n"),
            ("max-age-range",),
            Policy(Mode.ENFORCE, MAX_AGE_S_MAX, GOOD.mx),
            id="PA-04 ER-03 one above the maximum",
        ),
        pytest.param(
            body(max_age="max_age: 4294967295\n"),
            ("max-age-range",),
            Policy(Mode.ENFORCE, MAX_AGE_S_MAX, GOOD.mx),
            id="PA-04 ER-03 far above the maximum",
        ),
        pytest.param(body(more="\n"), ("blank-line",), GOOD, id="PA-13 blank line at the end"),
        pytest.param(
            body(mode="\nmode: enforce\n"), ("blank-line",), GOOD, id="PA-13 blank line in the middle"
        ),
        pytest.param(body(mode=" \t\nmode: enforce\n"), ("blank-line",), GOOD, id="PA-13 line of space"),
        pytest.param(
            body(version="\nversion: STSv1\n"), ("blank-line",), GOOD, id="PA-13 blank line at the start"
        ),
        pytest.param(
            body(version="# by hand\nversion: STSv1\n"), ("line-malformed",), GOOD, id="PA-13 comment"
        ),
        pytest.param(
            body(version="# a: b\nversion: STSv1\n"), ("name-malformed",), GOOD, id="PA-13 comment with colon"
        ),
        pytest.param(
            body(version="\ufeffversion: STSv1\n"), ("byte-order-mark",), GOOD, id="PA-13 byte order mark"
        ),
        pytest.param(body(more="no colon\n"), ("line-malformed",), GOOD, id="PA-13 no colon"),
        pytest.param(body(more="x:\n"), ("value-malformed",), GOOD, id="PA-12 no value"),
        pytest.param(body(more="x: a\tb\n"), ("value-malformed",), GOOD, id="PA-12 tab in a value"),
        pytest.param(body(more="x: \x7f\n"), ("value-malformed",), GOOD, id="PA-12 control character"),
        pytest.param(body(more="x: a\rb\n"), ("value-malformed",), GOOD, id="PA-08 CR inside a line"),
        pytest.param(body() + b"x: \xff\n", ("value-malformed",), GOOD, id="PA-12 not UTF-8"),
        pytest.param(
            body() + b"x: \xed\xa0\x80\n", ("value-malformed",), GOOD, id="PA-12 surrogate in UTF-8"
        ),
        pytest.param(body(more="n" * 33 + ": x\n"), ("name-malformed",), GOOD, id="PA-12 name of 33"),
        pytest.param(body(more="_x: y\n"), ("name-malformed",), GOOD, id="PA-12 name with underscore first"),
        pytest.param(body(more="ä: y\n"), ("name-malformed",), GOOD, id="PA-12 name not ASCII"),
        pytest.param(
            body(mode=" mode: enforce\n"), ("name-malformed",), GOOD, id="PA-09 space before the key"
        ),
        pytest.param(
            body(mode="mode : enforce\n"), ("name-malformed",), GOOD, id="PA-09 space before the colon"
        ),
        pytest.param(
            body(more="mode:\n"), ("value-malformed",), GOOD, id="PA-11 a second mode without value"
        ),
        pytest.param(body().replace(b"\n", b"\r\r\n"), ("stray-cr",) * 4, GOOD, id="PA-08 CR CR LF"),
        pytest.param(body().removesuffix(b"\n") + b"\r", ("stray-cr",), GOOD, id="PA-08 final CR alone"),
    ],
)
def test_a_policy_invalid_by_the_grammar_may_be_readable(
    data: bytes, want: tuple[str, ...], lenient: Policy
) -> None:
    got = examine_policy(data)
    assert tuple(objection.rule for objection in got.objections) == want
    assert (got.strict, got.lenient) == (None, lenient)
    with pytest.raises(FormatError):
        parse_policy(data)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a.example, b.example", id="PA-06 comma"),
        pytest.param("a.example b.example", id="PA-06 space"),
        pytest.param("", id="PA-07 empty"),
        pytest.param("*", id="PA-07 star alone"),
        pytest.param("*.", id="PA-07 star and dot"),
        pytest.param("mail.*.example", id="PA-07 star in the middle"),
        pytest.param("m*.example.com", id="PA-07 part of a label"),
        pytest.param("*.*.example.com", id="PA-07 two stars"),
        pytest.param("**.example.com", id="PA-07 star twice"),
        pytest.param(".example.com", id="PA-07 leading dot"),
        pytest.param("example..com", id="PA-07 empty label"),
        pytest.param("mail.example.com.", id="PA-07 trailing dot"),
        pytest.param("*.example.com.", id="PA-07 wildcard with trailing dot"),
        pytest.param("192.0.2.1", id="PA-07 MX-07 IPv4 address"),
        pytest.param("*.192.0.2.1", id="PA-07 MX-07 wildcard over an address"),
        pytest.param("[192.0.2.1]", id="PA-07 address literal"),
        pytest.param("2001:db8::1", id="PA-07 IPv6 address"),
        pytest.param("[IPv6:2001:db8::1]", id="PA-07 IPv6 literal"),
        pytest.param("mail.example.com:25", id="PA-07 port"),
        pytest.param("-mail.example.com", id="PA-07 leading hyphen"),
        pytest.param("mail-.example.com", id="PA-07 trailing hyphen"),
        pytest.param("mail_1.example.com", id="PA-07 underscore"),
        pytest.param("a" * 64 + ".example.com", id="PA-07 label of 64"),
        pytest.param(".".join(["a" * 63] * 4), id="PA-07 name of 255"),
        pytest.param("mail.bücher.example", id="ID-01 U-label"),
        pytest.param("mail.\u212aexample.com", id="ID-01 Kelvin sign"),
        pytest.param("mail.example.com servername=evil", id="PA-07 what a policy map must not see"),
        pytest.param("mail.example.com\x00", id="PA-07 NUL"),
        pytest.param("{mail.example.com}", id="PA-07 braces"),
    ],
)
def test_a_bad_mx_value_is_dropped_by_lenient_senders_only(value: str) -> None:
    got = examine_policy(body(mx=f"mx: {value}\nmx: mail.example.com\n"))
    assert [(objection.rule, objection.ambiguous) for objection in got.objections] == [("mx-value", True)]
    assert (got.strict, got.lenient) == (None, GOOD)


def test_a_policy_whose_only_mx_is_bad_is_unreadable_pa_05() -> None:
    got = examine_policy(body(mx="mx: 192.0.2.1\n"))
    assert [objection.rule for objection in got.objections] == ["mx-value", "mx-missing"]
    assert got.lenient is None


@pytest.mark.parametrize(
    ("data", "rule", "position"),
    [
        (b"version: STSv1\nmode: Enforce\nmx: a.b\nmax_age: 1\n", "mode-value", 21),
        (b"version: STSv1\r\nmode: none\r\n\r\nmax_age: 1\r\n", "blank-line", 28),
        (b"version: STSv1\nmode: enforce\nmx: *.a_b.c\nmax_age: 1\n", "mx-value", 35),
        (b"version: STSv1\nmode: enforce\nmx: a.b_c\nmax_age: 1\n", "mx-value", 35),
        (b"version: STSv1\nMode: enforce\nmx: a.b\nmax_age: 1\n", "mode-missing", 21),
        (b"version: STSv1\nmode: none\nmax_age:  99999999\n", "max-age-range", 36),
        (b"\xef\xbb\xbfversion: STSv1\nmode: none\n", "max-age-missing", 29),
        ("version: STSv1\nx: é\nmode: bad\nmax_age: 1\n".encode(), "mode-value", 27),
    ],
)
def test_an_objection_says_the_byte_and_the_section(data: bytes, rule: str, position: int) -> None:
    got = next(objection for objection in examine_policy(data).objections if objection.rule == rule)
    assert (got.position, got.source) == (position, "RFC 8461 section 3.2")


def test_all_objections_are_collected_in_order_of_position() -> None:
    got = examine_policy(b"# x\nversion: 2\nmode: off\nmx: *\nmax_age: never\n\n")
    assert [objection.rule for objection in got.objections] == [
        "line-malformed",
        "version-value",
        "mode-value",
        "mx-value",
        "max-age-value",
        "blank-line",
        "mx-missing",
    ]


def test_what_is_odd_and_yet_valid_is_read_pa_02_pa_11() -> None:
    got = examine_policy(b"mode: none\nversion: STSv1\nmode: enforce\nmax_age: 1\nx: 1\nx: 2\n")
    assert got.strict == Policy(Mode.NONE, 1, (), (("x", "1"),))


@pytest.mark.parametrize(
    ("pattern", "host", "want"),
    [
        pytest.param("mail.example.com", "mail.example.com", True, id="MX-01 exact"),
        pytest.param("mail.example.com", "mail2.example.com", False, id="MX-01 other name"),
        pytest.param("*.example.com", "mail.example.com", True, id="MX-01 MX-02 PD-12 one label"),
        pytest.param("*.example.com", "example.com", False, id="MX-02 no label"),
        pytest.param("*.example.com", "a.b.example.com", False, id="MX-02 two labels"),
        pytest.param("*.example.com", ".example.com", False, id="MX-02 empty label"),
        pytest.param("mail.example.com", "MAIL.Example.COM.", True, id="MX-03 case and final dot"),
        pytest.param("example.com", "mail.example.com", False, id="MX-01 parent"),
        pytest.param("mail.example.com", "192.0.2.1", False, id="MX-07 address"),
        pytest.param("*.0.2.1", "192.0.2.1", False, id="MX-07 address under a wildcard"),
        pytest.param("mail.example.com", "", False, id="MX-06 nothing"),
        pytest.param("*.example.com", ".", False, id="MX-06 null MX"),
        pytest.param("mail.kexample.com", "mail.\u212aexample.com", False, id="ID-03 Kelvin sign is no k"),
        pytest.param("xn--bcher-kva.example", "bücher.example", False, id="ID-03 raw U-label"),
    ],
)
def test_a_policy_matches_hosts_by_pattern(pattern: str, host: str, want: bool) -> None:
    policy = Policy(Mode.ENFORCE, 86400, ("other.example.org", pattern))
    assert policy.matches(host) == want


def test_a_policy_without_patterns_matches_nothing() -> None:
    assert not Policy(Mode.NONE, 86400).matches("mail.example.com")


def test_a_field_that_stands_again_is_told_where_its_value_is_another_pa_11() -> None:
    """The patterns stand as often as there are hosts, and extensions are nobody's business."""
    same = b"version: STSv1\nmode: none\nmx: a.example\nmx: b.example\nmode: none\nmax_age: 1\nx: 1\nx: 2\n"
    assert repeated_fields(same) == ()
    found = repeated_fields(same + b"mode: testing\nmax_age: 2\nversion: STSv2\nmode: enforce\nmode: none\n")
    assert [(one.rule, one.seen, one.position, one.ambiguous) for one in found] == [
        ("field-repeated", "testing", len(same) + 6, True),
        ("field-repeated", "2", len(same) + 23, True),
        ("field-repeated", "STSv2", len(same) + 34, True),
        ("field-repeated", "enforce", len(same) + 46, True),
    ]
