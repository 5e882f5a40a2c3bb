"""`mxproof lab`: list the mail worlds that come with the program, and keep one running for any client."""

import asyncio
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import click

from mxproof.cli.completing import scenario_names
from mxproof.cli.exit import DONE, RunError
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.formats.errors import ConfigError
from mxproof.lab.running import DNS_PORT, HTTPS_PORT, SMTP_PORT, Listener, RunningLab, running
from mxproof.lab.scenario import Scenario, load, scenarios
from mxproof.mail.memory import Memory
from mxproof.net.asking import Peer

CA_FILE = "ca.pem"
POLICY_FILE = "old-policy.txt"
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_EPILOG = """\b
Examples:
  mxproof lab list
  mxproof lab run incident
  mxproof check example.com --lab incident
"""


@click.group(epilog=_EPILOG, no_args_is_help=False)
def lab() -> None:
    """Simulate a mail world on this machine: DNS, policy host, mail servers and certificates, whole or broken."""


@lab.command("list", epilog="Example: mxproof lab list")
def list_scenarios() -> int:
    """Print the name and the title of every scenario."""
    names = scenarios()
    width = max(map(len, names))
    write_stdout("".join(f"{name:{width}}  {load(name).title}\n" for name in names).encode())
    return DONE


@lab.command("run", epilog="Example: mxproof lab run incident")
@click.argument("scenario", shell_complete=scenario_names)
def run_scenario(scenario: str) -> int:
    """Serve SCENARIO on loopback until Ctrl-C, and print how to point any client at it.

    SCENARIO is a name that `mxproof lab list` prints, or the path of a world file that ends in .toml. Mail is taken,
    told of on stderr, and thrown away.
    """
    try:
        loaded = load(scenario)
        with tempfile.TemporaryDirectory(prefix="mxproof-lab-") as folder:
            return asyncio.run(_serve(loaded, Path(folder)))
    except (ConfigError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise RunError(str(error)) from None


async def _serve(scenario: Scenario, folder: Path) -> int:
    """Run the scenario until a signal ends it; return the exit status that a shell gives that signal."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Queue[int] = asyncio.Queue()
    for number in ENDINGS:
        loop.add_signal_handler(number, ended.put_nowait, 128 + number)
    async with running(scenario, now=datetime.now(UTC), log=print_stderr) as served:
        write_stdout(_directions(scenario, served, folder).encode())
        return await ended.get()


def _directions(scenario: Scenario, served: RunningLab, folder: Path) -> str:
    """Write the files a client needs and return what to do with them."""
    ca_file = folder / CA_FILE
    ca_file.write_bytes(served.ca_pem)
    head = (
        f"{scenario.name}: {scenario.title}\n\n{scenario.story.strip()}\n\n{scenario.expect.text.strip()}\n\n"
        "Serving on loopback until Ctrl-C. To look at it from another terminal:\n\n"
    )
    commands = ["mxproof check " + " \\\n  ".join((served.domain, *_options(served, ca_file, folder)))]
    commands += _dig(served)
    for listener in served.listeners:
        commands += _reaching(listener, ca_file, served.domain)
    return head + "\n".join(dict.fromkeys(commands)) + "\n"


def _options(served: RunningLab, ca_file: Path, folder: Path) -> Iterator[str]:
    yield f"--resolver {Peer(*served.resolver)}"
    yield f"--ca-file {quote(str(ca_file))}"
    yield f"--timeout {served.timeout_s:g}"
    if served.memory is not None:
        yield from _cached(served.memory, folder / POLICY_FILE)
    for meant, instead in served.connect_to.items():
        yield f"--connect-to {quote(f'{Peer(*meant)}={Peer(*instead)}')}"


def _cached(memory: Memory, path: Path) -> Iterator[str]:
    path.write_bytes(memory.body)
    yield f"--cached-policy {quote(str(path))}"
    yield f"--cached-at {memory.fetched_at:%Y-%m-%dT%H:%M:%SZ}"
    if memory.id is not None:
        yield f"--cached-id {quote(memory.id)}"


def _dig(served: RunningLab) -> Iterator[str]:
    resolver = Peer(*served.resolver)
    for question in (f"{served.domain} MX", f"_mta-sts.{served.domain} TXT"):
        yield f"dig @{resolver.address} -p {resolver.port} {question}"


def _reaching(listener: Listener, ca_file: Path, domain: str) -> Iterator[str]:
    peer = Peer(*listener.endpoint)
    if listener.port == HTTPS_PORT:
        yield from _curl(listener, ca_file)
    elif listener.port == DNS_PORT:
        yield f"dig @{peer.address} -p {peer.port} {domain} TXT +norecurse"
    else:
        yield from _smtp(listener, ca_file, domain)


def _curl(listener: Listener, ca_file: Path) -> Iterator[str]:
    detour = f"{listener.name}:{HTTPS_PORT}:{Peer(*listener.endpoint)}"
    url = f"https://{listener.name}/.well-known/mta-sts.txt"
    yield f"curl --cacert {quote(str(ca_file))} --connect-to {detour} {url}"


def _smtp(listener: Listener, ca_file: Path, domain: str) -> Iterator[str]:
    assert listener.port == SMTP_PORT
    peer = Peer(*listener.endpoint)
    names = f"-servername {listener.name} -verify_hostname {listener.name}"
    yield f"openssl s_client -starttls smtp -connect {peer} {names} -CAfile {quote(str(ca_file))}"
    yield f"swaks --server {peer.address} --port {peer.port} --tls --to postmaster@{domain}"
