"""The TLSRPT record after RFC 8460 section 3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.tlsrpt.record import (
    TlsRptFields,
    examine_record,
    mail_domains,
    near_tlsrpt_records,
    parse_record,
    print_record,
    tlsrpt_records,
    web_hosts,
)
from support_formats import extensions, hosts, tag_values, vector

locals_ = st.from_regex(r"[a-z0-9+_-]{1,6}(\.[a-z0-9]{1,6})?|%22a%2Cb%21%3B%22", fullmatch=True)
public_hosts = hosts.filter(lambda host: "." in host and not host.endswith("localhost"))
mailtos = st.builds("mailto:{}@{}".format, locals_, public_hosts)
webs = st.builds(
    "https://{}/{}".format, public_hosts, st.from_regex(r"(v1/tlsrpt|x\?a=b&c=%2C)?", fullmatch=True)
)
valid_records = st.builds(
    TlsRptFields,
    st.lists(mailtos | webs, min_size=1, max_size=3).map(tuple),
    extensions(tag_values, frozenset({"v", "rua"})),
)

MAIL = "mailto:tlsrpt@example.com"


def test_the_examples_of_the_rfc_are_read() -> None:
    assert parse_record(vector("rfc8460/record-section-3.1.1.txt")) == TlsRptFields(
        ("mailto:reports@example.com",)
    )
    assert parse_record(vector("rfc8460/record-section-3.1.2.txt")) == TlsRptFields(
        ("https://reporting.example.com/v1/tlsrpt",)
    )


@pytest.mark.parametrize(
    ("data", "want"),
    [
        (b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com;", TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;\trua=mailto:tlsrpt@example.com ; ", TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com,https://a.b/", TlsRptFields((MAIL, "https://a.b/"))),
        (b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com \t, https://a.b/", TlsRptFields((MAIL, "https://a.b/"))),
        (b"v=TLSRPTv1;rua=https://a.b:8443/x?y=z#f", TlsRptFields(("https://a.b:8443/x?y=z#f",))),
        (b"v=TLSRPTv1;rua=https://[2001:db8::1]/x", TlsRptFields(("https://[2001:db8::1]/x",))),
        (b"v=TLSRPTv1;rua=HTTPS://a.b/", TlsRptFields(("HTTPS://a.b/",))),
        (b"v=TLSRPTv1;rua=https://a.b:65535/", TlsRptFields(("https://a.b:65535/",))),
        (b"v=TLSRPTv1;rua=mailto:a.b+c'd@b.c", TlsRptFields(("mailto:a.b+c'd@b.c",))),
        (b"v=TLSRPTv1;rua=mailto:%22a%20b%22@b.c", TlsRptFields(("mailto:%22a%20b%22@b.c",))),
        (
            b"v=TLSRPTv1;rua=mailto:a%21b@example.com?subject=x",
            TlsRptFields(("mailto:a%21b@example.com?subject=x",)),
        ),
        (b"v=TLSRPTv1;x=y;rua=mailto:tlsrpt@example.com", TlsRptFields((MAIL,), (("x", "y"),))),
        (
            b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com;rua=https://a.b/?c=d",
            TlsRptFields((MAIL, "https://a.b/?c=d")),
        ),
    ],
)
def test_a_valid_record_is_read(data: bytes, want: TlsRptFields) -> None:
    assert parse_record(data) == want


@pytest.mark.parametrize(
    ("fields", "want"),
    [
        (b"", ("rua-missing",)),
        (b"RUA=mailto:a@b.c", ("rua-missing",)),
        (b"rua=", ("rua-unusable", "rua-empty")),
        (b"rua=tlsrpt@example.com", ("rua-unusable", "rua-uri")),
        (b"rua=http://a.b/", ("rua-unusable", "rua-scheme")),
        (b"rua=mailto:", ("rua-unusable", "rua-uri")),
        (b"rua=mailto:example.com", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:@example.com", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:a@", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:a@b_c.d", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:a@b.c@d.e", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:a..b@b.c", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:a%2Cb@b.c", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:%0D%0Aa@b.c", ("rua-unusable", "rua-mailto")),
        (b"rua=mailto:a@localhost", ("rua-unusable", "rua-local")),
        (b"rua=mailto:a@mail.localhost", ("rua-unusable", "rua-local")),
        (b"rua=mailto:a@intranet", ("rua-unusable", "rua-local")),
        (b"rua=https://localhost/", ("rua-unusable", "rua-local")),
        (b"rua=https://a:b@c.d/", ("rua-unusable", "rua-https")),
        (b"rua=https://a.b:0/", ("rua-unusable", "rua-https")),
        (b"rua=https://a.b:65536/", ("rua-unusable", "rua-https")),
        (b"rua=https://a.b/[1-5]", ("rua-unusable", "rua-https")),
        (b"rua=https:///x", ("rua-unusable", "rua-https")),
        (b"rua=https:a.b", ("rua-unusable", "rua-https")),
        (b"rua=https://a_b.c/", ("rua-unusable", "rua-https")),
        (b"rua=https://a.b:x/", ("rua-unusable", "rua-https")),
        (b"rua=mailto:a@b.c!10m", ("rua-unusable", "rua-size")),
        (b"rua=mailto:a%2@b.c", ("rua-unusable", "rua-uri")),
        (b"rua=mailto:a b@b.c", ("rua-unusable", "rua-uri")),
        (b"rua=mailto:<a@b.c>", ("rua-unusable", "rua-uri")),
        (b"rua=mailto:\xff@b.c", ("rua-unusable", "rua-uri", "record-not-ascii")),
    ],
)
def test_a_record_without_a_destination_is_unreadable(fields: bytes, want: tuple[str, ...]) -> None:
    got = examine_record(b"v=TLSRPTv1;" + fields)
    assert tuple(objection.rule for objection in got.objections) == want
    assert (got.strict, got.lenient) == (None, None)


@pytest.mark.parametrize(
    ("data", "want", "lenient"),
    [
        (b"v=TLSRPTv1 ;rua=mailto:tlsrpt@example.com", ("version-space",), TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;;rua=mailto:tlsrpt@example.com", ("field-empty",), TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com;x", ("field-malformed",), TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;rua = mailto:tlsrpt@example.com", ("field-space",), TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com,", ("rua-empty",), TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;rua=a@b.c,mailto:tlsrpt@example.com", ("rua-uri",), TlsRptFields((MAIL,))),
        (b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com;rua=x", ("rua-uri",), TlsRptFields((MAIL,))),
    ],
)
def test_a_record_invalid_by_the_grammar_may_be_readable(
    data: bytes, want: tuple[str, ...], lenient: TlsRptFields
) -> None:
    got = examine_record(data)
    assert tuple(objection.rule for objection in got.objections) == want
    assert (got.strict, got.lenient) == (None, lenient)
    with pytest.raises(FormatError):
        parse_record(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"v=TLSRPTv1", b"v=tlsrptv1;rua=mailto:a@b.c", b" v=TLSRPTv1;rua=mailto:a@b.c", b"v=TLSRPTv2;rua="],
)
def test_what_does_not_begin_with_the_version_is_no_record(data: bytes) -> None:
    assert [objection.rule for objection in examine_record(data).objections] == ["version-first"]


def test_of_two_rua_fields_both_count() -> None:
    got = examine_record(b"v=TLSRPTv1;rua=mailto:tlsrpt@example.com;rua=https://a.b/")
    assert got.strict == TlsRptFields((MAIL, "https://a.b/"))


def test_the_position_of_a_bad_destination_is_its_own() -> None:
    (objection,) = examine_record(b"v=TLSRPTv1; rua=mailto:a@b.c, x").objections
    assert (objection.rule, objection.position, objection.source) == ("rua-uri", 30, "RFC 8460 section 3")


def test_records_and_near_misses_are_told_from_other_texts() -> None:
    texts = (b"v=TLSRPTv1;rua=x", b"v=spf1 -all", b"v=TLSRPTv1 ;rua=x", b"V=TLSRPTv1;")
    assert tlsrpt_records(texts) == (b"v=TLSRPTv1;rua=x",)
    assert near_tlsrpt_records(texts) == (b"v=TLSRPTv1 ;rua=x", b"V=TLSRPTv1;")


def test_a_value_that_no_text_reads_as_is_not_printed() -> None:
    for record in (
        TlsRptFields(()),
        TlsRptFields(("mailto:a,b@c.d",)),
        TlsRptFields(("http://a.b/",)),
        TlsRptFields((MAIL,), (("x", ""),)),
        TlsRptFields((MAIL,), (("x", "1"), ("x", "2"))),
    ):
        with pytest.raises(FormatError):
            print_record(record)


@given(valid_records)
def test_a_printed_record_reads_back_as_itself(record: TlsRptFields) -> None:
    assert parse_record(print_record(record)) == record


@given(st.binary(max_size=60) | st.text(alphabet="mailto:https/@.,;=!% ab\t", max_size=60).map(str.encode))
def test_any_bytes_are_a_record_or_a_format_error(data: bytes) -> None:
    for text in (data, b"v=TLSRPTv1;rua=" + data, b"v=TLSRPTv1;rua=mailto:a@b.c," + data):
        got = examine_record(text)
        assert (got.strict is None) == bool(got.objections)
        assert (got.lenient is None) == any(not objection.ambiguous for objection in got.objections)
        assert all(0 <= objection.position <= len(text) for objection in got.objections)
        try:
            parsed = parse_record(text)
        except FormatError:
            parsed = None
        assert parsed == got.strict


def test_the_hosts_that_reports_are_posted_to_are_named_once() -> None:
    rua = (
        "https://A.example.net/v1",
        "HTTPS://a.example.net:8443/x?y",
        MAIL,
        "https://[2001:db8::1]/",
        "https://b.example/",
    )
    assert web_hosts(rua) == ("a.example.net", "b.example")
    assert web_hosts((MAIL,)) == ()


def test_the_domains_that_reports_are_mailed_to_are_named_once() -> None:
    rua = (
        "mailto:tls@Example.com?subject=to@example.net",
        "MAILTO:other@example.COM.",
        "https://b.example/?to=a@c.example",
        "mailto:%22a%40b.example%22@d.example",
    )
    assert mail_domains(rua) == ("example.com", "d.example")
    assert mail_domains(("https://b.example/",)) == ()
