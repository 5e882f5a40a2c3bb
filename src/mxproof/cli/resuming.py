"""What is unfinished of all that `publish` alters, found in the store; and rollovers gone on with, as far as that is for this server to do."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from mxproof.cli.occupied import unoccupied
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.publication import open_journal
from mxproof.cli.rollout import kept_rollouts
from mxproof.cli.rollover import deployed_servers, rolling
from mxproof.cli.streams import print_stderr
from mxproof.publish.rollover import rollover_in
from mxproof.publish.told_rollover import ToldRollover, told_rollover
from mxproof.serve.publish.config import PublishConfig
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollout_journal import RolloutJournal
from mxproof.store.journal.rollover_journal import RolloverJournal
from mxproof.store.journal.wanted_certificate_journal import WANTED_CERTIFICATES_MAX, WantedCertificateJournal


class Unfinished(msgspec.Struct, frozen=True):
    """Domains whose publications are not over, and hosts whose rollovers are not.

    `rollouts` are under way, and `certificates` so many are to be ordered now; other commands go on with these.
    """

    domains: tuple[str, ...]
    hosts: tuple[str, ...]
    rollouts: tuple[str, ...] = ()
    certificates: int = 0


def unfinished(config: PublishConfig, named: Sequence[str]) -> Unfinished:
    """Return what is unfinished of domains, or of all where none is named."""
    with open_journal(config) as journal:
        open_domains = PublicationJournal(journal).open_domains()
        rollovers = RolloverJournal(journal)
        opened = {host: rollovers.opened(host) for host in rollovers.open_hosts()}
        if named:
            hosts = [
                host for host, one in opened.items() if one and set(rollover_in(one).domains) & set(named)
            ]
            return Unfinished(tuple(one for one in named if one in open_domains), tuple(hosts))
        kept = kept_rollouts(journal, RolloutJournal(journal).domains())
        rollouts = tuple(name for name, one in kept.items() if not one.is_over)
        due = WantedCertificateJournal(journal).due(datetime.now(UTC), WANTED_CERTIFICATES_MAX)
        return Unfinished(open_domains, tuple(opened), rollouts, len(due) if config.acme.directory else 0)


def tell_of_others(found: Unfinished) -> None:
    """Say which commands go on with what is not unfinished, and goes on."""
    if found.rollouts:
        count = len(found.rollouts)
        print_stderr(f"roll-outs under way: {count}; `mxproof publish rollout` makes the step that is due")
    if found.certificates:
        print_stderr(
            f"certificates to be ordered: {found.certificates}; `mxproof publish certificates` orders them"
        )


def resumed_rollovers(
    config: PublishConfig, asking: AskingOptions, output: OutputOptions, hosts: Sequence[str]
) -> list[ToldRollover]:
    """Go on with the rollovers of hosts; one that swaps a file which this server does not have is only told."""
    servers = {name: one for one in deployed_servers(config.deploy) for name in one.server.hosts}
    with rolling(config, asking, output) as made:

        def resumed(host: str) -> ToldRollover | None:
            if host in servers:
                return told_rollover(made.deployed(servers[host], "", dry=False))
            told = made.tlsa.go_on(host)
            if told is not None and told.file:
                print_stderr(
                    f"{host}: {told.file} is swapped by `mxproof publish deploy` where a [[deploy]] of the configuration has it"
                )
            return told

        return [one for one in unoccupied(resumed, hosts) if one is not None]
