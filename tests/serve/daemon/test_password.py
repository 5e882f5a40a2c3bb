"""The password of a mailbox: its first line, from a file or from a command, and never repeated."""

from pathlib import Path

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.serve.daemon.password import PASSWORD_BYTES_MAX, password_from

SECRET = 'pä ss\\" word'


@pytest.mark.parametrize("text", [f"{SECRET}\n", SECRET, f"{SECRET}\r\nmore\n"])
def test_it_is_the_first_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(text.encode())
    assert password_from(file, ()) == SECRET
    assert password_from(None, ("cat", str(file))) == SECRET


@pytest.mark.parametrize("data", [b"", b"\n", b"\nsecret\n", b"\xff\n", b"x" * (PASSWORD_BYTES_MAX + 1)])
def test_what_holds_none_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "password"
    file.write_bytes(data)
    for source in ((file, ()), (None, ("cat", str(file)))):
        with pytest.raises(ConfigError) as caught:
            password_from(*source)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("command", [("false",), ("/nowhere/command",)])
def test_a_command_that_fails_is_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match=command[0]):
        password_from(None, command)
    with pytest.raises(ConfigError, match="missing"):
        password_from(tmp_path / "missing", ())
