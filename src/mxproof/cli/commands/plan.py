"""`mxproof plan`: find the smallest changes after which every sender delivers, in an order that is safe through time."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from mxproof.cli.evidence_file import evidence_about, evidence_of
from mxproof.cli.evidence_source import Observation, Survey, observe
from mxproof.cli.exit import RunError, status_of_plan, status_of_standing
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_typed
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings, time_typed
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import print_stderr
from mxproof.cli.whole_file import write_folder
from mxproof.evidence import Evidence
from mxproof.formats.names import Domain, parse_domain
from mxproof.judge.senders import SENDERS, Traits
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.measure import DomainPart
from mxproof.remedy.plan import PLAN_VERSION, Plan
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import SearchOptions
from mxproof.render import json
from mxproof.render.text.plan import text
from mxproof.survey.together import Wanted

PLAN_FORMATS = ("text", "json", "html")
PLAN_BYTES_MAX = 64 * 1024 * 1024
_EPILOG = """\b
Examples:
  mxproof plan example.com --lab incident
  mxproof plan example.com --keep mx --keep certificate
  mxproof plan --from example.com.json --format json
  mxproof plan example.com --format html --output plan.html
  mxproof plan example.com --goal secure --sender google --sender microsoft
  mxproof plan example.com --write way-out
  mxproof plan --verify way-out/plan.json --made 2026-11-03T12:00Z
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
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Put a way down in a new FOLDER: a runbook, with files for each step and for the way back.",
)
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    metavar="PLAN",
    help="Hold a plan in JSON against what is seen, and say whether its next step may be made.",
)
@click.option(
    "--way", type=click.IntRange(min=1), default=1, show_default=True, help="The way to write or to verify."
)
@click.option(
    "--made",
    callback=time_typed,
    metavar="TIME",
    help="When the last step was made, for --verify  [default: now]",
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
    folder: Path | None,
    verify: Path | None,
    way: int,
    made: datetime | None,
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
) -> int:
    """Find the smallest changes after which every sender delivers to DOMAIN, in an order that is safe through time.

    Each way is judged for every sender at every moment, whatever caches and senders still hold. Nothing is changed. With
    --verify, exit status 0 says go on, 3 wait, 1 do not.
    """
    memories = memory.memories()
    if verify is not None:
        if folder is not None:
            raise click.UsageError("--verify writes no plan; leave out --write")
        return _verified(_plan_of(verify, way), way, made, domain, file, asking, memories, output)
    if made is not None:
        raise click.UsageError("--made belongs to --verify")
    observed = _observation(domain, file, asking)
    now = observed.evidence.observed_at()
    for words in memory_warnings(memories, now):
        print_stderr(words)
    found = plan_for(
        observed.evidence,
        now=now,
        memories=(*memories, *observed.memories),
        senders=senders,
        options=SearchOptions(Goal(goal), frozenset(map(DomainPart, keep)), max_changes),
    )
    if folder is not None:
        _write(found, way, observed.evidence, folder)
    if output.format == "json":
        put_bytes([json.encode(found)], output)
    elif output.format == "html":
        from mxproof.render.html.plan import document  # noqa: PLC0415  # a page is seldom asked for

        put_document(document(found), output)
    else:
        put_text([text(found, paper_of(output))], output)
    return status_of_plan(found)


def _write(found: Plan, way: int, evidence: Evidence, folder: Path) -> None:
    """Put a way down as files; where there is none, say so and write nothing."""
    from mxproof.remedy.step_record import acted  # noqa: PLC0415 - only who writes needs it
    from mxproof.render.action import folder as action  # noqa: PLC0415 - as above

    if not found.ways:
        print_stderr(f"{folder}: not written, for there is no way to put down")
        return
    if way > len(found.ways):
        raise click.UsageError(f"--way {way}: there are {len(found.ways)} ways")
    steps = acted(evidence, [step.changes for step in found.ways[way - 1].steps])
    write_folder(folder, action.folder(found, way, steps))
    print_stderr(f"way {way} is in {folder}; begin with {folder / 'README.md'}")


def _plan_of(file: Path, way: int) -> Plan:
    """Return the plan in a file; raises RunError where there is none."""
    try:
        with file.open("rb") as opened:
            read = msgspec.json.decode(opened.read(PLAN_BYTES_MAX + 1), type=Plan)
    except OSError as error:
        raise RunError(f"{file}: cannot be read ({error.strerror})") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RunError(
            f"{file}: {error}; a plan was expected, as mxproof plan --format json prints it"
        ) from None
    if read.schema_version > PLAN_VERSION:
        raise RunError(f"{file}: a plan of version {read.schema_version}; this program reads {PLAN_VERSION}")
    if way > len(read.ways):
        raise RunError(f"{file}: {len(read.ways)} ways; way {way} was asked for")
    return read


def _verified(
    planned: Plan,
    way: int,
    made: datetime | None,
    domain: Domain | None,
    file: Path | None,
    asking: AskingOptions,
    memories: tuple[SenderMemory, ...],
    output: OutputOptions,
) -> int:
    """Hold a way of a plan against what is seen, and say how it stands."""
    from mxproof.remedy.standing import standing, wanted_to_verify  # noqa: PLC0415 - only who verifies needs it
    from mxproof.render.text.standing import standing_text  # noqa: PLC0415 - as above
    from mxproof.survey import served  # noqa: PLC0415 - as above

    if domain is not None and domain.name != planned.domain:
        raise RunError(f"the plan is about {planned.domain}; expected it to be about {domain}")
    about = parse_domain(planned.domain)
    observed = _observation(about, file, asking, wanted_to_verify(planned, way, served.wanted))
    now = observed.evidence.observed_at()
    held = (*memories, *observed.memories)
    told = standing(planned, way, observed.evidence, now=now, made_at=made, memories=held)
    if output.format == "json":
        put_bytes([json.encode(told)], output)
    else:
        put_text([standing_text(told, paper_of(output))], output)
    return status_of_standing(told)


def _observation(
    domain: Domain | None, file: Path | None, asking: AskingOptions, wanted: Wanted | None = None
) -> Observation:
    """Return the evidence in the file, or what is seen now."""
    if file is None:
        if domain is None:
            raise click.UsageError("a domain such as example.com, or --from FILE, was expected")
        return observe(domain, asking, None if wanted is None else Survey(wanted))
    if asking != AskingOptions():
        raise click.UsageError("--from asks nobody; leave out the options that say how to ask")
    return Observation(evidence_of(file) if domain is None else evidence_about(domain, file))
