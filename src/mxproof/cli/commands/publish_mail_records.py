"""`mxproof publish records`: CAA at the hosts of a domain, and SPF, DMARC and DKIM where there are none."""

import click

from mxproof.cli.commands.publish_records import PUBLICATION_FORMATS, domains_typed, dry_run, force
from mxproof.cli.exit import UNKNOWN, worst_status
from mxproof.cli.options.asking import AskingOptions, asking_options, named_domains
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.publish import PublishUse, publish_options
from mxproof.cli.sink import put_json, put_text

_EPILOG = """\b
Examples:
  mxproof publish records yourdomain.example --dry-run
  mxproof publish records yourdomain.example
"""


@click.command(epilog=_EPILOG)
@domains_typed
@dry_run
@force
@output_options(PUBLICATION_FORMATS)
@publish_options
@asking_options
def records(
    domain: tuple[str, ...],
    dry: bool,
    forced: str,
    output: OutputOptions,
    publish: PublishUse,
    asking: AskingOptions,
) -> int:
    """Publish the CAA, SPF, DMARC and DKIM records of the configuration ([records]) for each DOMAIN.

    CAA records (RFC 8659) come to its policy host and to its MX hosts, in place of others there; they are judged first: the authorities that
    issue must be allowed. SPF, DMARC and DKIM are published where there are none yet, and left alone else. Each is seen at every name server.

    Exit status: 0 they are there; 1 an authority could not renew, or it could not be done; 2 wrong usage; 3 a server is waited for, or
    which authority issues is not known.
    """
    from mxproof.cli.mail_records import publishing_records, records_text, wanted_records  # noqa: PLC0415 - loads a database
    from mxproof.cli.occupied import unoccupied  # noqa: PLC0415 - as above
    from mxproof.cli.publication_words import status_of_end  # noqa: PLC0415 - as above

    config = publish.config_given()
    wanted, names = wanted_records(config.records), named_domains(domain)
    with publishing_records(config, asking, output) as made:
        found = list(unoccupied(lambda name: made(name, wanted, forced, dry=dry), names))
    if output.format == "json":
        put_json(found, output, are_many=len(names) > 1)
    else:
        put_text([records_text(one, paper_of(output)) for one in found], output)
    left = {UNKNOWN} if len(found) < len(names) else set()
    return worst_status({status_of_end(one.end) for one in found} | left, output.format)
