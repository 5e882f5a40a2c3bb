"""How a report is shown: options, the paper that stdout is, and the way there."""

import os
import shutil
import sys
from typing import Literal

import click
import msgspec

from mxproof.cli.options.groups import taking
from mxproof.cli.streams import emit
from mxproof.judge.report import Report
from mxproof.render import json
from mxproof.render.text.paper import SIGNS, WIDTH_DEFAULT, WIDTH_MAX, WIDTH_MIN, Paper
from mxproof.render.text.report import text


class Showing(msgspec.Struct, frozen=True):
    """The options of showing; `width` is None for that of the terminal."""

    format: Literal["text", "json"] = "text"
    verbose: bool = False
    width: int | None = None


showing_options = taking(
    "showing",
    Showing,
    (
        click.option(
            "--format",
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            help="Text for a reader, or one JSON object for a program.",
        ),
        click.option("--verbose", "-v", is_flag=True, help="Also list every attempt and what is in order."),
        click.option(
            "--width",
            type=click.IntRange(WIDTH_MIN, WIDTH_MAX),
            help=f"Columns of the text  [default: those of the terminal, {WIDTH_DEFAULT} elsewhere]",
        ),
    ),
)


def show(report: Report, showing: Showing) -> int:
    """Write the report to stdout and return the exit status that it calls for."""
    if showing.format == "json":
        emit(json.encode(report))
    else:
        print_text(text(report, paper(showing)))
    return report.exit_status()


def print_text(words: str) -> None:
    """Write text to stdout in its encoding; what that does not hold is written as an escape."""
    encoding = sys.stdout.encoding if sys.stdout is not None else "ascii"
    emit(words.encode(encoding, "backslashreplace"))


def paper(showing: Showing) -> Paper:
    """Return the paper that stdout is: a terminal of some width with or without colour, or a file or pipe.

    Colour is left out where NO_COLOR is set (https://no-color.org), on a dumb terminal, and off terminals.
    """
    terminal = sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size((WIDTH_DEFAULT, 0)).columns if terminal else WIDTH_DEFAULT
    return Paper(
        width=showing.width or min(max(width, WIDTH_MIN), WIDTH_MAX),
        colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        unicode=sys.stdout is not None and _encodes(sys.stdout.encoding),
        verbose=showing.verbose,
    )


def _encodes(encoding: str) -> bool:
    try:
        SIGNS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
