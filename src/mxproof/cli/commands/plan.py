"""`mxproof plan`: find the smallest changes after which every sender delivers, in an order that is safe through time."""

from pathlib import Path

import click

from mxproof.cli.evidence_file import evidence_about, evidence_of
from mxproof.cli.evidence_source import Observation, observe
from mxproof.cli.exit import status_of_plan
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_typed
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.sink import put_bytes, put_text
from mxproof.cli.streams import print_stderr
from mxproof.formats.names import Domain
from mxproof.judge.senders import SENDERS, Traits
from mxproof.remedy.measure import DomainPart
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import SearchOptions
from mxproof.render import json
from mxproof.render.text.plan import text

PLAN_FORMATS = ("text", "json")
_EPILOG = """\b
Examples:
  mxproof plan example.com --lab incident
  mxproof plan example.com --keep mx --keep certificate
  mxproof plan --from example.com.json --format json
  mxproof plan example.com --goal secure --sender google --sender microsoft
"""


def _domain(ctx: click.Context, param: click.Parameter, value: str | None) -> Domain | None:
    return None if value is None else domain_typed(ctx, param, value)


def _senders(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[Traits, ...]:
    """Return the senders named, all of them where none is."""
    known = {one.id: one for one in SENDERS}
    unknown = [value for value in values if value not in known]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is no sender; expected one of {', '.join(known)}")
    return tuple(known[value] for value in dict.fromkeys(values)) or SENDERS


@click.command(epilog=_EPILOG)
@click.argument("domain", required=False, callback=_domain)
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Plan from the evidence in FILE (- for stdin), without asking anyone.",
)
@click.option(
    "--keep",
    type=click.Choice([str(part) for part in DomainPart]),
    multiple=True,
    help="Alter nothing of this; may be repeated.",
)
@click.option(
    "--sender",
    "senders",
    multiple=True,
    callback=_senders,
    metavar="ID",
    help="Plan for this sender alone; may be repeated  [default: all]",
)
@click.option(
    "--goal",
    type=click.Choice([str(goal) for goal in Goal]),
    default=str(Goal.DELIVERS),
    show_default=True,
    help="What every sender is to do: deliver as protected as it asks for now, or in a verified session.",
)
@click.option(
    "--max-changes",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Look only for ways of at most so many changes.",
)
@output_options(PLAN_FORMATS)
@memory_options
@asking_options
def plan(
    domain: Domain | None,
    file: Path | None,
    keep: tuple[str, ...],
    senders: tuple[Traits, ...],
    goal: str,
    max_changes: int | None,
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
) -> int:
    """Find the smallest changes after which every sender delivers to DOMAIN, in an order that is safe through time.

    Each way is judged for every sender at every moment, whatever caches and senders still hold. Nothing is changed.
    """
    memories = memory.memories()
    observed = _observation(domain, file, asking)
    now = observed.evidence.observed_at()
    for words in memory_warnings(memories, now):
        print_stderr(words)
    made = plan_for(
        observed.evidence,
        now=now,
        memories=(*memories, *observed.memories),
        senders=senders,
        options=SearchOptions(Goal(goal), frozenset(map(DomainPart, keep)), max_changes),
    )
    if output.format == "json":
        put_bytes([json.encode(made)], output)
    else:
        put_text([text(made, paper_of(output))], output)
    return status_of_plan(made)


def _observation(domain: Domain | None, file: Path | None, asking: AskingOptions) -> Observation:
    """Return the evidence in the file, or what is seen now."""
    if file is None:
        if domain is None:
            raise click.UsageError("a domain such as example.com, or --from FILE, was expected")
        return observe(domain, asking)
    if asking != AskingOptions():
        raise click.UsageError("--from asks nobody; leave out the options that say how to ask")
    return Observation(evidence_of(file) if domain is None else evidence_about(domain, file))
