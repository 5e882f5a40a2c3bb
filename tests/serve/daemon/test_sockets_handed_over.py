"""Sockets of the service manager: which of them go before the configuration, and what is closed and cleared at the end."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.serve.daemon import sockets as module
from mxproof.serve.daemon.config import UnixOptions, UnixPath
from mxproof.serve.daemon.sockets import Listening, listening_apart, opened_sockets

UNIX = UnixOptions()

Hand = Callable[..., list[socket.socket]]


@pytest.fixture
def hand_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Return what makes sockets by name that the service manager hands over, and returns them."""

    def made(*names: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[socket.socket]:
        given: dict[str, list[socket.socket]] = {}
        every = []
        for number, name in enumerate(names):
            one = socket.socket(socket.AF_UNIX, kind)
            one.bind(str(tmp_path / f"given{number}"))
            given.setdefault(name, []).append(one)
            every.append(one)
        monkeypatch.setattr(module, "handed_over", lambda _environment, _pid: given)
        return every

    return made


def listeners(folder: Path) -> tuple[Listening, Listening, Listening]:
    """Return a daemon's listeners, all of them named in the configuration."""
    clients = Listening("listen", "listen", (UnixPath(f"{folder}/main"),), UNIX)
    return (clients, *listening_apart(UnixPath(f"{folder}/http"), UnixPath(f"{folder}/control"), UNIX))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_handed_over_goes_before_the_configuration_and_its_files_stay(
    tmp_path: Path, hand_over: Hand
) -> None:
    given = hand_over("listen", "control", "another", "listen")
    with opened_sockets(*listeners(tmp_path)) as sockets:
        assert sockets["listen"] == [given[0], given[3], given[2]]
        assert sockets["control"] == [given[1]]
        assert len(sockets["http"]) == 1
        assert files(tmp_path) == {"given0", "given1", "given2", "given3", "http"}
    assert files(tmp_path) == {"given0", "given1", "given2", "given3"}
    assert {one.fileno() for one in given} == {-1}


def test_where_only_others_are_handed_over_clients_have_those_of_the_configuration(
    tmp_path: Path, hand_over: Hand
) -> None:
    given = hand_over("control")
    with opened_sockets(*listeners(tmp_path)) as sockets:
        assert sockets["control"] == given
        assert files(tmp_path) == {"given0", "main", "http"}
    assert files(tmp_path) == {"given0"}


def test_a_socket_without_a_name_is_for_clients_though_the_configuration_has_none(
    tmp_path: Path, hand_over: Hand
) -> None:
    given = hand_over("")
    _, *apart = listeners(tmp_path)
    with opened_sockets(Listening("listen", "listen", (), UNIX), *apart) as sockets:
        assert sockets["listen"] == given


def test_another_kind_of_socket_is_refused_and_everything_closed(tmp_path: Path, hand_over: Hand) -> None:
    given = hand_over("listen", kind=socket.SOCK_DGRAM)
    with pytest.raises(ConfigError, match=r"^listen: "), opened_sockets(*listeners(tmp_path)):
        pass
    assert (given[0].fileno(), files(tmp_path)) == (-1, {"given0"})


def test_where_nothing_is_needed_there_may_be_nothing(tmp_path: Path, hand_over: Hand) -> None:
    hand_over()
    nobody = Listening("listen", "listen", (), UNIX)
    with opened_sockets(nobody, *listeners(tmp_path)[1:], needed=False) as sockets:
        assert {name: len(some) for name, some in sockets.items()} == {"listen": 0, "http": 1, "control": 1}


def test_a_listener_that_another_holds_is_left_to_it_and_the_others_are_taken_back(
    tmp_path: Path, hand_over: Hand
) -> None:
    hand_over()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        other.bind(str(tmp_path / "control"))
        other.listen()
        with pytest.raises(ConfigError, match=r"^admin\.control: "), opened_sockets(*listeners(tmp_path)):
            pass
        assert files(tmp_path) == {"control"}


def test_an_end_by_an_error_closes_and_clears_all_the_same(tmp_path: Path, hand_over: Hand) -> None:
    hand_over()
    opened: list[socket.socket] = []

    def serve() -> None:
        with opened_sockets(*listeners(tmp_path)) as sockets:
            opened.extend(one for some in sockets.values() for one in some)
            raise ValueError("of the test")

    with pytest.raises(ValueError, match="of the test"):
        serve()
    assert ({one.fileno() for one in opened}, len(opened), files(tmp_path)) == ({-1}, 3, set())
