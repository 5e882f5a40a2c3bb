"""A restart where the service manager holds the sockets: IPv4 and IPv6, and who connects in between waits and is served."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mxproof.serve.daemon.config import print_config
from support_cli import COMMAND
from support_long import EXHAUSTIVE
from support_publish import DOMAIN, PATH, WITHIN_S, config_in, hosting, served_text, trusting

HOST = f"mta-sts.{DOMAIN}"
_HAND_OVER = """
import os, sys
for place, one in enumerate([os.dup(int(text)) for text in sys.argv[1:3]], 3):
    os.dup2(one, place)
    os.set_inheritable(place, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="listen:listen")
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Sockets become the files 3 and 4 of this process, which becomes the daemon (sd_listen_fds(3))."""


@pytest.fixture
def listening() -> Iterator[tuple[socket.socket, socket.socket]]:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as v4,
        closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as v6,
    ):
        yield v4, v6


@contextmanager
def started(folder: Path, sockets: tuple[socket.socket, socket.socket]) -> Iterator[None]:
    """Start the policy host as systemd does, and end it as systemd does."""
    numbers = [one.fileno() for one in sockets]
    config = str(folder / "publish.toml")
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _HAND_OVER,
            *map(str, numbers),
            *COMMAND,
            "publish",
            "serve",
            "--config",
            config,
        ],
        pass_fds=numbers,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(WITHIN_S) == 0


def fetched(connected: socket.socket) -> bytes:
    """Return the policy as it comes over a connection."""
    with trusting().wrap_socket(connected, server_hostname=HOST) as sender:
        sender.sendall(f"GET {PATH} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        got = b""
        while data := sender.recv(65536):
            got += data
    return got.partition(b"\r\n\r\n")[2]


@EXHAUSTIVE
def test_no_sender_is_refused_while_it_is_restarted(
    tmp_path: Path, listening: tuple[socket.socket, socket.socket]
) -> None:
    hosting(tmp_path)
    (tmp_path / "publish.toml").write_bytes(print_config(config_in(tmp_path)))

    def connected(one: socket.socket) -> socket.socket:
        return socket.create_connection(one.getsockname()[:2], WITHIN_S)

    with started(tmp_path, listening):
        assert [fetched(connected(one)) for one in listening] == [served_text(DOMAIN)] * 2
    between = [connected(one) for one in listening]
    with started(tmp_path, listening):
        assert [fetched(one) for one in between] == [served_text(DOMAIN)] * 2
