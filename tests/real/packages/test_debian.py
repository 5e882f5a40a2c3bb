"""Debian packages of this commit: installed in a booted system of their suite, used, installed again, removed and purged."""

import json
import re
from pathlib import Path

import pytest

from real.bed.system import SHARED, System
from real.packages.installed import machine, shell

DAEMONS = ("policyd", "collect", "watch")
"""Those that need no configuration to start."""
PATIENT = ("tlsrpt", "silence", "publish")
"""Those that wait until theirs names something."""
BEGUN = {
    "tlsrpt": 's/^domains = .*/domains = ["example.com"]/',
    "publish": '1i listen = ["inet:127.0.0.1:8443"]',
}
"""What sed makes of the configuration of those of them that this alone lets start."""
POLICIES = "/etc/mxproof/policies"
KEPT_BY_DPKG = (
    "/var/lib/dpkg/",
    "/var/lib/apt/",
    "/var/log/",
    "/var/cache/",
    "/var/lib/systemd/",
    "/var/lib/ucf/",
)

DOCUMENTS = "usr/share/doc/mxproof"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")

pytestmark = pytest.mark.usefixtures("host")


def files(system: System) -> set[str]:
    """Return every file and folder that is not of dpkg's own keeping."""
    found = system.told("find", "/etc", "/usr", "/var", "-xdev").splitlines()
    return {path for path in found if not path.startswith(KEPT_BY_DPKG)}


def dead_links(root: Path) -> list[tuple[str, str]]:
    """Return the links of pages in the system that lead nowhere, each by its page; one from the root is of the system's."""
    dead = []
    for page in sorted((root / DOCUMENTS).rglob("*.md")):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            there = root / link.lstrip("/") if link.startswith("/") else page.parent / link
            if page.name != "CHANGELOG.md" and not there.exists():
                dead.append((page.name, link))
    return dead


def test_packages_are_installed_used_installed_again_removed_and_purged(suite: str) -> None:
    with machine(suite) as (system, _):
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
        system.told(
            "test", "-e", "/usr/share/mxproof/docs/index.md", "-a", "-s", f"/{DOCUMENTS}/README.Debian"
        )
        assert dead_links(system.root) == []
        for name in DAEMONS:
            assert system.told("systemctl", "is-active", f"mxproof-{name}.service").strip() == "active"
            assert system.told("systemctl", "is-enabled", f"mxproof-{name}.service").strip() == "enabled"
        for name in (*DAEMONS, *PATIENT):
            system.told("test", "-s", f"/{DOCUMENTS}-{name}/README.Debian")
        for name in PATIENT:
            assert (
                system.run("systemctl", "is-enabled", f"mxproof-{name}.service").stdout.strip() == "disabled"
            )
        assert system.told("stat", "--format=%U", "/var/lib/mxproof").strip() == "mxproof"

        system.told("test", "-d", POLICIES)
        for name, change in BEGUN.items():
            system.told("sed", "-i", change, f"/etc/mxproof/{name}.toml")
            system.told("systemctl", "start", f"mxproof-{name}.service")
            assert system.told("systemctl", "is-active", f"mxproof-{name}.service").strip() == "active"

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
