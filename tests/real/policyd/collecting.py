"""Worlds whose mail is told to `mxproof tlsrpt collectd`, and the daemon beside the Postfix that tells it."""

import sys
from collections.abc import Iterable
from pathlib import Path

from real.bed.postfix import Sender
from real.policyd.case import named

PORT = 8471
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
