import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import UnixOptions, UnixPath
from mxproof.serve.daemon.listening import handed_over, opened

_CHILD = """
import os
os.environ["LISTEN_PID"] = str(os.getpid())
from mxproof.serve.daemon.listening import handed_over
found = handed_over(os.environ, os.getpid())
print({name: [one.getsockname()[1] for one in sockets] for name, sockets in found.items()})
"""


def test_sockets_of_the_service_manager_are_taken_over_by_name() -> None:
    with (
        opened(Peer("127.0.0.1", 0), UnixOptions()) as first,
        opened(Peer("127.0.0.1", 0), UnixOptions()) as second,
    ):
        ports = first.getsockname()[1], second.getsockname()[1]
        environment = {**os.environ, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "listen:http"}
        low = [os.dup(first.fileno()), os.dup(second.fileno())]
        code = f"import os; os.dup2({low[0]}, 3); os.dup2({low[1]}, 4)\n" + _CHILD
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            pass_fds=low,
            capture_output=True,
            check=True,
            timeout=60,
        )
        for fd in low:
            os.close(fd)
    assert done.stdout.decode().strip() == str({"listen": [ports[0]], "http": [ports[1]]})


def test_sockets_meant_for_another_process_are_left_alone() -> None:
    assert handed_over({"LISTEN_PID": "1", "LISTEN_FDS": "1"}, 2) == {}
    with pytest.raises(ConfigError):
        handed_over({"LISTEN_PID": "2", "LISTEN_FDS": "many"}, 2)


def test_a_file_that_is_no_socket_is_not_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("data")
    with pytest.raises(ConfigError, match="no socket"):
        opened(UnixPath(str(path)), UnixOptions())
    assert path.read_text() == "data"


def test_mode_and_owner_of_a_socket_file(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with opened(UnixPath(str(path)), UnixOptions(mode="0640")) as made:
        assert made.family is socket.AF_UNIX
        assert path.stat().st_mode & 0o777 == 0o640
    for key in ("owner", "group"):
        with pytest.raises(ConfigError, match=rf"unix\.{key}: .*'nobody-has-this-name'"):
            opened(UnixPath(str(tmp_path / "other")), UnixOptions(**{key: "nobody-has-this-name"}))
    assert not (tmp_path / "other").exists()


def test_a_port_that_is_taken_is_named() -> None:
    with opened(Peer("127.0.0.1", 0), UnixOptions()) as made:
        port = made.getsockname()[1]
        with pytest.raises(ConfigError, match=str(port)):
            opened(Peer("127.0.0.1", port), UnixOptions())


@pytest.mark.parametrize(
    ("files", "want"), [((64, 64), "32 64"), ((64, 1000), "500 1000"), ((64, 20_000), "4000 8000")]
)
def test_connections_are_as_many_as_files_may_be_open(files: tuple[int, int], want: str) -> None:
    code = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, {files})
from mxproof.serve.daemon.listening import connections_allowed
print(connections_allowed(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().strip() == want
