"""The policy host: full handshakes with their response a second of one core, memory, reloads, and a crowd that wants it to stand still.

What counts is processor time of the server, so that the client, which has the other core, is not measured. nginx serves the same with
the certificate of one domain beside it, for the record.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.publish_load import PATH, ZONE
from mxproof.lab.ca import issue, make_ca

DOMAINS = 10_000
FETCHES = 2000
FETCHES_BESIDE_A_CROWD = 1000
AT_ONCE = 16
SLOW, HALF_OPEN = 1000, 10_000
A_CPU_SECOND_MIN = 200.0
MEMORY_MB_MAX = 150.0
RELOAD_S_MAX = 2.0
P99_MS_MAX = 200.0
FEW = 4
"""Good clients beside the crowd: a sender comes alone."""

_POLICY = "version: STSv1\nmode: enforce\nmx: mx1.{domain}\nmax_age: 604800\n"
_NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type text/plain;
    ssl_session_tickets off;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {folder}/certificates/mta-sts.d0.{zone}.pem;
        ssl_certificate_key {folder}/certificates/mta-sts.d0.{zone}.pem;
        root {folder}/www;
    }}
}}
"""


def main() -> bool:
    """Print the figures, and tell whether they hold."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        folder.chmod(0o755)  # nginx reads as another user
        _write(folder)
        return _policy_host(folder)


def _policy_host(folder: Path) -> bool:
    port = _free_port()
    (folder / "publish.toml").write_text(
        f'listen = ["inet:127.0.0.1:{port}"]\nfolder = "{folder}/policies"\n'
        f'[certificate]\nchain = "{folder}/certificates/{{host}}.pem"\nkey = "{folder}/certificates/{{host}}.pem"\n'
        "[limits]\nconnections_per_address = 4000\n"
    )
    command = (sys.executable, "-m", "mxproof", "publish", "serve", "--config", str(folder / "publish.toml"))
    began = time.perf_counter()
    with _served(command, folder / "log", " ready ") as server:
        print(
            f"{DOMAINS} domains: ready after {time.perf_counter() - began:.1f} s, {_memory_mb(server):.0f} MB"
        )
        rates = {"one domain": _rate(server, port, 1), f"{DOMAINS} domains": _rate(server, port, DOMAINS)}
        memory_mb = _memory_mb(server)
        for name, rate in rates.items():
            _say(
                f"{name}: {rate:.0f} handshakes with their response a processor second (at least {A_CPU_SECOND_MIN:.0f})"
            )
        _say(f"memory after that: {memory_mb:.0f} MB (at most {MEMORY_MB_MAX:.0f})")
        reload_s = _reload_s(server, folder / "log", port)
        _say(f"reload: {reload_s:.2f} s (at most {RELOAD_S_MAX})")
        for file in (folder / "certificates").iterdir():
            os.utime(file)
        _say(f"reload with all certificates new: {_reload_s(server, folder / 'log', port):.2f} s")
        load = _load(port, FETCHES_BESIDE_A_CROWD, FEW, DOMAINS, SLOW, HALF_OPEN)
        _say(
            f"beside {SLOW} slow clients and {HALF_OPEN} half-open handshakes: p50 {load['p50_ms']:.0f} ms, "
            f"p99 {load['p99_ms']:.0f} ms (at most {P99_MS_MAX:.0f}), {load['got']}, {_memory_mb(server):.0f} MB"
        )
    if (nginx := shutil.which("nginx")) is not None:
        _say(f"nginx, one domain: {_nginx_rate(nginx, folder):.0f} a processor second")
    return (
        min(rates.values()) >= A_CPU_SECOND_MIN
        and memory_mb <= MEMORY_MB_MAX
        and reload_s <= RELOAD_S_MAX
        and load["p99_ms"] <= P99_MS_MAX
        and set(load["got"]) == {"200"}
    )


def _say(line: str) -> None:
    print(line, flush=True)


def _rate(server: int, port: int, domains: int) -> float:
    """Return fetches a second of processor time of the server."""
    before = _cpu_s(server)
    got = _load(port, FETCHES, AT_ONCE, domains)["got"]
    assert got == {"200": FETCHES}, got
    return FETCHES / (_cpu_s(server) - before)


def _reload_s(server: int, log: Path, port: int) -> float:
    """Reload while policies are fetched, and return how long it took; each fetch has to succeed."""
    load = subprocess.Popen(_command(port, FETCHES, AT_ONCE, DOMAINS), stdout=subprocess.PIPE)
    time.sleep(1.0)
    done = log.read_text().count("reload: done")
    began = time.perf_counter()
    os.kill(server, signal.SIGHUP)
    while log.read_text().count("reload: done") == done:
        time.sleep(0.02)
    took_s = time.perf_counter() - began
    out, _ = load.communicate()
    got = json.loads(out)["got"]
    assert got == {"200": FETCHES}, got
    return took_s


def _nginx_rate(nginx: str, folder: Path) -> float:
    port = _free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port, zone=ZONE))
    command = (nginx, "-c", str(folder / "nginx.conf"), "-e", "stderr", "-g", "error_log stderr notice;")
    with _served(command, folder / "nginx.log", "start worker process ") as server:
        (worker,) = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        return _rate(int(worker), port, 1)


@contextmanager
def _served(command: tuple[str, ...], log: Path, ready: str) -> Iterator[int]:
    with log.open("wb") as file:
        process = subprocess.Popen(command, stderr=file, stdout=subprocess.DEVNULL)
        try:
            while ready not in log.read_text():
                assert process.poll() is None, log.read_text()
                time.sleep(0.02)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def _load(port: int, *numbers: int) -> Any:  # noqa: ANN401 - what JSON holds
    return json.loads(subprocess.run(_command(port, *numbers), stdout=subprocess.PIPE, check=True).stdout)


def _command(port: int, *numbers: int) -> list[str]:
    every = (*numbers, 0, 0)[:5]
    return [sys.executable, "-m", "bench.publish_load", str(port), *map(str, every)]


def _write(folder: Path) -> None:
    """Write policy and certificate of each domain, and what nginx serves."""
    now = datetime.now(UTC)
    authority = make_ca(now)
    for name in ("policies", "certificates", "www/.well-known"):
        (folder / name).mkdir(parents=True)
    for number in range(DOMAINS):
        domain = f"d{number}.{ZONE}"
        (folder / "policies" / f"{domain}.txt").write_text(_POLICY.format(domain=domain))
        begins, ends = now - timedelta(days=1), now + timedelta(days=90)
        one = issue(authority, [f"mta-sts.{domain}"], not_before=begins, not_after=ends)
        (folder / "certificates" / f"mta-sts.{domain}.pem").write_bytes(one.pem())
    policy = _POLICY.format(domain=f"d0.{ZONE}").replace("\n", "\r\n")
    (folder / f"www{PATH}").write_text(policy, newline="")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
