"""`mxproof publish rollout` and `remove`: from nothing to months of enforce on evidence, and back to nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mxproof.cli.exit import DONE, RunError, worst_status
from mxproof.cli.options.asking import AskingOptions, asking_options, named_domains
from mxproof.cli.options.groups import Option
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.planned import policy_typed
from mxproof.cli.options.publish import PublishUse, publish_options
from mxproof.cli.sink import put_json, put_text
from mxproof.cli.streams import print_stderr
from mxproof.formats.mtasts import Policy

if TYPE_CHECKING:
    from mxproof.publish.rollout_driving import RolloutResult, WantedRollout
    from mxproof.publish.rollout_told import ToldRollout

ROLLOUT_FORMATS = ("text", "json")

_ROLLOUT_EPILOG = """\b
Examples:
  mxproof publish rollout yourdomain.example --policy mta-sts.txt
  mxproof publish rollout
  mxproof publish rollout yourdomain.example --back
"""
_REMOVE_EPILOG = """\b
Examples:
  mxproof publish remove yourdomain.example --dry-run
  mxproof publish remove yourdomain.example
"""

_dry: Option = click.option("--dry-run", "dry", is_flag=True, help="Say what would be done, and do nothing.")


@click.command(epilog=_ROLLOUT_EPILOG)
@click.argument("domain", nargs=-1, metavar="[DOMAIN...]")
@click.option(
    "--policy",
    type=click.Path(path_type=Path),
    callback=policy_typed,
    metavar="FILE",
    help="The policy to begin with, whose mode and max_age do not count  [default: that of publication.wanted, or the one published last]",
)
@click.option("--pause", "act", flag_value="pause", help="Make no step until it is continued.")
@click.option(
    "--continue",
    "act",
    flag_value="continue",
    help="Go on after a pause, or from what somebody published meanwhile.",
)
@click.option("--back", "act", flag_value="back", help="Go back a stage, and pause there.")
@click.option(
    "--without-reports/--with-reports",
    "without_reports",
    default=None,
    help="Go on although no TLS reports come; the days and the checks count as before.",
)
@_dry
@output_options(ROLLOUT_FORMATS)
@publish_options
@asking_options
def rollout(
    domain: tuple[str, ...],
    policy: Policy | None,
    act: str | None,
    without_reports: bool | None,
    dry: bool,
    output: OutputOptions,
    publish: PublishUse,
    asking: AskingOptions,
) -> int:
    """Bring each DOMAIN from nothing to enforce in steps: testing, then enforce for a day, a week, a month and three.

    Each call looks once and makes at most one step: where a check is clean, and for `rollout.days` days TLS reports of the senders
    that usually report told of no failure and no sender fell silent. Without DOMAIN it goes on with all that are under way, as a
    timer does; removals as well.

    Exit status: 0 a step was made, or its time has not come; 1 something holds it; 2 wrong usage; 3 a server is waited for, or what
    a sender would do is not known.
    """
    from mxproof.cli.publication import wanted_policy  # noqa: PLC0415 - loads a database
    from mxproof.cli.rollout import rollouts_under_way  # noqa: PLC0415 - as above
    from mxproof.publish.rollout import RolloutAim  # noqa: PLC0415 - as above
    from mxproof.publish.rollout_driving import RolloutAct, WantedRollout  # noqa: PLC0415 - as above

    if not domain and (act is not None or policy is not None or without_reports is not None):
        raise RunError("name the domains that this is for")
    config = publish.config_given()
    if not domain:
        names = rollouts_under_way(config)
        if not names:
            print_stderr("nothing is being rolled out")
            return DONE
        return _rolled(dict.fromkeys(names, WantedRollout()), publish, asking, output, dry=dry)
    wanted = {
        name: WantedRollout(
            RolloutAct(act or "drive"),
            RolloutAim.ENFORCE,
            policy,
            without_reports,
            otherwise=wanted_policy(config.publication, name),
        )
        for name in named_domains(domain)
    }
    return _rolled(wanted, publish, asking, output, dry=dry)


@click.command(epilog=_REMOVE_EPILOG)
@click.argument("domain", nargs=-1, required=True, metavar="DOMAIN...")
@_dry
@output_options(ROLLOUT_FORMATS)
@publish_options
@asking_options
def remove(
    domain: tuple[str, ...], dry: bool, output: OutputOptions, publish: PublishUse, asking: AskingOptions
) -> int:
    """Take MTA-STS away from each DOMAIN, so that no sender is left with a policy that nobody keeps (RFC 8461 section 8.3).

    First a policy of mode none is published. Once every earlier policy is forgotten the record is taken away, and a day later the
    policy. Each call makes the step that is due; `mxproof publish rollout` without DOMAIN goes on with it, and `--back` leaves it.

    Exit status: 0 a step was made, or its time has not come; 1 something holds it; 2 wrong usage; 3 a server is waited for, or what
    a sender would do is not known.
    """
    from mxproof.publish.rollout import RolloutAim  # noqa: PLC0415 - as above
    from mxproof.publish.rollout_driving import WantedRollout  # noqa: PLC0415 - loads a database

    wanted = dict.fromkeys(named_domains(domain), WantedRollout(aim=RolloutAim.NONE))
    return _rolled(wanted, publish, asking, output, dry=dry)


def _rolled(
    wanted: "dict[str, WantedRollout]",
    publish: PublishUse,
    asking: AskingOptions,
    output: OutputOptions,
    *,
    dry: bool,
) -> int:
    """Drive roll-outs on, print what became of each, and return the status of the worst."""
    from mxproof.cli.rollout import rolled, rollout_driver  # noqa: PLC0415 - loads a database
    from mxproof.cli.rollout_words import rollout_text, status_of_rollout  # noqa: PLC0415 - as above

    with rollout_driver(publish.config_given(), asking, output) as made:
        results = rolled(made, wanted, dry=dry)
    if output.format == "json":
        put_json([_told(one) for one in results], output)
    else:
        put_text([rollout_text(one, paper_of(output)) for one in results], output)
    return worst_status({status_of_rollout(one) for one in results}, output.format)


def _told(result: "RolloutResult") -> "ToldRollout":
    from mxproof.publish.rollout_told import told_rollout  # noqa: PLC0415 - as above

    return told_rollout(result.domain, result.rollout, result.decision, result.publication, result.said)
