"""Those who are told: by a command of theirs, or by URLs that apprise knows, which a process of its own tells.

The command has the message as JSON on its standard input. Its exit status says whether it was told; what it wrote to stderr is
kept as the reason where it was not. It is tried again after AGAIN_S, later and later, for GIVEN_UP_AFTER_TRIES tries.
"""

import asyncio
import contextlib
import os
import signal
import sys
from datetime import datetime, timedelta

import msgspec

from mxproof.serve.watch.channel import Channel
from mxproof.serve.watch.message import AlertMessage

AGAIN_S = 60.0
AGAIN_FACTOR_MAX = 64
GIVEN_UP_AFTER_TRIES = 24
"""About a day."""
SAID_BYTES_MAX = 2_000
APPRISE = "apprise"
"""How a channel of URLs is called where a command would be named."""

_APPRISING = (sys.executable, "-P", "-m", "mxproof.serve.watch.apprising")
"""-P, as nothing in the folder that the daemon runs in is to be loaded."""


async def told(channel: Channel, message: AlertMessage) -> str:
    """Tell a channel; return why it was not told, empty where it was."""
    if channel.command:
        words = {"DOMAIN": message.domain, "WEIGHT": message.weight, "KIND": message.kind}
        environment = {f"MXPROOF_{name}": value for name, value in words.items()}
        return await _ran(
            channel.command,
            message.told,
            channel.timeout_s,
            channel.command[0],
            {**os.environ, **environment},
        )
    asked = msgspec.json.encode((channel.urls, message.title, message.text, message.html))
    said = await _ran(_APPRISING, asked, channel.timeout_s, APPRISE, dict(os.environ))
    for url in channel.urls:
        said = said.replace(url, "URL")
    return said


def tried_again_at(now: datetime, tries: int) -> datetime | None:
    """Return when something is tried again that failed for the `tries`th time, None where it is given up."""
    if tries >= GIVEN_UP_AFTER_TRIES:
        return None
    return now + timedelta(seconds=AGAIN_S * min(2 ** (tries - 1), AGAIN_FACTOR_MAX))


async def _ran(
    command: tuple[str, ...], given: bytes, timeout_s: float, name: str, environment: dict[str, str]
) -> str:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
    except OSError as error:
        return f"{name}: {error.strerror or error}"
    try:
        async with asyncio.timeout(timeout_s):
            _, said = await process.communicate(given)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        return f"{name}: not done within {timeout_s:g} s"
    if process.returncode == 0:
        return ""
    words = " ".join(said[-SAID_BYTES_MAX:].decode("utf-8", "replace").split())
    return f"{name}: exit status {process.returncode}" + (f": {words}" if words else "")
