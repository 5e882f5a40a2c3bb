"""Whoever drives roll-outs, made of the configuration and of the options of asking."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from mxproof.cli.configured import configured
from mxproof.cli.occupied import unoccupied
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.journal import about_journal, absolute_store
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.publication import open_journal, publisher, wanted_of
from mxproof.cli.streams import print_stderr
from mxproof.publish.result import PublicationResult
from mxproof.publish.rollout import Rollout, decoded_rollout
from mxproof.publish.rollout_decision import RolloutPace
from mxproof.publish.rollout_driving import RolloutDriver, RolloutResult, WantedRollout
from mxproof.publish.rollout_evidence import RolloutSources
from mxproof.serve.publish.config import PublishConfig
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollout_journal import RolloutJournal


@contextmanager
def rollout_driver(
    config: PublishConfig, asking: AskingOptions, output: OutputOptions
) -> Iterator[RolloutDriver]:
    """Return whoever rolls out as the configuration says; raises RunError where that is wrong."""
    with configured():
        wanted = wanted_of(config.records)
    with ExitStack() as held:
        made = held.enter_context(publisher(config, asking, output))
        journal = held.enter_context(open_journal(config))
        url = config.rollout.reports
        with about_journal():
            reports = Journal(absolute_store(url)) if url else journal
        held.callback(reports.close)
        sources = RolloutSources(PublicationJournal(journal), reports, made.looks, config.records.ttl_s)
        pace = RolloutPace(config.rollout.days, config.rollout.silent_days)
        yield RolloutDriver(
            RolloutJournal(journal), made, sources, wanted=wanted, pace=pace, now=lambda: datetime.now(UTC)
        )


def rolled(made: RolloutDriver, wanted: Mapping[str, WantedRollout], *, dry: bool) -> list[RolloutResult]:
    """Drive on each of the domains; one that another process is at is left to it."""
    return list(unoccupied(lambda name: made.drive(name, wanted[name], dry=dry), wanted))


def undone(made: RolloutDriver, domain: str, forced: str, *, dry: bool) -> PublicationResult:
    """Take back what was published of a domain last, and say where a roll-out is paused for that."""
    result = made.undo(domain, forced, dry=dry)
    assert result.publication is not None, "it is always tried"
    rollout = result.rollout
    if rollout is not None and rollout.paused and not dry:
        print_stderr(
            f"{domain}: its roll-out is paused; `mxproof publish rollout {domain} --continue` has it go on"
        )
    return result.publication


def kept_rollouts(journal: Journal, domains: Sequence[str]) -> dict[str, Rollout]:
    """Return how the roll-outs of domains stand, those that have one."""
    rollouts = RolloutJournal(journal)
    found = {name: rollouts.rollout(name) for name in domains}
    return {name: decoded_rollout(kept) for name, kept in found.items() if kept is not None}


def rollouts_under_way(config: PublishConfig) -> tuple[str, ...]:
    """Return the domains whose roll-outs are not over."""
    with open_journal(config) as journal:
        kept = kept_rollouts(journal, RolloutJournal(journal).domains())
    return tuple(name for name, one in kept.items() if not one.is_over)
