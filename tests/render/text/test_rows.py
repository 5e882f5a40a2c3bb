"""Rows of a table in text: aligned, and safe on a terminal."""

from mxproof.render.text.rows import rows_text


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    lines = list(rows_text(("mode", "domains"), [("enforce", 7), ("none", 1234)]))
    assert lines == ["mode     domains\n", "enforce        7\n", "none       1,234\n"]


def test_without_rows_the_head_stands_alone() -> None:
    assert list(rows_text(("mode", "domains"), [])) == ["mode  domains\n"]


def test_a_value_that_is_not_there_is_a_dash() -> None:
    assert list(rows_text(("one", "two"), [(None, ("a", "b")), (True, ())]))[1:] == ["-    a b\n", "yes  -\n"]


def test_what_would_steer_a_terminal_is_an_escape() -> None:
    (_, line) = rows_text(("one",), [("\x1b[2J",)])
    assert "\x1b" not in line
