"""The password of a mailbox or a mail server: the first line of a file, or of what a command prints. It is asked for each time it is used."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mxproof.formats.errors import ConfigError

PASSWORD_BYTES_MAX: Final = 4096
PASSWORD_COMMAND_S: Final = 60.0


def password_from(file: Path | None, command: Sequence[str]) -> str:
    """Return the password; raises ConfigError, which never repeats it, where there is none."""
    if file is not None:
        try:
            with file.open("rb") as opened:
                data = opened.read(PASSWORD_BYTES_MAX + 1)
        except OSError as error:
            raise ConfigError(f"password_file: {file}: cannot be read ({error.strerror})") from None
        return _first_line(data, f"password_file: {file}")
    try:
        done = subprocess.run(  # noqa: S603 - whoever configures this names the command
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False, timeout=PASSWORD_COMMAND_S
        )
    except OSError as error:
        raise ConfigError(f"password_command: {command[0]}: cannot be run ({error.strerror})") from None
    except subprocess.TimeoutExpired:
        raise ConfigError(
            f"password_command: {command[0]}: no answer within {PASSWORD_COMMAND_S:g} s"
        ) from None
    if done.returncode:
        raise ConfigError(f"password_command: {command[0]}: ended with status {done.returncode}")
    return _first_line(done.stdout, f"password_command: {command[0]}")


def _first_line(data: bytes, whence: str) -> str:
    line = data.splitlines()[0] if data.strip() else b""
    if not line or len(line) > PASSWORD_BYTES_MAX:
        raise ConfigError(f"{whence}: holds no password in its first line")
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise ConfigError(f"{whence}: the password is not UTF-8") from None
