"""Courier from Debian, with its defaults for sending and its cache of policies turned on."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec

from real.bed.network import Machine
from real.bed.process import running
from real.models.case import World
from real.models.fate import Fate, Outcome
from real.models.ground import Ground
from real.models.rooted import System, system

PROGRAM = "/usr/lib/courier/courier/courierd"
AT_ONCE = 4
TRIED_WITHIN_S = 60.0

_ETC = "/etc/courier"
_STATUS = {"success": Outcome.SENT, "deferred": Outcome.DEFERRED, "failure": Outcome.BOUNCED}
_START = """\
set -e
mkdir -p -m 775 /run/courier
chown root:courier /run/courier
mkdir -p -m 755 /var/lib/courier/sts
chown courier:courier /var/lib/courier/sts
makealiases
makesmtpaccess
testmxlookup --sts-cache-enable
"""


class Courier(msgspec.Struct, frozen=True):
    """A running Courier."""

    system: System

    def deliver(self, worlds: Sequence[World]) -> dict[str, Fate]:
        """Send one message into each world and return what became of them, by label."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._send, worlds))
        return {world.label: self._fate(world) for world in worlds}

    def _send(self, world: World) -> None:
        message = f"From: sender@example.net\nTo: {world.recipient}\nSubject: test\n\nHello.\n".encode()
        self.system.told("sendmail", "-f", f"sender@{self.system.host}", world.recipient, given=message)

    def _fate(self, world: World) -> Fate:
        recipient = re.escape(world.recipient)
        about = rf"addr=<{recipient}>.*status: (\w+)$|Crashed child process .* {re.escape(world.domain)}$"
        try:
            line = self.system.syslog.await_line(re.compile(about, re.MULTILINE), TRIED_WITHIN_S)
        except TimeoutError:
            return Fate(Outcome.DEFERRED, f"no word of it within {TRIED_WITHIN_S:g} s")
        every = re.findall(
            rf"courieresmtp: (.*addr=<{recipient}>.*)$", self.system.syslog.text(), re.MULTILINE
        )
        outcome = Outcome.DEFERRED if line[1] is None else _STATUS[line[1]]  # what crashed is tried again
        return Fate(outcome, " / ".join([*every, line[0]]))


@contextmanager
def courier(ground: Ground, machine: Machine) -> Iterator[Courier]:
    """Run Courier on `machine`."""
    folder = ground.folder / machine.name
    with system(ground.network, machine, ground.authority.file, folder) as made:
        files = {
            "me": machine.host,
            "defaultdomain": machine.host,
            "locals": machine.host,
            "esmtptimeoutconnect": "5",
        }
        for name, text in files.items():
            made.write(f"{_ETC}/{name}", f"{text}\n")
        made.told("sh", "-c", _START)
        start = f"set -a; . {_ETC}/courierd; exec {PROGRAM}"
        with running("courier", made.command("sh", "-c", start), folder / "courier.log", ready=""):
            yield Courier(made)
