"""The grammar that the records of MTA-STS and TLS reporting share, in a format of its own: `v=X1; key=...`."""

import pytest

from mxproof.formats.errors import Objection
from mxproof.formats.examination import Notes
from mxproof.formats.tags import (
    RECORD_BYTES_MAX,
    Tag,
    TagGrammar,
    Tags,
    is_extension_value,
    near_records,
    read_tags,
    records,
)

GRAMMAR = TagGrammar(b"v=X1", b"key", "RFC 8461 section 3.1")


def read(data: bytes) -> tuple[Tags | None, tuple[Objection, ...]]:
    """Return the fields of a record, and what is wrong with it."""
    notes = Notes()
    tags = read_tags(data, GRAMMAR, notes)
    return tags, notes.objections()


def told(data: bytes) -> list[tuple[str, int, bool]]:
    """Return rule, place and ambiguity of each objection."""
    return [(one.rule, one.position, one.ambiguous) for one in read(data)[1]]


def test_a_sender_counts_only_texts_that_begin_with_the_version_and_its_semicolon() -> None:
    texts = (b"v=X1;key=a", b"v=X1 ;key=a", b"V=X1;", b"v=X12;", b" v=X1;", b"v=spf1 -all", b"v=X1;")
    assert records(texts, GRAMMAR) == (b"v=X1;key=a", b"v=X1;")


def test_texts_that_hold_the_name_of_the_version_otherwise_look_meant_to_be_records() -> None:
    texts = (b"v=X1;key=a", b"v=X1 ;key=a", b"V=x1; key=a", b'"v=X1;"', b"v=spf1 -all", b"")
    assert near_records(texts, GRAMMAR) == (b"v=X1 ;key=a", b"V=x1; key=a", b'"v=X1;"')


@pytest.mark.parametrize(
    ("value", "well"),
    [
        (b"a", True),
        (b"!:<>~", True),
        (b"", False),
        (b"a b", False),
        (b"a=b", False),
        (b"a;b", False),
        (b"\x7f", False),
    ],
)
def test_the_value_of_an_extension_has_no_space_and_no_sign_of_the_grammar(
    value: bytes, *, well: bool
) -> None:
    assert is_extension_value(value) is well


def test_every_value_of_the_key_is_kept_with_its_place_and_the_first_of_an_extension() -> None:
    tags, objections = read(b"v=X1; key=a;x=1 ;key=b ;x=2;Y.z-_=:")
    assert tags == Tags((Tag(b"a", 10), Tag(b"b", 21)), (("x", "1"), ("Y.z-_", ":")))
    assert objections == ()


def test_a_second_version_is_no_extension() -> None:
    assert read(b"v=X1;v=X2;key=a") == (Tags((Tag(b"a", 14),), ()), ())


@pytest.mark.parametrize("data", [b"v=X1;", b"v=X1;\t"])
def test_a_record_without_a_field_has_none(data: bytes) -> None:
    assert read(data) == (Tags((), ()), ())


@pytest.mark.parametrize("data", [b"v=X1", b"v=X12;", b"key=a;v=X1;", b" v=X1;key=a", b"", b"v=X1 key=a;"])
def test_what_does_not_begin_with_the_version_is_no_record_to_anybody(data: bytes) -> None:
    assert (read(data)[0], told(data)) == (None, [("version-first", 0, False)])


def test_space_between_the_version_and_its_semicolon_is_ambiguous() -> None:
    """RFC 8461 erratum 6285."""
    assert told(b"v=X1 \t;key=a") == [("version-space", 4, True)]
    assert read(b"v=X1 \t;key=a")[0] == Tags((Tag(b"a", 11),), ())


def test_a_record_may_be_as_long_as_the_limit_and_no_longer() -> None:
    longest = b"v=X1;key=" + b"a" * (RECORD_BYTES_MAX - 9)
    assert told(longest) == []
    assert (read(longest + b"a")[0], told(longest + b"a")) == (
        None,
        [("record-too-long", RECORD_BYTES_MAX, False)],
    )


def test_bytes_beyond_ascii_are_told_by_the_first_of_them_and_by_no_other() -> None:
    assert told(b"v=X1;key=a\xc3\xa4")[0] == ("record-not-ascii", 10, False)
    assert told(b"v=X1;key=\x7f") == []


@pytest.mark.parametrize(
    ("data", "value", "position"),
    [
        (b"v=X1;key =a", b"a", 10),
        (b"v=X1;key= a", b"a", 10),
        (b"v=X1; key \t= \ta", b"a", 14),
    ],
)
def test_space_beside_the_equals_sign_of_the_key_is_ambiguous_and_stripped(
    data: bytes, value: bytes, position: int
) -> None:
    tags, (objection,) = read(data)
    assert tags == Tags((Tag(value, position),), ())
    assert (objection.rule, objection.ambiguous) == ("field-space", True)


@pytest.mark.parametrize(
    "field",
    [b"x", b"=y", b"x=", b"x =y", b"x= y", b"_x=y", b"x=y=z", b"key", b"x" * 33 + b"=y", b"x=\xff"],
)
def test_any_other_field_is_malformed_where_it_is_no_name_and_value(field: bytes) -> None:
    tags, objections = read(b"v=X1;key=a; " + field)
    assert tags == Tags((Tag(b"a", 9),), ())
    assert ("field-malformed", 12, True) in [(one.rule, one.position, one.ambiguous) for one in objections]


def test_a_name_may_have_32_characters_and_the_key_any_value() -> None:
    assert told(b"v=X1;" + b"x" * 32 + b"=y;key=a=b c") == []
    assert read(b"v=X1;key=a=b c")[0] == Tags((Tag(b"a=b c", 9),), ())


def test_nothing_between_two_semicolons_is_told_and_a_last_one_may_stand_alone() -> None:
    assert told(b"v=X1;;key=a;") == [("field-empty", 5, True)]
    assert told(b"v=X1;key=a; ;") == [("field-empty", 11, True)]
    assert told(b"v=X1;key=a; ") == []


def test_space_at_the_very_end_is_told_where_no_semicolon_stands_before_it() -> None:
    assert told(b"v=X1;key=a \t") == [("trailing-space", 10, True)]
    assert told(b"v=X1;key=a ;") == []
    assert told(b"v=X1; \tkey=a") == []


def test_an_objection_says_what_it_saw_and_which_section_it_goes_by() -> None:
    (objection,) = read(b"v=X1;key =a")[1]
    assert (objection.source, objection.seen) == ("RFC 8461 section 3.1", "key =a")
