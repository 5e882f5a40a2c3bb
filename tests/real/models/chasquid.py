"""chasquid from Debian, with its defaults: it remembers domains and holds policies in a folder of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.network import Machine, Network
from real.bed.process import Daemon, running
from real.models.case import World
from real.models.fate import Fate, Outcome
from real.models.ground import Place
from real.models.rooted import System, system

PROGRAM = "/opt/chasquid/usr/bin/chasquid"
UTILITY = "/opt/chasquid/usr/bin/chasquid-util"
TRIED_WITHIN_S = 300.0
SUBMITTED_WITHIN_S = 300.0
PASSWORD = "secret"

_ETC = "/etc/chasquid"
_CONF = """\
hostname: "{host}"
smtp_address: "127.0.0.1:25"
submission_address: "127.0.0.1:587"
submission_over_tls_address: "127.0.0.1:465"
data_dir: "/var/lib/chasquid"
mail_log_path: "{folder}/mail.log"
"""


class Chasquid(msgspec.Struct, frozen=True):
    """A running chasquid."""

    network: Network
    machine: Machine
    system: System
    daemon: Daemon

    def deliver(self, worlds: Sequence[World]) -> dict[str, Fate]:
        """Send one message into each world and return what became of them, by label."""
        before = len(self.daemon.text())
        program = str(Path(__file__).with_name("submit.py"))
        recipients = [world.recipient for world in worlds]
        sender = f"sender@{self.machine.host}"
        command = (sys.executable, program, "587", sender, PASSWORD, "--", *recipients)
        subprocess.run(self.network.inside(self.machine, *command), check=True, timeout=SUBMITTED_WITHIN_S)
        return {world.label: self._fate(world, before) for world in worlds}

    def _fate(self, world: World, before: int) -> Fate:
        """Wait for the first line about the world that begins behind so many characters of the log."""
        outcome = rf"(?s:\A.{{{before}}}.*?) to={re.escape(world.recipient)} (sent|failed \((\w+)\): (.*))"
        line = self.daemon.await_line(re.compile(outcome), TRIED_WITHIN_S)
        if line[1] == "sent":
            return Fate(Outcome.SENT, line[1])
        return Fate(Outcome.BOUNCED if line[2] == "permanent" else Outcome.DEFERRED, line[1])


@contextmanager
def chasquid(ground: Place, machine: Machine) -> Iterator[Chasquid]:
    """Run chasquid on `machine`."""
    with system(ground.network, machine, ground.roots, ground.folder / machine.name) as made:
        identity = ground.identity(machine.host)
        made.write(f"{_ETC}/chasquid.conf", _CONF.format(host=machine.host, folder=made.folder))
        for name in ("fullchain", "privkey"):
            made.write(f"{_ETC}/certs/{machine.host}/{name}.pem", identity)
        made.told("mkdir", "-p", f"{_ETC}/domains/{machine.host}", "/var/lib/chasquid")
        made.told(UTILITY, f"-C={_ETC}", "user-add", f"sender@{machine.host}", f"--password={PASSWORD}")
        log = made.folder / "mail.log"
        command = made.command(PROGRAM, f"--config_dir={_ETC}")
        with running("chasquid", command, log, ready="daemon listening on 127.0.0.1:465") as daemon:
            daemon.await_ready()
            yield Chasquid(ground.network, machine, made, daemon)
