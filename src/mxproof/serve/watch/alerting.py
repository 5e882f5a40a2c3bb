"""Those who are told of news: a command of theirs is run, with the news as JSON on its standard input.

Its exit status says whether it was told; what it wrote to stderr is kept as the reason where it was not. It is tried again
after AGAIN_S, later and later, for GIVEN_UP_AFTER_TRIES tries.
"""

import asyncio
import contextlib
import os
import signal
from datetime import datetime, timedelta

import msgspec

from mxproof.judge.difference import Course
from mxproof.judge.news import NEWS_VERSION, DomainNews
from mxproof.judge.settling import TurnKind
from mxproof.serve.watch.settings import Channel
from mxproof.store.journal.watched import DueNotice, KeptNews

AGAIN_S = 60.0
AGAIN_FACTOR_MAX = 64
GIVEN_UP_AFTER_TRIES = 24
"""About a day."""
SAID_BYTES_MAX = 2_000
TRIED_DOMAIN = "test.invalid"
"""What a try is about: a name that can be no domain (RFC 6761 section 6.4)."""


async def told(channel: Channel, notice: DueNotice) -> str:
    """Run the command of a channel; return why it was not told, empty where it was."""
    try:
        process = await asyncio.create_subprocess_exec(
            *channel.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "MXPROOF_DOMAIN": notice.news.domain, "MXPROOF_WEIGHT": notice.news.weight},
        )
    except OSError as error:
        return f"{channel.command[0]}: {error.strerror or error}"
    try:
        async with asyncio.timeout(channel.timeout_s):
            _, said = await process.communicate(notice.news.told)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        return f"{channel.command[0]}: not done within {channel.timeout_s:g} s"
    if process.returncode == 0:
        return ""
    words = " ".join(said[-SAID_BYTES_MAX:].decode("utf-8", "replace").split())
    return f"{channel.command[0]}: exit status {process.returncode}" + (f": {words}" if words else "")


async def tried(channel: Channel, now: datetime) -> str:
    """Tell a channel that this is a try, and nothing else; return why that failed, empty where it did not."""
    news = DomainNews(
        schema_version=NEWS_VERSION,
        domain=TRIED_DOMAIN,
        kind=TurnKind.FIRST,
        weight=channel.least,
        course=Course.SAME,
        at=now,
        since=now,
        headline=f"Somebody has the alert {channel.name} tried. Nothing happened.",
        troubled=(),
        unknowns=(),
        is_flapping=False,
        difference=None,
    )
    kept = KeptNews(
        number=0,
        domain=news.domain,
        at=now,
        since=now,
        kind=news.kind,
        course=news.course,
        weight=news.weight,
        told=msgspec.json.encode(news),
        check=None,
    )
    return await told(channel, DueNotice(kept, channel.name, 0))


def tried_again_at(now: datetime, tries: int) -> datetime | None:
    """Return when a notice is tried again that failed for the `tries`th time, None where it is given up."""
    if tries >= GIVEN_UP_AFTER_TRIES:
        return None
    return now + timedelta(seconds=AGAIN_S * min(2 ** (tries - 1), AGAIN_FACTOR_MAX))
