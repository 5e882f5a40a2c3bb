"""`mxproof replay`: judge evidence from a file, here and now or as of another time."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from mxproof.cli.evidence_file import evidence_of
from mxproof.cli.exit import RunError
from mxproof.cli.judged import judged
from mxproof.cli.options.memory import (
    MemoryOptions,
    memories_since,
    memory_options,
    memory_warnings,
    since_option,
    time_typed,
)
from mxproof.cli.options.output import (
    REPORT_FORMATS,
    OutputOptions,
    brief_option,
    fail_on_option,
    output_options,
)
from mxproof.cli.report_output import PLAN_OF_FILE, Judged, check_brief, put_report, shows_fixes
from mxproof.cli.streams import print_stderr
from mxproof.formats.names import parse_domain
from mxproof.mail.memory import SenderMemory

_EPILOG = """\b
Examples:
  mxproof replay example.com.json
  mxproof replay example.com.json --at 2027-01-01
  mxproof replay example.com.json --since last-month.json
  mxproof replay example.com.json --format markdown
  mxproof replay evidence/*.json --format html --output mail.html
  ssh mx1.example.com mxproof collect example.com | mxproof replay -
"""


@click.command(epilog=_EPILOG)
@click.argument(
    "files", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE...", nargs=-1, required=True
)
@click.option(
    "--at", callback=time_typed, metavar="TIME", help="Judge as of this time  [default: when it was observed]"
)
@output_options(REPORT_FORMATS)
@brief_option
@fail_on_option
@memory_options
@since_option
def replay(
    files: tuple[Path, ...],
    at: datetime | None,
    memory: MemoryOptions,
    since: Path | None,
    output: OutputOptions,
    fail_on: str,
    brief: bool,
) -> int:
    """Judge the evidence in FILE (- for stdin), without asking anyone.

    The same evidence gives the same report everywhere, byte for byte. Of several files a table is printed, with --verbose
    the whole reports above it.

    Exit status: 0 every sender delivers and no finding is an error; 1 a problem was found; 2 wrong usage; 3 nothing wrong was
    seen, and something needed could not be found out. Of several files it is the worst of all: 1
    before 3 before 0.
    """
    check_brief(output, verdicts_alone=brief)
    memories = memory.memories()
    if len(files) > 1:
        memory.refuse_many()
        if since is not None:
            raise click.UsageError("--since is about one domain; expected one FILE")
        return _replay_many(files, at, memories, output, fail_on, verdicts_alone=brief)
    evidence = evidence_of(files[0])
    now = at or evidence.observed_at()
    memories = (*memories, *memories_since(parse_domain(evidence.domain), since))
    for words in memory_warnings(memories, now):
        print_stderr(words)
    shown = shows_fixes(output, verdicts_alone=brief, are_many=False)
    report = judged(evidence, now=now, memories=memories, shows_fixes=shown)
    one = Judged(report, evidence, now, memories)
    return put_report(one, output, fail_on, verdicts_alone=brief, plan_command=PLAN_OF_FILE)


def _replay_many(
    files: tuple[Path, ...],
    at: datetime | None,
    memories: tuple[SenderMemory, ...],
    output: OutputOptions,
    fail_on: str,
    *,
    verdicts_alone: bool,
) -> int:
    """Judge one file after another; one that holds no evidence is told of, and the others are judged all the same."""
    from mxproof.cli.interruption import Interruption  # noqa: PLC0415 - one file is judged without it
    from mxproof.cli.many import Writing, put_many, spoilt_status  # noqa: PLC0415 - as above

    unread: list[Path] = []

    def reports() -> Iterator[Judged]:
        for file in files:
            if interruption.came:
                return
            try:
                with interruption.ending():
                    evidence = evidence_of(file)
            except KeyboardInterrupt:
                return
            except RunError as error:
                print_stderr(str(error))
                unread.append(file)
                continue
            now = at or evidence.observed_at()
            report = judged(evidence, now=now, memories=memories, shows_fixes=found.shows_fixes)
            yield Judged(report, evidence, now, memories)

    found = Writing(len(files), output, fail_on, verdicts_alone)
    with Interruption() as interruption:
        status = put_many(reports(), found, interruption)
    return spoilt_status(output, status) if unread else status
