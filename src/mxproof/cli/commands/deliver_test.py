"""`mxproof deliver-test`: one consenting test mail over each MX address, as a sender of one's choice would deliver it."""

import sys
from pathlib import Path

import click

from mxproof.cli.completing import sender_ids
from mxproof.cli.delivering import Errand, carried_out
from mxproof.cli.exit import status_of_arrival, status_of_delivery_test
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.pasted_headers import pasted_headers
from mxproof.cli.sink import put_bytes, put_text
from mxproof.explain.arrival import arrival_of
from mxproof.formats.errors import FormatError
from mxproof.formats.mailbox import Mailbox, parse_mailbox
from mxproof.formats.names import canonical, parse_host
from mxproof.judge.senders import SENDERS, Traits
from mxproof.net.loop import run
from mxproof.render import json
from mxproof.render.text.arrival import arrival_text
from mxproof.render.text.delivery_test import delivery_test_text

DELIVERY_TEST_FORMATS = ("text", "json")
_EPILOG = """\b
Examples:
  mxproof deliver-test --to you@yourdomain
  mxproof deliver-test --to you@yourdomain --as microsoft --no-data
  mxproof deliver-test --to you@yourdomain --host mx2.yourdomain --from you@elsewhere --yes
  mxproof deliver-test --to postmaster@example.com --lab incident --yes
  mxproof deliver-test --received headers.txt
"""


def _mailbox(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Mailbox | None:
    try:
        return parse_mailbox(value) if value is not None else None
    except FormatError as error:
        raise click.BadParameter(f"{value!r}: {error.objections[0].message}") from None


def _host(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    try:
        return parse_host(canonical(value)) if value is not None else None
    except FormatError as error:
        raise click.BadParameter(error.objections[0].message) from None


def _sender(_ctx: click.Context, _param: click.Parameter, value: str) -> Traits:
    found = next((one for one in SENDERS if one.id == value), None)
    if found is None:
        raise click.BadParameter(
            f"there is no sender {value!r}; expected one of {', '.join(one.id for one in SENDERS)}"
        )
    return found


@click.command("deliver-test", epilog=_EPILOG)
@click.option(
    "--to",
    "recipient",
    callback=_mailbox,
    metavar="ADDRESS",
    help="Whom the mail is for: yourself, or who agreed.",
)
@click.option(
    "--as",
    "traits",
    callback=_sender,
    default="rfc8461",
    show_default=True,
    metavar="SENDER-ID",
    shell_complete=sender_ids,
    help="Deliver as this sender does: its SNI, its verification, what it falls back to; `mxproof check` lists them.",
)
@click.option(
    "--no-data", is_flag=True, help="No mail: only ask whether the server takes the recipient, and leave."
)
@click.option("--host", callback=_host, metavar="NAME", help="Go to this MX host alone  [default: to all]")
@click.option(
    "--from",
    "author",
    callback=_mailbox,
    metavar="ADDRESS",
    help="Who the mail is from, and gets its bounces  [default: postmaster here, and no bounces]",
)
@click.option(
    "--helo",
    callback=_host,
    metavar="NAME",
    help="What to call oneself in EHLO  [default: the name of this machine]",
)
@click.option("--yes", is_flag=True, help="Go on without asking: for scripts.")
@click.option(
    "--received",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the headers of a mail that arrived, - for stdin, and say what they show; nobody is asked.",
)
@output_options(DELIVERY_TEST_FORMATS)
@asking_options
def deliver_test(
    recipient: Mailbox | None,
    traits: Traits,
    no_data: bool,
    host: str | None,
    author: Mailbox | None,
    helo: str | None,
    yes: bool,
    received: Path | None,
    asking: AskingOptions,
    output: OutputOptions,
) -> int:
    """Deliver one test mail to ADDRESS over each address of each of its MX hosts, and show the dialogues.

    Only MX hosts of the domain of ADDRESS are spoken to, one after another, and only once it was confirmed. Where the
    sender would refuse a server it gets no mail, and the bounce is shown.

    Exit status: 0 every address took the mail; 1 one did not; 2 wrong usage; 3 one could not be reached. With --received: 0
    headers that are understood; 1 a test mail that came in without TLS; 2 wrong usage; 3 there are none.
    """
    if (recipient is None) == (received is None):
        raise click.UsageError(
            "either --to ADDRESS, to send, or --received FILE, to read what arrived, was expected"
        )
    if received is not None:
        arrival = arrival_of(pasted_headers(received))
        _put(
            json.encode(arrival) if output.format == "json" else arrival_text(arrival, paper_of(output)),
            output,
        )
        return status_of_arrival(arrival)
    assert recipient is not None, "one of the two is there"
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("nobody is there to confirm it; --yes was expected where a script does this")
    sender = str(author) if author is not None else ""
    errand = Errand(recipient, sender, traits, not no_data, host, helo or "", confirmed=yes)
    test = run(carried_out(errand, asking))
    _put(json.encode(test) if output.format == "json" else delivery_test_text(test, paper_of(output)), output)
    return status_of_delivery_test(test)


def _put(document: bytes | str, output: OutputOptions) -> None:
    if isinstance(document, str):
        put_text([document], output)
    else:
        put_bytes([document], output)
