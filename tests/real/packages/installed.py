"""Packages of a suite, built by its recipe, and a booted system to install them in."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from keeping import ROOT
from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, network
from real.bed.system import SHARED, System, booted_root

HOST = Machine("mta", "mta.example.com", "198.51.100.20", "2001:db8:1::20")
ROOTS = Path("/var/cache/mxproof/build")
INSTALLED_WITHIN_S = 1200.0
CURRENT = ROOT / "dist"
"""Where the packages of this commit are, a folder for each suite."""


def provide(suite: str, packages: Path = CURRENT, wheel: Callable[[], Path] | None = None) -> None:
    """Build the packages of a suite into a folder, unless they are those of this commit: of its own wheel, or of another.

    With MXPROOF_BUILT whatever is there is taken, for whoever works at the tests.
    """
    made = packages / suite / "commit"
    here = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True, timeout=60)
    if made.exists() and ("MXPROOF_BUILT" in os.environ or made.read_text() == here):
        return
    around = {} if wheel is None else {"MXPROOF_WHEEL": str(wheel())}
    _build(suite, {"MXPROOF_PACKAGES": str(packages), **around})


def _build(suite: str, around: Mapping[str, str]) -> None:
    """Build the packages of a suite; `around` is what the recipe is told by the environment."""
    done = subprocess.run(
        [ROOT / "tools" / "build-deb", suite],
        env={**os.environ, "MXPROOF_PYTHON": sys.executable, **around},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@contextmanager
def machine(suite: str, packages: Path = CURRENT) -> Iterator[tuple[System, Path]]:
    """Boot the root of the suite with these packages in SHARED; yield it and that folder as it is seen from here."""
    with (
        _open_folder() as made,
        network("debian", [HOST], HOST) as wire,
        booted_root(wire, HOST, made / "system", ROOTS / suite) as system,
    ):
        shared = made / "system"
        bring(suite, packages, shared)
        yield system, shared


@contextmanager
def _open_folder() -> Iterator[Path]:
    """Make a folder that daemons of other users may reach into."""
    with tempfile.TemporaryDirectory(prefix="mxproof-debian-", dir=WORLDS_FOLDER) as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


def bring(suite: str, packages: Path, shared: Path) -> None:
    """Put the packages of a suite there in place of those that are there."""
    for package in shared.glob("*.deb"):
        package.unlink()
    for package in (packages / suite).glob("*.deb"):
        (shared / package.name).write_bytes(package.read_bytes())


def install(system: System, *names: str) -> None:
    """Install packages that are in SHARED."""
    shell(system, f"apt-get install --yes {' '.join(f'{SHARED}/{name}_*.deb' for name in names)}")


def shell(system: System, words: str) -> str:
    """Return what a line for the shell prints that has to succeed; apt wants to know where it is."""
    line = f"cd /; export DEBIAN_FRONTEND=noninteractive; {words}"
    return system.told("sh", "-ec", line, within_s=INSTALLED_WITHIN_S)
