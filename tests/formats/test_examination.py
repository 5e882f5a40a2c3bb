"""The law of an examination: strict without objection, lenient without a grave one."""

import pytest

from mxproof.formats import FormatError, Objection
from mxproof.formats.examination import OBJECTIONS_MAX, Notes


def objection(position: int, *, ambiguous: bool) -> Objection:
    return Objection("rule", "message", position, "RFC 8461 section 3.2", ambiguous=ambiguous)


def test_without_objection_both_readings_are_the_same() -> None:
    got = Notes().examination("read")
    assert (got.strict, got.lenient, got.objections) == ("read", "read", ())
    assert got.strict_or_raise("text") == "read"


def test_an_ambiguous_objection_takes_the_strict_reading_only() -> None:
    notes = Notes()
    notes.object(objection(1, ambiguous=True))
    got = notes.examination("read")
    assert (got.strict, got.lenient) == (None, "read")
    with pytest.raises(FormatError) as raised:
        got.strict_or_raise("text")
    assert raised.value.objections == (objection(1, ambiguous=True),)


def test_another_objection_takes_both_readings() -> None:
    notes = Notes()
    notes.object(objection(1, ambiguous=False))
    got = notes.examination("read")
    assert (got.strict, got.lenient) == (None, None)


def test_objections_come_in_order_of_position_and_within_a_limit() -> None:
    notes = Notes()
    for position in reversed(range(OBJECTIONS_MAX * 2)):
        notes.object(objection(position, ambiguous=True))
    notes.object(objection(5, ambiguous=False))
    got = notes.examination("read")
    want = [5, *range(OBJECTIONS_MAX, OBJECTIONS_MAX * 2)]
    assert [each.position for each in got.objections] == want


def test_a_text_that_cannot_be_read_without_a_reason_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        Notes().examination(None)
