"""`mxproof demo`: the founding incident, or the world of two servers, in three acts, each a real check of a mail world in this process."""

import click

from mxproof.cli.evidence_source import observe
from mxproof.cli.exit import DONE
from mxproof.cli.judged import judged
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions, paper_of
from mxproof.cli.streams import print_stdout
from mxproof.formats.names import parse_domain
from mxproof.lab.scenario import Scenario, load
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import first_half

ACTS = ("incident", "half-fixed", "fixed")
TWO_SERVERS = ("two-servers", "two-servers-renewed", "two-servers-record-first")
_EPILOG = """\b
Example:
  mxproof demo
  mxproof demo --two-servers
"""

_CURTAIN = (
    "No mail was sent, and nothing outside this process was asked. The acts stop short of the findings; the commands "
    "above tell all. For your own domain: mxproof check, and its name."
)


@click.command(epilog=_EPILOG)
@click.option(
    "--two-servers",
    is_flag=True,
    help="Play two servers with DANE and MTA-STS instead: as they should be, a renewal that is shown at once, and one in order.",
)
def demo(*, two_servers: bool) -> int:
    """Play the incident, the half of a fix, and the fix, and show what a check says of each."""
    sheet = paper_of(OutputOptions())
    acts = TWO_SERVERS if two_servers else ACTS
    for number, scenario in enumerate(acts, 1):
        world = load(scenario)
        print_stdout(_prologue(f"Act {number} of {len(acts)}", world, sheet))
        observed = observe(parse_domain(world.domain), AskingOptions(lab=scenario))
        evidence = observed.evidence
        report = judged(evidence, now=evidence.observed_at(), memories=observed.memories)
        print_stdout(first_half(report, sheet) + "\n")
    print_stdout("\n".join(sheet.wrapped(_CURTAIN)) + "\n")
    return DONE


def _prologue(act: str, scenario: Scenario, sheet: Paper) -> str:
    title = sheet.heading(sheet.clean(f"{act}: {scenario.title}"))
    story = sheet.wrapped(" ".join(scenario.story.split()))
    return "\n".join((title, "", *story, "", f"$ {_command(scenario)}", ""))


def _command(scenario: Scenario) -> str:
    return f"mxproof check {scenario.domain} --lab {scenario.name}"
