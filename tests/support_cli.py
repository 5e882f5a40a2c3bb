"""The command line for tests: a real process, with what it said and how it ended."""

import subprocess
import sys
from collections.abc import Mapping
from os import environ

COMMAND = (sys.executable, "-m", "mxproof")
PATIENCE_S = 60
ENVIRONMENT = {
    "MXPROOF_POLICYD_CONFIG": "/dev/null",
    "MXPROOF_TLSRPT_CONFIG": "/dev/null",
    "MXPROOF_WATCH_CONFIG": "/dev/null",
}
"""What every run is given: the configuration of a daemon that this machine may have plays no part."""


def mxproof(
    *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `mxproof` to its end, with `env` added to the environment."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
        env={**environ, **ENVIRONMENT, **(env or {})},
    )


def started(*arguments: str, stdin: int | None = None) -> subprocess.Popen[bytes]:
    """Start `mxproof` in a process group of its own."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**environ, **ENVIRONMENT},
    )


def one_line(stderr: bytes) -> str:
    """Return the only line said on stderr."""
    (line,) = stderr.decode().splitlines()
    assert line.startswith("mxproof: ")
    return line
