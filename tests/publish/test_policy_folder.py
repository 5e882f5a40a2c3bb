"""The folder of a policy host: a file a domain, written only where it is another, and whoever serves it told to read it."""

import os
from functools import partial
from pathlib import Path

import pytest

from mxproof.publish.keeper import KeeperError
from mxproof.publish.policy_folder import PolicyFolder

POLICY = "version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 86400\r\n"


def test_a_policy_is_a_file_with_the_name_of_its_domain(tmp_path: Path) -> None:
    folder = PolicyFolder(tmp_path)
    path = tmp_path / "example.com.txt"
    assert (folder.path("example.com"), folder.put("example.com", POLICY)) == (path, f"written to {path}")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (POLICY.encode(), 0o644)


def test_for_a_web_server_it_is_where_senders_ask_for_it(tmp_path: Path) -> None:
    path = tmp_path / "mta-sts.example.com" / ".well-known" / "mta-sts.txt"
    folder = PolicyFolder(tmp_path, is_static=True)
    assert folder.keep("example.com", POLICY) == path
    assert path.read_bytes() == POLICY.encode()
    assert folder.keep("example.com", "") == path
    assert path.read_bytes() == b""


def test_a_policy_that_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    folder = PolicyFolder(tmp_path)
    path = folder.keep("example.com", POLICY)
    os.utime(path, (1, 1))
    folder.keep("example.com", POLICY)
    assert path.stat().st_mtime == 1
    folder.keep("example.com", POLICY.replace("testing", "enforce"))
    assert path.stat().st_mtime > 1
    assert b"enforce" in path.read_bytes()


def test_what_is_removed_is_gone_however_often_that_is_asked(tmp_path: Path) -> None:
    folder = PolicyFolder(tmp_path)
    path = folder.keep("example.com", POLICY)
    assert [folder.remove("example.com") for _ in range(2)] == [f"removed {path}"] * 2
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_or_removed_says_why(tmp_path: Path) -> None:
    missing = PolicyFolder(tmp_path / "missing")
    with pytest.raises(KeeperError) as unwritten:
        missing.put("example.com", POLICY)
    path = missing.path("example.com")
    assert str(unwritten.value) == f"{path}: was not written (No such file or directory)"
    (tmp_path / "example.com.txt").mkdir()
    with pytest.raises(KeeperError) as unremoved:
        PolicyFolder(tmp_path).remove("example.com")
    assert str(unremoved.value) == f"{tmp_path / 'example.com.txt'}: was not removed (Is a directory)"


def test_a_program_that_is_not_there_leaves_the_file_written_and_says_so(tmp_path: Path) -> None:
    folder = PolicyFolder(tmp_path, (f"{tmp_path}/reload", "now"))
    for act in (partial(folder.put, "example.com", POLICY), partial(folder.remove, "example.com")):
        with pytest.raises(KeeperError) as caught:
            act()
        assert str(caught.value) == f"publication.reload: {tmp_path}/reload now: No such file or directory"
    assert list(tmp_path.iterdir()) == []
