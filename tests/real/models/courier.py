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
from real.models.ground import Place
from real.models.rooted import System, system

PROGRAM = "/usr/lib/courier/courier/courierd"
AT_ONCE = 4
TRIED_WITHIN_S = 300.0

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
        """Wait until the first try is over; where it ended without a status, in a crash say, it is made again later."""
        recipient = re.escape(world.recipient)
        begun = self._line(rf"started,id=([\w.]+),.*addr=<{recipient}>$")
        over = self._line(rf"completed,id={re.escape(begun[1])}$")
        said = self.system.syslog.text()[: over.end()]
        every = re.findall(rf"courieresmtp: (.*addr=<{recipient}>.*)$", said, re.MULTILINE)
        status = re.search(rf"addr=<{recipient}>.*status: (\w+)$", said, re.MULTILINE)
        outcome = Outcome.DEFERRED if status is None else _STATUS[status[1]]
        return Fate(outcome, " / ".join([*every, over[0]]))

    def _line(self, pattern: str) -> re.Match[str]:
        return self.system.syslog.await_line(re.compile(pattern, re.MULTILINE), TRIED_WITHIN_S)


@contextmanager
def courier(ground: Place, machine: Machine) -> Iterator[Courier]:
    """Run Courier on `machine`."""
    folder = ground.folder / machine.name
    with system(ground.network, machine, ground.roots, folder) as made:
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
