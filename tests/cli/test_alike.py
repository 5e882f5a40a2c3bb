"""A command says and ends within the tests as it does in a process of its own, so that most tests need no process."""

from pathlib import Path

import pytest

from mxproof.cli.program import COMMANDS
from support_cli import in_own_process, mxproof
from support_long import some

TESTS = Path(__file__).parents[1]
FIXED, INCIDENT = (str(TESTS / f"cases/{name}.evidence.json") for name in ("fixed", "incident"))

GIVEN: dict[str, tuple[str, ...]] = {
    "check": ("example.com", "--lab", "nowhere"),
    "plan": ("--from", FIXED),
    "preflight": ("example.com", "--current", INCIDENT, "--policy", "/nowhere/mta-sts.txt"),
    "whatif": (INCIDENT, "--set", "@ MX 10 mx9", "--width", "70"),
    "explain": ("451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation",),
    "replay": ("-", "--format", "json"),
    "diff": (FIXED, INCIDENT, "--format", "markdown"),
    "collect": ("example.com", "--resolver", "nobody"),
    "deliver-test": ("--to", "nobody"),
    "finding": ("mx-alias",),
    "tlsrpt": ("repair", "sessions-twice"),
    "watch": ("silence", "-"),
    "publish": ("serve", "--config", "/nowhere/publish.toml"),
    "demo": ("--width", "none"),
    "lab": ("list",),
    "scan": ("query", "/nowhere", "adoption"),
    "sendertest": ("cases",),
    "policyd": ("--print-config",),
}
STDIN = {"replay": Path(FIXED).read_bytes(), "watch": "Nov  3 no log ü\n".encode("latin-1")}


@pytest.mark.parametrize("command", some(COMMANDS, 12))
def test_a_command_does_the_same_in_a_process_of_its_own(command: str) -> None:
    here, there = (
        run(command, *GIVEN[command], stdin=STDIN.get(command, b"")) for run in (mxproof, in_own_process)
    )
    assert (here.returncode, here.stderr) == (there.returncode, there.stderr)
    assert here.stdout == there.stdout
    assert here.stdout + here.stderr != b""
