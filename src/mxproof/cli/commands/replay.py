"""`mxproof replay`: judge evidence from a file, here and now or as of another time."""

import sys
from datetime import datetime
from pathlib import Path

import click

from mxproof.cli.exit import RunError
from mxproof.cli.judged import judged
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings, time_typed
from mxproof.cli.options.output import REPORT_FORMATS, OutputOptions, fail_on_option, output_options
from mxproof.cli.report_output import Judged, put_report
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.evidence import Evidence
from mxproof.evidence.codec import EVIDENCE_BYTES_MAX, decode
from mxproof.formats.errors import FormatError

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
@fail_on_option
@memory_options
def replay(
    file: Path, at: datetime | None, memory: MemoryOptions, output: OutputOptions, fail_on: str
) -> int:
    """Judge the evidence in FILE (- for stdin), without asking anyone.

    The same evidence gives the same report everywhere, byte for byte.
    """
    memories = memory.memories()
    evidence = _evidence(file)
    now = at or evidence.observed_at()
    for words in memory_warnings(memories, now):
        print_stderr(words)
    report = judged(evidence, now=now, memories=memories)
    return put_report(Judged(report, evidence, now, memories), output, fail_on)


def _evidence(file: Path) -> Evidence:
    name = "stdin" if str(file) == STDIN else str(file)
    try:
        return decode(_read(file))
    except OSError as error:
        raise RunError(f"{name}: cannot be read ({error.strerror})") from None
    except FormatError as error:
        raise RunError(
            f"{name}: {error.objections[0].message}; expected a file that `mxproof check --save` or"
            " `mxproof collect` wrote"
        ) from None


def _read(file: Path) -> bytes:
    if str(file) == STDIN:
        if sys.stdin is None:
            raise RunError("stdin is closed; evidence was expected there")
        if sys.stdin.isatty():
            print_stderr("waiting for evidence on stdin, as `mxproof collect` writes it; Ctrl-D ends it")
        return sys.stdin.buffer.read(EVIDENCE_BYTES_MAX + 1)
    with file.open("rb") as opened:
        return opened.read(EVIDENCE_BYTES_MAX + 1)
