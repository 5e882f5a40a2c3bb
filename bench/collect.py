"""The collector of Postfix's sessions: datagrams a second without a loss, exact counts, memory, and what a kill -9 loses.

The load client is Debian's libtlsrpt. Every queue of the kernel has QUEUE places, in a network namespace of the run's own, which root
may make. tlsrpt-collectd gets the same beside, in a virtual environment of its own, made on first use.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.packaged import environment
from support_libtlsrpt import FAILS_EVERY, Attempt, Libtlsrpt, library_path

PEER = "tlsrpt-reporter==0.6.0"
QUEUE = 512
PACED, PACED_A_S = 40_000, 8_000
BLOCKING, BLOCKING_A_S_MIN = 100_000, 25_000.0
FEW_DOMAINS, MANY_DOMAINS = 500, 20_000
GROWTH_MAX = 1.1
"""Memory after the fourth time over MANY_DOMAINS, by that after the second: the first fills what is kept for speed."""
KILLS, KILL_LOSES_S_MAX = 5, 1.0
_INSIDE = "MXPROOF_BENCH_NAMESPACE"


def main() -> bool:
    """Print the figures, and tell whether they hold."""
    if library_path() is None:
        print("  libtlsrpt is not here (tools/install-postfix310): nothing is measured")
        return False
    if _INSIDE not in os.environ:
        return _in_namespace()
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        ours = [_paced(folder), _blocking(folder), _memory(folder), _killed(folder)]
        _peer(folder)
        return all(ours)


def _in_namespace() -> bool:
    """Run this again where the length of queues may be set."""
    _peer_program()  # in the namespace there is no network to have it from
    setting = f"echo {QUEUE} > /proc/sys/net/unix/max_dgram_qlen"
    command = [
        "unshare",
        "--net",
        "sh",
        "-c",
        f'{setting}; exec "$@"',
        "sh",
        sys.executable,
        "-m",
        "bench",
        "collect",
    ]
    return subprocess.run(command, check=False, env={**os.environ, _INSIDE: "1"}).returncode == 0


def _paced(folder: Path) -> bool:
    with _collectd(folder, "paced"):
        load = _load(folder / "paced.sock", PACED, FEW_DOMAINS, PACED_A_S)
    kept = _kept(folder / "paced.db")
    _say(
        f"paced, {load['sent'] / load['seconds']:.0f} a second of {PACED_A_S} wanted, a socket each as Postfix does: "
        f"{load['lost']:.0f} lost (none), {kept[0]} counted"
    )
    return not load["lost"] and kept == (PACED, PACED // FAILS_EVERY)


def _blocking(folder: Path) -> bool:
    with _collectd(folder, "blocking") as process:
        before_s = _cpu_s(process)
        load = _load(folder / "blocking.sock", BLOCKING, FEW_DOMAINS, 0)
        cpu_us = (_cpu_s(process) - before_s) / BLOCKING * 1e6
    kept, rate = _kept(folder / "blocking.db"), load["sent"] / load["seconds"]
    _say(
        f"blocking sender: {rate:.0f} a second (at least {BLOCKING_A_S_MIN:.0f}), {cpu_us:.0f} us of processor time each here and "
        f"{load['cpu_s'] / BLOCKING * 1e6:.0f} us there, {kept[0]} counted, {kept[1]} of them failed"
    )
    return rate >= BLOCKING_A_S_MIN and kept == (BLOCKING, BLOCKING // FAILS_EVERY)


def _memory(folder: Path) -> bool:
    sizes = []
    with _collectd(folder, "memory") as process:
        for _ in range(4):
            _load(folder / "memory.sock", 2 * MANY_DOMAINS, MANY_DOMAINS, 0)
            time.sleep(2.0)  # all of it is written
            sizes.append(_memory_mb(process))
    kept = _kept(folder / "memory.db")
    _say(
        f"{MANY_DOMAINS} domains, once and again: {', '.join(f'{one:.0f} MB' for one in sizes)} (flat from the second on), {kept[0]} counted"
    )
    return sizes[3] <= GROWTH_MAX * sizes[1] and kept[0] == 8 * MANY_DOMAINS


def _killed(folder: Path) -> bool:
    """Send at a steady pace, kill at a random moment, and see how far back what is lost reaches."""
    worst_s = 0.0
    for turn in range(KILLS):
        name = f"killed{turn}"
        with _collectd(folder, name) as process:
            client = Libtlsrpt(str(folder / f"{name}.sock"), blocking=True)
            sent_at: list[float] = []
            until = time.monotonic() + random.uniform(0.5, 3.0)
            while time.monotonic() < until:
                client.send(Attempt(b"example.com"))
                sent_at.append(time.monotonic())
                time.sleep(0.0005)
            os.kill(process, signal.SIGKILL)
            killed_at = time.monotonic()
            client.close()
        kept, _ = _kept(folder / f"{name}.db")
        if kept < len(sent_at):
            worst_s = max(worst_s, killed_at - sent_at[kept])
    _say(f"kill -9 at {KILLS} random moments: at most {worst_s:.2f} s lost (at most {KILL_LOSES_S_MAX})")
    return worst_s <= KILL_LOSES_S_MAX


def _peer_program() -> Path | None:
    """Return tlsrpt-collectd, None where it is not there and cannot be had."""
    try:
        return environment("collect", (PEER,), base=sys.executable).with_name("tlsrpt-collectd")
    except subprocess.CalledProcessError:
        return None


def _peer(folder: Path) -> None:
    """Give tlsrpt-collectd the same, for the record."""
    program = _peer_program()
    if program is None:
        _say(f"{PEER} cannot be had; run this once where there is a network")
        return
    for name, count, domains, rate in (
        ("peer-paced", PACED, FEW_DOMAINS, PACED_A_S),
        ("peer-blocking", BLOCKING // 4, FEW_DOMAINS, 0),
    ):
        store = folder / f"{name}.db"
        command = [
            *(str(program), "--storage", f"sqlite:///{store}", "--socketname", str(folder / f"{name}.sock")),
            *("--pidfilename", "", "--logfilename", str(folder / f"{name}.log"), "--socketuser", ""),
            *("--socketgroup", "", "--socketmode", "0666"),
        ]
        with subprocess.Popen(command) as process:
            while not (folder / f"{name}.sock").exists():
                time.sleep(0.05)
            load = _load(folder / f"{name}.sock", count, domains, rate)
            time.sleep(3.0)  # it commits after a second without datagrams
            memory_mb = _memory_mb(process.pid)
            process.terminate()
        with sqlite3.connect(store) as database:
            ((kept,),) = database.execute("SELECT sum(cntrtotal) FROM finalresults").fetchall()
        _say(
            f"tlsrpt-collectd, {'paced' if rate else 'blocking sender'}: {load['sent'] / load['seconds']:.0f} a second, "
            f"{load['lost']:.0f} lost, {kept} counted, {memory_mb:.0f} MB"
        )


@contextmanager
def _collectd(folder: Path, name: str) -> Iterator[int]:
    """Run the daemon with a socket and a store of this name; yield its process, and end it so that all is written."""
    config = folder / f"{name}.toml"
    config.write_text(
        f'[collect]\nlisten = "unix:{folder}/{name}.sock"\n[store]\nurl = "sqlite:{folder}/{name}.db"\n'
    )
    command = [sys.executable, "-m", "mxproof", "tlsrpt", "collectd", "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b" ready " in line:
                break
        yield process.pid
        process.terminate()
        process.stderr.read()


def _load(socket_path: Path, count: int, domains: int, rate: int) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "support_libtlsrpt",
        str(socket_path),
        str(count),
        str(domains),
        str(rate),
    ]
    found: dict[str, float] = json.loads(subprocess.check_output(command))
    return found


def _kept(store: Path) -> tuple[int, int]:
    """Return how many sessions are in the journal, and how many of them failed."""
    with sqlite3.connect(store) as database:
        ((success, failure),) = database.execute(
            "SELECT coalesce(sum(success), 0), coalesce(sum(failure), 0) FROM mxproof_met_policy"
        ).fetchall()
    return success + failure, failure


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _say(line: str) -> None:
    print(f"  {line}", flush=True)
