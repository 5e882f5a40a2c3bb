"""How output is written: the options, and the paper that stdout is."""

import os
import shutil
import sys
from typing import Literal

import click
import msgspec

from mxproof.cli.options.groups import option_group
from mxproof.cli.options.number import Number
from mxproof.render.text.paper import SIGNS, WIDTH_DEFAULT, WIDTH_MAX, WIDTH_MIN, Paper


class OutputOptions(msgspec.Struct, frozen=True):
    """The options of output as given; `width` is None for that of the terminal."""

    format: Literal["text", "json"] = "text"
    verbose: bool = False
    width: int | None = None


output_options = option_group(
    "output",
    OutputOptions,
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
            type=Number(WIDTH_MIN, WIDTH_MAX, "columns"),
            metavar="COLUMNS",
            help=f"Columns of the text  [default: those of the terminal, {WIDTH_DEFAULT} elsewhere]",
        ),
    ),
)


brief_option = click.option(
    "--brief", is_flag=True, help="The verdicts alone: one line for the domain and one for each sender."
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "notice"]),
    default="error",
    show_default=True,
    help="The least severity of a finding for which the exit status is 1.",
)


def stdout_paper(output: OutputOptions) -> Paper:
    """Return the paper that stdout is: a terminal of some width with or without colour, or a file or pipe.

    Colour is left out where NO_COLOR is set (https://no-color.org), on a dumb terminal, and off terminals.
    """
    terminal = sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size((WIDTH_DEFAULT, 0)).columns if terminal else WIDTH_DEFAULT
    return Paper(
        width=output.width or min(max(width, WIDTH_MIN), WIDTH_MAX),
        colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        unicode=sys.stdout is not None and _encodes(sys.stdout.encoding),
        verbose=output.verbose,
    )


def _encodes(encoding: str) -> bool:
    try:
        SIGNS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
