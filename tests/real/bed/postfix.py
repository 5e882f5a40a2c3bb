"""Real Postfix instances: receivers with a certificate each, and senders that differ in their TLS settings only.

Each instance has its own configuration, queue and data folder and is of one release. `master` is started directly
instead of by `postfix start`, so that the test holds the process it has to end.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.ca import Identity
from real.bed.delivery import Delivery, delivery, status_line
from real.bed.edition import OWN, Edition
from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import Daemon, running
from real.bed.worlds import DOMAIN, RECIPIENT

MASTER = "/usr/lib/postfix/sbin/master"
DELIVERED_WITHIN_S = 60.0

_MAIN = """\
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = {machine.host}
myorigin = {machine.host}
inet_protocols = all
inet_interfaces = all
mynetworks = 127.0.0.0/8 [::1]/128
alias_maps =
alias_database =
biff = no
"""

_MASTER = """\
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""

_SMTPD = "smtp      inet  n       -       n       -       -       smtpd\n"


class Sender(msgspec.Struct, frozen=True):
    """A running sender, the folder of its configuration and its release."""

    daemon: Daemon
    folder: Path
    edition: Edition

    def submit(self, recipient: str = RECIPIENT) -> None:
        """Hand in one message for `recipient`."""
        message = f"From: sender@example.net\nTo: {recipient}\nSubject: test\n\nHello.\n"
        self._run("sendmail", "-f", "sender@example.net", recipient, text=message)

    def flush(self) -> None:
        """Try all deferred messages again."""
        self._run("postqueue", "-f")

    def outcome(self, recipient: str = RECIPIENT, *, status: str = r"\w+") -> Delivery:
        """Wait until the first attempt to deliver to `recipient` has ended, or the first that ended in `status`."""
        found = self.daemon.await_line(status_line(recipient, status=status), DELIVERED_WITHIN_S)
        return delivery(self.daemon.text(), found)

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        command = (f"/usr/sbin/{program}", "-C" if program == "sendmail" else "-c", str(self.folder / "etc"))
        inside = self.edition.command(self.folder.parent, *command, *arguments)
        subprocess.run(inside, input=text.encode(), check=True, timeout=COMMAND_WITHIN_S)


@contextmanager
def receiver(network: Network, machine: Machine, identity: Identity | None, folder: Path) -> Iterator[Daemon]:
    """Accept mail for the domain of the world on `machine`, offering STARTTLS if it has an `identity`."""
    tls_settings = (
        ()
        if identity is None
        else (
            "smtpd_tls_security_level = may",
            f"smtpd_tls_chain_files = {identity.pem}",
            "smtpd_tls_loglevel = 1",
        )
    )
    settings = (
        f"mydestination = {DOMAIN}",
        "local_recipient_maps =",
        "local_transport = discard:accepted",
        "smtpd_relay_restrictions = reject_unauth_destination",
        *tls_settings,
    )
    with _instance(network, machine, settings, _MASTER + _SMTPD, folder) as daemon:
        yield daemon


class Door(msgspec.Struct, frozen=True):
    """One MX host: the address and port it listens on, its name, and what it shows after STARTTLS, if it offers that."""

    address: str
    port: int
    host: str
    identity: Identity | None


@contextmanager
def doors(network: Network, machine: Machine, every: Sequence[Door], folder: Path) -> Iterator[Daemon]:
    """Accept mail for everyone at each of the doors, all on `machine`."""
    settings = (
        "mydestination =",
        "relay_domains = static:everyone",
        "relay_transport = discard:accepted",
        "smtpd_relay_restrictions = reject_unauth_destination",
        "smtputf8_enable = yes",
    )
    services = "".join(_service(door) for door in every)
    with _instance(network, machine, settings, _MASTER + services, folder) as daemon:
        yield daemon


def _service(door: Door) -> str:
    options = [f"-o myhostname={door.host}"]
    if door.identity is not None:
        options += ["-o smtpd_tls_security_level=may", f"-o smtpd_tls_chain_files={door.identity.pem}"]
    return f"{door.address}:{door.port} inet n - n - - smtpd {' '.join(options)}\n"


@contextmanager
def sender(
    network: Network,
    machine: Machine,
    tls_settings: Sequence[str],
    ca_file: Path,
    folder: Path,
    *,
    edition: Edition = OWN,
    master: str = _MASTER,
) -> Iterator[Sender]:
    """Run a sender on `machine` that trusts `ca_file` and is otherwise set up by `tls_settings`."""
    settings = (
        "mydestination =",
        f"smtp_tls_CAfile = {ca_file}",
        "smtp_tls_loglevel = 1",
        *tls_settings,
    )
    with _instance(network, machine, settings, master, folder, edition) as daemon:
        yield Sender(daemon, folder, edition)


@contextmanager
def _instance(
    network: Network,
    machine: Machine,
    settings: Sequence[str],
    master: str,
    folder: Path,
    edition: Edition = OWN,
) -> Iterator[Daemon]:
    """Run one instance below `folder`, which lies in the folder of its world."""
    etc = folder / "etc"
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir(parents=True)
    os.chown(folder / "data", *edition.user())
    main = _MAIN.format(folder=folder, machine=machine) + "".join(f"{line}\n" for line in settings)
    (etc / "main.cf").write_text(main)
    os.utime(etc / "main.cf", (0, 0))  # Postfix waits for a file that was changed just now to settle
    (etc / "master.cf").write_text(master)
    log = folder / "mail.log"
    log.touch()
    check = edition.command(folder.parent, "/usr/sbin/postfix", "-c", str(etc), "check")
    subprocess.run(
        network.inside(machine, *check), check=True, stdout=subprocess.DEVNULL, timeout=COMMAND_WITHIN_S
    )
    command = network.inside(machine, *edition.command(folder.parent, MASTER, "-c", str(etc), "-s"))
    with running(f"postfix on {machine.name}", command, log, ready="daemon started") as daemon:
        yield daemon
