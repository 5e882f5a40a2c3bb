"""`mxproof check`: ask about domains and say for each sender whether its mail arrives."""

from pathlib import Path

import click
import msgspec

from mxproof.cli.evidence_source import Survey, observe, of_sets
from mxproof.cli.exit import NAGIOS, UNKNOWN, USAGE, RunError
from mxproof.cli.judged import judged
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.check_sets import SetOptions, check_set_options
from mxproof.cli.options.domains import DomainOptions, domain_options
from mxproof.cli.options.file import file_to_write, folder_to_write
from mxproof.cli.options.memory import (
    MemoryOptions,
    memories_since,
    memory_options,
    memory_warnings,
    since_option,
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
from mxproof.evidence import Evidence
from mxproof.formats.names import Domain
from mxproof.mail.memory import SenderMemory

_EPILOG = """\b
Examples:
  mxproof check example.com
  mxproof check example.com --format json --save example.com.json
  mxproof check example.com --cached-policy old-policy.txt --cached-at 2026-11-01
  mxproof check example.com --since last-month.json
  mxproof check example.com --fail-on warning || mail -s 'example.com' root
  mxproof check example.com --save example.com.json --redact
  mxproof check example.com --format html --output example.com.html
  mxproof check example.com --format nagios --fail-on warning
  mxproof check example.com --full --selector s1
  mxproof check example.com --only spf --only dmarc
  mxproof check example.com --as-sender --address 192.0.2.25=mail.example.com
  mxproof check example.com --as-sender --header mail-that-arrived.eml
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
@click.option(
    "--redact",
    is_flag=True,
    help="With --save: without local parts of e-mail addresses, and without the name and addresses of this machine.",
)
@output_options(REPORT_FORMATS)
@brief_option
@fail_on_option
@memory_options
@since_option
@check_set_options
@asking_options
def check(
    named: DomainOptions,
    save: Path | None,
    redact: bool,
    asking: AskingOptions,
    chosen: SetOptions,
    memory: MemoryOptions,
    since: Path | None,
    output: OutputOptions,
    fail_on: str,
    brief: bool,
) -> int:
    """Say for each sender whether mail to DOMAIN arrives, and which bounce it gets if not.

    Every MX host is asked at each of its addresses, and no mail is sent. Of several domains a table is printed, with
    --verbose the whole reports above it; what they have in common is asked once.

    What is asked by default is how mail arrives. Sets of checks that cost more, or are about mail that the domain sends,
    are asked by --full or by their name; a report says which sets were not asked.

    Exit status: 0 every sender delivers and no finding is an error; 1 a problem was found; 2 wrong usage; 3 nothing wrong was
    seen, and something needed could not be found out. Of several domains it is the worst of all:
    1 before 3 before 0.
    """
    check_brief(output, verdicts_alone=brief)
    if redact and save is None:
        raise click.UsageError("--redact is about the file that --save FILE writes; expected both")
    memories = memory.memories()
    chosen.sets(
        name_servers=asking.name_servers
    )  # what contradicts itself is refused before anything is read
    domains = named.named()
    if named.are_many and chosen.header is not None:
        raise click.UsageError("--header is of a mail of one domain; expected one DOMAIN")
    chosen = chosen if named.are_many else chosen.with_header(domains[0])
    sets = chosen.sets(name_servers=asking.name_servers)
    survey = of_sets(sets, chosen.selector, chosen.address, chosen.dnsbl_zone)
    if not named.are_many:
        file = file_to_write(save)
        memories = (*memories, *memories_since(domains[0], since))
        return _check_one(domains[0], asking, survey, memories, _Keep(file, redact), output, fail_on, brief)
    from mxproof.cli.many import Writing, check_many  # noqa: PLC0415 - one domain is checked without it

    memory.refuse_many()
    if since is not None:
        raise click.UsageError("--since is about one domain; expected one DOMAIN")
    keep = _Keep(folder_to_write(save), redact)
    writing = Writing(len(domains), output, fail_on, brief)
    return check_many(domains, named.jobs, asking, survey, memories, keep.in_folder, writing)


class _Keep(msgspec.Struct, frozen=True):
    """Where evidence is kept, None for nowhere, and whether what is nobody's business is left out."""

    path: Path | None
    redact: bool

    def in_file(self, evidence: Evidence) -> str | None:
        """Write the evidence; return what went wrong, so that the report is shown all the same."""
        return None if self.path is None else self._write(evidence, self.path)

    def in_folder(self, evidence: Evidence) -> str | None:
        """Write the evidence of one of several domains likewise."""
        return None if self.path is None else self._write(evidence, self.path / f"{evidence.domain}.json")

    def _write(self, evidence: Evidence, path: Path) -> str | None:
        from mxproof.cli.whole_file import write_whole  # noqa: PLC0415 - most reports are read, and no evidence kept
        from mxproof.evidence.codec import encode  # noqa: PLC0415 - as above

        try:
            if self.redact:
                from mxproof.evidence.redaction import redacted  # noqa: PLC0415 - only where it is asked for

                evidence = redacted(evidence)
            write_whole(path, [encode(evidence)])
        except RunError as error:
            return f"the evidence was not saved: {error}"
        return None


def _check_one(
    domain: Domain,
    asking: AskingOptions,
    survey: Survey,
    memories: tuple[SenderMemory, ...],
    keep: _Keep,
    output: OutputOptions,
    fail_on: str,
    verdicts_alone: bool,
) -> int:
    observed = observe(domain, asking, survey)
    evidence = observed.evidence
    problem = keep.in_file(evidence)
    for words in memory_warnings(memories, evidence.observed_at()):
        print_stderr(words)
    now, held = evidence.observed_at(), (*memories, *observed.memories)
    shown = shows_fixes(output, verdicts_alone=verdicts_alone, are_many=False)
    report = judged(evidence, now=now, memories=held, shows_fixes=shown)
    status = put_report(
        Judged(report, evidence, now, held),
        output,
        fail_on,
        verdicts_alone=verdicts_alone,
        plan_command=_plan_command(domain, asking, saved=keep.path is not None),
    )
    if problem is None:
        return status
    print_stderr(problem)
    return UNKNOWN if output.format == NAGIOS else USAGE


def _plan_command(domain: Domain, asking: AskingOptions, *, saved: bool) -> str:
    """Return the command that shows the ways out: of the evidence that was kept, or else asked for anew."""
    if saved:
        return PLAN_OF_FILE
    command = f"mxproof plan {domain.name}"
    if asking.lab is None:
        return command
    from shlex import quote  # noqa: PLC0415 - what is typed for the name of a scenario may be anything

    return f"{command} --lab {quote(asking.lab)}"
