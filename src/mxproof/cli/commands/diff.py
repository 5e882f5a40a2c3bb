"""`mxproof diff`: what changed between two observations of a domain, and for whom it matters."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from mxproof.cli.evidence_file import evidence_of
from mxproof.cli.exit import DONE, RunError, status_of_difference, worst_status
from mxproof.cli.options.output import (
    DIFFERENCE_FORMATS,
    OutputOptions,
    fail_on_option,
    output_options,
    paper_of,
)
from mxproof.cli.options.planned import OPTIONS_NAMED, PlannedOptions, planned_options
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.judge.difference import Difference
from mxproof.judge.differing import difference, seen
from mxproof.judge.vocabulary import Severity

_EPILOG = """\b
Examples:
  mxproof diff yesterday.json today.json
  mxproof collect example.com | mxproof diff yesterday.json -
  mxproof diff yesterday/ today/ --format markdown
  mxproof diff today.json --zone db.example.com --policy mta-sts.txt
  mxproof diff today.json --plan way-out/plan.json
"""


@click.command(epilog=_EPILOG)
@click.argument("old", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("new", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--plan",
    "plan",
    type=click.Path(path_type=Path),
    metavar="PLAN",
    help="A plan in JSON, in place of NEW: what one of its ways would change.",
)
@click.option("--way", type=click.IntRange(min=1), default=1, show_default=True, help="The way, with --plan.")
@planned_options
@output_options(DIFFERENCE_FORMATS)
@fail_on_option
def diff(
    old: Path,
    new: Path | None,
    plan: Path | None,
    way: int,
    planned: PlannedOptions,
    output: OutputOptions,
    fail_on: str,
) -> int:
    """Say what changed from the evidence in OLD to that in NEW (- for stdin), and for which senders it matters.

    In place of NEW may stand what is planned (--zone, --set, --unset, --policy, --mode, --cert), or a way of a plan: then
    what it would change of OLD is told, once nothing old is held any more. Of two folders the files of one name are
    compared, and of those domains told that changed.

    Exit status: 0 nothing is worse than before; 1 a sender fares worse than before, or there is a new finding as severe as
    --fail-on says; 2 wrong usage; 3 something known before could not be found out.
    """
    if sum(map(bool, (new, plan, planned))) != 1:
        raise click.UsageError(f"one of NEW, --plan, and what is planned ({OPTIONS_NAMED}) was expected")
    if new is None:
        one = _to_planned(old, plan, way, planned, fail_on)
        _put([one], output, is_many=False)
        return status_of_difference(one)
    if str(old) == str(new) == STDIN:
        raise click.UsageError("only one of OLD and NEW can be stdin")
    if old.is_dir() != new.is_dir():
        raise click.UsageError(f"{old} and {new}: expected two files or two folders")
    if not old.is_dir():
        one = _between(old, new, fail_on)
        _put([one], output, is_many=False)
        return status_of_difference(one)
    statuses = {DONE}
    _put(_changed(_in_folders(old, new, fail_on), statuses), output, is_many=True)
    return worst_status(statuses, output.format)


def _to_planned(old: Path, plan: Path | None, way: int, options: PlannedOptions, fail_on: str) -> Difference:
    from mxproof.remedy.planned_difference import of_changes, of_state, planned_difference  # noqa: PLC0415 - only who plans

    observed = evidence_of(old)
    if plan is None:
        made = of_state(options.state(observed.domain, None, supposes=True), observed)
    else:
        from mxproof.cli.plan_file import plan_of  # noqa: PLC0415 - as above

        read = plan_of(plan, way)
        if read.domain != observed.domain:
            raise RunError(
                f"{plan} is about {read.domain}, {old} about {observed.domain}; expected one domain"
            )
        made = of_changes(read.ways[way - 1].changes, observed)
    return planned_difference(made, observed, Severity(fail_on))


def _between(old: Path, new: Path, fail_on: str) -> Difference:
    before, after = evidence_of(old), evidence_of(new)
    if before.domain != after.domain:
        raise RunError(
            f"{old} is about {before.domain}, {new} about {after.domain}; expected evidence about one domain"
        )
    return difference(seen(before), seen(after), Severity(fail_on))


def _in_folders(old: Path, new: Path, fail_on: str) -> Iterator[Difference]:
    """Yield the difference of each pair of files; a file that stands alone is told of."""
    names = sorted({file.name for folder in (old, new) for file in folder.glob("*.json")})
    if not names:
        raise RunError(f"{old} and {new}: no file of evidence (*.json) is in them")
    for name in names:
        alone = [folder for folder in (old, new) if not (folder / name).exists()]
        if alone:
            print_stderr(f"{name}: not in {alone[0]}; not compared")
        else:
            yield _between(old / name, new / name, fail_on)


def _changed(several: Iterator[Difference], statuses: set[int]) -> Iterator[Difference]:
    """Yield those in which anything changed, and take note of the exit status of each."""
    for one in several:
        statuses.add(status_of_difference(one))
        if not one.is_empty:
            yield one


def _put(several: Iterable[Difference], output: OutputOptions, *, is_many: bool) -> None:
    """Write them; each form is loaded when it is asked for."""
    match output.format:
        case "json":
            from mxproof.render import json  # noqa: PLC0415

            put_bytes(map(json.encode_line if is_many else json.encode, several), output)
        case "html":
            from mxproof.render.html.difference import document as html  # noqa: PLC0415

            put_document(html(several), output)
        case "markdown":
            from mxproof.render.markdown.difference import document as markdown  # noqa: PLC0415

            put_document(markdown(several), output)
        case _:
            from mxproof.render.text.difference import document as text  # noqa: PLC0415

            put_text(text(several, paper_of(output)), output)
