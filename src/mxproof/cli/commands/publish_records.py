"""`mxproof publish apply`, `adopt`, `undo`, `resume` and `status`: records and policies altered in the safe order."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mxproof.cli.configured import configured
from mxproof.cli.exit import DONE, UNKNOWN, worst_status
from mxproof.cli.options.asking import AskingOptions, asking_options, named_domains
from mxproof.cli.options.groups import Option
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.planned import policy_typed
from mxproof.cli.options.publish import PublishUse, publish_options
from mxproof.cli.sink import put_json, put_text
from mxproof.cli.streams import print_stderr
from mxproof.formats.mtasts import MAX_AGE_S_MAX, Mode, Policy

if TYPE_CHECKING:
    from mxproof.publish.result import PublicationResult

PUBLICATION_FORMATS = ("text", "json")
FORCED_CHARACTERS_MAX = 500
HISTORY_SHOWN_MAX = 20

_APPLY_EPILOG = """\b
Examples:
  mxproof publish apply yourdomain.example --policy mta-sts.txt --dry-run
  mxproof publish apply yourdomain.example --policy mta-sts.txt
  mxproof publish apply yourdomain.example --mode enforce
"""
_ADOPT_EPILOG = """\b
Examples:
  mxproof publish adopt yourdomain.example
"""
_UNDO_EPILOG = """\b
Examples:
  mxproof publish undo yourdomain.example
"""
_RESUME_EPILOG = """\b
Examples:
  mxproof publish resume
  mxproof publish resume yourdomain.example
"""
_STATUS_EPILOG = """\b
Examples:
  mxproof publish status yourdomain.example
  mxproof publish status --format json
"""


def _reason(_: click.Context, __: click.Parameter, value: str | None) -> str:
    if value is not None and not value.strip():
        raise click.BadParameter("a reason was expected; it is kept in the journal")
    return (value or "").strip()[:FORCED_CHARACTERS_MAX]


domains_typed = click.argument("domain", nargs=-1, required=True, metavar="DOMAIN...")
_domains_or_all = click.argument("domain", nargs=-1, metavar="[DOMAIN...]")
force: Option = click.option(
    "--force",
    "forced",
    callback=_reason,
    metavar="REASON",
    help="Publish although mail would be refused, or nobody can tell; the reason is kept in the journal.",
)
dry_run: Option = click.option(
    "--dry-run", "dry", is_flag=True, help="Say what would be done, and do nothing."
)


@click.command(epilog=_APPLY_EPILOG)
@domains_typed
@click.option(
    "--policy",
    type=click.Path(path_type=Path),
    callback=policy_typed,
    metavar="FILE",
    help="The policy  [default: that of publication.wanted, or the one published last]",
)
@click.option("--mode", type=click.Choice([str(one) for one in Mode]), help="The mode of it instead.")
@click.option(
    "--max-age",
    type=click.IntRange(1, MAX_AGE_S_MAX),
    metavar="SECONDS",
    help="For how long senders hold it instead.",
)
@dry_run
@force
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def apply(
    domain: tuple[str, ...],
    policy: Policy | None,
    mode: str | None,
    max_age: int | None,
    dry: bool,
    forced: str,
    output: OutputOptions,
    publish: PublishUse,
    asking: AskingOptions,
) -> int:
    """Publish the policy of each DOMAIN: first the policy, then the record with its new id.

    It is judged with every modelled sender first, and not done where one would refuse mail. Each step is seen at every
    address of every name server, over UDP and TCP, before the next is made; what stays unfinished is gone on with next time.

    Exit status: 0 it is published; 1 it may not be, or could not; 2 wrong usage; 3 a server is waited for, or what a sender
    would do is not known.
    """
    from mxproof.cli.occupied import unoccupied  # noqa: PLC0415 - loads a database
    from mxproof.cli.publication import publisher, wanted_of, wanted_policy  # noqa: PLC0415 - as above
    from mxproof.publish.wanted import WantedPolicy  # noqa: PLC0415 - as above

    config = publish.config_given()
    names = named_domains(domain)
    with configured():
        wanted = wanted_of(config.records)
    policies = {name: policy or wanted_policy(config.publication, name) for name in names}
    with publisher(config, asking, output) as made:
        changes = {
            name: WantedPolicy(given, None if mode is None else Mode(mode), max_age)
            for name, given in policies.items()
        }
        results = list(
            unoccupied(lambda name: made.apply(name, changes[name], wanted, forced, dry=dry), names)
        )
    return _put(results, output, len(names))


@click.command(epilog=_ADOPT_EPILOG)
@domains_typed
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def adopt(domain: tuple[str, ...], output: OutputOptions, publish: PublishUse, asking: AskingOptions) -> int:
    """Take over what is published of each DOMAIN, whatever serves it now, and change nothing that senders see.

    The policy is written to the folder of policies, so that our host can serve it from then on.

    Exit status: 0 it is taken over; 1 it cannot be, for somebody shows something else; 2 wrong usage.
    """
    from mxproof.cli.occupied import unoccupied  # noqa: PLC0415 - loads a database
    from mxproof.cli.publication import publisher  # noqa: PLC0415 - as above

    with publisher(publish.config_given(), asking, output) as made:
        names = named_domains(domain)
        results = list(unoccupied(made.adopt, names))
    return _put(results, output, len(names))


@click.command(epilog=_UNDO_EPILOG)
@domains_typed
@dry_run
@force
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def undo(
    domain: tuple[str, ...],
    dry: bool,
    forced: str,
    output: OutputOptions,
    publish: PublishUse,
    asking: AskingOptions,
) -> int:
    """Bring back what was published of each DOMAIN before, under a new id, since senders hold what is published now.

    It is judged and made step by step as `apply` is; a second `undo` takes it back. A roll-out that is under way pauses there, so that no timer
    does again what was undone; `mxproof publish rollout DOMAIN --continue` has it go on.

    Exit status: 0 it is published; 1 it may not be, or could not; 2 wrong usage; 3 a server is waited for, or what a sender
    would do is not known.
    """
    from mxproof.cli.occupied import unoccupied  # noqa: PLC0415 - loads a database
    from mxproof.cli.rollout import rollout_driver, undone  # noqa: PLC0415 - as above

    with rollout_driver(publish.config_given(), asking, output) as made:
        names = named_domains(domain)
        results = list(unoccupied(lambda name: undone(made, name, forced, dry=dry), names))
    return _put(results, output, len(names))


@click.command(epilog=_RESUME_EPILOG)
@_domains_or_all
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def resume(domain: tuple[str, ...], output: OutputOptions, publish: PublishUse, asking: AskingOptions) -> int:
    """Finish what is unfinished of each DOMAIN, or of all: a server lagged, or a process was killed.

    Publications of policies and records, and rollovers of certificates and TLSA records, as `deploy` and `tlsa` go on with them; a file
    of another server is left to that. Roll-outs under way and certificates to be ordered are counted, with the command that goes on.

    Exit status: 0 all of it is done; 1 something may not be, or could not; 2 wrong usage; 3 a server, a cache or another process is waited
    for, or what a sender would do is not known.
    """
    from mxproof.cli.occupied import unoccupied  # noqa: PLC0415 - loads a database
    from mxproof.cli.publication import publisher  # noqa: PLC0415 - as above
    from mxproof.cli.publication_words import publication_text, status_of_publication  # noqa: PLC0415 - as above
    from mxproof.cli.resuming import resumed_rollovers, tell_of_others, unfinished  # noqa: PLC0415 - as above
    from mxproof.cli.rollover_words import rollover_text, status_of_rollover  # noqa: PLC0415 - as above
    from mxproof.publish.told import told  # noqa: PLC0415 - as above

    config = publish.config_given()
    found = unfinished(config, named_domains(domain) if domain else ())
    tell_of_others(found)
    if not found.domains and not found.hosts:
        print_stderr("nothing is unfinished")
        return DONE
    results, rollovers = [], []
    if found.domains:
        with publisher(config, asking, output) as made:
            results = list(unoccupied(made.resume, found.domains))
    if found.hosts:
        rollovers = resumed_rollovers(config, asking, output, found.hosts)
    if output.format == "json":
        put_json([*map(told, results), *rollovers], output, are_many=not domain)
    else:
        paper = paper_of(output)
        texts = [publication_text(one, paper) for one in results]
        put_text([*texts, *(rollover_text(one, paper) for one in rollovers)], output)
    left = {UNKNOWN} if len(results) + len(rollovers) < len(found.domains) + len(found.hosts) else {DONE}
    statuses = {*map(status_of_publication, results), *map(status_of_rollover, rollovers)}
    return worst_status(statuses | left, output.format)


@click.command(epilog=_STATUS_EPILOG)
@_domains_or_all
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def status(domain: tuple[str, ...], output: OutputOptions, publish: PublishUse, asking: AskingOptions) -> int:
    """Say what every name server and every address of the policy host shows of each DOMAIN, beside what was published.

    Without DOMAIN, of every domain that something was published of from here.

    Exit status: 0 everybody shows what was published; 1 somebody shows something else; 2 wrong usage; 3 nothing was published
    from here, or something is unfinished, or what is shown could not be found out.
    """
    from mxproof.cli.publication import host_certificates, looks, open_journal  # noqa: PLC0415 - loads a database
    from mxproof.cli.publication_words import published_text, status_of_published  # noqa: PLC0415 - as above
    from mxproof.cli.rollout import kept_rollouts  # noqa: PLC0415 - as above
    from mxproof.cli.rollout_words import standing_text  # noqa: PLC0415 - as above
    from mxproof.publish.showing import shown_domain  # noqa: PLC0415 - as above
    from mxproof.store.journal.publication_journal import PublicationJournal  # noqa: PLC0415 - as above

    config = publish.config_given()
    with open_journal(config) as store, looks(asking) as seen:
        journal = PublicationJournal(store)
        names = named_domains(domain) if domain else journal.domains()
        rollouts = kept_rollouts(store, names)
        ordered = host_certificates(config, store, names)
        found = [
            shown_domain(
                seen.published(name),
                journal.history(name, HISTORY_SHOWN_MAX),
                rollouts.get(name),
                ordered.get(name),
            )
            for name in names
        ]
    if not found:
        print_stderr("nothing was published from here")
    if output.format == "json":
        put_json(found, output, are_many=len(domain) != 1)
    else:
        paper = paper_of(output)
        standing = {name: standing_text(name, one, one.said, paper) for name, one in rollouts.items()}
        put_text([published_text(one, paper) + standing.get(one.domain, "") for one in found], output)
    return worst_status({status_of_published(one) for one in found}, output.format)


def _put(results: "Sequence[PublicationResult]", output: OutputOptions, asked: int) -> int:
    """Print what became of publications, and return the status of the worst; one that another process is at is not known."""
    from mxproof.cli.publication_words import publication_text, status_of_publication  # noqa: PLC0415 - as above
    from mxproof.publish.told import told  # noqa: PLC0415 - as above

    if output.format == "json":
        put_json([told(one) for one in results], output, are_many=asked > 1)
    else:
        put_text([publication_text(one, paper_of(output)) for one in results], output)
    left = {UNKNOWN} if len(results) < asked else set()
    return worst_status({*map(status_of_publication, results)} | left, output.format)
