"""An administrator with the files of a plan in his hands: he makes each step with the tools that they are written for.

A step is made once the second name server has it too, unless that is left behind.
"""

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec

from mxproof.mail.change import PresentCertificate
from mxproof.remedy.plan import Plan
from mxproof.remedy.standing import Advice, Standing, StandingReason
from real.bed.ca import Identity
from real.bed.https import put_policy
from real.bed.machines import RESOLVER
from real.bed.network import COMMAND_WITHIN_S
from real.bed.town import SENDING, Town

ASKED_WITHIN_S = 600.0
_PROGRAM = (sys.executable, "-m", "mxproof")


class Verified(NamedTuple):
    """What `mxproof plan --verify` says: its exit status, the advice and why, and which step is next."""

    status: int
    advice: Advice
    reason: StandingReason
    next_step: int | None


class Administrator(msgspec.Struct, frozen=True):
    """Whoever looks after `domain` in a town; `folder` is where the plan and what was planned lie.

    `certificates` are the identities that are planned, by host.
    """

    town: Town
    domain: str
    folder: Path
    certificates: dict[str, Identity]

    @property
    def way(self) -> Path:
        """Return the folder that `mxproof plan --write` makes."""
        return self.folder / "way"

    def asked(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run `mxproof` where mail is sent from, with the resolver and the root of the town."""
        asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(self.town.authority.file))
        command = self.town.network.inside(SENDING, *_PROGRAM, *arguments, *asking)
        return subprocess.run(command, capture_output=True, timeout=ASKED_WITHIN_S, check=False)

    def plan(self, zone: str, policy: bytes | None, *options: str) -> Plan:
        """Have what is planned put into an order, and written down."""
        self.folder.mkdir(exist_ok=True)
        given = ["--zone", str(_written(self.folder / "zone.part", zone.encode()))]
        if policy is not None:
            given += ["--policy", str(_written(self.folder / "mta-sts.txt", policy))]
        for host, identity in self.certificates.items():
            given += ["--cert", f"{host}={identity.pem}"]
        done = self.asked("plan", self.domain, *given, *options, "--write", str(self.way))
        assert done.returncode in {1, 3}, done.stderr.decode()
        return msgspec.json.decode((self.way / "plan.json").read_bytes(), type=Plan)

    def verify(self, made: dt.datetime | None = None) -> Verified:
        """Hold the plan against what is seen now; `made` is when its last step was, by default just now."""
        when = () if made is None else ("--made", made.isoformat())
        done = self.asked("plan", "--verify", str(self.way / "plan.json"), "--format", "json", *when)
        assert done.stderr == b"", done.stderr.decode()
        told = msgspec.json.decode(done.stdout, type=Standing)
        print(f"{told.advice}, {told.reason}: {told}")  # shown where a test fails
        return Verified(done.returncode, told.advice, told.reason, told.next_step)

    def put_down(self, number: int, files: dict[str, bytes]) -> None:
        """Put the files of a step where those of the plan lie, in their place."""
        folder = self.way / f"step-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def make(
        self, number: int, certificates: dict[str, Identity] | None = None, *, everywhere: bool = True
    ) -> dt.datetime:
        """Make a step of the plan with the files for it, `everywhere` or at the first name server; return when it was made."""
        return self._made(self.way / f"step-{number}", certificates or {}, everywhere=everywhere)

    def take_back(self, number: int) -> dt.datetime:
        """Undo a step with the files for that."""
        return self._made(self.way / f"step-{number}" / "back", {}, everywhere=True)

    def _made(self, step: Path, certificates: dict[str, Identity], *, everywhere: bool) -> dt.datetime:
        if (step / "nsupdate.txt").exists():
            self.update(step / "nsupdate.txt")
        if (step / "mta-sts.txt").exists():
            policy = (step / "mta-sts.txt").read_bytes()
            put_policy(self.town.folder / "nginx", f"mta-sts.{self.domain}", policy)
        for host, identity in certificates.items():
            self.show(host, identity)
        if everywhere and self.town.follower is not None:
            self.town.follower.refresh(f"{self.domain}.")
        return dt.datetime.now(dt.UTC)

    def update(self, script: Path) -> None:
        """Run a script with nsupdate, under the key of the name server, which it finds by itself."""
        command = ("nsupdate", "-k", str(self.town.served.key.file), str(script))
        done = subprocess.run(
            self.town.network.inside(SENDING, *command),
            capture_output=True,
            timeout=COMMAND_WITHIN_S,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b""), (done.stderr.decode(), script.read_text())

    def show(self, host: str, identity: Identity) -> None:
        """Install a certificate where the mail server reads that of `host`, and have the server read it."""
        installed = self.town.identities[host].pem
        new = installed.with_suffix(".new")
        shutil.copyfile(identity.pem, new)
        new.replace(installed)
        etc = self.town.folder / "mx" / "etc"
        os.utime(etc / "main.cf", (0, 0))
        command = ("postfix", "-c", str(etc), "reload")
        subprocess.run(command, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)

    def certificates_of(self, plan: Plan, number: int) -> dict[str, Identity]:
        """Return the planned certificates that step `number` has shown."""
        changes = plan.ways[0].steps[number - 1].changes
        hosts = [one.host for one in changes if isinstance(one, PresentCertificate)]
        return {host: self.certificates[host] for host in hosts}


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file
