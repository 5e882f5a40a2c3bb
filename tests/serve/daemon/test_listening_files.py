"""Socket files: one that was left is taken over, a living one is not, and a start that fails leaves none."""

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.serve.daemon.config import UnixOptions, UnixPath
from mxproof.serve.daemon.listening import cleared, opened

KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
OPTIONS = UnixOptions(mode="0622")


def umask() -> int:
    """Return the mask of this process."""
    found = os.umask(0o22)
    os.umask(found)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_left_is_taken_over_and_reached_again(
    tmp_path: Path, kind: socket.SocketKind
) -> None:
    where = tmp_path / "socket"
    opened(UnixPath(str(where)), OPTIONS, kind).close()
    assert where.is_socket(), "who is killed leaves its file"
    with opened(UnixPath(str(where)), OPTIONS, kind) as again, socket.socket(socket.AF_UNIX, kind) as client:
        client.connect(str(where))
        assert (again.getblocking(), again.type) == (False, kind)
        assert where.stat().st_mode & 0o777 == 0o622


@pytest.mark.parametrize("kind", KINDS)
def test_a_living_one_is_not_pushed_aside(tmp_path: Path, kind: socket.SocketKind) -> None:
    where = tmp_path / "socket"
    with opened(UnixPath(str(where)), OPTIONS, kind) as living:
        with pytest.raises(ConfigError, match="another process listens there"):
            opened(UnixPath(str(where)), OPTIONS, kind)
        with socket.socket(socket.AF_UNIX, kind) as client:
            client.connect(str(where))
        assert living.fileno() >= 0


def test_one_whose_queue_is_full_is_alive(tmp_path: Path) -> None:
    where = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as living:
        living.bind(str(where))
        living.listen(0)
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as waiting:
            waiting.setblocking(False)
            waiting.connect(str(where))
            with pytest.raises(ConfigError, match="another process listens there"):
                opened(UnixPath(str(where)), OPTIONS)
        assert where.is_socket()


@pytest.mark.parametrize(("where", "step"), [(os, "chown"), (Path, "chmod")])
def test_a_start_that_fails_leaves_no_file_and_the_mask_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, step: str
) -> None:
    def refused(path: Path, *_ids: int) -> None:
        seen.append(path.stat().st_mode & 0o777)
        raise PermissionError(1, "of the test")

    seen: list[int] = []
    monkeypatch.setattr(where, step, refused)
    before = umask()
    owner = UnixOptions(owner="root") if step == "chown" else UnixOptions()
    with pytest.raises(ConfigError, match="of the test"):
        opened(UnixPath(str(tmp_path / "socket")), owner)
    assert (list(tmp_path.iterdir()), umask(), seen) == ([], before, [0o600]), (
        "until then it is for its owner"
    )


def test_a_file_that_cannot_be_made_leaves_the_mask_as_it_was(tmp_path: Path) -> None:
    before = umask()
    with pytest.raises(ConfigError, match="cannot listen there"):
        opened(UnixPath(str(tmp_path / "none" / "socket")), OPTIONS)
    assert umask() == before
    with opened(UnixPath(str(tmp_path / "socket")), OPTIONS):
        assert umask() == before


def test_the_owner_is_set_before_others_may_come_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    monkeypatch.setattr(os, "chown", lambda path, *_ids: modes.append(path.stat().st_mode & 0o777))
    where = tmp_path / "socket"
    with opened(UnixPath(str(where)), UnixOptions(mode="0666", owner="root", group="root")):
        assert (modes, where.stat().st_mode & 0o777) == ([0o600], 0o666)
    with opened(UnixPath(str(tmp_path / "other")), UnixOptions()):
        assert modes == [0o600], "where no owner is named none is set"


def test_what_is_cleared_away_is_gone_and_may_be_gone_already(tmp_path: Path) -> None:
    where = UnixPath(str(tmp_path / "socket"))
    opened(where, OPTIONS).close()
    cleared(where)
    assert list(tmp_path.iterdir()) == []
    cleared(where)
