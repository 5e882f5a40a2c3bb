"""`mxproof publish tlsa`, `deploy` and `certificates`: certificates, and the TLSA records that name them, in the safe order."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mxproof.cli.commands.publish_records import (
    PUBLICATION_FORMATS,
    domains_typed,
    dry_run,
    force,
)
from mxproof.cli.configured import configured
from mxproof.cli.exit import DONE, RunError, worst_status
from mxproof.cli.options.asking import AskingOptions, asking_options, named_domains
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.planned import certificates_typed
from mxproof.cli.options.publish import PublishUse, publish_options
from mxproof.cli.sink import put_json, put_text
from mxproof.cli.streams import print_stderr
from mxproof.formats.names import canonical

if TYPE_CHECKING:
    from mxproof.cli.rollover import DeployedServer
    from mxproof.publish.told_rollover import ToldRollover
    from mxproof.remedy.planned import PlannedCertificate

LINEAGE_ENVIRONMENT = "RENEWED_LINEAGE"
"""What certbot says to a deploy hook."""

_TLSA_EPILOG = """\b
Examples:
  mxproof publish tlsa yourdomain.example
  mxproof publish tlsa yourdomain.example --cert mx1.yourdomain.example=next.pem --dry-run
  mxproof publish tlsa yourdomain.example --cert mx1.yourdomain.example=next.pem
"""
_DEPLOY_EPILOG = """\b
Examples:
  mxproof publish deploy
  mxproof publish deploy mx1.yourdomain.example --dry-run
  certbot renew --deploy-hook "mxproof publish deploy"
"""
_CERTIFICATES_EPILOG = """\b
Examples:
  mxproof publish certificates --dry-run
  mxproof publish certificates
  mxproof publish certificates mta-sts.yourdomain.example
"""


@click.command(epilog=_TLSA_EPILOG)
@domains_typed
@click.option(
    "--cert",
    "certificates",
    multiple=True,
    callback=certificates_typed,
    metavar="HOST=PEM",
    help="The certificate, and those above it, that the MX host HOST will show; may be repeated.",
)
@click.option(
    "--authority",
    "authorities",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PEM",
    help="Name this authority (2 1 1) instead of keys; may be repeated, for those that certificates come from in turn.",
)
@dry_run
@force
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def tlsa(
    domain: tuple[str, ...],
    certificates: "tuple[PlannedCertificate, ...]",
    authorities: tuple[Path, ...],
    dry: bool,
    forced: str,
    output: OutputOptions,
    publish: PublishUse,
    asking: AskingOptions,
) -> int:
    """Say which TLSA records of the MX hosts of each DOMAIN stand, which come next and when the old may go; and do what may be done now.

    A host without records gets some for what it shows. For another certificate (--cert) its record is published first; once no cache can
    have the old records alone, it is said that the certificate may be installed, and once that is shown everywhere the old record goes.
    Called again, it goes on.

    Exit status: 0 nothing is left to be done; 1 it may not be, or could not; 2 wrong usage; 3 something is waited for, or what a sender
    would do is not known.
    """
    from mxproof.cli.occupied import unoccupied  # noqa: PLC0415 - loads a database
    from mxproof.cli.rollover import authorities_in, rolling  # noqa: PLC0415 - as above
    from mxproof.cli.rollover_words import rollover_text, status_of_rollover  # noqa: PLC0415 - as above
    from mxproof.publish.tlsa_publication import WantedTlsa  # noqa: PLC0415 - as above
    from mxproof.serve.publish.config_certificates import KEPT_S_USUAL  # noqa: PLC0415 - as above

    with configured():
        named = authorities_in(authorities)
    wanted = WantedTlsa({one.host: one.chain for one in certificates}, named, KEPT_S_USUAL)
    with rolling(publish.config_given(), asking, output) as made:
        names = named_domains(domain)
        tried = unoccupied(lambda one: (one, made.tlsa.publish(one, wanted, forced, dry=dry)), names)
        found = dict(tried)
    every = [one for told in found.values() for one in told]
    for name in (name for name, told in found.items() if not told):
        print_stderr(f"{name}: no MX host could be found")
    texts = [rollover_text(one, paper_of(output)) for one in every]
    _put(every, output, texts, are_many=len(domain) > 1)
    return worst_status({status_of_rollover(one) for one in every}, output.format)


@click.command(epilog=_DEPLOY_EPILOG)
@click.argument("host", nargs=-1, metavar="[HOST...]")
@click.option(
    "--lineage",
    type=click.Path(path_type=Path, file_okay=False),
    envvar=LINEAGE_ENVIRONMENT,
    show_envvar=True,
    metavar="DIR",
    help="Only the server whose certificate certbot keeps there.",
)
@dry_run
@force
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def deploy(
    host: tuple[str, ...],
    lineage: Path | None,
    dry: bool,
    forced: str,
    output: OutputOptions,
    publish: PublishUse,
    asking: AskingOptions,
) -> int:
    """Bring renewed certificates to the files that mail servers read, each judged first, and its TLSA record before it.

    Of each HOST of the configuration ([[deploy]]), or of all. Put it into certbot's deploy hooks and into a timer: as a hook it stages a new
    certificate beside the file and publishes the record for it, and whenever it is called it does what may be done by then: swap the file
    once no cache can have the old records alone, and withdraw the old record once nothing shows the old certificate.

    Exit status: 0 it is deployed, or waits as it should; 1 it may not be, or could not; 2 wrong usage; 3 what a sender would do is not known.
    """
    from mxproof.cli.occupied import unoccupied  # noqa: PLC0415 - loads a database
    from mxproof.cli.rollover import deployed_servers, rolling  # noqa: PLC0415 - as above
    from mxproof.cli.rollover_words import rollover_text, status_of_rollover  # noqa: PLC0415 - as above
    from mxproof.publish.told_rollover import told_rollover  # noqa: PLC0415 - as above

    config = publish.config_given()
    servers = _chosen(deployed_servers(config.deploy), host, lineage)
    if not servers:
        print_stderr("no [[deploy]] of the configuration is concerned; nothing was done")
        return DONE
    with rolling(config, asking, output) as made:
        tried = unoccupied(lambda one: made.deployed(one, forced, dry=dry), servers)
        found = [told_rollover(one) for one in tried]
    texts = [rollover_text(one, paper_of(output)) for one in found]
    _put(found, output, texts, are_many=False)
    return worst_status({status_of_rollover(one, is_hook=True) for one in found} or {DONE}, output.format)


@click.command(epilog=_CERTIFICATES_EPILOG)
@click.argument("host", nargs=-1, metavar="[HOST...]")
@dry_run
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def certificates(
    host: tuple[str, ...], dry: bool, output: OutputOptions, publish: PublishUse, asking: AskingOptions
) -> int:
    """Get certificates from an authority by ACME, for each HOST, or for all policy hosts of the configuration, as [acme] says.

    What is there is renewed with a third of its life left, each at a moment of its own. An order that failed is tried again later each
    time. `publish serve` calls this by itself.

    Exit status: 0 every host has a certificate; 1 an order failed; 2 wrong usage; 3 one has to wait for its turn.
    """
    from mxproof.cli.issuing import issuing, policy_hosts  # noqa: PLC0415 - loads a database
    from mxproof.cli.rollover_words import certificate_text, status_of_certificate  # noqa: PLC0415 - as above

    config = publish.config_given()
    names = named_domains(host) if host else policy_hosts(config)
    with issuing(config, asking) as made:
        lost = 0 if dry else made.want(names)
        ends = {} if dry else made.run()
        found = made.standing.told((*names, *ends), ends)
    if lost:
        print_stderr(f"{lost} more are wanted than can be remembered; they have to wait")
    if output.format == "json":
        put_json(found, output, are_many=len(host) != 1)
    else:
        put_text([certificate_text(one, paper_of(output)) for one in found], output)
    return worst_status({status_of_certificate(one) for one in found} or {DONE}, output.format)


def _chosen(
    servers: "Sequence[DeployedServer]", hosts: Sequence[str], lineage: Path | None
) -> "list[DeployedServer]":
    """Return the servers that are meant; raises RunError for a host that the configuration does not have."""
    names = [canonical(one) for one in hosts]
    known = {name for one in servers for name in one.server.hosts}
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise RunError(
                f"{name}: no [[deploy]] of the configuration has it among its names; those are: {listed}"
            )
    chosen = [one for one in servers if not names or set(names) & set(one.server.hosts)]
    return [one for one in chosen if lineage is None or one.lineage.absolute() == lineage.absolute()]


def _put(
    found: "Sequence[ToldRollover]", output: OutputOptions, texts: Sequence[str], *, are_many: bool
) -> None:
    if output.format == "json":
        put_json(found, output, are_many=are_many)
    else:
        put_text(texts, output)
