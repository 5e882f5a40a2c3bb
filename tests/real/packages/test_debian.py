"""Debian packages of this commit: installed in a booted system of their suite, used, installed again, removed and purged."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keeping import ROOT
from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, network
from real.bed.system import SHARED, System, booted_root

HOST = Machine("mta", "mta.example.com", "198.51.100.20", "2001:db8:1::20")
ROOTS = Path("/var/cache/mxproof/build")
DAEMONS = ("policyd", "collect", "watch")
"""Those that need no configuration to start."""
PATIENT = ("tlsrpt", "silence", "publish")
"""Those that wait until theirs names something."""
KEPT_BY_DPKG = (
    "/var/lib/dpkg/",
    "/var/lib/apt/",
    "/var/log/",
    "/var/cache/",
    "/var/lib/systemd/",
    "/var/lib/ucf/",
)

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def suite(request: pytest.FixtureRequest, host: None) -> str:
    """Build the packages of a suite, and return its name."""
    name = str(request.param)
    done = subprocess.run(
        [ROOT / "tools" / "build-deb", name],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return name


@contextmanager
def machine(suite: str) -> Iterator[System]:
    """Boot the root of the suite, with its packages in SHARED."""
    with (
        tempfile.TemporaryDirectory(prefix="mxproof-debian-", dir=WORLDS_FOLDER) as made,
        network("debian", [HOST], HOST) as wire,
        booted_root(wire, HOST, Path(made) / "system", ROOTS / suite) as system,
    ):
        for package in (ROOT / "dist" / suite).glob("*.deb"):
            (Path(made) / "system" / package.name).write_bytes(package.read_bytes())
        yield system


def shell(system: System, words: str) -> str:
    """Return what a line for the shell prints that has to succeed; apt wants to know where it is."""
    return system.told("sh", "-ec", f"cd /; export DEBIAN_FRONTEND=noninteractive; {words}")


def files(system: System) -> set[str]:
    """Return every file and folder that is not of dpkg's own keeping."""
    found = system.told("find", "/etc", "/usr", "/var", "-xdev").splitlines()
    return {path for path in found if not path.startswith(KEPT_BY_DPKG)}


def test_packages_are_installed_used_installed_again_removed_and_purged(suite: str) -> None:
    with machine(suite) as system:
        before = files(system)
        shell(system, f"apt-get install --yes {SHARED}/*.deb")

        incident = system.run("mxproof", "check", "example.com", "--lab", "incident", "--format", "json")
        assert incident.returncode == 1, incident.stderr
        assert '"microsoft"' in incident.stdout
        told = json.loads(system.told("cat", "/usr/share/doc/mxproof/bundled.json"))
        laid = system.told(
            "ls", shell(system, "echo /usr/lib/mxproof/lib/python3*/site-packages").strip()
        ).split()
        infos = sum(name.endswith(".dist-info") for name in laid)
        assert len(told["components"]) + 1 == infos > 1
        system.told("test", "-s", "/usr/share/man/man1/mxproof-check.1.gz")
        for name in DAEMONS:
            assert system.told("systemctl", "is-active", f"mxproof-{name}.service").strip() == "active"
            assert system.told("systemctl", "is-enabled", f"mxproof-{name}.service").strip() == "enabled"
        for name in PATIENT:
            assert (
                system.run("systemctl", "is-enabled", f"mxproof-{name}.service").stdout.strip() == "disabled"
            )
        assert system.told("stat", "--format=%U", "/var/lib/mxproof").strip() == "mxproof"

        shell(system, "echo '# ours' >>/etc/mxproof/policyd.toml")
        shell(system, f"dpkg --install {SHARED}/mxproof_*.deb {SHARED}/mxproof-policyd_*.deb")
        assert system.told("tail", "-n", "1", "/etc/mxproof/policyd.toml") == "# ours\n"
        assert system.told("systemctl", "is-active", "mxproof-policyd.service").strip() == "active"

        shell(system, "apt-get remove --yes mxproof")
        assert system.run("systemctl", "is-active", "mxproof-policyd.service").stdout.strip() == "inactive"
        system.told("test", "-e", "/etc/mxproof/policyd.toml", "-a", "-d", "/var/lib/mxproof")
        shell(system, "apt-get purge --yes mxproof 'mxproof-*'")
        left = files(system) - before
        assert left == set(), sorted(left)
