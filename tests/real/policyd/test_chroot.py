"""The daemon as smtp(8) sees it: from inside Postfix's queue directory, without a way out, as the user postfix."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxproof.serve.daemon.config import UnixOptions
from mxproof.serve.policyd.config import Config
from support_policyd import daemon

SOCKET = "private/mxproof-policyd"
COMMAND_WITHIN_S = 120

_ASK = """
import os, pwd, socket, sys
user = pwd.getpwnam("postfix")
"x".encode("idna")  # what a name look-up would load later, when the file system is out of reach
os.chroot(sys.argv[1])
os.chdir("/")
os.setgroups([])
os.setgid(user.pw_gid)
os.setuid(user.pw_uid)
for family, peer in ((socket.AF_UNIX, sys.argv[2]), (socket.AF_INET, ("127.0.0.1", int(sys.argv[3])))):
    with socket.socket(family) as one:
        one.settimeout(10)
        one.connect(peer)
        one.sendall(b"22:postfix [192.0.2.1]:25,")
        print(one.recv(1000).decode())
"""


@pytest.fixture
def queue() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mxproof-queue-"))
    folder.chmod(0o755)
    (folder / "private").mkdir()
    (folder / "private").chmod(0o700)
    shutil.chown(folder / "private", "postfix")
    yield folder
    shutil.rmtree(folder)


@pytest.mark.usefixtures("host")
def test_both_listeners_are_reached_from_inside_the_chroot(queue: Path) -> None:
    async def scene() -> str:
        config = Config(
            listen=(f"unix:{queue}/{SOCKET}", "inet:127.0.0.1:18461"),
            unix=UnixOptions(mode="0600", owner="postfix"),
        )
        async with daemon(config):
            command = [sys.executable, "-c", _ASK, str(queue), f"/{SOCKET}", "18461"]
            done = await asyncio.to_thread(
                subprocess.run, command, capture_output=True, check=True, timeout=COMMAND_WITHIN_S
            )
            return bytes(done.stdout).decode()

    assert asyncio.run(scene()).split("\n")[:2] == ["9:NOTFOUND ,"] * 2
