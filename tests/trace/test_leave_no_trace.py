"""`tools/leave-no-trace`: a world that is killed, and all that is gone with it."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOL = str(ROOT / "tools" / "leave-no-trace")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
WITHIN_S = 30.0
DAEMONS = 9
"""Name server, resolver, policy host, two receivers and four senders; most have processes of their own beside."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_world_that_is_killed(number: signal.Signals) -> None:
    before = _visible()
    command = [TOOL, sys.executable, "-m", "real.bed.hold", "incident"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT) as tool:
        assert tool.stdout is not None
        tag = tool.stdout.readline().decode().strip()
        running = _running(tag)
        tool.send_signal(number)
        status = tool.wait(WITHIN_S)
        outlasting = _outlasting(running)  # before its input ends, which would end it too
    assert len(running) >= DAEMONS
    assert (status, outlasting, _visible() - before) == (-number, [], set())


def test_the_exit_status_is_that_of_the_command() -> None:
    assert subprocess.run([TOOL, "sh", "-c", "exit 7"], check=False, timeout=WITHIN_S).returncode == 7


def test_files_elsewhere_are_as_usual(tmp_path_factory: pytest.TempPathFactory) -> None:
    kept = ROOT / ".pytest_cache" / "leave-no-trace"
    kept.parent.mkdir(exist_ok=True)
    hidden = tmp_path_factory.mktemp("hidden") / "file"
    try:
        subprocess.run([TOOL, "touch", str(kept), str(hidden)], check=True, timeout=WITHIN_S)
        assert (kept.exists(), hidden.exists()) == (not kept.is_relative_to("/tmp"), False)
    finally:
        kept.unlink(missing_ok=True)


def _running(tag: str) -> dict[int, int]:
    """Return the processes whose command line has the world's tag in it: process ids by pidfd."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if tag in (process / "cmdline").read_text(errors="replace"):
                found[os.pidfd_open(int(process.name))] = int(process.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _outlasting(processes: dict[int, int]) -> list[int]:
    """Wait for processes to end and return those that do not."""
    poll = select.poll()
    for pidfd in processes:
        poll.register(pidfd, select.POLLIN)
    left = dict(processes)
    while left and (ended := poll.poll(WITHIN_S * 1000)):
        for pidfd, _ in ended:
            poll.unregister(pidfd)
            os.close(pidfd)
            del left[pidfd]
    return list(left.values())


def _visible() -> set[str]:
    """Return what the worlds of a test would leave: namespaces, resolver files, folders, mounts."""
    folders = (Path("/run/netns"), Path("/etc/netns"), Path("/tmp"))
    files = {str(path) for folder in folders if folder.exists() for path in folder.glob("mxproof-*")}
    return files | {line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()}
