"""`mxproof replay`: judge evidence from a file, here and now or as of another time."""

from datetime import datetime
from pathlib import Path

import click

from mxproof.cli.evidence_file import evidence_of
from mxproof.cli.judged import judged
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings, time_typed
from mxproof.cli.options.output import (
    REPORT_FORMATS,
    OutputOptions,
    brief_option,
    fail_on_option,
    output_options,
)
from mxproof.cli.report_output import PLAN_OF_FILE, Judged, check_brief, put_report
from mxproof.cli.streams import print_stderr

_EPILOG = """\b
Examples:
  mxproof replay example.com.json
  mxproof replay example.com.json --at 2027-01-01
  mxproof replay example.com.json --format markdown
  ssh mx1.example.com mxproof collect example.com | mxproof replay -
"""


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--at", callback=time_typed, metavar="TIME", help="Judge as of this time  [default: when it was observed]"
)
@output_options(REPORT_FORMATS)
@brief_option
@fail_on_option
@memory_options
def replay(
    file: Path,
    at: datetime | None,
    memory: MemoryOptions,
    output: OutputOptions,
    fail_on: str,
    brief: bool,
) -> int:
    """Judge the evidence in FILE (- for stdin), without asking anyone.

    The same evidence gives the same report everywhere, byte for byte.
    """
    check_brief(output, verdicts_alone=brief)
    memories = memory.memories()
    evidence = evidence_of(file)
    now = at or evidence.observed_at()
    for words in memory_warnings(memories, now):
        print_stderr(words)
    report = judged(evidence, now=now, memories=memories)
    one = Judged(report, evidence, now, memories)
    return put_report(one, output, fail_on, verdicts_alone=brief, plan_command=PLAN_OF_FILE)
