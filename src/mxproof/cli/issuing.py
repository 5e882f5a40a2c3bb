"""Whoever orders certificates, made of the configuration and of the options of asking."""

import sys
import time
from asyncio import Runner
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mxproof.cli.evidence_source import Survey, surroundings
from mxproof.cli.exit import RunError
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.publication import certificate_journal, looked, record_keeper
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Evidence, Question
from mxproof.formats.errors import ConfigError
from mxproof.net.loop import loop_factory
from mxproof.publish.acme_client import AcmeClient, account_key
from mxproof.publish.challenge import Answerer, DnsAnswerer, HttpAnswerer
from mxproof.publish.issuing import CertificateFolder, Issuing
from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.publish.policies import hosted_policies, policy_host
from mxproof.serve.publish.settings import acme_settings, certificates_folder, proofs_folder
from mxproof.survey.served_records import ServedRecords


@contextmanager
def issuing(config: PublishConfig, asking: AskingOptions) -> Iterator[Issuing]:
    """Return whoever orders as the configuration says; raises RunError where that is wrong, or names no authority."""
    options = config.acme
    try:
        if acme_settings(options) is None:
            raise RunError("acme.directory: empty; the directory of the authority was expected")
        account = Path(options.folder) / "account.pem"
        account_key(account)
        answerer = _answerer(config, asking)
    except ConfigError as error:
        raise RunError(str(error)) from None
    ca_file = Path(options.ca_file) if options.ca_file else None
    authority = AcmeClient(options.directory, account, options.contact, ca_file)
    with certificate_journal(config) as journal:
        yield Issuing(
            journal,
            CertificateFolder(certificates_folder(options)),
            authority.issued,
            answerer,
            orders_max=options.orders,
            now=lambda: datetime.now(UTC),
            tell=print_stderr,
        )


def policy_hosts(config: PublishConfig) -> tuple[str, ...]:
    """Return the policy host of every domain that the configuration has a policy of; raises RunError where that is wrong."""
    try:
        return tuple(sorted(map(policy_host, hosted_policies(config.folder, config.policy).bodies)))
    except ConfigError as error:
        raise RunError(str(error)) from None


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
    start = Evidence(question.name.partition(".")[2])
    with Runner(loop_factory=loop_factory(sys.platform)) as runner:
        return runner.run(_asked(asking, start, question))


async def _asked(asking: AskingOptions, start: Evidence, question: Question) -> Evidence:
    wanted = ServedRecords((question,)).wanted
    async with AsyncExitStack() as held:
        around = await held.enter_async_context(surroundings(asking, Survey(wanted)))
        return await looked(around, start, wanted)
