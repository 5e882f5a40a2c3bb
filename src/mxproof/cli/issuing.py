"""Whoever orders certificates, made of the configuration and of the options of asking."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mxproof.cli.configured import configured
from mxproof.cli.exit import RunError
from mxproof.cli.looking import looking
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.domains import DomainOptions
from mxproof.cli.publication import certificate_standing, open_journal, record_keeper
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import folded
from mxproof.publish.acme_client import AcmeClient, account_key
from mxproof.publish.certificate_folder import CertificateFolder
from mxproof.publish.challenge import Answerer, DnsAnswerer, HttpAnswerer
from mxproof.publish.customer import certificate_aliases, leads_elsewhere
from mxproof.publish.issuing import Issuing
from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.publish.policies import hosted_policies, policy_host
from mxproof.serve.publish.settings import acme_settings, certificates_folder, proofs_folder
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal
from mxproof.survey.served_records import ServedRecords
from mxproof.survey.together import Wanted


@contextmanager
def issuing(config: PublishConfig, asking: AskingOptions) -> Iterator[Issuing]:
    """Return whoever orders as the configuration says; raises RunError where that is wrong, or names no authority."""
    options = config.acme
    with configured():
        if acme_settings(options) is None:
            raise RunError("acme.directory: empty; the directory of the authority was expected")
        account = Path(options.folder) / "account.pem"
        account_key(account)
        answerer = _answerer(config, asking)
    ca_file = Path(options.ca_file) if options.ca_file else None
    authority = AcmeClient(options.directory, account, options.contact, ca_file, now=_now, pause=time.sleep)
    with open_journal(config) as journal:
        yield Issuing(
            WantedCertificateJournal(journal),
            CertificateOrderJournal(journal, options.directory),
            CertificateFolder(certificates_folder(options)),
            certificate_standing(config, journal),
            authority.issued,
            answerer,
            now=_now,
            hindrance=_hindrance(config, asking),
            tell=print_stderr,
        )


def _now() -> datetime:
    return datetime.now(UTC)


def _hindrance(config: PublishConfig, asking: AskingOptions) -> Callable[[str], str]:
    """Return what says why an authority need not be asked for a name: a customer's that does not lead to us (any more)."""
    target, records = folded(config.records.policy_host), folded(config.customers.records)
    listed = config.customers.list
    if not target or not listed or not records:
        return lambda name: ""
    domains = {policy_host(one.name): one.name for one in DomainOptions((), Path(listed)).named()}
    by_record = config.acme.challenge == "dns-01"

    def hindrance(name: str) -> str:
        if name not in domains:
            return ""
        aliases = certificate_aliases(domains[name], records, target, by_record=by_record)
        found = (leads_elsewhere(_resolved(asking, Question(Kind.CNAME, one.name)), one) for one in aliases)
        return next(filter(None, found), "")

    return hindrance


def _resolved(asking: AskingOptions, question: Question) -> Evidence:
    """Return what the resolver says of a record."""

    def wanted(evidence: Evidence) -> tuple[Question, ...]:
        return () if question in evidence.answers else (question,)

    return _run(asking, question, wanted)


@configured()
def policy_hosts(config: PublishConfig) -> tuple[str, ...]:
    """Return the policy host of every domain that the configuration has a policy of; raises RunError where that is wrong."""
    return tuple(sorted(map(policy_host, hosted_policies(config.folder, config.policy).bodies)))


def _answerer(config: PublishConfig, asking: AskingOptions) -> Answerer:
    options = config.acme
    if options.challenge == "http-01":
        return HttpAnswerer(proofs_folder(options))
    if config.records.kind in {"lines", "octodns"}:
        raise ConfigError(
            f"acme.challenge: dns-01 needs records.kind `powerdns` or `rfc2136`; it is {config.records.kind!r}"
        )
    keeper = record_keeper(config.records, lambda lines: print_stderr(lines.rstrip()))

    def look(question: Question) -> Evidence:
        return _seen(asking, question)

    noted = Path(options.folder) / "dns-proofs.json"
    return DnsAnswerer(
        keeper, look, noted, patience_s=config.publication.wait_s, wait=time.sleep, tell=print_stderr
    )


def _seen(asking: AskingOptions, question: Question) -> Evidence:
    """Return what every name server has of a record."""
    return _run(asking, question, ServedRecords((question,)).wanted)


def _run(asking: AskingOptions, question: Question, wanted: Wanted) -> Evidence:
    start = Evidence(question.name.partition(".")[2])
    with looking(asking, wanted) as found:
        return found.look(start, wanted)
