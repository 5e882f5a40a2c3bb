"""Which sets of checks are asked: the options, and the survey that they come to."""

import click
import msgspec

from mxproof.cli.options.groups import option_group
from mxproof.survey.check_set import DEFAULT_SETS, OF_ARRIVAL, CheckSet, with_required

_EXAMPLE = "example.com"
_NAMES = [str(one) for one in CheckSet]


class SetOptions(msgspec.Struct, frozen=True):
    """The options as given."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    full: bool = False
    selector: tuple[str, ...] = ()

    def sets(self, *, name_servers: bool = True) -> tuple[CheckSet, ...]:
        """Return the sets that are to be asked; `name_servers` is what `--name-servers` says.

        Raises UsageError where the options contradict one another or leave nothing to ask.
        """
        if self.only and self.full:
            raise click.UsageError(
                "--only names the sets to ask, and --full asks all; expected one of the two"
            )
        named = {CheckSet(one) for one in self.only}
        chosen = set(CheckSet) if self.full else with_required(named or DEFAULT_SETS)
        chosen = {*chosen, *([CheckSet.DKIM] if self.selector else [])} - {CheckSet(one) for one in self.skip}
        if CheckSet.ARRIVAL not in chosen:
            chosen -= OF_ARRIVAL
        if not name_servers:
            chosen -= {CheckSet.NAME_SERVERS}
        if not chosen:
            raise click.UsageError("--skip leaves nothing to ask; expected some set to be left")
        return tuple(one for one in CheckSet if one in chosen)


def _selectors(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        return ()
    from mxproof.formats.dkim import signature  # noqa: PLC0415 - few checks name a key
    from mxproof.survey.dkim import SELECTORS_MAX  # noqa: PLC0415 - as above

    if len(values) > SELECTORS_MAX:
        raise click.BadParameter(f"{len(values)} selectors; at most {SELECTORS_MAX} are asked for")
    for value in values:
        if signature(_EXAMPLE, value) is None:
            raise click.BadParameter(
                f"{value!r} is no selector; one such as s1, from s= in DKIM-Signature, was expected"
            )
    return tuple(dict.fromkeys(value.lower().rstrip(".") for value in values))


check_set_options = option_group(
    "chosen",
    SetOptions,
    (
        click.option(
            "--only",
            type=click.Choice(_NAMES),
            multiple=True,
            help="Ask this set of checks and no other; may be repeated.",
        ),
        click.option(
            "--skip",
            type=click.Choice(_NAMES),
            multiple=True,
            help="Leave this set of checks out; may be repeated.",
        ),
        click.option(
            "--full", is_flag=True, help=f"Ask every set of checks  [default: {', '.join(DEFAULT_SETS)}]"
        ),
        click.option(
            "--selector",
            multiple=True,
            callback=_selectors,
            metavar="NAME",
            help="Look at the DKIM key of this selector; may be repeated  [default for --only dkim: those in common use]",
        ),
    ),
)
