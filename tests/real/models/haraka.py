"""Haraka from npm, with its defaults for sending, and a plugin of a few lines that takes mail and says what became of it.

By default it asks each question of DNS once and says that it waits 25 s for the answer. c-ares, which asks for it, knows
better in its release 1.34: five times as long as the last answers took on average, a quarter of a second where the resolver is
near (ares_metrics_server_timeout). On a machine that is busy that is an answer missed, and mail deferred in a world that
has no fault; so it asks more than once here.
"""

import json
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
from real.models.rooted import HARAKA_FOLDER, system

PACKAGE = str(HARAKA_FOLDER / "node_modules/Haraka")
PROGRAM = f"{PACKAGE}/bin/haraka"
TRIED_WITHIN_S = 300.0
SUBMITTED_WITHIN_S = 300.0
LOOK_UPS_MAX = 9
"""How often one question is asked at most; the time that an answer has doubles each time, up to five seconds."""

_HOME = "/srv/haraka"
_PLUGIN = """\
const told = (outcome, hmail, words) =>
    hmail.todo.rcpt_to.forEach((one) => hmail.lognotice('FATE ' + JSON.stringify([String(one.address), outcome, String(words)])));
exports.hook_lookup_rdns = (next) => next(OK, 'localhost');
exports.hook_connect = (next, connection) => { connection.relaying = true; next(); };
exports.hook_rcpt = (next) => next(OK);
exports.hook_delivered = (next, hmail, params) => { told('sent', hmail, params[2]); next(); };
exports.hook_deferred = (next, hmail, params) => { told('deferred', hmail, params.err); next(); };
exports.hook_bounce = (next, hmail, error) => { told('bounced', hmail, error); next(OK); };
"""


class Haraka(msgspec.Struct, frozen=True):
    """A running Haraka."""

    network: Network
    machine: Machine
    daemon: Daemon

    def deliver(self, worlds: Sequence[World]) -> dict[str, Fate]:
        """Send one message into each world and return what became of them, by label."""
        program = str(Path(__file__).with_name("submit.py"))
        recipients = [world.recipient for world in worlds]
        command = (sys.executable, program, "25", f"sender@{self.machine.host}", "--", *recipients)
        subprocess.run(self.network.inside(self.machine, *command), check=True, timeout=SUBMITTED_WITHIN_S)
        return {world.label: self._fate(world) for world in worlds}

    def _fate(self, world: World) -> Fate:
        pattern = re.compile(rf'FATE (\["<?{re.escape(world.recipient)}>?",.*\]) *$', re.MULTILINE)
        line = self.daemon.await_line(pattern, TRIED_WITHIN_S)
        _, outcome, words = json.loads(line[1])
        return Fate(Outcome(outcome), words)


@contextmanager
def haraka(ground: Place, machine: Machine) -> Iterator[Haraka]:
    """Run Haraka on `machine`."""
    folder = ground.folder / machine.name
    with system(ground.network, machine, ground.roots, folder, more=HARAKA_FOLDER) as made:
        files = {
            "me": machine.host,
            "plugins": "fates",
            "smtp.ini": "listen=127.0.0.1:25\n",
            "log.ini": "[main]\nlevel=notice\n",
            "net-utils.ini": f"[dns]\ntries={LOOK_UPS_MAX}\n",
        }
        made.told("mkdir", "-p", _HOME)
        made.told("cp", "-r", f"{PACKAGE}/config", f"{_HOME}/")
        for name, text in files.items():
            made.write(f"{_HOME}/config/{name}", text + "\n")
        made.write(f"{_HOME}/plugins/fates.js", _PLUGIN)
        made.told("mkdir", f"{_HOME}/queue")
        command = made.command("node", PROGRAM, "-c", _HOME)
        with running("haraka", command, folder / "haraka.log", ready="Listening on") as daemon:
            daemon.await_ready()
            yield Haraka(ground.network, machine, daemon)
