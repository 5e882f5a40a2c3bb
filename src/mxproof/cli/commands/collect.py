"""`mxproof collect`: ask about a domain and write what was observed, for judging elsewhere."""

import click

from mxproof.cli.evidence_source import observe, of_sets
from mxproof.cli.exit import DONE, UNKNOWN
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_argument
from mxproof.cli.options.check_sets import SetOptions, check_set_options
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.evidence import ANSWERED
from mxproof.evidence.codec import encode
from mxproof.evidence.redaction import redacted
from mxproof.formats.names import Domain

_EPILOG = """\b
Examples:
  mxproof collect example.com > example.com.json
  ssh mx1.example.com mxproof collect example.com | mxproof replay -
"""


@click.command(epilog=_EPILOG)
@domain_argument
@click.option(
    "--redact",
    is_flag=True,
    help="Leave out local parts of e-mail addresses, and the name and addresses of this machine.",
)
@check_set_options
@asking_options
def collect(domain: Domain, asking: AskingOptions, chosen: SetOptions, redact: bool) -> int:
    """Ask all about the mail of DOMAIN and write the evidence to stdout.

    Useful where port 25 is blocked: collect on a mail server, replay here. Exit status: 0, or 3 where no question at
    all was answered.
    """
    chosen = chosen.with_header(domain)
    sets = chosen.sets(name_servers=asking.name_servers)
    survey = of_sets(sets, chosen.selector, chosen.address, chosen.dnsbl_zone)
    evidence = observe(domain, asking, survey).evidence
    write_stdout(encode(redacted(evidence) if redact else evidence))
    if any(answer.outcome in ANSWERED for answer in evidence.answers.values()):
        return DONE
    print_stderr(f"{domain}: no question was answered; check the resolver and the network of this machine")
    return UNKNOWN
