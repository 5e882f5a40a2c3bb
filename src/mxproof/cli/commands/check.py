"""`mxproof check`: ask about a domain and say for each sender whether its mail arrives."""

import shlex
from pathlib import Path

import click

from mxproof.cli.evidence_source import observe
from mxproof.cli.exit import NAGIOS, UNKNOWN, USAGE, RunError
from mxproof.cli.judged import judged
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_argument
from mxproof.cli.options.file import file_to_write
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings
from mxproof.cli.options.output import (
    REPORT_FORMATS,
    OutputOptions,
    brief_option,
    fail_on_option,
    output_options,
)
from mxproof.cli.report_output import PLAN_OF_FILE, Judged, check_brief, put_report
from mxproof.cli.streams import print_stderr
from mxproof.cli.whole_file import write_whole
from mxproof.evidence import Evidence
from mxproof.evidence.codec import encode
from mxproof.evidence.redaction import redacted
from mxproof.formats.names import Domain

_EPILOG = """\b
Examples:
  mxproof check example.com
  mxproof check example.com --format json --save example.com.json
  mxproof check example.com --cached-policy old-policy.txt --cached-at 2026-11-01
  mxproof check example.com --fail-on warning || mail -s 'example.com' root
  mxproof check example.com --save example.com.json --redact
  mxproof check example.com --format html --output example.com.html
  mxproof check example.com --format nagios --fail-on warning
  mxproof check example.com --lab incident
"""


@click.command(epilog=_EPILOG)
@domain_argument
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    callback=file_to_write,
    metavar="FILE",
    help="Keep all that was observed in FILE, for `mxproof replay`.",
)
@click.option(
    "--redact",
    is_flag=True,
    help="With --save: without local parts of e-mail addresses, and without the name and addresses of this machine.",
)
@output_options(REPORT_FORMATS)
@brief_option
@fail_on_option
@memory_options
@asking_options
def check(
    domain: Domain,
    save: Path | None,
    redact: bool,
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
    fail_on: str,
    brief: bool,
) -> int:
    """Say for each sender whether mail to DOMAIN arrives, and which bounce it gets if not.

    Every MX host is asked at each of its addresses, and no mail is sent.
    """
    check_brief(output, verdicts_alone=brief)
    if redact and save is None:
        raise click.UsageError("--redact is about the file that --save FILE writes; expected both")
    memories = memory.memories()
    observed = observe(domain, asking)
    problem = (
        _save(redacted(observed.evidence) if redact else observed.evidence, save)
        if save is not None
        else None
    )
    evidence = observed.evidence
    for words in memory_warnings(memories, evidence.observed_at()):
        print_stderr(words)
    now, held = evidence.observed_at(), (*memories, *observed.memories)
    report = judged(evidence, now=now, memories=held)
    status = put_report(
        Judged(report, evidence, now, held),
        output,
        fail_on,
        verdicts_alone=brief,
        plan_command=_plan_command(domain, asking, saved=save is not None),
    )
    if problem is None:
        return status
    print_stderr(problem)
    return UNKNOWN if output.format == NAGIOS else USAGE


def _plan_command(domain: Domain, asking: AskingOptions, *, saved: bool) -> str:
    """Return the command that shows the ways out: of the evidence that was kept, or else asked for anew."""
    if saved:
        return PLAN_OF_FILE
    lab = ["--lab", asking.lab] if asking.lab is not None else []
    return shlex.join(["mxproof", "plan", domain.name, *lab])


def _save(evidence: Evidence, path: Path) -> str | None:
    """Write the evidence; return what went wrong, so that the report is shown all the same."""
    try:
        write_whole(path, [encode(evidence)])
    except RunError as error:
        return f"the evidence was not saved: {error}"
    return None
