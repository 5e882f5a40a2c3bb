"""`mxproof publish follow`: one of several servers that publish for the same domains."""

import time
from typing import TYPE_CHECKING, Final

import click

from mxproof.cli.exit import DONE, PROBLEM, RunError
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.options.publish import PublishUse, publish_options
from mxproof.cli.streams import print_stderr

if TYPE_CHECKING:
    from collections.abc import Callable

    from mxproof.publish.publishing import Publisher
    from mxproof.store.journal.publication_journal import PublicationJournal

TAKEN_OVER_S: Final = 15.0
"""How often it is looked whether somebody left something unfinished."""
_EPILOG = """\b
Examples:
  mxproof publish follow --config publish.toml
  mxproof publish follow --once
"""


@click.command(epilog=_EPILOG)
@click.option("--once", is_flag=True, help="Take what is due, finish what nobody is at, and end.")
@publish_options
@asking_options
def follow(once: bool, publish: PublishUse, asking: AskingOptions) -> int:
    """Serve what any of several servers publishes, and take over where the one that acts is gone.

    With `publication.through_store` policies go through the store. This writes them to the folder of this server and has them read,
    on each server at the same moment and in the same order. What was begun and nobody is at any more is finished here.

    Exit status with --once: 0 all is taken and nothing is unfinished; 1 it could not be, or is not yet; 2 wrong usage.
    """
    from mxproof.cli.following_policies import following  # noqa: PLC0415 - loads a database
    from mxproof.cli.publication import publication_journal, publisher  # noqa: PLC0415 - as above

    config = publish.config_given()
    if not config.publication.through_store:
        raise RunError(
            "publication.through_store: false; each server has the policies of its own folder then"
        )
    with (
        following(config) as is_taken,
        publication_journal(config) as journal,
        publisher(config, asking, OutputOptions()) as made,
    ):
        if once:
            is_finished = _tried(lambda: _finish(made, journal))
            return DONE if is_taken() and is_finished and not journal.open_domains() else PROBLEM
        while True:
            _tried(lambda: _finish(made, journal))
            time.sleep(TAKEN_OVER_S)


def _finish(made: "Publisher", publications: "PublicationJournal") -> None:
    """Go on with what was begun and nobody is at."""
    from mxproof.store.journal.error import OccupiedError  # noqa: PLC0415 - as above

    for name in publications.open_domains():
        try:
            print_stderr(f"{name}: {made.resume(name).end}")
        except OccupiedError:
            continue


def _tried(work: "Callable[[], None]") -> bool:
    """Do it, and tell whether it was done, and why not."""
    from mxproof.store.journal.error import JournalError  # noqa: PLC0415 - as above

    try:
        work()
    except JournalError as error:
        print_stderr(str(error))
        return False
    return True
