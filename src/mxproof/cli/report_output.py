"""A report on stdout, in the form that the options of output ask for."""

from mxproof.cli.exit import status_of_report
from mxproof.cli.options.output import OutputOptions, stdout_paper
from mxproof.cli.streams import print_stdout, write_stdout
from mxproof.judge.report import Report
from mxproof.render import json
from mxproof.render.text.report import text


def print_report(report: Report, output: OutputOptions, fail_on: str) -> int:
    """Write the report to stdout and return the exit status that it calls for, as `--fail-on` has it."""
    if output.format == "json":
        write_stdout(json.encode(report))
    else:
        print_stdout(text(report, stdout_paper(output)))
    return status_of_report(report, fail_on)
