"""`mxproof preflight`: say what a planned zone, policy or certificate would do to mail, before it is published."""

from pathlib import Path

import click

from mxproof.cli.evidence_file import evidence_about
from mxproof.cli.evidence_source import Observation, Survey, observe
from mxproof.cli.exit import status_of_preflight
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_argument
from mxproof.cli.options.lag import lag_option
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.planned import OPTIONS_NAMED, PlannedOptions, planned_options
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import print_stderr
from mxproof.formats.names import Domain
from mxproof.remedy.planned import PlannedState, wanted_for
from mxproof.remedy.preflight import Preflight
from mxproof.remedy.preflight import preflight as preflight_of
from mxproof.render import json
from mxproof.survey import inbound

PREFLIGHT_FORMATS = ("text", "json", "junit", "markdown")
LIVE = "live"
_EPILOG = """\b
Examples:
  mxproof preflight example.com --zone db.example.com
  mxproof preflight example.com --zone db.example.com --policy mta-sts.txt --format markdown
  mxproof preflight example.com --cert mx1.example.com=mx1.pem --current example.com.json
  mxproof preflight example.com --zone example.net=db.example.net --format junit -o preflight.xml
"""


@click.command(epilog=_EPILOG)
@domain_argument
@planned_options
@click.option(
    "--current",
    default=LIVE,
    show_default=True,
    metavar="live|FILE",
    help="Where to take from what the planned state does not say: asked now, or evidence in a file.",
)
@lag_option
@output_options(PREFLIGHT_FORMATS)
@memory_options
@asking_options
def preflight(
    domain: Domain,
    current: str,
    planned: PlannedOptions,
    lag_s: int,
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
) -> int:
    """Say which sender fares worse, when and for how long, once what is planned for DOMAIN is made.

    All of it is taken to be made in one act, while caches hold old records and senders the old policy.

    Exit status: 0 nothing gets worse, at no moment; 1 some sender fares worse, for a while or for good; 2 wrong usage; 3 what
    somebody does then could not be found out.
    """
    if not planned:
        raise click.UsageError(f"nothing is planned; {OPTIONS_NAMED} was expected")
    state = planned.state(domain.name, asking.ca_file, supposes=current != LIVE)
    memories = memory.memories()
    observed = _current(current, domain, state, asking)
    now = observed.evidence.observed_at()
    for words in memory_warnings(memories, now):
        print_stderr(words)
    planned.tell_idle(state, observed.evidence)
    made = preflight_of(
        state, observed.evidence, now=now, memories=(*memories, *observed.memories), lag_s=lag_s
    )
    _put(made, output)
    return status_of_preflight(made)


def _current(current: str, domain: Domain, state: PlannedState, asking: AskingOptions) -> Observation:
    if current == LIVE:
        return observe(domain, asking, Survey(wanted_for(state, inbound.wanted)))
    if asking != AskingOptions():
        raise click.UsageError("--current FILE asks nobody; leave out the options that say how to ask")
    return Observation(evidence_about(domain, Path(current)))


def _put(made: Preflight, output: OutputOptions) -> None:
    """Write it in the form that is asked for, which alone is loaded."""
    match output.format:
        case "json":
            put_bytes([json.encode(made)], output)
        case "junit":
            from mxproof.render.junit_preflight import document  # noqa: PLC0415 - see above

            put_document(document(made), output)
        case "markdown":
            from mxproof.render.markdown.preflight import comment  # noqa: PLC0415 - see above

            put_document([comment(made)], output)
        case _:
            from mxproof.render.text.preflight import preflight_text  # noqa: PLC0415 - see above

            put_text([preflight_text(made, paper_of(output))], output)
