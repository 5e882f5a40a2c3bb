"""Real Postfix instances: receivers with a certificate each, and senders that differ in their TLS settings only.

Each instance has its own configuration, queue and data folder and is of one release. `master` is started directly
instead of by `postfix start`, so that the test holds the process it has to end.
"""

import os
import re
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

from real.bed.ca import Identity
from real.bed.delivery import Delivery, delivery, status_line
from real.bed.edition import OWN, WORLDS_FOLDER, Edition
from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import Daemon, running
from real.bed.worlds import DOMAIN, RECIPIENT, Offer

SENDER_DOMAIN = "example.net"
SENDER = f"sender@{SENDER_DOMAIN}"
NOBODY = 65534
MASTER = "/usr/lib/postfix/sbin/master"
DELIVERED_WITHIN_S = 300.0

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

MASTER_SERVICES = """\
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
virtual   unix  -       n       n       -       -       virtual
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""

REPORTS = "reports.lmtp"
DEAD = "dead"
"""A mailbox that is at no door."""
LMTP_SERVICE = "lmtp      unix  -       -       n       -       -       lmtp\n"
_SMTPD = "smtp      inet  n       -       n       -       -       smtpd\n"

_RETURNED = re.compile(rf": to=<{re.escape(SENDER)}>, .* status=sent \(delivered to mailbox\)$", re.MULTILINE)
_MAILBOX = "mail/sender"


class Sender(msgspec.Struct, frozen=True):
    """A running sender, the folder of its configuration and its release."""

    daemon: Daemon
    folder: Path
    edition: Edition

    def submit(self, recipient: str = RECIPIENT) -> None:
        """Hand in one message for `recipient`."""
        message = f"From: {SENDER}\nTo: {recipient}\nSubject: test\n\nHello.\n"
        self._run("sendmail", "-f", SENDER, recipient, text=message)

    def submit_to_all(self, recipients: Sequence[str], author: str) -> None:
        """Hand in one message of `author` for all `recipients`."""
        message = f"From: {author}\nTo: undisclosed-recipients:;\nSubject: test\n\nHello.\n"
        self._run("sendmail", "-f", author, *recipients, text=message)

    def submit_whole(self, message: bytes, sender: str, recipient: str) -> None:
        """Hand in a message as it is."""
        self._run(
            "sendmail", "-i", "-f", sender, recipient, text=message.replace(b"\r\n", b"\n").decode("ascii")
        )

    def flush(self) -> None:
        """Try all deferred messages again."""
        self._run("postqueue", "-f")

    def outcome(self, recipient: str = RECIPIENT, *, status: str = r"\w+") -> Delivery:
        """Wait until the first attempt to deliver to `recipient` has ended, or the first that ended in `status`."""
        found = self.daemon.await_line(status_line(recipient, status=status), DELIVERED_WITHIN_S)
        return delivery(self.daemon.text(), found)

    def bounce(self) -> bytes:
        """Wait for the notice of a message that was given up and return it, in mbox form.

        That takes days, unless the sender is set up for `giving_up`.
        """
        self.daemon.await_line(_RETURNED, DELIVERED_WITHIN_S)
        return (self.folder / _MAILBOX).read_bytes()

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        command = (f"/usr/sbin/{program}", "-C" if program == "sendmail" else "-c", str(self.folder / "etc"))
        inside = self.edition.command(self.folder.parent, *command, *arguments)
        subprocess.run(inside, input=text.encode(), check=True, timeout=COMMAND_WITHIN_S)


@contextmanager
def receiver(
    network: Network, machine: Machine, offer: Offer, identity: Identity, folder: Path
) -> Iterator[Daemon]:
    """Accept mail for the domain of the world on `machine`, which has the certificate of `identity`."""
    settings = (
        f"mydestination = {DOMAIN}",
        "local_recipient_maps =",
        "local_transport = discard:accepted",
        "smtpd_relay_restrictions = reject_unauth_destination",
        "smtpd_authorized_xclient_hosts = 127.0.0.1",
        *_offering(offer, identity),
    )
    with _instance(network, machine, settings, MASTER_SERVICES + _SMTPD, folder) as daemon:
        yield daemon


def _offering(offer: Offer, identity: Identity) -> tuple[str, ...]:
    starttls = (
        "smtpd_tls_security_level = may",
        "smtpd_tls_loglevel = 1",
        f"smtpd_tls_chain_files = {identity.pem}",
    )
    match offer:
        case Offer.TLS:
            return starttls
        case Offer.REFUSAL:
            return (*starttls, f"smtpd_tls_CAfile = {identity.pem}.missing")
        case Offer.NO_HANDSHAKE:
            # The key is an ECDSA key, and no cipher that it could be used with is left.
            return (*starttls, "smtpd_tls_protocols = TLSv1.2", "smtpd_tls_exclude_ciphers = aECDSA, aNULL")
        case _:
            return ()


class Door(msgspec.Struct, frozen=True):
    """One MX host: the address and port it listens on, its name, and what it shows after STARTTLS, if it offers that."""

    address: str
    port: int
    host: str
    identity: Identity | None


@contextmanager
def doors(network: Network, machine: Machine, every: Sequence[Door], folder: Path) -> Iterator[Daemon]:
    """Accept mail for everyone but DEAD at each of the doors, all on `machine`; TLS reports go to whoever listens at REPORTS
    below `folder`.
    """
    settings = (
        f"transport_maps = regexp:{{{{/^tlsrpt@/ lmtp:unix:{folder}/{REPORTS}}}}}",
        "mydestination =",
        "relay_domains = static:everyone",
        "relay_transport = discard:accepted",
        f"smtpd_authorized_xclient_hosts = {' '.join((*{door.address for door in every}, machine.ipv4))}",
        "smtpd_relay_restrictions = reject_unauth_destination",
        f"smtpd_recipient_restrictions = check_recipient_access regexp:{{{{/^{DEAD}@/ reject}}}}",
        "smtputf8_enable = yes",
    )
    services = LMTP_SERVICE + "".join(_service(door) for door in every)
    with _instance(network, machine, settings, MASTER_SERVICES + services, folder) as daemon:
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
    master: str = MASTER_SERVICES,
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


def giving_up(folder: Path) -> tuple[str, ...]:
    """Return the settings of a sender in `folder` that tries once, and keeps the notice of failure in a mailbox there."""
    mailbox = folder / _MAILBOX
    mailbox.parent.mkdir(parents=True)
    os.chown(mailbox.parent, NOBODY, NOBODY)
    return (
        "maximal_queue_lifetime = 0",
        "bounce_queue_lifetime = 0",
        f"virtual_mailbox_domains = {SENDER_DOMAIN}",
        f"virtual_mailbox_base = {mailbox.parent}",
        f"virtual_mailbox_maps = static:{mailbox.name}",
        f"virtual_uid_maps = static:{NOBODY}",
        f"virtual_gid_maps = static:{NOBODY}",
    )


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
    etc = _configured(machine, settings, master, folder, edition)
    if master.startswith(MASTER_SERVICES):
        _make_queue(folder / "queue", edition)
    else:
        # Services in a chroot need files of this machine there, which are copied by the same command.
        check = edition.command(folder.parent, "/usr/sbin/postfix", "-c", str(etc), "check")
        inside = network.inside(machine, *check)
        subprocess.run(inside, check=True, stdout=subprocess.DEVNULL, timeout=COMMAND_WITHIN_S)
    log = folder / "mail.log"
    log.touch()
    command = network.inside(machine, *edition.command(folder.parent, MASTER, "-c", str(etc), "-s"))
    with running(
        f"postfix on {machine.name}", command, log, ready="daemon started", before_others=True
    ) as daemon:
        yield daemon


def _configured(
    machine: Machine, settings: Sequence[str], master: str, folder: Path, edition: Edition
) -> Path:
    """Write the configuration of an instance and return its folder."""
    etc = folder / "etc"
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir(parents=True)
    os.chown(folder / "data", *edition.user())
    main = _MAIN.format(folder=folder, machine=machine) + "".join(f"{line}\n" for line in settings)
    (etc / "main.cf").write_text(main)
    os.utime(etc / "main.cf", (0, 0))  # Postfix waits for a file that was changed just now to settle
    (etc / "master.cf").write_text(master)
    return etc


def _make_queue(queue: Path, edition: Edition) -> None:
    for made in _queue_folders(edition):
        path = queue / made.name
        path.mkdir()
        path.chmod(made.mode)
        os.chown(path, made.uid, made.gid)


class _Folder(msgspec.Struct, frozen=True):
    name: str
    mode: int
    uid: int
    gid: int


@cache
def _queue_folders(edition: Edition) -> tuple[_Folder, ...]:
    """Return the folders of a queue as `postfix check` makes them, which is asked once: it is a script, and slow."""
    nobody = Machine("none", "none.example.net", "", "")
    with tempfile.TemporaryDirectory(prefix="mxproof-queue-", dir=WORLDS_FOLDER) as world:
        etc = _configured(nobody, (), MASTER_SERVICES, Path(world, "instance"), edition)
        check = edition.command(Path(world), "/usr/sbin/postfix", "-c", str(etc), "check")
        subprocess.run(check, check=True, timeout=COMMAND_WITHIN_S)
        found = [(path, path.stat()) for path in (etc.parent / "queue").iterdir()]
    return tuple(
        _Folder(path.name, stat.S_IMODE(seen.st_mode), seen.st_uid, seen.st_gid) for path, seen in found
    )
