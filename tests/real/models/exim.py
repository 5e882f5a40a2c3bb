"""Exim from Debian, with GnuTLS: its defaults for sending, and little patience with an address that does not answer."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec

from mxproof.judge.vocabulary import Security
from real.bed.network import Machine
from real.models.case import World
from real.models.fate import Fate, Outcome
from real.models.ground import Place
from real.models.rooted import ROOTS, System, system

PROGRAM = "/opt/exim4-daemon-heavy/usr/sbin/exim4"
AT_ONCE = 8
TRIED_WITHIN_S = 300.0

# An IPv6 address that does not answer is given up after command_timeout only; all else here has all the time it needs.
# Debian's own configuration sends by a router dnslookup that is not told more than this, and a transport remote_smtp;
# `dnssec_request_domains = *` is Exim's default, and so is DANE (hosts_try_dane = *).
_CONF = """\
primary_hostname = {machine.host}
exim_path = {program}
exim_user = Debian-exim
exim_group = Debian-exim
log_file_path = {folder}/%slog
spool_directory = {folder}/spool
log_selector = +tls_certificate_verified +tls_cipher +tls_peerdn
tls_advertise_hosts =
queue_run_max = 0
keep_environment =
trusted_users = root
never_users =

begin routers
dnslookup:
  driver = dnslookup
  transport = remote_smtp
  ignore_target_hosts = 127.0.0.0/8
  no_more

begin transports
remote_smtp:
  driver = smtp
  tls_verify_certificates = {roots}
  connect_timeout = 5s
  command_timeout = 40s

begin retry
* * F,1h,15m
"""

_LINE = re.compile(r"^\S+ \S+ (?:\[\d+\] )?\S+ (=>|==|\*\*) (\S+?):? (.*)$", re.MULTILINE)
_MARKS = {"=>": Outcome.SENT, "==": Outcome.DEFERRED, "**": Outcome.BOUNCED}


class Exim(msgspec.Struct, frozen=True):
    """A system with Exim in it, which runs for each message only."""

    system: System

    def deliver(self, worlds: Sequence[World]) -> dict[str, Fate]:
        """Send one message into each world and return what became of them, by label."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._send, worlds))
        log = (self.system.folder / "mainlog").read_text()
        panic = self.system.folder / "paniclog"
        assert not panic.exists(), panic.read_text()
        found = {line[2]: line for line in _LINE.finditer(log)}
        return {world.label: _fate(found[world.recipient]) for world in worlds}

    def _send(self, world: World) -> None:
        message = f"From: sender@example.net\nTo: {world.recipient}\nSubject: test\n\nHello.\n".encode()
        sender = f"sender@{self.system.host}"
        command = (PROGRAM, "-odi", "-oi", "-f", sender, world.recipient)
        self.system.told(*command, given=message, within_s=TRIED_WITHIN_S)


def _fate(line: re.Match[str]) -> Fate:
    verified = re.search(r" CV=(\w+)", line[3])
    dane = Security.DANE if verified is not None and verified[1] == "dane" else None
    return Fate(_MARKS[line[1]], line[0], authenticated=dane)


@contextmanager
def exim(ground: Place, machine: Machine) -> Iterator[Exim]:
    """Have Exim on `machine`."""
    with system(ground.network, machine, ground.roots, ground.folder / machine.name) as made:
        made.write(
            "/etc/exim4/exim4.conf",
            _CONF.format(program=PROGRAM, machine=machine, folder=made.folder, roots=ROOTS),
        )
        made.told("chown", "Debian-exim:Debian-exim", str(made.folder))
        # Exim makes a folder that is missing as root and only then gives it away; one that starts beside it meets the moment between.
        spool = [str(made.folder / "spool" / part) for part in ("", "input", "msglog", "db")]
        made.told("install", "-d", "-m", "750", "-o", "Debian-exim", "-g", "Debian-exim", *spool)
        yield Exim(made)
