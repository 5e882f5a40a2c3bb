"""Debian packages of this commit: installed in a booted system of their suite, used, installed again, removed and purged."""

import json
import re
from pathlib import Path

import pytest

from real.bed.system import SHARED, System
from real.packages.installed import machine, shell

DAEMONS = ("policyd", "collect", "watch")
"""Those that need no configuration to start."""
PATIENT = ("tlsrpt", "silence", "publish", "sendertest")
"""Those that wait until theirs names something."""
BEGUN = {
    "tlsrpt": ("tlsrpt.toml", 's/^domains = .*/domains = ["example.com"]/'),
    "sendertest": (
        "sendertest.env",
        "s/^ZONE=.*/ZONE=probe.example.org/; s,^OPTIONS=.*,OPTIONS=--address 127.0.9.16/28,",
    ),
    "publish": ("publish.toml", '1i listen = ["inet:127.0.0.1:8443"]'),
}
"""What sed makes of the configuration of those of them that this alone lets start."""
POLICIES = "/etc/mxproof/policies"
PROBE_STATE = "/var/lib/mxproof-sendertest"
PUBLISH_STATE = "/var/lib/mxproof-publish"
ORDERING = f"""\
[acme]
directory = "https://127.0.0.1:9/directory"
terms_agreed = true
folder = "{PUBLISH_STATE}/acme"
listen = ["inet:127.0.0.1:8080"]

[publication]
store = "sqlite:{PUBLISH_STATE}/publication.db"
"""
"""As the guide to certificates has it, for an authority that is not there, on a port that everybody may open."""
POLICY = "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 86400\n"
KEPT_BY_DPKG = (
    "/var/lib/dpkg/",
    "/var/lib/apt/",
    "/var/log/",
    "/var/cache/",
    "/var/lib/systemd/",
    "/var/lib/ucf/",
)

SHIPPED = (
    *(f"/usr/share/man/man1/mxproof-{name}.1.gz" for name in ("check", "sendertest-serve")),
    "/usr/share/bash-completion/completions/mxproof",
    "/usr/share/zsh/vendor-completions/_mxproof",
    "/usr/share/fish/vendor_completions.d/mxproof.fish",
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
        for file in SHIPPED:
            system.told("test", "-s", file)
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
        for name, (file, change) in BEGUN.items():
            system.told("sed", "-i", change, f"/etc/mxproof/{file}")
            system.told("systemctl", "start", f"mxproof-{name}.service")
            assert system.told("systemctl", "is-active", f"mxproof-{name}.service").strip() == "active"
            if name == "sendertest":
                probed(system)
        owned(system)

        shell(system, "echo '# ours' >>/etc/mxproof/policyd.toml")
        former = processes(system)
        assert {name for name, process in former.items() if process == 0} == {"silence", "sendertest"}
        shell(system, f"dpkg --install {SHARED}/mxproof*.deb")
        assert system.told("tail", "-n", "1", "/etc/mxproof/policyd.toml") == "# ours\n"
        now = processes(system)
        assert {name for name, process in now.items() if process == 0} == {"silence", "sendertest"}
        assert [name for name, process in now.items() if process and process == former[name]] == []

        shell(system, "apt-get remove --yes mxproof")
        assert set(processes(system).values()) == {0}
        system.told("test", "-e", "/etc/mxproof/policyd.toml", "-a", "-d", "/var/lib/mxproof")
        # Whoever put these down takes them away.
        shell(system, f"rm -r {PUBLISH_STATE} {POLICIES}/example.com.txt")
        shell(system, "apt-get purge --yes mxproof 'mxproof-*'")
        left = files(system) - before
        assert left == set(), sorted(left)


def processes(system: System) -> dict[str, int]:
    """Return the process of each daemon, 0 for one that does not run."""
    show = ("systemctl", "show", "--property=MainPID", "--value")
    return {name: int(system.told(*show, f"mxproof-{name}.service")) for name in (*DAEMONS, *PATIENT)}


def probed(system: System) -> None:
    """Have the sender test serve, as its user, then end it, for it has ports that others want."""
    serving = "journalctl --no-pager --unit=mxproof-sendertest.service | grep --quiet 'served until a signal'"
    shell(system, f'timeout 600 sh -c "until {serving}; do sleep 1; done"')
    process = processes(system)["sendertest"]
    assert system.told("stat", "--format=%U", f"/proc/{process}").strip() == "mxproof-sendertest"
    system.told("systemctl", "stop", "mxproof-sendertest.service")
    shell(system, f"test -s {PROBE_STATE}/*/observed.json")


def owned(system: System) -> None:
    """Have root order certificates, as the timer does, before the daemon knows of it: whatever that writes is the daemon's."""
    shell(
        system,
        "mkdir -p /etc/systemd/system/mxproof-publish.service.d; "
        "printf '[Service]\\nStateDirectory=mxproof-publish\\n' >/etc/systemd/system/mxproof-publish.service.d/state.conf; "
        "systemctl daemon-reload; systemctl restart mxproof-publish.service",
    )
    with (system.root / "etc/mxproof/publish.toml").open("a") as file:
        file.write(ORDERING)
    (system.root / POLICIES.lstrip("/") / "example.com.txt").write_text(POLICY)
    system.run("systemctl", "start", "mxproof-publish-certificates.service")
    written = system.told("find", PUBLISH_STATE, "-type", "f", "-printf", "%P\\n").splitlines()
    assert {"acme/account.pem", "publication.db"} <= set(written)
    assert system.told("find", PUBLISH_STATE, "!", "-user", "mxproof") == ""
    system.told("systemctl", "restart", "mxproof-publish.service")
