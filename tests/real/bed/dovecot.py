"""A real Dovecot with one user, whose folders are Maildirs that a test may fill."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.bed.ca import Identity
from real.bed.network import Machine, Network
from real.bed.process import Daemon, running

IMAP_USER = "tlsrpt@example.com"
IMAP_PASSWORD = 'pa "ss\\wörd'
COMMAND_WITHIN_S = 60
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = {address}
ssl = required
ssl_cert = <{pem}
ssl_key = <{pem}
disable_plaintext_auth = yes
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {user}
default_internal_user = dovecot
default_login_user = dovenull
protocol imap {{
  mail_max_userip_connections = 100
}}
service imap-login {{
  process_min_avail = 1
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={folder}/home
}}
"""
"""Without a listener for penalties a wrong password is not answered later each time."""


class ImapServer:
    """A Dovecot in `folder` and what lies in its mailboxes."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address

    def put(self, *messages: bytes, box: str = "INBOX") -> None:
        """Deliver messages, in this order."""
        where = self.maildir(box)
        for part in ("cur", "new", "tmp"):
            (where / part).mkdir(parents=True, exist_ok=True)
        there = sum(1 for _ in where.rglob("*.mail*"))
        for number, one in enumerate(messages, start=there):
            (where / "new" / f"1{number:09}.mail").write_bytes(one)
        subprocess.run(["chown", "-R", "mail:mail", str(self.folder / "mail")], check=True)

    def names(self, box: str = "INBOX") -> list[str]:
        """Return the names of the files of all messages in a folder, with their flags."""
        return sorted(path.name for part in ("cur", "new") for path in (self.maildir(box) / part).glob("*"))

    def number_anew(self, box: str = "INBOX") -> None:
        """Give a folder the next UIDVALIDITY; Dovecot's own is the second of its making, so two made at once are alike."""
        where = self.maildir(box)
        numbers = where / "dovecot-uidlist"
        head, _, rest = numbers.read_text().partition("\n")
        anew, changed = re.subn(r"(?<=\bV)\d+", lambda found: str(int(found[0]) + 1), head, count=1)
        assert changed, f"{numbers} begins with {head!r}, which has no UIDVALIDITY (V and a number)"
        for path in where.glob("dovecot[.]*"):
            path.unlink()
        numbers.write_text(f"{anew}\n{rest}")

    def maildir(self, box: str) -> Path:
        """Return the folder of a mailbox."""
        return self.folder / "mail" / ("" if box == "INBOX" else f".{box}")


@contextmanager
def dovecot(wire: Network, machine: Machine, identity: Identity, folder: Path) -> Iterator[ImapServer]:
    """Run a Dovecot on `machine`."""
    for name in ("run", "state", "home", "mail"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in ("home", "mail"):
        shutil.chown(folder / name, "mail", "mail")
    (folder / "users").write_text(f"{IMAP_USER}:{{PLAIN}}{IMAP_PASSWORD}\n")
    config = folder / "dovecot.conf"
    config.write_text(_CONFIG.format(folder=folder, address=machine.ipv4, pem=identity.pem, user="mail"))
    with served(wire, machine, folder):
        yield ImapServer(folder, machine.ipv4)


@contextmanager
def served(wire: Network, machine: Machine, folder: Path) -> Iterator[Daemon]:
    """Run the Dovecot that is set up in `folder`."""
    log = folder / "log"
    log.write_bytes(b"")
    log.chmod(0o666)
    (folder / "run" / "master.pid").unlink(missing_ok=True)  # of one that was killed
    argv = wire.inside(machine, "dovecot", "-F", "-c", str(folder / "dovecot.conf"))
    with running("dovecot", argv, log, r"starting up") as made:
        made.await_ready()
        yield made
