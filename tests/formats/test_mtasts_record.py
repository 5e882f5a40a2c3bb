"""The MTA-STS record after RFC 8461 section 3.1; ids in capitals are rows of the list of requirements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.examination import OBJECTIONS_MAX
from mxproof.formats.mtasts import (
    StsFields,
    examine_record,
    near_sts_records,
    parse_record,
    print_record,
    sts_records,
)
from mxproof.formats.mtasts_record import read_record
from mxproof.formats.tags import RECORD_BYTES_MAX
from support_formats import extensions, tag_values, vector

ids = st.from_regex(r"[A-Za-z0-9]{1,32}", fullmatch=True)
valid_records = st.builds(StsFields, ids, extensions(tag_values, frozenset({"v", "id"})))


def rules(data: bytes) -> tuple[str, ...]:
    return tuple(objection.rule for objection in examine_record(data).objections)


def test_the_example_of_the_rfc_is_read() -> None:
    got = parse_record(vector("rfc8461/record-section-3.1.txt"))
    assert got == StsFields("20160831085700Z")


@pytest.mark.parametrize(
    ("data", "want"),
    [
        pytest.param(b"v=STSv1;id=a", StsFields("a"), id="PA-14 no space, no final semicolon"),
        pytest.param(b"v=STSv1; id=a;", StsFields("a"), id="PA-14 final semicolon"),
        pytest.param(b"v=STSv1;\tid=a ;", StsFields("a"), id="PA-14 tab and space"),
        pytest.param(b"v=STSv1; id=a; \t", StsFields("a"), id="PA-14 space behind the final semicolon"),
        pytest.param(b"v=STSv1;id=" + b"Z" * 32, StsFields("Z" * 32), id="PD-04 an id of 32"),
        pytest.param(
            b"v=STSv1;x=y;id=a", StsFields("a", (("x", "y"),)), id="PA-10 unknown field before the id"
        ),
        pytest.param(
            b"v=STSv1;id=a;x=y;", StsFields("a", (("x", "y"),)), id="PA-10 unknown field after the id"
        ),
        pytest.param(
            b"v=STSv1;id=a;ID=b", StsFields("a", (("ID", "b"),)), id="PA-10 other case, other field"
        ),
        pytest.param(b"v=STSv1;id=a;id=b-c", StsFields("a"), id="PA-11 the first id counts"),
        pytest.param(
            b"v=STSv1;x=1;id=a;x=2", StsFields("a", (("x", "1"),)), id="PA-11 the first extension counts"
        ),
        pytest.param(b"v=STSv1;v=STSv2;id=a", StsFields("a"), id="PA-11 the first version counts"),
        pytest.param(
            b"v=STSv1;id=a;0" + b"_-." * 10 + b"b=:<>~",
            StsFields("a", (("0" + "_-." * 10 + "b", ":<>~"),)),
            id="PA-12 longest name and odd characters",
        ),
        pytest.param(
            b"".join((b"v=STSv1; i", b"d=abc")), StsFields("abc"), id="SD-03 strings joined without space"
        ),
    ],
)
def test_a_valid_record_is_read(data: bytes, want: StsFields) -> None:
    assert parse_record(data) == want


@pytest.mark.parametrize(
    ("data", "want", "readable"),
    [
        pytest.param(
            b"v=STSv1;id=a;x=\xff", ("field-malformed", "record-not-ascii"), False, id="PD-02 not ASCII"
        ),
        pytest.param(
            "v=STSv1;id=ä".encode(), ("record-not-ascii", "id-value"), False, id="PD-02 UTF-8 in the id"
        ),
        pytest.param(b"V=STSv1;id=a", ("version-first",), False, id="PD-03 key in capitals"),
        pytest.param(b"v=stsv1;id=a", ("version-first",), False, id="PD-03 value in small letters"),
        pytest.param(b" v=STSv1;id=a", ("version-first",), False, id="PD-03 leading space"),
        pytest.param(b"id=a;v=STSv1;", ("version-first",), False, id="PD-03 version not first"),
        pytest.param(b"v=STSv1.0;id=a", ("version-first",), False, id="PD-03 other version"),
        pytest.param(b"v=STSv1", ("version-first",), False, id="PD-03 version alone"),
        pytest.param(b"v=STSv1,id=a", ("version-first",), False, id="PD-03 comma"),
        pytest.param(b"", ("version-first",), False, id="PD-03 nothing"),
        pytest.param(b"v=STSv1;", ("id-missing",), False, id="PD-04 no field"),
        pytest.param(b"v=STSv1;x=y", ("id-missing",), False, id="PD-04 no id"),
        pytest.param(b"v=STSv1;ID=a", ("id-missing",), False, id="PD-04 id in capitals"),
        pytest.param(b"v=STSv1;id=", ("id-value",), False, id="PD-04 empty id"),
        pytest.param(b"v=STSv1;id=" + b"a" * 33, ("id-value",), True, id="PD-04 id of 33"),
        pytest.param(b"v=STSv1;id=2026-06-01", ("id-value",), True, id="PD-04 hyphen"),
        pytest.param(b"v=STSv1;id=a_b", ("id-value",), True, id="PD-04 underscore"),
        pytest.param(b"v=STSv1;id=a/b", ("id-value",), True, id="PD-04 slash"),
        pytest.param(b"v=STSv1;id=12:00", ("id-value",), True, id="PD-04 colon"),
        pytest.param(b"v=STSv1;id=1.0", ("id-value",), True, id="PD-04 dot"),
        pytest.param(b"v=STSv1;id=a\n", ("id-value",), True, id="PD-04 line feed"),
        pytest.param(b"v=STSv1;id=a x=y", ("id-value",), True, id="PA-15 forgotten semicolon"),
        pytest.param(b"v=STSv1 ;id=a", ("version-space",), True, id="SD-04 ER-02 space before the semicolon"),
        pytest.param(b"v=STSv1;;id=a", ("field-empty",), True, id="PA-15 empty field"),
        pytest.param(b"v=STSv1;id=a; ;", ("field-empty",), True, id="PA-15 empty field at the end"),
        pytest.param(b"v=STSv1;id=a ", ("trailing-space",), True, id="PA-15 space without semicolon"),
        pytest.param(b"v=STSv1;id=a;x", ("field-malformed",), True, id="PA-15 field without value"),
        pytest.param(b"v=STSv1;id=a;x=a=b", ("field-malformed",), True, id="PA-16 second equals sign"),
        pytest.param(b"v=STSv1;id=a;x=a b", ("field-malformed",), True, id="PA-16 space in a value"),
        pytest.param(b"v=STSv1;id=a;x=", ("field-malformed",), True, id="PA-16 empty value"),
        pytest.param(b"v=STSv1;id=a;x=\x7f", ("field-malformed",), True, id="PA-16 control character"),
        pytest.param(b"v=STSv1;id=a;_x=y", ("field-malformed",), True, id="PA-12 name with underscore first"),
        pytest.param(b"v=STSv1;id=a;" + b"n" * 33 + b"=y", ("field-malformed",), True, id="PA-12 name of 33"),
        pytest.param(b"v=STSv1;id = a", ("field-space",), True, id="PA-15 space around the equals sign"),
        pytest.param(b"v=STSv1;id=a;id=", ("field-malformed",), True, id="PA-11 malformed second id"),
    ],
)
def test_an_invalid_record_is_refused_and_its_lenient_reading_known(
    data: bytes, want: tuple[str, ...], readable: bool
) -> None:
    got = examine_record(data)
    assert tuple(objection.rule for objection in got.objections) == want
    assert (got.strict, got.lenient is not None) == (None, readable)
    with pytest.raises(FormatError) as raised:
        parse_record(data)
    assert raised.value.objections == got.objections


@pytest.mark.parametrize(
    ("data", "rule", "position"),
    [
        (b"v=STSv1; x=1; id=a-b", "id-value", 17),
        (b"v=STSv1;; id=a", "field-empty", 8),
        (b"v=STSv1; id=a;  y", "field-malformed", 16),
        (b"v=STSv1; id=a ", "trailing-space", 13),
        (b"v=STSv1\t; id=a", "version-space", 7),
        (b"v=STSv1; x=\xe4", "record-not-ascii", 11),
    ],
)
def test_an_objection_says_where_and_after_which_section(data: bytes, rule: str, position: int) -> None:
    got = next(objection for objection in examine_record(data).objections if objection.rule == rule)
    assert (got.position, got.source) == (position, "RFC 8461 section 3.1")


def test_all_objections_are_collected_not_the_first_alone() -> None:
    assert rules(b"v=STSv1 ;;x;id=a-b ") == (
        "version-space",
        "field-empty",
        "field-malformed",
        "id-value",
        "trailing-space",
    )


def test_a_repeated_field_changes_nothing() -> None:
    got = examine_record(b"v=STSv1;id=a;id=b;x=1;x=2")
    assert got.strict == StsFields("a", (("x", "1"),))


def test_objections_are_bounded() -> None:
    got = examine_record(b"v=STSv1;" + b";" * 1000)
    assert len(got.objections) == OBJECTIONS_MAX + 1
    assert got.objections[-1].rule == "id-missing"


def test_a_record_above_the_limit_is_refused() -> None:
    assert rules(b"v=STSv1;id=a;x=" + b"y" * RECORD_BYTES_MAX) == ("record-too-long",)


def test_any_other_id_is_another_record_and_ids_have_no_order_pd_05_pd_06() -> None:
    newer, older = parse_record(b"v=STSv1;id=2"), parse_record(b"v=STSv1;id=1")
    assert newer != older
    with pytest.raises(TypeError):
        sorted([newer, older])  # type: ignore[type-var]  # that there is no order is tested


def test_records_are_told_from_other_texts_pd_07_sd_04() -> None:
    texts = (b"v=spf1 -all", b"v=STSv1; id=a", b"v=STSv1 ;id=b", b"V=STSv1;id=c", b"v=STSv1", b"v=STSv1;")
    assert sts_records(texts) == (b"v=STSv1; id=a", b"v=STSv1;")


@pytest.mark.parametrize(
    "text",
    [
        b"v=STSv1 ;id=a",
        b"V=STSv1;id=a",
        b" v=STSv1;id=a",
        b'"v=STSv1;id=a"',
        b"id=a;v=STSv1;",
        b"STSv1",
        b"v=STSv1.0;",
    ],
)
def test_a_near_miss_is_recognised_pd_03_pd_07(text: bytes) -> None:
    assert near_sts_records((text, b"v=spf1 -all", b"v=STSv1;id=x")) == (text,)


def test_a_value_that_no_text_reads_as_is_not_printed() -> None:
    for record in (
        StsFields("a-b"),
        StsFields(""),
        StsFields("a", (("x", "1;id=b"),)),
        StsFields("a", (("id", "b"),)),
        StsFields("ä"),
    ):
        with pytest.raises(FormatError):
            print_record(record)


@given(valid_records)
def test_a_printed_record_reads_back_as_itself(record: StsFields) -> None:
    assert parse_record(print_record(record)) == record


@given(st.binary(max_size=80))
def test_any_bytes_are_a_record_or_a_format_error(data: bytes) -> None:
    for text in (data, b"v=STSv1;" + data, b"v=STSv1;id=a;" + data):
        _assert_lawful(text)


@given(st.text(alphabet="v=STSv1; id\ta-x,\x00ä", max_size=40))
def test_any_text_made_of_the_grammars_pieces_is_read_by_one_law(text: str) -> None:
    _assert_lawful(b"v=STSv1" + text.encode())


def _assert_lawful(data: bytes) -> None:
    """Assert the law of an examination, and that parsing is its strict half."""
    got = examine_record(data)
    assert (got.strict is None) == bool(got.objections)
    assert (got.lenient is None) == any(not objection.ambiguous for objection in got.objections)
    assert got.strict in (None, got.lenient)
    assert all(0 <= objection.position <= len(data) for objection in got.objections)
    try:
        parsed = parse_record(data)
    except FormatError:
        parsed = None
    assert parsed == got.strict


def test_a_reader_takes_a_record_all_of_whose_faults_it_forgives() -> None:
    sound, faulty = b"v=STSv1; id=1;", b"v=STSv1 ; id=a-b; x"
    rules = frozenset(one.rule for one in examine_record(faulty).objections)
    assert len(rules) > 1
    assert read_record(sound, frozenset()) == StsFields("1")
    assert read_record(faulty, frozenset()) is None
    assert read_record(faulty, rules) is not None
    for one in rules:
        assert read_record(faulty, rules - {one}) is None
