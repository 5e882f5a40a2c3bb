"""`mxproof whatif`: a quick question about a change: what would every sender do?"""

from pathlib import Path

import click

from mxproof.cli.evidence_file import evidence_of
from mxproof.cli.exit import status_of_what_if
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_typed
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.planned import OPTIONS_NAMED, PlannedOptions, planned_options
from mxproof.cli.sink import put_bytes, put_text
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.evidence import Evidence
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.preflight import what_if
from mxproof.render import json
from mxproof.render.text.preflight import what_if_text

WHATIF_FORMATS = ("text", "json")
_EPILOG = """\b
Examples:
  mxproof whatif example.com.json --set 'mxi1 A 192.0.2.25' --set 'mxi2 A 198.51.100.25'
  mxproof whatif example.com.json --policy new.txt
  mxproof whatif example.com --mode testing
  mxproof whatif example.com --lab incident --unset '_mta-sts TXT'
"""


@click.command(epilog=_EPILOG)
@click.argument("subject", metavar="FILE|DOMAIN")
@planned_options
@output_options(WHATIF_FORMATS)
@memory_options
@asking_options
def whatif(
    subject: str,
    planned: PlannedOptions,
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
) -> int:
    """Say what every sender would do after a change to what is in FILE (- for stdin), or to what DOMAIN shows now.

    The state after it is judged, once nothing old is held any more; `mxproof preflight` judges the time until then. A
    new policy comes with a new id.

    Exit status: 0 every sender would deliver; 1 some would refuse; 2 wrong usage; 3 that could not be found out.
    """
    if not planned:
        raise click.UsageError(f"no change; {OPTIONS_NAMED} was expected")
    read = _read(subject, asking)
    domain = domain_typed(click.get_current_context(), whatif.params[0], read.domain if read else subject)
    state = planned.state(domain.name, asking.ca_file, supposes=read is not None, announces=True)
    memories: tuple[SenderMemory, ...] = memory.memories()
    evidence = read
    if evidence is None:
        from mxproof.cli.evidence_source import Survey, observe  # noqa: PLC0415 - a file is judged without what asks
        from mxproof.remedy.planned import wanted_for  # noqa: PLC0415 - as above
        from mxproof.survey import inbound  # noqa: PLC0415 - as above

        observed = observe(domain, asking, Survey(wanted_for(state, inbound.wanted)))
        evidence, memories = observed.evidence, (*memories, *observed.memories)
    now = evidence.observed_at()
    for words in memory_warnings(memories, now):
        print_stderr(words)
    planned.tell_idle(state, evidence)
    made = what_if(state, evidence, now=now, memories=memories)
    if output.format == "json":
        put_bytes([json.encode(made)], output)
    else:
        put_text([what_if_text(made, paper_of(output))], output)
    return status_of_what_if(made)


def _read(subject: str, asking: AskingOptions) -> Evidence | None:
    """Return the evidence in the file that is named, None where a domain is."""
    path = Path(subject)
    if not (subject == STDIN or "/" in subject or subject.endswith(".json") or path.is_file()):
        return None
    if asking != AskingOptions():
        raise click.UsageError(
            f"{subject} is a file, and nobody is asked; leave out the options that say how to ask"
        )
    return evidence_of(path)
