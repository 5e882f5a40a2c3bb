"""`mxproof check`: ask about domains and say for each sender whether its mail arrives."""

from pathlib import Path

import click

from mxproof.cli.evidence_source import observe
from mxproof.cli.exit import NAGIOS, UNKNOWN, USAGE, RunError
from mxproof.cli.judged import judged
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.domains import DomainOptions, domain_options
from mxproof.cli.options.file import file_to_write, folder_to_write
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings
from mxproof.cli.options.output import REPORT_FORMATS, OutputOptions, fail_on_option, output_options
from mxproof.cli.report_output import Judged, put_report
from mxproof.cli.streams import print_stderr
from mxproof.cli.whole_file import write_whole
from mxproof.evidence import Evidence
from mxproof.evidence.codec import encode
from mxproof.formats.names import Domain
from mxproof.mail.memory import SenderMemory

_EPILOG = """\b
Examples:
  mxproof check example.com
  mxproof check example.com --format json --save example.com.json
  mxproof check example.com --cached-policy old-policy.txt --cached-at 2026-11-01
  mxproof check example.com --fail-on warning || mail -s 'example.com' root
  mxproof check example.com --format html --output example.com.html
  mxproof check example.com --format nagios --fail-on warning
  mxproof check example.com --lab incident
  mxproof check example.com example.net
  mxproof check --file domains.txt --format json > reports.jsonl
  mxproof check --file domains.txt --save evidence/ --format html --output mail.html
"""


@click.command(epilog=_EPILOG)
@domain_options
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep all that was observed in FILE, for `mxproof replay`; of several domains in a folder, a file each.",
)
@output_options(REPORT_FORMATS)
@fail_on_option
@memory_options
@asking_options
def check(
    named: DomainOptions,
    save: Path | None,
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
    fail_on: str,
) -> int:
    """Say for each sender whether mail to DOMAIN arrives, and which bounce it gets if not.

    Every MX host is asked at each of its addresses, and no mail is sent. Of several domains a table is printed, with
    --verbose the whole reports above it; what they have in common is asked once. The exit status is the worst of all: 1
    before 3 before 0.
    """
    memories = memory.memories()
    domains = named.named()
    if not named.are_many:
        return _check_one(domains[0], file_to_write(save), asking, memories, output, fail_on)
    from mxproof.cli.many import check_many  # noqa: PLC0415 - one domain is checked without it

    memory.refuse_many()
    folder = folder_to_write(save)
    return check_many(domains, named.jobs, asking, memories, lambda one: _kept(one, folder), output, fail_on)


def _check_one(
    domain: Domain,
    save: Path | None,
    asking: AskingOptions,
    memories: tuple[SenderMemory, ...],
    output: OutputOptions,
    fail_on: str,
) -> int:
    observed = observe(domain, asking)
    problem = _save(observed.evidence, save) if save is not None else None
    evidence = observed.evidence
    for words in memory_warnings(memories, evidence.observed_at()):
        print_stderr(words)
    now, held = evidence.observed_at(), (*memories, *observed.memories)
    report = judged(evidence, now=now, memories=held)
    status = put_report(Judged(report, evidence, now, held), output, fail_on)
    if problem is None:
        return status
    print_stderr(problem)
    return UNKNOWN if output.format == NAGIOS else USAGE


def _kept(evidence: Evidence, folder: Path | None) -> str | None:
    return None if folder is None else _save(evidence, folder / f"{evidence.domain}.json")


def _save(evidence: Evidence, path: Path) -> str | None:
    """Write the evidence; return what went wrong, so that the report is shown all the same."""
    try:
        write_whole(path, [encode(evidence)])
    except RunError as error:
        return f"the evidence was not saved: {error}"
    return None
