"""All sockets of a daemon at once; those of the service manager are tested with `listening` and with real systemd."""

from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import UnixOptions, UnixPath
from mxproof.serve.daemon.sockets import Listening, listening_apart, opened_sockets

UNIX = UnixOptions()


def clients(*listeners: Peer | UnixPath) -> Listening:
    return Listening("listen", "listen", listeners, UNIX)


def test_sockets_are_there_by_name_and_their_files_are_cleared_away(tmp_path: Path) -> None:
    apart = listening_apart(None, UnixPath(f"{tmp_path}/control"), UNIX)
    with opened_sockets(clients(Peer("127.0.0.1", 0), UnixPath(f"{tmp_path}/main")), *apart) as sockets:
        assert {name: len(some) for name, some in sockets.items()} == {"listen": 2, "http": 0, "control": 1}
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        assert modes == {"main": 0o660, "control": 0o600}
    assert list(tmp_path.iterdir()) == []


def test_where_one_cannot_be_had_none_is_left(tmp_path: Path) -> None:
    apart = listening_apart(UnixPath(f"{tmp_path}/none/http"), None, UNIX)
    with (
        pytest.raises(ConfigError, match=r"^admin\.http: "),
        opened_sockets(clients(UnixPath(f"{tmp_path}/main")), *apart),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_daemon_that_nobody_could_ask_has_none() -> None:
    with pytest.raises(ConfigError, match=r"^listen: empty"), opened_sockets(clients()):
        pass


def test_what_other_machines_can_reach_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with opened_sockets(clients(Peer("127.0.0.1", 0), Peer("0.0.0.0", 0))):
        told = [record.getMessage() for record in caplog.records]
        assert [line.split()[1] for line in told] == ["0.0.0.0:0"]


def test_what_is_meant_for_other_machines_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    everybody = Listening("listen", "listen", (Peer("0.0.0.0", 0),), UNIX, for_everybody=True)
    with opened_sockets(everybody):
        assert caplog.records == []
