"""Worlds whose mail is told to `mxproof tlsrpt collectd`, and the daemon beside the Postfix that tells it."""

import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from real.bed.edition import NEWER
from real.bed.network import Machine, Network
from real.bed.postfix import Sender
from real.policyd.case import named

PORT = 8471
REPORTED_WITHIN_S = 120.0
SOCKET = "public/tlsrpt"
WORLDS = (
    "direct",
    "incident",
    "misnamed",
    "alias-misnamed",
    "expired",
    "self-signed",
    "no-starttls",
    "testing",
    "none",
    "absent",
    "unfetched",
    "tlsa-wrong",
    "wildcard-depth",
)


def collectd_on(folder: Path, more: str = "") -> tuple[str, ...]:
    """Return the command of the daemon for the Postfix in `folder`; `more` is what else its configuration says, as TOML."""
    config = folder / "collect.toml"
    config.write_text(
        f'[collect]\nlisten = "unix:{folder}/queue/{SOCKET}"\n[unix]\nmode = "0666"\n'
        f'[store]\nurl = "sqlite:{folder}/journal.db"\n' + more
    )
    return (sys.executable, "-m", "mxproof", "tlsrpt", "collectd", "--config", str(config))


def send_to_worlds(postfix: Sender, worlds: Iterable[str], user: str = "met") -> None:
    """Send a message to each world, one after the other."""
    for label in worlds:
        postfix.submit(f"{user}@{named(label)}")
        postfix.outcome(f"{user}@{named(label)}")


def sendmail_of(world: Path, folder: Path) -> Path:
    """Return a sendmail that hands mail to the newer Postfix in `folder`, which lies in the folder of its world."""
    sendmail = folder / "sendmail"
    command = NEWER.command(world, "/usr/sbin/sendmail", "-C", str(folder / "etc"))
    sendmail.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    sendmail.chmod(0o755)
    return sendmail


_SENDS = """
import asyncio, random, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from contextlib import closing
from mxproof.serve.collect.settings import read_collect_settings
from mxproof.serve.sending.counts import SendCounts
from mxproof.serve.sending.sender import ReportSender
from mxproof.store.journal.journal import Journal

_, settings = read_collect_settings(Path(sys.argv[1]))
tomorrow = datetime.now(UTC).replace(hour=0, minute=30) + timedelta(days=1)

async def main(journal):
    with ReportSender(journal, settings.send, SendCounts(), lambda: tomorrow, random.SystemRandom().random) as sender:
        await sender.step(early=True)

with closing(Journal(settings.store)) as journal:
    asyncio.run(main(journal))
"""


def report_early(network: Network, machine: Machine, folder: Path) -> None:
    """Send the reports of today as if the day were over; collectd in `folder` may not send meanwhile."""
    inside = network.inside(machine, sys.executable, "-c", _SENDS, str(folder / "collect.toml"))
    subprocess.run(inside, check=True, timeout=REPORTED_WITHIN_S)
