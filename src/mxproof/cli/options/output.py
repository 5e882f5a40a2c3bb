"""How output is written: the options, and the paper that it is written on."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, get_args

import click
import msgspec

from mxproof.cli.options.file import output_file
from mxproof.cli.options.groups import Option, option_group
from mxproof.cli.options.number import Number
from mxproof.cli.streams import terminal_columns
from mxproof.render.text.paper import SIGNS, WIDTH_DEFAULT, WIDTH_MAX, WIDTH_MIN, Paper

ReportFormat = Literal["text", "json", "html", "markdown", "csv", "junit", "nagios"]
Format = ReportFormat | Literal["list"]
REPORT_FORMATS: Final = get_args(ReportFormat)
EXPLANATION_FORMATS: Final = ("text", "json", "html", "markdown")
TLS_REPORT_FORMATS: Final = ("text", "json", "csv")
DIFFERENCE_FORMATS: Final = EXPLANATION_FORMATS
_TWO: Final = ("text", "json")
_ONE_OF_TWO: Final = "Text for a reader or JSON for a program."
_ONE_OF_MANY: Final = "Text for a reader, JSON for a program, or one of the other forms."


class OutputOptions(msgspec.Struct, frozen=True):
    """The options of output as given; `width` is None for that of the terminal, `output` for stdout."""

    format: Format = "text"
    output: Path | None = None
    verbose: bool = False
    width: int | None = None


def output_options(formats: Sequence[str]) -> Option:
    """Return the options of a command that writes in these formats."""
    return option_group(
        "output",
        OutputOptions,
        (
            click.option(
                "--format",
                type=click.Choice(formats),
                default="text",
                show_default=True,
                help=_ONE_OF_MANY if len(formats) > len(_TWO) else _ONE_OF_TWO,
            ),
            click.option(
                "--output",
                "-o",
                type=click.Path(path_type=Path),
                callback=output_file,
                metavar="FILE",
                help="Write to FILE, whole or not at all  [default: stdout]",
            ),
            click.option(
                "--verbose", "-v", is_flag=True, help="Also list every attempt and what is in order."
            ),
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


def paper_of(output: OutputOptions) -> Paper:
    """Return the paper that is written on: a terminal of some width with or without colour, or a file or pipe.

    Colour is left out where NO_COLOR is set (https://no-color.org), on a dumb terminal, and off terminals. A file that
    is named takes every sign, for it is written in UTF-8.
    """
    if output.output is not None:
        return Paper(width=output.width or WIDTH_DEFAULT, unicode=True, verbose=output.verbose)
    terminal = sys.stdout is not None and sys.stdout.isatty()
    width = terminal_columns(WIDTH_DEFAULT) if terminal else WIDTH_DEFAULT
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
