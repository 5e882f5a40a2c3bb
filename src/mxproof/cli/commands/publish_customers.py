"""`mxproof publish customers`: policies of domains whose zones are those of customers."""

import click

from mxproof.cli.exit import PROBLEM, RunError, worst_status
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.publish import PublishUse, publish_options
from mxproof.cli.sink import put_json, put_text

_EPILOG = """\b
Examples:
  mxproof publish customers --dry-run
  mxproof publish customers
  mxproof publish customers customer.example
"""


@click.command(epilog=_EPILOG)
@click.argument("domain", nargs=-1, metavar="[DOMAIN...]")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be done, and do nothing.")
@output_options(("text", "json"))
@publish_options
@asking_options
def customers(
    domain: tuple[str, ...], dry: bool, output: OutputOptions, publish: PublishUse, asking: AskingOptions
) -> int:
    """Publish for the domains of customers: each DOMAIN, or all of `customers.list`.

    Each has two aliases in its own zone, which are printed where they are missing. Its policy lists the MX hosts that it really has,
    and is judged and published as `apply` does; where they change, the policy follows. Put it into a timer.

    Exit status: 0 all are published; 1 one cannot be; 2 wrong usage; 3 a customer, a certificate or a server is waited for.
    """
    from mxproof.cli import customers as going  # noqa: PLC0415 - loads a database
    from mxproof.publish.customer_told import told_customer  # noqa: PLC0415 - as above
    from mxproof.publish.keeper import KeeperError  # noqa: PLC0415 - as above

    config = publish.config_given()
    names = going.listed_customers(config, domain)
    with going.customers(config, asking, output) as made:
        try:
            results = made.go_through(names, dry=dry)
        except KeeperError as error:
            raise RunError(str(error), PROBLEM) from None
    if output.format == "json":
        put_json([told_customer(one) for one in results], output, are_many=not domain)
    else:
        put_text([going.customer_text(one, paper_of(output)) for one in results], output)
    return worst_status({going.status_of_customer(one) for one in results}, output.format)
