"""The bed itself: its resolver really validates, its policy host really serves, and it leaves nothing behind."""

import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from real.bed.bed import Bed, built
from real.bed.edition import NEWER
from real.bed.machines import POLICY_MACHINE, RESOLVER
from real.bed.network import network
from real.bed.postfix import sender
from real.bed.system import booted
from real.bed.town import PARENT, SENDING, Host, MailDomain, town
from real.bed.worlds import DOMAIN, POLICY_HOST, WORLDS

COMMAND_WITHIN_S = 120.0

_TESTS = Path(__file__).parents[1]


def _flags(bed: Bed, name: str) -> set[str]:
    answer = bed.run(
        "kdig", f"@{RESOLVER.ipv6}", name, "SOA", "+dnssec", within_s=COMMAND_WITHIN_S
    ).stdout.decode()
    line = next(line for line in answer.splitlines() if line.startswith(";; Flags: "))
    return set(line.removeprefix(";; Flags: ").split(";")[0].split())


def test_the_resolver_vouches_for_the_root(bed: Bed) -> None:
    assert "ad" in _flags(bed, ".")


def test_the_resolver_vouches_for_the_domain_exactly_when_it_is_signed(bed: Bed) -> None:
    assert ("ad" in _flags(bed, DOMAIN)) == bed.world.secure


@pytest.mark.parametrize("family", ["-4", "-6"])
def test_the_policy_host_serves_the_policy_under_a_trusted_certificate(bed: Bed, family: str) -> None:
    url = f"https://{POLICY_HOST}/.well-known/mta-sts.txt"
    known = f"{POLICY_HOST}:443:{POLICY_MACHINE.ipv4},{POLICY_MACHINE.ipv6}"
    fetched = bed.run(
        "curl",
        family,
        "--silent",
        "--resolve",
        known,
        "--cacert",
        str(bed.ca_file),
        url,
        within_s=COMMAND_WITHIN_S,
    )
    assert (fetched.returncode, fetched.stdout) == (0, bed.world.policy())


def test_the_addresses_of_the_exchanges_have_names_that_lead_back(bed: Bed) -> None:
    for machine in bed.receivers:
        for address in (machine.ipv4, machine.ipv6):
            named = bed.run("kdig", "+short", "-x", address, within_s=COMMAND_WITHIN_S).stdout
            assert named.decode() == f"{machine.host}.\n"


@pytest.mark.usefixtures("host")
def test_a_failure_leaves_nothing_behind() -> None:
    with ExitStack() as stack:
        bed = stack.enter_context(built(WORLDS[0]))
        processes = _processes(bed.network.tag)
        with pytest.raises(RuntimeError, match="on purpose"), stack.pop_all():
            raise RuntimeError("on purpose")
    assert len(processes) > len(WORLDS[0].exchanges)
    assert _left(bed.network.tag, processes) == []


@pytest.mark.usefixtures("host")
def test_a_town_with_a_newer_postfix_leaves_nothing_behind() -> None:
    with ExitStack() as stack:
        mx = f"mx.one.{PARENT}"
        domain = MailDomain(f"one.{PARENT}", (mx,), (Host(mx),))
        built_town = stack.enter_context(town("left", [domain]))
        folder, wire = built_town.folder, built_town.network
        newer = sender(wire, SENDING, (), built_town.authority.file, folder / "newer", edition=NEWER)
        stack.enter_context(newer).daemon.await_ready()
        processes = _processes(wire.tag)
        with pytest.raises(RuntimeError, match="on purpose"), stack.pop_all():
            raise RuntimeError("on purpose")
    assert _left(wire.tag, processes) == []
    assert [*(NEWER.root / "tmp").iterdir()] == []


@pytest.mark.usefixtures("host")
def test_a_booted_system_leaves_nothing_behind() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxproof-booted-")))
        wire = stack.enter_context(network(folder.name, (RESOLVER,), RESOLVER))
        system = stack.enter_context(booted(wire, RESOLVER, folder / "system"))
        assert system.told("systemctl", "is-active", "basic.target") == "active\n"
        processes = _processes(wire.tag)
        groups = _control_groups(wire.tag)
        with pytest.raises(RuntimeError, match="on purpose"), stack.pop_all():
            raise RuntimeError("on purpose")
    assert (len(groups), len(processes) > 1) == (1, True)
    assert (_left(wire.tag, processes), _control_groups(wire.tag)) == ([], [])


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_nothing_behind(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "real.bed.hold", WORLDS[0].name]
    environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout is not None
        tag = holder.stdout.readline().decode().strip()
        processes = _processes(tag)
        holder.send_signal(number)
        status = holder.wait(COMMAND_WITHIN_S)
    assert len(processes) > len(WORLDS[0].exchanges)
    assert (status, _left(tag, processes)) == (130, [])


def _processes(tag: str) -> dict[int, int]:
    """Return the processes in all namespaces of the bed called `tag`: process ids by pidfd."""
    return {
        os.pidfd_open(int(pid)): int(pid)
        for namespace in Path("/run/netns").glob(f"{tag}-*")
        for pid in subprocess.check_output(["ip", "netns", "pids", namespace.name]).split()
    }


def _control_groups(tag: str) -> list[Path]:
    """Return the control groups of the bed called `tag`."""
    mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text().splitlines()]
    return [group for at, kind in mounts if kind == "cgroup2" for group in Path(at).glob(f"{tag}*")]


def _left(tag: str, processes: dict[int, int]) -> list[str]:
    """Return what is still there of the bed called `tag`: namespaces, resolver files, folders, processes."""
    folders = (Path("/run/netns"), Path("/etc/netns"), Path(tempfile.gettempdir()))
    files = [str(path) for folder in folders if folder.exists() for path in folder.glob(f"{tag}*")]
    ended, _, _ = select.select(list(processes), [], [], 0)
    running = [f"process {pid}" for pidfd, pid in processes.items() if pidfd not in ended]
    for pidfd in processes:
        os.close(pidfd)
    return files + running
