"""Real Postfix instances: receivers with a certificate each, and senders that differ in their TLS settings only.

Each instance has its own configuration, queue and data folder and runs on a machine of its own. `master` is started
directly instead of by `postfix start`, so that the test holds the process it has to end.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.ca import Identity
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

_SESSION = re.compile(
    r": (?P<level>\w+) TLS connection established to (?P<host>[^[]+)\[(?P<address>[^]]+)]:25"
)


class Session(msgspec.Struct, frozen=True):
    """One TLS session that Postfix set up: its trust level (Verified, Trusted, Untrusted, Anonymous), and with whom."""

    level: str
    host: str
    address: str


class Delivery(msgspec.Struct, frozen=True):
    """What a sender did with its message.

    `status` is Postfix's word: sent, deferred or bounced. `address` is where the last attempt went, or "" for nowhere.
    `sessions` are all TLS sessions of all attempts, in order.
    """

    status: str
    dsn: str
    text: str
    address: str
    sessions: tuple[Session, ...]
    log: str


class Sender(msgspec.Struct, frozen=True):
    """A running sender and the folder of its configuration."""

    daemon: Daemon
    folder: Path

    def submit(self) -> None:
        """Hand in one message for the recipient of the world."""
        command = ["sendmail", "-C", str(self.folder / "etc"), "-f", "sender@example.net", RECIPIENT]
        message = f"From: sender@example.net\nTo: {RECIPIENT}\nSubject: test\n\nHello.\n"
        subprocess.run(command, input=message.encode(), check=True, timeout=COMMAND_WITHIN_S)

    def outcome(self) -> Delivery:
        """Wait until the first attempt to deliver has ended and return what came of it."""
        status = self.daemon.await_line(status_line(), DELIVERED_WITHIN_S)
        log = self.daemon.text()
        return Delivery(
            status=status["status"],
            dsn=status["dsn"],
            text=status["text"],
            address=status["address"] or "",
            sessions=tuple(Session(**found.groupdict()) for found in _SESSION.finditer(log)),
            log=log,
        )


def status_line(queue_id: str = r"\w+") -> re.Pattern[str]:
    """Return the pattern of the line in which Postfix says what became of the message `queue_id`."""
    return re.compile(
        rf": {queue_id}: to=<{re.escape(RECIPIENT)}>, relay=[^[,]*(?:\[(?P<address>[^]]*)])?[^,]*, .*?"
        r"dsn=(?P<dsn>[0-9.]+), status=(?P<status>[a-z]+) \((?P<text>.*)\)$",
        re.MULTILINE,
    )


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


@contextmanager
def sender(
    network: Network, machine: Machine, tls_settings: Sequence[str], ca_file: Path, folder: Path
) -> Iterator[Sender]:
    """Run a sender on `machine` that trusts `ca_file` and is otherwise set up by `tls_settings`."""
    settings = (
        "mydestination =",
        f"smtp_tls_CAfile = {ca_file}",
        "smtp_tls_loglevel = 1",
        *tls_settings,
    )
    with _instance(network, machine, settings, _MASTER, folder) as daemon:
        yield Sender(daemon, folder)


@contextmanager
def _instance(
    network: Network, machine: Machine, settings: Sequence[str], master: str, folder: Path
) -> Iterator[Daemon]:
    etc = folder / "etc"
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "data", "postfix")
    main = _MAIN.format(folder=folder, machine=machine) + "".join(f"{line}\n" for line in settings)
    (etc / "main.cf").write_text(main)
    os.utime(etc / "main.cf", (0, 0))  # Postfix waits for a file that was changed just now to settle
    (etc / "master.cf").write_text(master)
    log = folder / "mail.log"
    log.touch()
    subprocess.run(["postfix", "-c", str(etc), "check"], check=True, timeout=COMMAND_WITHIN_S)
    command = network.inside(machine, MASTER, "-c", str(etc), "-s")
    with running(f"postfix on {machine.name}", command, log, ready="daemon started") as daemon:
        yield daemon
