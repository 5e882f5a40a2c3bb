"""A sender test served on a machine of its own, and senders beside it that ask it for everything."""

import datetime as dt
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from mxproof.judge.senders.inference.observation import SenderTest, read_test
from mxproof.lab.sendertest.setup import NAME_SERVER, NETWORK
from real.bed.ca import Authority
from real.bed.edition import WORLDS_FOLDER
from real.bed.network import COMMAND_WITHIN_S, Machine, Network, network
from real.bed.process import STOP_WITHIN_S, Daemon, running

GATE = "198.51.100.250"
"""Where senders send what is for the set. The kernel holds a thousand neighbours for all namespaces together, and a dozen senders that
each know two hundred are more: the rest of what they send then fails at once (`table_fulls` in /proc/net/stat/arp_cache)."""
SERVING = Machine("set", "set.example.net", NAME_SERVER, "2001:db8::192:0:2:53", (GATE,))


class Served(msgspec.Struct, frozen=True):
    """A set that is up: where its files are, and who vouches for what the senders themselves show."""

    folder: Path
    network: Network
    daemon: Daemon
    run: Path
    authority: Authority

    @property
    def roots(self) -> Path:
        """The file with the authority to trust."""
        return self.run / "ca.pem"

    def identity(self, host: str) -> str:
        """Return a certificate and its key for one of the senders, as PEM."""
        return self.authority.issue((host,)).pem.read_text()

    @property
    def recipients(self) -> tuple[str, ...]:
        """The address of each case."""
        return tuple((self.run / "recipients").read_text().split())

    @property
    def recipients_again(self) -> tuple[str, ...]:
        """The address of each case that is another after a first mail."""
        return tuple((self.run / "recipients-again").read_text().split())

    def ended(self) -> SenderTest:
        """End the run as its user does, and return what it wrote."""
        self.daemon.process.send_signal(signal.SIGINT)
        assert self.daemon.process.wait(STOP_WITHIN_S) == 0, self.daemon.text()
        return read_test((self.run / "observed.json").read_bytes())


@contextmanager
def served(senders: Sequence[Machine]) -> Iterator[Served]:
    """Serve a set beside the machines of `senders`, and leave nothing of it behind."""
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="mxproof-sent-", dir=WORLDS_FOLDER)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o755)  # the daemons that drop root have to reach their folders
        wire = stack.enter_context(network(folder.name, (SERVING, *senders), SERVING))
        _route(wire, SERVING, "add", "local", NETWORK, "dev", "lo")
        for one in senders:
            _route(wire, one, "replace", NETWORK, "via", GATE, "src", one.ipv4)
        run = folder / "run"
        command = wire.inside(SERVING, sys.executable, "-m", "mxproof", "sendertest", "serve", str(run))
        # It is the resolver of all senders, who wait for an answer for a few seconds only, and there are some thousand questions.
        started = running(
            "sendertest", command, folder / "set.log", ready="served until Ctrl-C", before_others=True
        )
        daemon = stack.enter_context(started)
        daemon.await_ready()
        authority = Authority(folder / "ca", dt.datetime.now(dt.UTC))
        yield Served(folder, wire, daemon, run, authority)


def _route(wire: Network, machine: Machine, *words: str) -> None:
    command = wire.inside(machine, "ip", "route", *words)
    subprocess.run(command, check=True, timeout=COMMAND_WITHIN_S)


def by(machine: Machine, test: SenderTest) -> SenderTest:
    """Return of a run what one machine did."""
    addresses = {machine.ipv4, machine.ipv6}
    return msgspec.structs.replace(
        test,
        queries=tuple(one for one in test.queries if one.client in addresses),
        fetches=tuple(one for one in test.fetches if one.client in addresses),
        connections=tuple(one for one in test.connections if one.client in addresses),
    )
