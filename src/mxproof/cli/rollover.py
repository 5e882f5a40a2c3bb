"""Whoever rolls certificates and TLSA records, made of the configuration and of the options of asking."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mxproof.cli.configured import configured
from mxproof.cli.exit import RunError
from mxproof.cli.looking import looking
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.publication import line_printer, record_keeper, resumable, rollover_journal
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Der, Evidence
from mxproof.formats.errors import ConfigError, FormatError
from mxproof.formats.names import parse_host
from mxproof.mail.trust import anchors_of
from mxproof.net.roots import roots_from
from mxproof.publish.chain_file import read_keyed_chain
from mxproof.publish.deploying import Deployment
from mxproof.publish.keeper import KeeperError
from mxproof.publish.program import have_done
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rolling import Roller, RolloverResult
from mxproof.publish.rollover_making import ServerOfMail
from mxproof.publish.rollover_permission import RolloverJudge, RolloverLooks
from mxproof.publish.tlsa_publication import TlsaPublication
from mxproof.remedy.planned import PlannedState, wanted_for
from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.publish.config_certificates import DeployOptions
from mxproof.survey import inbound
from mxproof.survey.served_records import tlsa_of_hosts


class DeployedServer(msgspec.Struct, frozen=True):
    """A mail server as the configuration has it: where its certificate comes from, and what is run once it is shown."""

    server: ServerOfMail
    lineage: Path
    reload: tuple[str, ...]

    def have_read(self) -> None:
        """Have the server read its file anew; raises KeeperError where that does not go well."""
        have_done(self.reload, "deploy.reload")


class Rolling(msgspec.Struct, frozen=True):
    """What the commands work with."""

    deployment: Deployment
    tlsa: TlsaPublication

    def deployed(self, one: DeployedServer, forced: str, *, dry: bool) -> RolloverResult:
        """Bring the certificate of a server to its file as far as that may be done now."""
        try:
            keyed = read_keyed_chain(one.lineage / "fullchain.pem", one.lineage / "privkey.pem")
            return self.deployment.deploy(one.server, keyed, one.have_read, forced, dry=dry)
        except KeeperError as error:
            return RolloverResult(one.server.hosts[0], PublicationEnd.FAILED, said=str(error))


@contextmanager
def rolling(config: PublishConfig, asking: AskingOptions, output: OutputOptions) -> Iterator[Rolling]:
    """Return whoever rolls as the configuration says; raises RunError where that is wrong."""
    with configured():
        keeper = record_keeper(config.records, line_printer(output))
    with resumable(), rollover_journal(config) as journal, _looks(asking) as (looks, anchors):
        roller = Roller(
            journal,
            keeper,
            looks,
            RolloverJudge(looks, anchors),
            ttl_s=config.records.ttl_s,
            patience_s=config.publication.wait_s,
            now=lambda: datetime.now(UTC),
            pause=time.sleep,
            tell=print_stderr,
        )
        yield Rolling(Deployment(roller, journal, looks), TlsaPublication(roller, journal, looks))


Anchors = Callable[[Sequence[Der]], tuple[Der, ...]]


@contextmanager
def _looks(asking: AskingOptions) -> Iterator[tuple[RolloverLooks, Anchors]]:
    """Return how it is found out what is shown, and the roots at which a chain could end."""
    known: dict[tuple[str, tuple[str, ...]], Evidence] = {}
    with looking(asking, inbound.wanted) as found:

        def served(domain: str, hosts: tuple[str, ...]) -> Evidence:
            before = known.get((domain, hosts)) or Evidence(domain)
            start = before.without(tuple(one for one in before.answers if one.server))
            known[domain, hosts] = found.look(start, tlsa_of_hosts(hosts).wanted)
            return known[domain, hosts]

        def arriving(domain: str, state: PlannedState) -> Evidence:
            return found.look(Evidence(domain), wanted_for(state, inbound.wanted))

        yield RolloverLooks(served, arriving), lambda chain: anchors_of(chain, found.roots)


def deployed_servers(options: Sequence[DeployOptions]) -> tuple[DeployedServer, ...]:
    """Return the servers of the configuration; raises RunError where one is not what it should be."""
    return tuple(_server(place, one) for place, one in enumerate(options))


def authorities_in(paths: Sequence[str | Path]) -> tuple[Der, ...]:
    """Return the certificates of authorities in files; raises ConfigError for one that holds none."""
    return tuple(dict.fromkeys(Der(one) for path in paths for one in roots_from(Path(path))))


def _server(place: int, options: DeployOptions) -> DeployedServer:
    key = f"deploy[{place}]"
    if not options.names or not options.domains:
        raise RunError(f"{key}: at least one of `names` and one of `domains` was expected")
    try:
        names, domains = (
            tuple(parse_host(one, labels_min=2) for one in typed)
            for typed in (options.names, options.domains)
        )
        authorities = authorities_in(options.authorities)
    except FormatError as error:
        raise RunError(f"{key}: {error.objections[0].message}") from None
    except ConfigError as error:
        raise RunError(f"{key}.authorities: {error}") from None
    server = ServerOfMail(
        hosts=names,
        domains=domains,
        file=str(Path(options.file).absolute()),
        authorities=authorities,
        kept_s=options.kept_s,
    )
    return DeployedServer(server, Path(options.lineage), options.reload)
