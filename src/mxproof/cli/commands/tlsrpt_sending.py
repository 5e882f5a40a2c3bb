"""`mxproof tlsrpt send` and `status`: TLS reports that go out to the domains that ask for them, and how they stand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from mxproof.cli.options.asking import domain_meant
from mxproof.cli.options.collect import CollectUse, collect_options
from mxproof.cli.options.journal import about_journal
from mxproof.cli.options.output import OutputOptions, output_options

_FORMATS: Final = ("text", "json")
_DAYS_DEFAULT: Final = 7
_SEND_EPILOG = """\b
Examples:
  mxproof tlsrpt send --config /etc/mxproof/collect.toml --dry-run reports
  mxproof tlsrpt send --config /etc/mxproof/collect.toml
"""
_BOUNCED_EPILOG = """\b
Examples:
  mxproof tlsrpt bounced Maildir/.tls-bounces
  mxproof tlsrpt bounced --config /etc/mxproof/collect.toml < bounce.eml
"""
_STATUS_EPILOG = """\b
Examples:
  mxproof tlsrpt status
  mxproof tlsrpt status example.com --format json
"""


@click.command(epilog=_SEND_EPILOG)
@click.option(
    "--dry-run",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write the reports to this new folder in place of sending them, those of today so far too.",
)
@click.option(
    "--at-once", is_flag=True, help="Do not spread first attempts over hours: send all that wait for them."
)
@collect_options
def send(folder: Path | None, at_once: bool, collect: CollectUse) -> int:
    """Send the TLS reports of days that are over to the domains that ask for them, and try again what failed.

    `mxproof tlsrpt collectd` does so by itself where [send] is configured; both may run at once.

    Exit status: 0 nothing failed; 1 the store cannot be used; 2 wrong usage; 3 an attempt failed, or nothing was there
    to be written.
    """
    with about_journal():
        from mxproof.cli.report_sending import rehearse, send_now  # noqa: PLC0415 - loads a database

        if folder is not None:
            return rehearse(collect.settings(), folder, datetime.now(UTC))
        return send_now(collect.settings(), early=at_once)


@click.command(epilog=_BOUNCED_EPILOG)
@click.argument("inputs", nargs=-1, metavar="[MAIL]...")
@collect_options
def bounced(inputs: tuple[str, ...], collect: CollectUse) -> int:
    """Take note of TLS reports that came back: MAIL is a bounce, an mbox, or a Maildir folder; stdin where none is named.

    Such a report counts as given up, and a mailbox from which three come back in a row is avoided for two weeks. Of any other mail
    nothing is noted. `mxproof tlsrpt collectd` does so by itself where the mail server hands bounces over (`bounces` of [send]).

    Exit status: 0 a report came back; 1 the store cannot be used; 2 wrong usage; 3 none did that is not known already.
    """
    with about_journal():
        from mxproof.cli.report_bounces import note_bounces  # noqa: PLC0415 - loads a database

        return note_bounces(collect.store_given(), inputs, datetime.now(UTC))


@click.command(epilog=_STATUS_EPILOG)
@click.argument("domain", required=False, metavar="[DOMAIN]")
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=_DAYS_DEFAULT,
    show_default=True,
    metavar="DAYS",
    help="Of so many days up to today.",
)
@output_options(_FORMATS)
@collect_options
def status(domain: str | None, days: int, output: OutputOptions, collect: CollectUse) -> int:
    """Say how the TLS reports stand that go out: what waits, what was sent, what failed and why; all those to DOMAIN.

    Exit status: 0 none was given up; 1 some were, or the store cannot be used; 2 wrong usage; 3 nothing was met in
    these days.
    """
    name = domain_meant(domain).name if domain is not None else ""
    now = datetime.now(UTC)
    with about_journal():
        from mxproof.cli.send_status import shown  # noqa: PLC0415 - loads a database

        since = now.date() - timedelta(days=days - 1)
        return shown(collect.store_given(), name, since, now, output)
