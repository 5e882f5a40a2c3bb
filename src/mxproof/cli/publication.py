"""A publisher made of the configuration and of the options of asking: what the commands of `publish` that alter something work with."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from mxproof.cli.configured import configured
from mxproof.cli.looking import looking
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.journal import about_journal, absolute_store, own_store
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.options.planned import policy_in
from mxproof.cli.streams import print_stderr, print_stdout
from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.errors import ConfigError, FormatError
from mxproof.formats.mtasts import Policy
from mxproof.formats.names import parse_host
from mxproof.formats.tlsrpt.record import examine_record
from mxproof.net.asking import DNS_PORT, parse_peer
from mxproof.net.dns.update import read_tsig_key
from mxproof.publish.certificate_folder import CertificateFolder
from mxproof.publish.certificate_standing import CertificateStanding, OrderLimits
from mxproof.publish.keeper import PolicyKeeper, RecordKeeper
from mxproof.publish.lines import LineKeeper, OctodnsKeeper
from mxproof.publish.permission import planned_of
from mxproof.publish.policy_folder import PolicyFolder
from mxproof.publish.policy_store import PolicyStore
from mxproof.publish.powerdns import PowerDnsKeeper
from mxproof.publish.publishing import Looks, Publisher
from mxproof.publish.state import PublishedState
from mxproof.publish.told_certificate import ToldCertificate
from mxproof.publish.update import UpdateKeeper
from mxproof.publish.wanted import WantedOf
from mxproof.remedy.planned import wanted_for
from mxproof.serve.daemon.config import about
from mxproof.serve.publish.config import PublicationOptions, PublishConfig, RecordOptions
from mxproof.serve.publish.policies import policy_host
from mxproof.serve.publish.settings import certificates_folder
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.hosted_policy import HostedPolicyJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollover_journal import RolloverJournal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal
from mxproof.survey import inbound, published
from mxproof.survey.reading import FAMILY_KINDS, POLICY_LABEL


@contextmanager
def open_journal(config: PublishConfig) -> Iterator[Journal]:
    """Open the store of publications; raises RunError where it cannot be used."""
    with about_journal():
        url = config.publication.store
        journal = Journal(absolute_store(url) if url else own_store())
        try:
            yield journal
        finally:
            journal.close()


@contextmanager
def publication_journal(config: PublishConfig) -> Iterator[PublicationJournal]:
    """Open the journal of publications; raises RunError where it cannot be used."""
    with open_journal(config) as journal:
        yield PublicationJournal(journal)


@contextmanager
def rollover_journal(config: PublishConfig) -> Iterator[RolloverJournal]:
    """Open the journal of rollovers; raises RunError where it cannot be used."""
    with open_journal(config) as journal:
        yield RolloverJournal(journal)


def host_certificates(
    config: PublishConfig, journal: Journal, domains: Sequence[str]
) -> dict[str, ToldCertificate]:
    """Return how it stands with the certificate of each policy host, by domain; nothing where none are had from an authority."""
    if not config.acme.directory:
        return {}
    told = certificate_standing(config, journal).told([policy_host(one) for one in domains])
    return dict(zip(dict.fromkeys(domains), told, strict=True))


def certificate_standing(config: PublishConfig, journal: Journal) -> CertificateStanding:
    """Return whoever tells how it stands with certificates that the authority of the configuration is asked for."""
    options = config.acme
    return CertificateStanding(
        WantedCertificateJournal(journal),
        CertificateOrderJournal(journal, options.directory),
        CertificateFolder(certificates_folder(options)),
        OrderLimits(options.orders, options.orders_per_hour),
        lambda: datetime.now(UTC),
    )


@contextmanager
def resumable() -> Iterator[None]:
    """Say after Ctrl-C that what was begun is not lost, and let it end the program."""
    try:
        yield
    except KeyboardInterrupt:
        print_stderr("interrupted; `mxproof publish resume` goes on with what was begun")
        raise


@contextmanager
def publisher(
    config: PublishConfig,
    asking: AskingOptions,
    output: OutputOptions,
    tell: Callable[[str], None] = print_stderr,
) -> Iterator[Publisher]:
    """Return whoever publishes as the configuration says, and tells of each step; raises RunError where that is wrong."""
    with resumable(), open_journal(config) as journal, looks(asking) as seen:
        with configured():
            keeper = record_keeper(config.records, line_printer(output))
            policies = _policies(config, journal)
        yield Publisher(
            PublicationJournal(journal),
            keeper,
            policies,
            seen,
            ttl_s=config.records.ttl_s,
            patience_s=config.publication.wait_s,
            now=lambda: datetime.now(UTC),
            pause=time.sleep,
            tell=tell,
        )


@contextmanager
def looks(asking: AskingOptions) -> Iterator[Looks]:
    """Return how it is found out what is shown; what is known of a domain and does not change is asked once."""
    known: dict[str, Evidence] = {}
    with looking(asking, published.wanted) as found:

        def look(domain: str) -> Evidence:
            before = known.get(domain) or Evidence(domain)
            start = before.without(published.asked_anew(before))
            known[domain] = found.look(start, published.wanted)
            return known[domain]

        def arriving(state: PublishedState, seen: Evidence) -> Evidence:
            wanted = wanted_for(planned_of(state, seen), inbound.wanted)
            return found.look(_of_policy_host(seen), wanted)

        def receiving(domain: str) -> Evidence:
            return found.look(Evidence(domain), _mx_wanted)

        yield Looks(look, arriving, receiving)


def _mx_wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the question for the MX records, until it is answered."""
    asked = Question(Kind.MX, evidence.domain)
    return () if asked in evidence.answers else (asked,)


def _of_policy_host(seen: Evidence) -> Evidence:
    """Return what was seen of the policy host, so that a resolver that has not heard of it yet does not decide."""
    whole = published.with_policy_host(seen)
    host = f"{POLICY_LABEL}.{seen.domain}"
    kinds = {*FAMILY_KINDS.values()}
    kept = [(one, answer) for one, answer in whole.answers.items() if one.name == host and not one.server]
    return Evidence(seen.domain).with_answers(
        (one, answer) for one, answer in kept if one.at or one.kind in kinds
    )


def record_keeper(options: RecordOptions, write: Callable[[str], None]) -> RecordKeeper:
    """Return whoever keeps the zones, `write` for lines that are to be read; raises ConfigError where the configuration is wrong."""
    match options.kind:
        case "powerdns":
            with about("records"):
                return PowerDnsKeeper(options.url, options.server_id, _file("key_file", options.key_file))
        case "rfc2136":
            with about("records.primary"):
                server = parse_peer(options.primary, DNS_PORT)
            with about("records.key_file"):
                return UpdateKeeper(server, read_tsig_key(_file("key_file", options.key_file)))
        case "octodns":
            return OctodnsKeeper(_file("folder", options.folder))
        case "lines":
            return LineKeeper(write)


def _policies(config: PublishConfig, journal: Journal) -> PolicyKeeper:
    """Return where policies go to be served; raises ConfigError where that is not said."""
    if config.publication.through_store:
        return PolicyStore(
            HostedPolicyJournal(journal), config.publication.switch_s, lambda: datetime.now(UTC)
        )
    return policy_folder(config)


def policy_folder(config: PublishConfig) -> PolicyFolder:
    """Return where policies are written; raises ConfigError where that is not said."""
    publication = config.publication
    if publication.static_folder:
        return PolicyFolder(Path(publication.static_folder), publication.reload, is_static=True)
    if not config.folder:
        raise ConfigError(
            "folder: empty; the folder of policies of `publish serve` was expected, or static_folder"
        )
    return PolicyFolder(Path(config.folder), publication.reload)


def wanted_of(options: RecordOptions) -> WantedOf:
    """Return what every domain is to have beside its policy; raises ConfigError for what no record can hold."""
    host = ""
    if options.policy_host:
        try:
            host = parse_host(options.policy_host, labels_min=2)
        except FormatError as error:
            raise ConfigError(f"records.policy_host: {error.objections[0].message}") from None
    reports = f"v=TLSRPTv1; rua={','.join(options.reports)}" if options.reports else ""
    if reports and examine_record(reports.encode("ascii", "replace")).strict is None:
        raise ConfigError(
            "records.reports: `mailto:...` or `https://...` of each was expected (RFC 8460 section 3)"
        )
    return WantedOf(reports, host)


def wanted_policy(options: PublicationOptions, domain: str) -> Policy | None:
    """Return the policy that a domain is to have by the folder of those, None where it has none; raises RunError for a broken one."""
    path = Path(options.wanted) / f"{domain}.txt"
    return policy_in(path) if options.wanted and path.exists() else None


def line_printer(output: OutputOptions) -> Callable[[str], None]:
    """Return what prints lines of a zone: on stdout, unless that is for a program."""
    if output.format == "text" and output.output is None:
        return print_stdout
    return lambda lines: click.echo(lines, err=True, nl=False)


def _file(key: str, path: str) -> Path:
    if not path:
        raise ConfigError(f"records.{key}: empty; a path was expected")
    return Path(path)
