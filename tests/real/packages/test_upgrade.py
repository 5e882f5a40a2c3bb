"""From 0.1.0 to this commit by apt, with live state in every kind of store that 0.1.0 had: nothing is lost, and no answer differs.

0.1.0 had no package. Its wheel, built of its commit, in the recipe of today stands for it.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from keeping import ROOT
from real.bed.system import SHARED, System
from real.packages.installed import CURRENT, bring, install, machine, provide, shell
from real.store.held import SERVERS, Held, InSqlite, Kind
from support_releases import RELEASES, exported, lost, moved, policies, to_now

FORMER = RELEASES / "0.1.0"
DAEMON = "mxproof-policyd.service"
STATE = "/var/lib/mxproof"
URLS = {
    "postgresql": f"postgresql:///postgres?host={SHARED}/postgresql&user=postgres",
    "redis": f"unix://{SHARED}/redis/s",
    "sqlite": f"sqlite:{STATE}/policyd.db",
}
ASKED = """\
import socket, sys
for destination in sys.argv[1:]:
    words = b"postfix " + destination.encode()
    with socket.create_connection(("127.0.0.1", 8461), 60) as asking, asking.makefile("rb") as answer:
        asking.sendall(b"%d:%b," % (len(words), words))
        size = b""
        while (byte := answer.read(1)) not in (b":", b""):
            size += byte
        print(destination, answer.read(int(size)).decode().removeprefix("OK "), sep="\\t")
"""


@pytest.fixture(scope="module")
def former(suite: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have the packages that 0.1.0 would have had, and return their folder."""
    packages = CURRENT / FORMER.name
    provide(suite, packages, lambda: _wheel(tmp_path_factory.mktemp("former")))
    return packages


def _wheel(folder: Path) -> Path:
    """Build the wheel of 0.1.0 from its last commit, the one before the version was raised."""
    version = ("-S", f'__version__ = "{FORMER.name}"', "--", "src/mxproof/__init__.py")
    raised = _git("log", "-1", "--format=%H", *version).decode().strip()
    (folder / "source").mkdir()
    subprocess.run(
        ["tar", "-x", "-C", folder / "source"], input=_git("archive", f"{raised}^"), check=True, timeout=60
    )
    command = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "dist")
    subprocess.run(command, cwd=folder / "source", check=True, capture_output=True, timeout=600)
    (wheel,) = (folder / "source" / "dist").glob(f"mxproof-{FORMER.name}-*.whl")
    return wheel


def _git(*words: str) -> bytes:
    return subprocess.run(("git", *words), cwd=ROOT, check=True, capture_output=True, timeout=60).stdout


@pytest.fixture
def upgraded(suite: str, former: Path) -> Iterator[tuple[System, Path]]:
    with machine(suite, former) as made:
        yield made


def test_what_0_1_0_holds_in_each_store_outlives_the_upgrade_and_its_answers_stay(
    suite: str, upgraded: tuple[System, Path]
) -> None:
    system, shared = upgraded
    install(system, "mxproof", "mxproof-policyd")
    assert system.told("mxproof", "--version").strip().endswith(FORMER.name)
    shell(system, "echo '# ours' >>/etc/mxproof/policyd.toml")
    expected = exported((FORMER / "store" / "export.postfix").read_bytes())
    with ExitStack() as stack:
        stores = {name: _in_a_server(kind, name, shared, stack) for name, kind in SERVERS.items()}
        stores["sqlite"] = _in_the_file(system, shared)
        before = {name: _answers(system, name, expected) for name in stores}
        assert [lost(expected, told) for told in before.values()] == [[]] * len(stores)

        held = _policies(system, stores)

        bring(suite, CURRENT, shared)
        install(system, "mxproof", "mxproof-policyd")

        assert FORMER.name not in system.told("mxproof", "--version")
        assert system.told("tail", "-n", "1", "/etc/mxproof/policyd.toml") == "# ours\n"
        # The last of the stores is that which the daemon has been on throughout.
        assert system.told("systemctl", "is-active", DAEMON).strip() == "active"
        assert _asked(system, expected) == before["sqlite"]
        assert {name: _answers(system, name, expected) for name in stores} == before
        assert _policies(system, stores) == held
        assert all(held.values())


def _in_a_server(kind: Kind, name: str, shared: Path, stack: ExitStack) -> Held:
    """Run a server that the daemon in the system reaches, with what 0.1.0 kept there."""
    folder = shared / name
    folder.mkdir()
    shutil.chown(folder, kind.user)
    stack.enter_context(kind.run(folder))
    held = _lately(kind.filled(FORMER, folder))
    for path in (folder, *folder.glob("s")):
        path.chmod(0o777)
    return held


def _in_the_file(system: System, shared: Path) -> Held:
    """Put what 0.1.0 kept where its daemon keeps it; what is returned is a copy, brought up to date by `_policies`."""
    folder = shared / "sqlite"
    folder.mkdir()
    held = _lately(InSqlite(FORMER, folder))
    there = f"{STATE}/policyd.db"
    shell(
        system,
        f"systemctl stop {DAEMON}; cp {SHARED}/sqlite/policyd.db {there}; chown mxproof: {there}; rm -f {there}-*",
    )
    return held


def _lately(held: Held) -> Held:
    """Move its times, as if 0.1.0 had ended a second ago."""
    rows = held.rows()
    by = to_now(max(row.asked_at for row in rows))
    held.write([moved(row, by) for row in rows])
    return held


def _answers(system: System, name: str, destinations: Mapping[str, object]) -> dict[str, list[str]]:
    """Put the daemon on this store, and return what it tells Postfix of each destination."""
    url = URLS[name].replace("&", r"\&")  # for sed, to which it is what was found
    there = f's,^url = .*,url = "{url}",'
    system.told("sed", "-i", there, "/etc/mxproof/policyd.toml")
    system.told("systemctl", "restart", DAEMON)
    return _asked(system, destinations)


def _asked(system: System, destinations: Mapping[str, object]) -> dict[str, list[str]]:
    return exported(system.told("python3", "-c", ASKED, *destinations).encode())


def _policies(
    system: System, stores: Mapping[str, Held]
) -> dict[str, dict[str, tuple[object, object, object]]]:
    """Return the policies of each store by the rules of 0.1.0."""
    shell(
        system, f"systemctl stop {DAEMON}; cp {STATE}/policyd.db {SHARED}/sqlite/; systemctl start {DAEMON}"
    )
    return {name: policies({row.key: row.policy for row in held.rows()}) for name, held in stores.items()}
