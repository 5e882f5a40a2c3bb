"""`mxproof plan`: find the smallest changes after which every sender delivers, in an order that is safe through time."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
import msgspec

from mxproof.cli.completing import sender_ids
from mxproof.cli.evidence_file import evidence_about, evidence_of
from mxproof.cli.evidence_source import Observation, Survey, observe, of_sets
from mxproof.cli.exit import RunError, status_of_plan, status_of_standing
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_typed
from mxproof.cli.options.check_sets import AskedSets, asked_set_options
from mxproof.cli.options.file import new_folder
from mxproof.cli.options.lag import lag_option
from mxproof.cli.options.memory import MemoryOptions, memory_options, memory_warnings, time_typed
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.planned import PlannedOptions, planned_options
from mxproof.cli.plan_file import plan_of
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import print_stderr
from mxproof.cli.whole_file import write_folder
from mxproof.evidence import Evidence
from mxproof.formats.names import Domain, parse_domain
from mxproof.judge.senders import SENDERS, Traits
from mxproof.mail.memory import SenderMemory
from mxproof.net.asking import COMPARING_TIMEOUT_S
from mxproof.remedy.measure import DomainPart
from mxproof.remedy.plan import Plan
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import SearchOptions
from mxproof.render import json
from mxproof.render.text.plan import text

PLAN_FORMATS = ("text", "json", "html")
_EPILOG = """\b
Examples:
  mxproof plan example.com --lab incident
  mxproof plan example.com --keep mx --keep certificate
  mxproof plan --from example.com.json --format json
  mxproof plan example.com --full
  mxproof plan example.com --format html --output plan.html
  mxproof plan example.com --goal secure --sender google --sender microsoft
  mxproof plan example.com --write way-out
  mxproof plan example.com --cert mx1.example.com=new.pem
  mxproof plan example.com --zone db.example.com --policy mta-sts.txt --write move
  mxproof plan example.com --unset '_mta-sts TXT'
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
    shell_complete=sender_ids,
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
    callback=new_folder,
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
@planned_options
@lag_option
@output_options(PLAN_FORMATS)
@memory_options
@asked_set_options
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
    planned: PlannedOptions,
    lag_s: int,
    asking: AskingOptions,
    chosen: AskedSets,
    memory: MemoryOptions,
    output: OutputOptions,
) -> int:
    """Find the smallest changes after which every sender delivers to DOMAIN, in an order that is safe through time.

    Each way is judged for every sender at every moment, whatever caches and senders still hold. Nothing is changed.

    With --zone, --set, --unset, --policy, --mode or --cert, the order of steps from what is live to that planned state is
    found instead, with what it lacks: the TLSA records of a new certificate, a new id, the names that the policy has to
    list.

    Exit status: 0 nothing is to be done; 1 a way was found; 2 wrong usage; 3 there is none, or something needed is unknown.
    With --verify: 0 go on; 1 do not; 2 wrong usage; 3 wait.
    """
    memories = memory.memories()
    if verify is not None:
        if folder is not None or planned or chosen != AskedSets():
            raise click.UsageError(
                "--verify makes no plan; leave out --write, sets of checks, and what is planned"
            )
        return _verified(plan_of(verify, way), way, made, domain, file, asking, memories, output)
    if made is not None:
        raise click.UsageError("--made belongs to --verify")
    options = SearchOptions(Goal(goal), frozenset(map(DomainPart, keep)), max_changes)
    found, evidence = _found(planned, domain, file, asking, chosen, memories, senders, options, lag_s)
    if folder is not None:
        _write(found, way, evidence, folder, memories, senders, lag_s)
    if output.format == "json":
        put_bytes([json.encode(found)], output)
    elif output.format == "html":
        from mxproof.render.html.plan import document  # noqa: PLC0415  # a page is seldom asked for

        put_document(document(found), output)
    else:
        put_text([text(found, paper_of(output))], output)
    return status_of_plan(found)


def _found(
    planned: PlannedOptions,
    domain: Domain | None,
    file: Path | None,
    asking: AskingOptions,
    chosen: AskedSets,
    memories: tuple[SenderMemory, ...],
    senders: Sequence[Traits],
    options: SearchOptions,
    lag_s: int,
) -> tuple[Plan, Evidence]:
    """Return the ways out, or those to what is planned, with the evidence that their steps begin with."""
    survey = _survey(chosen, asking, file)
    if not planned:
        observed = _observation(domain, file, asking, survey)
        now = _now(observed, memories)
        held = (*memories, *observed.memories)
        found = plan_for(
            observed.evidence, now=now, memories=held, senders=senders, options=options, lag_s=lag_s
        )
        return found, observed.evidence
    from mxproof.remedy.planned import planned as planned_from  # noqa: PLC0415 - only who plans a state needs it
    from mxproof.remedy.planned import wanted_for  # noqa: PLC0415 - as above
    from mxproof.remedy.target import plan_to  # noqa: PLC0415 - as above
    from mxproof.survey.check_set import survey_of  # noqa: PLC0415 - as above

    if file is None:
        state = planned.state(_named(domain).name, asking.ca_file, supposes=False)
        wanted = wanted_for(state, survey_of(chosen.sets(name_servers=asking.name_servers)))
        observed = _observation(domain, None, asking, msgspec.structs.replace(survey, wanted=wanted))
    else:
        observed = _observation(domain, file, asking, survey)
        state = planned.state(observed.evidence.domain, None, supposes=True)
    planned.tell_idle(state, observed.evidence)
    now = _now(observed, memories)
    held = (*memories, *observed.memories)
    found = plan_to(
        state, observed.evidence, now=now, memories=held, senders=senders, options=options, lag_s=lag_s
    )
    return found, planned_from(state, observed.evidence).evidence


def _now(observed: Observation, memories: Sequence[SenderMemory]) -> datetime:
    """Return as of when it is planned, and say which policies count for nothing then."""
    now = observed.evidence.observed_at()
    for words in memory_warnings(memories, now):
        print_stderr(words)
    return now


def _named(domain: Domain | None) -> Domain:
    if domain is None:
        raise click.UsageError("a domain such as example.com, or --from FILE, was expected")
    return domain


def _write(
    found: Plan,
    way: int,
    evidence: Evidence,
    folder: Path,
    memories: tuple[SenderMemory, ...],
    senders: Sequence[Traits],
    lag_s: int,
) -> None:
    """Put a way down as files; where there is none, say so and write nothing."""
    from mxproof.remedy.full_ttl import with_full_ttls  # noqa: PLC0415 - as below
    from mxproof.remedy.judgement import Judge  # noqa: PLC0415 - as below
    from mxproof.remedy.rehearsal.way_back import ways_back  # noqa: PLC0415 - as below
    from mxproof.remedy.step_record import acted  # noqa: PLC0415 - only who writes needs it
    from mxproof.render.action import folder as action  # noqa: PLC0415 - as above

    if not found.ways:
        print_stderr(f"{folder}: not written, for there is no way to put down")
        return
    if way > len(found.ways):
        raise click.UsageError(f"--way {way}: there are {len(found.ways)} ways")
    steps = found.ways[way - 1].steps
    acts = acted(evidence, [step.changes for step in steps])
    judge = Judge(with_full_ttls(evidence), found.judged_at, memories, senders, lag_s)
    back = ways_back(judge, steps, [one.back for one in acts])
    write_folder(folder, action.folder(found, way, acts, back))
    print_stderr(f"way {way} is in {folder}; begin with {folder / 'README.md'}")


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
    survey = Survey(wanted_to_verify(planned, way, served.wanted), COMPARING_TIMEOUT_S)
    observed = _observation(about, file, asking, survey)
    now = observed.evidence.observed_at()
    if made is not None and made > now:
        raise RunError(f"--made {made:%FT%TZ}: is to come; what is seen is of {now:%FT%TZ}")
    held = (*memories, *observed.memories)
    told = standing(planned, way, observed.evidence, now=now, made_at=made, memories=held)
    if output.format == "json":
        put_bytes([json.encode(told)], output)
    else:
        put_text([standing_text(told, paper_of(output))], output)
    return status_of_standing(told)


def _survey(chosen: AskedSets, asking: AskingOptions, file: Path | None) -> Survey:
    """Return the survey of the sets that are asked; a file has what it has."""
    if file is not None and chosen != AskedSets():
        raise click.UsageError("--from asks nobody; leave out --only, --skip and --full")
    return of_sets(chosen.sets(name_servers=asking.name_servers))


def _observation(
    domain: Domain | None, file: Path | None, asking: AskingOptions, survey: Survey
) -> Observation:
    """Return the evidence in the file, or what is seen now."""
    if file is None:
        return observe(_named(domain), asking, survey)
    if asking != AskingOptions():
        raise click.UsageError("--from asks nobody; leave out the options that say how to ask")
    return Observation(evidence_of(file) if domain is None else evidence_about(domain, file))
