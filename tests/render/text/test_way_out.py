"""The way out at the end of a check: one that was found, or why there is none, and the command that shows the rest."""

from mxproof.remedy.deed import Deed
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.one_way import FirstWay
from mxproof.render.text.paper import Paper, Tone
from mxproof.render.text.way_out import way_out

PAPER = Paper(width=80)
COMMAND = "mxproof plan example.com"


def test_the_fix_that_is_told_above_is_the_way_out_or_another() -> None:
    assert way_out(None, COMMAND, PAPER) == (
        "\nWay out     the fix above, or another: `mxproof plan example.com`\n"
    )


def test_a_way_that_was_found_stands_before_the_command() -> None:
    measure = Measure(MeasureKind.RETIRE_HOST, "mx1.example.com", ())
    found = FirstWay((measure,), (Deed(MeasureKind.RETIRE_HOST, "mx1.example.com", ()),), is_sought=True)
    assert way_out(found, COMMAND, PAPER) == (
        "\nWay out     Take mx1.example.com out of the MX records.\n            `mxproof plan example.com`\n"
    )


def test_where_none_was_found_it_says_whether_there_was_anything_to_try() -> None:
    assert way_out(FirstWay((), (), is_sought=True), COMMAND, PAPER).splitlines()[1:] == [
        "Way out     No one kind of change has all senders deliver; what several do:",
        "            `mxproof plan example.com`",
    ]
    assert way_out(FirstWay((), (), is_sought=False), COMMAND, PAPER).splitlines()[1] == (
        "Way out     Nothing that was seen leads out; what stands against each sender:"
    )


def test_the_label_is_strong() -> None:
    paper = Paper(width=80, colour=True)
    assert way_out(None, "x", paper).startswith(f"\n{paper.painted('Way out', Tone.STRONG)}     the fix")
