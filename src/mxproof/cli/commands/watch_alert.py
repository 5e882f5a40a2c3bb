"""`mxproof watch alert`: try the alerts, and say that somebody takes care of one."""

import asyncio
import getpass
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Final

import click

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.options.asking import domain_meant
from mxproof.cli.options.journal import about_journal
from mxproof.cli.options.watch import WatchUse, watch_options
from mxproof.cli.streams import print_stdout
from mxproof.formats.text import safe
from mxproof.judge.news import Weight
from mxproof.serve.watch.channel import Channel

_EPILOG = """\b
Examples:
  mxproof watch alert test
  mxproof watch alert acknowledge example.com
"""
_TEST_EPILOG = """\b
Examples:
  mxproof watch alert test
  mxproof watch alert test pager
"""
_ACKNOWLEDGE_EPILOG = """\b
Examples:
  mxproof watch alert acknowledge
  mxproof watch alert acknowledge example.com
"""
_SAID_CHARACTERS_MAX: Final = 1_000
_TO_ACKNOWLEDGE: Final = (Weight.ALARM, Weight.WARNING)


@click.group(epilog=_EPILOG, no_args_is_help=False)
def alert() -> None:
    """Try the alerts of the watch, and acknowledge what they told of."""


@alert.command("test", epilog=_TEST_EPILOG)
@click.argument("name", nargs=-1, metavar="[NAME]...")
@watch_options
def test_alerts(name: tuple[str, ...], watch: WatchUse) -> int:
    """Send a test to every alert of the configuration, or to each NAME, and say what went wrong.

    Quiet hours and the weight that an alert asks for do not count here. Exit status: 0 each was told; 1 one was not; 2 wrong
    usage; 3 there are no alerts.
    """
    channels = {one.name: one for one in watch.settings().channels}
    for one in name:
        if one not in channels:
            raise RunError(_unknown(one, list(channels)))
    chosen = [channels[one] for one in dict.fromkeys(name or channels)]
    if not chosen:
        raise RunError("no [[alert]] stands in the configuration", UNKNOWN)
    failures = asyncio.run(_tested(chosen))
    for channel, failure in zip(chosen, failures, strict=True):
        said = f"not told: {safe(failure, limit=_SAID_CHARACTERS_MAX)}" if failure else "told"
        print_stdout(f"{channel.name}: {said}\n")
    return PROBLEM if any(failures) else DONE


@alert.command(epilog=_ACKNOWLEDGE_EPILOG)
@click.argument("domain", nargs=-1, metavar="[DOMAIN]...")
@watch_options
def acknowledge(domain: tuple[str, ...], watch: WatchUse) -> int:
    """Say that you take care: of each alarm and warning of DOMAIN, or of all domains.

    Alerts that wait for `after_minutes`, for quiet hours or for another try are not told of them any more. Exit status: 0
    some were acknowledged; 2 wrong usage; 3 there was nothing to acknowledge.
    """
    settings = watch.settings()
    names = [domain_meant(one).name for one in domain] or None
    with about_journal():
        from mxproof.store.journal.journal import Journal  # noqa: PLC0415 - loads a database
        from mxproof.store.journal.watch_journal import WatchJournal  # noqa: PLC0415 - as above

        journal = Journal(settings.store)
        try:
            taken = WatchJournal(journal).acknowledge(names, _TO_ACKNOWLEDGE, _who(), datetime.now(UTC))
        finally:
            journal.close()
    for one in taken:
        print_stdout(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.weight:<8} {one.domain}\n")
    if not taken:
        print_stdout("Nothing is waiting to be acknowledged.\n")
    return DONE if taken else UNKNOWN


async def _tested(channels: Sequence[Channel]) -> list[str]:
    from mxproof.serve.watch.alerting import told  # noqa: PLC0415 - only where asked for
    from mxproof.serve.watch.message import alert_test_message  # noqa: PLC0415 - as above

    message = alert_test_message(socket.gethostname())
    return await asyncio.gather(*(told(one, message) for one in channels))


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"perhaps {near[0]}" if near else f"there are {', '.join(known) or 'none'}"
    return f"{name}: no such alert in the configuration; {hint}"


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
