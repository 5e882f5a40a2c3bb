"""The paper: lines are broken at spaces alone, code stays whole, columns keep their place, and nothing steers a terminal."""

import pytest

from mxproof.render.text.paper import SIGNS, WIDTH_MAX, WIDTH_MIN, Label, Paper, Tone

PAPER = Paper(width=20)
COLOUR = Paper(width=20, colour=True)


def test_a_paper_is_eighty_columns_wide_unless_the_terminal_has_sixty_to_a_hundred_and_twenty() -> None:
    assert (WIDTH_MIN, Paper().width, WIDTH_MAX) == (60, 80, 120)


def test_a_paper_takes_all_signs_beyond_ascii_or_none() -> None:
    assert Paper(unicode=True).signs(f"ü {SIGNS}") == f"ü {SIGNS}"
    assert Paper().signs(f"ü {SIGNS}") == "\\xfc ...--''\"\"->+x!"


def test_what_would_steer_a_terminal_is_an_escape_and_what_is_endless_is_cut() -> None:
    assert Paper(unicode=True).clean("a\x1b[2J\nb\u202e") == "a\\x1b[2J\\x0ab\\u202e"
    assert Paper().clean("a" * 4001) == "a" * 4000 + "..."
    assert Paper().clean("a" * 4000) == "a" * 4000


def test_words_have_the_colour_of_their_tone_where_the_paper_takes_colour() -> None:
    assert COLOUR.painted("no", Tone.BAD) == "\x1b[1;31mno\x1b[0m"
    assert COLOUR.heading("Why") == "\x1b[1mWhy\x1b[0m"
    assert COLOUR.painted("no", Tone.PLAIN) == "no"
    assert COLOUR.painted("", Tone.BAD) == ""
    assert PAPER.painted("no", Tone.BAD) == PAPER.heading("no") == "no"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("   ", []),
        ("a bb ccc", ["  a bb ccc"]),
        ("x" * 12 + " " + "y" * 5, [f"  {'x' * 12} {'y' * 5}"]),
        ("x" * 12 + " " + "y" * 6, [f"  {'x' * 12}", f"    {'y' * 6}"]),
        ("a b ", ["  a b"]),
        ("x" * 30, [f"  {'x' * 30}"]),
        ("a " + "x" * 30, ["  a", f"    {'x' * 30}"]),
        ("look at a-very-long-name-there", ["  look at", "    a-very-long-name-there"]),
        ("run `mxproof check a.example` now", ["  run", "    `mxproof check a.example`", "    now"]),
    ],
)
def test_a_text_is_broken_at_spaces_that_stand_outside_code(text: str, lines: list[str]) -> None:
    assert PAPER.wrapped(text, indent=2, hang=2) == lines


def test_what_is_to_be_pasted_is_whole_however_long_but_clean() -> None:
    assert PAPER.pasted(f"{'x ' * 30}\x07", 4) == f"    {'x ' * 30}\\x07"


def test_labels_begin_at_their_columns_or_a_space_behind_one_that_is_too_long() -> None:
    assert PAPER.row(Label(2, "ab"), Label(6, "c")) == "  ab  c"
    assert PAPER.row(Label(2, "abcd"), Label(6, "c")) == "  abcd c"
    assert PAPER.row(Label(2, "abc"), Label(6, "c")) == "  abc c"
    assert PAPER.row(Label(0, "a"), Label(0, "b")) == "a b"
    assert PAPER.row(Label(0, "a"), Label(1, "b")) == "a b"
    assert PAPER.row() == ""


def test_colour_moves_no_column() -> None:
    assert COLOUR.row(Label(2, "ab", Tone.GOOD), Label(6, "c")) == "  \x1b[32mab\x1b[0m  \x1b[2mc\x1b[0m"
    assert COLOUR.hung("word", 6, Label(2, "ab", Tone.GOOD)) == ["  \x1b[32mab\x1b[0m  word"]


def test_a_text_hangs_behind_its_labels_or_below_them_where_they_need_the_room() -> None:
    assert PAPER.hung("one two three four", 6, Label(2, "ab")) == ["  ab  one two three", "      four"]
    assert PAPER.hung("one", 6, Label(2, "abc")) == ["  abc one"]
    assert PAPER.hung("one", 6, Label(2, "abcd")) == ["  abcd", "      one"]
    assert PAPER.hung("one", 6) == ["      one"]
    assert PAPER.hung("", 6, Label(2, "ab")) == ["  ab"]
