"""A report on stdout, in the form that the options of output ask for."""

import click

from mxproof.cli.exit import status_of_report
from mxproof.cli.options.output import OutputOptions, stdout_paper
from mxproof.cli.streams import print_stdout, write_stdout
from mxproof.judge.report import Report
from mxproof.render import json
from mxproof.render.text.report import brief, text


def print_report(report: Report, output: OutputOptions, fail_on: str, *, verdicts_alone: bool) -> int:
    """Write the report to stdout and return the exit status that it calls for, as `--fail-on` has it.

    `verdicts_alone` is what `--brief` asks for.
    """
    if output.format == "json":
        write_stdout(json.encode(report))
    else:
        print_stdout((brief if verdicts_alone else text)(report, stdout_paper(output)))
    return status_of_report(report, fail_on)


def check_brief(output: OutputOptions, *, verdicts_alone: bool) -> None:
    """Raise UsageError, before anything is asked, where `--brief` contradicts what else is wanted of the output."""
    if verdicts_alone and (output.verbose or output.format != "text"):
        other = "--verbose" if output.verbose else f"--format {output.format}"
        raise click.UsageError(f"--brief leaves out what {other} asks for; expected one of the two")
