"""The command line for tests: run within the tests or as a process of its own, with what it said and how it ended.

`mxproof` calls the entry of the command line as the process does, with streams and an environment of its own, and spares
the start of an interpreter with all its modules. `in_own_process` is for what a process alone has: encodings
of streams, files that are its streams, signals. `tests/cli/test_alike.py` holds the two to the same.
"""

import os
import pty
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from os import environ
from typing import IO

from mxproof.cli.main import main

COMMAND = (sys.executable, "-m", "mxproof")
PATIENCE_S = 300
ENVIRONMENT = {
    "MXPROOF_POLICYD_CONFIG": "/dev/null",
    "MXPROOF_TLSRPT_CONFIG": "/dev/null",
    "MXPROOF_WATCH_CONFIG": "/dev/null",
    "MXPROOF_PUBLISH_CONFIG": "/dev/null",
}
"""What every run is given: the configuration of a daemon that this machine may have plays no part."""
_STREAMS = ("stdin", "stdout", "stderr")
_NAMES = (*_STREAMS, *(f"__{name}__" for name in _STREAMS))


def mxproof(
    *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `mxproof` to its end in this process, with `env` added to the environment."""
    with ExitStack() as stack:
        files = tuple(stack.enter_context(tempfile.TemporaryFile()) for _ in _STREAMS)
        files[0].write(stdin)
        files[0].seek(0)
        stack.enter_context(_environment({**ENVIRONMENT, **(env or {})}))
        with _standing(*files):
            status = main(arguments)
        return subprocess.CompletedProcess((*COMMAND, *arguments), status, *map(_written, files[1:]))


def on_terminal(*arguments: str, columns: int = 80, env: Mapping[str, str] | None = None) -> bytes:
    """Run `mxproof` in this process with stdout and stderr on one terminal, and return what came out there."""
    ours, theirs = pty.openpty()
    more = {**ENVIRONMENT, "TERM": "xterm", "COLUMNS": str(columns), **(env or {})}
    with ThreadPoolExecutor(1) as reader, os.fdopen(ours, "rb", 0) as shown:
        read = reader.submit(until_the_other_end_is_closed, shown.fileno())
        with (
            os.fdopen(theirs, "wb", 0) as end,
            tempfile.TemporaryFile() as nothing,
            _environment(more),
            _standing(nothing, end, end),
        ):
            main(arguments)
        return read.result()


def until_the_other_end_is_closed(terminal: int) -> bytes:
    """Return all that comes out of a terminal."""
    shown = b""
    try:
        while chunk := os.read(terminal, 65536):
            shown += chunk
    except OSError:  # the other end is closed: how Linux says that a terminal is at its end
        pass
    return shown


@contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    before = dict(environ)
    environ.update(more)
    try:
        yield
    finally:
        environ.clear()
        environ.update(before)


@contextmanager
def _standing(given: IO[bytes], said: IO[bytes], told: IO[bytes]) -> Iterator[None]:
    """Have files in the place of the standard streams, with the encoding and the buffers that a process would have."""
    before = {name: getattr(sys, name) for name in _NAMES}
    with (
        open(given.fileno(), encoding="utf-8", errors="surrogateescape", closefd=False) as stdin,
        open(said.fileno(), "w", encoding="utf-8", closefd=False) as stdout,
        open(told.fileno(), "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False) as stderr,
    ):
        for name, stream in zip(_NAMES, (stdin, stdout, stderr) * 2, strict=True):
            setattr(sys, name, stream)
        try:
            yield
        finally:
            for name, stream in before.items():
                setattr(sys, name, stream)


def _written(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def in_own_process(
    *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `mxproof` to its end as a process, with `env` added to the environment."""
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
