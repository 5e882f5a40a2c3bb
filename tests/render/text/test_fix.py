"""How a fix is laid out: steps in order, other ways behind them, and what is to be pasted whole on its own lines."""

from mxproof.render.text.fix import fix, laid_out
from mxproof.render.text.paper import Label, Paper

PAPER = Paper(width=60)
FRONT = Label(2, "fix")


def lines(steps: tuple[str, ...], otherwise: tuple[str, ...] = ()) -> list[str]:
    return fix(steps, otherwise, 12, PAPER, FRONT)


def test_one_step_has_no_number_and_other_ways_stand_below_it() -> None:
    assert lines(("First.",), ("Or second.", "Or third.")) == [
        "  fix       First.",
        "            Or second.",
        "            Or third.",
    ]


def test_several_steps_are_numbered_and_go_on_behind_their_numbers() -> None:
    long = "Second: give each of these hosts addresses of its own again."
    assert lines(("First.", long), ("Or third.",)) == [
        "  fix       1. First.",
        "            2. Second: give each of these hosts addresses of",
        "               its own again.",
        "            Or third.",
    ]


def test_a_number_of_two_digits_has_the_room_it_needs() -> None:
    steps = (*("Do it.",) * 9, "One word behind another until it does not fit.")
    assert lines(steps)[9:] == [
        "            10. One word behind another until it does not",
        "                fit.",
    ]


def test_without_steps_the_first_other_way_is_the_fix() -> None:
    assert lines((), ("Or second.", "Or third.")) == ["  fix       Or second.", "            Or third."]
    assert lines(()) == []


def test_what_is_to_be_pasted_stands_two_further_in_than_the_prose() -> None:
    assert laid_out("Do:\n    postfix reload\n\nThen look.", 12, PAPER, FRONT) == [
        "  fix       Do:",
        "              postfix reload",
        "            Then look.",
    ]


def test_a_text_that_begins_with_what_is_to_be_pasted_has_its_label_above() -> None:
    assert laid_out("    postfix reload\nThen look.", 12, PAPER, FRONT) == [
        "  fix",
        "              postfix reload",
        "            Then look.",
    ]


def test_where_one_line_would_be_too_long_there_all_that_is_pasted_stands_further_left() -> None:
    fitting, long = "x" * 46, "x" * 47
    assert laid_out(f"Do:\n    {fitting}\n    {long[:3]}", 12, PAPER) == [
        "            Do:",
        f"              {fitting}",
        "              xxx",
    ]
    assert laid_out(f"Do:\n    {long}\n    {long[:3]}", 12, PAPER) == [
        "            Do:",
        f"    {long}",
        "    xxx",
    ]
    prose = " ".join(["word"] * 20)
    assert laid_out(f"{prose}\n    {long[:3]}", 12, PAPER)[-1] == "              xxx"
