"""The rights of root given up once the ports are open, and files written by whoever goes on without them."""

import os
import pwd
import signal
from importlib import import_module

from mxproof.cli.exit import RunError

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Account = tuple[int, int]
"""A user and a group, by their numbers."""


def account_of(user: str) -> Account | None:
    """Return the user and group to go on as, None where there is nothing to give up; raises RunError for nobody known."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam(user)
    except KeyError:
        raise RunError(f"user {user!r}: there is none of this name on this machine") from None
    return account.pw_uid, account.pw_gid


LOADED_LATE = ("concurrent.futures.thread", "h11", "idna", "zipfile")
"""What is loaded where it is first needed: whoever lost root may not reach it, where Python or the program is below /root."""


def given_up(account: Account | None) -> None:
    """Go on as that user and group, and as nobody else."""
    if account is None:
        return
    for name in LOADED_LATE:
        import_module(name)
    os.setgroups([])
    os.setgid(account[1])
    os.setuid(account[0])


def written_into(folder: int, name: str, data: bytes) -> None:
    """Write a file into a folder that is open already, whole or not at all: whoever lost root may not find the way there."""
    part = f"{name}.part"
    try:
        with open(part, "wb", opener=lambda path, flags: os.open(path, flags, 0o644, dir_fd=folder)) as file:
            file.write(data)
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        raise RunError(f"{name}: was not written ({error.strerror or error})") from None
