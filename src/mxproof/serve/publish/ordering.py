"""Certificates ordered from an authority while policies are served: a process of its own does it, and proofs are shown from a folder.

| event | then |
|---|---|
| the daemon begins, `every_s` is over, or a host is new that has no certificate | the process is started, unless it runs |
| it ends | the files of certificates are looked at |
| the daemon ends | so does the process; what it leaves is for the next one to clean up |

The host of policies so holds no library of ACME, no key of an account and no data base.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from mxproof.formats.text import safe
from mxproof.serve.daemon.pages import Page

PROOF_BYTES_MAX = 1024
PROOF_PATH = "/.well-known/acme-challenge/"
ORDERED_WITHIN_S = 3600.0
AGAIN_AFTER_S = 30.0
"""From the end of one process to the next that a new host calls for."""
_SAID_BYTES_MAX = 16 * 1024
_SAID_LINES_MAX = 20
_TOKEN_CHARACTERS_MAX = 128
_TOKEN_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

_log = logging.getLogger("mxproof.publish")


class Ordering:
    """Runs `command` now and then, and `look` after each time."""

    def __init__(self, command: tuple[str, ...], look: Callable[[], Awaitable[None]]) -> None:
        self._command = command
        self._look = look
        self._wanted = asyncio.Event()

    def want(self) -> None:
        """Have certificates ordered soon: a host has none."""
        self._wanted.set()

    async def run(self, every_s: Callable[[], float]) -> None:
        """Order for good."""
        while True:
            self._wanted.clear()
            await self._order()
            await self._look()
            await asyncio.sleep(AGAIN_AFTER_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(every_s()):
                    await self._wanted.wait()

    async def _order(self) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            _log.error("certificates: %s: %s", self._command[0], error.strerror)
            return
        try:
            async with asyncio.timeout(ORDERED_WITHIN_S):
                assert process.stderr is not None, "it is a pipe"
                said = await process.stderr.read(_SAID_BYTES_MAX)
                while await process.stderr.read(_SAID_BYTES_MAX):
                    pass
                await process.wait()
        except TimeoutError:
            _log.error("certificates: not done within %d s", ORDERED_WITHIN_S)
            return
        finally:
            if process.returncode is None:
                process.kill()
        for line in said.decode("utf-8", "replace").splitlines()[:_SAID_LINES_MAX]:
            _log.info("certificates: %s", safe(line))


class Proofs:
    """The page of each proof in a folder, which another process writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def page(self, path: str) -> Page | None:
        """Return the proof at a path, None for whatever is none (RFC 8555 section 8.3)."""
        token = path.removeprefix(PROOF_PATH)
        if token == path or not 0 < len(token) <= _TOKEN_CHARACTERS_MAX or set(token) - _TOKEN_CHARACTERS:
            return None
        try:
            with (self._folder / token).open("rb") as file:
                text = file.read(PROOF_BYTES_MAX).decode("ascii", "replace")
        except OSError:
            return None
        return Page(HTTPStatus.OK, "application/octet-stream", text)
