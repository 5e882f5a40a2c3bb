"""The files of contrib side by side: all daemons fit on one machine as they are packaged."""

import re

import click

from keeping import ROOT
from mxproof.cli.program import program

CONTRIB = ROOT / "contrib"
_PORT = re.compile(r"127\.0\.0\.1:(\d+)")


def test_no_two_daemons_listen_at_one_port() -> None:
    whose: dict[str, set[str]] = {}
    for path in sorted(CONTRIB.iterdir()):
        if path.suffix in {".toml", ".socket"}:
            for port in _PORT.findall(path.read_text(encoding="utf-8")):
                whose.setdefault(port, set()).add(path.stem.removeprefix("mxproof-"))
    assert len(whose) > 1
    assert {port: names for port, names in whose.items() if len(names) > 1} == {}


def test_every_unit_is_in_a_package_but_what_needs_a_socket_of_your_own() -> None:
    rules = (ROOT / "debian" / "rules").read_text(encoding="utf-8").replace("\\\n", " ")
    lists = re.findall(r"^(?:UNITS|FOLLOWER|CALLED) := (.*)$", rules, re.MULTILINE)
    packaged = {f"mxproof-{unit}" for units in lists for unit in units.split()}
    units = {path.name for path in CONTRIB.iterdir() if path.suffix in {".service", ".timer", ".socket"}}
    assert packaged == units - {"mxproof-watch.socket"}


def test_every_timer_starts_a_unit_that_is_there_and_ends() -> None:
    timers = [path for path in CONTRIB.iterdir() if path.suffix == ".timer"]
    assert len(timers) > 3
    for timer in timers:
        assert "Type=oneshot" in timer.with_suffix(".service").read_text(encoding="utf-8"), timer.name


def test_every_command_of_a_unit_is_one_with_these_options() -> None:
    for path in sorted(CONTRIB.glob("*.service")):
        started = re.findall(
            r"^ExecStart=/usr/local/bin/mxproof (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert started, path.name
        for line in started:
            command: click.Command | None = program
            words = line.split()
            while isinstance(command, click.Group) and not words[0].startswith("--"):
                command = command.get_command(click.Context(command), words.pop(0))
            assert command is not None, (path.name, line)
            known = {name for option in command.params for name in option.opts}
            assert {word for word in words if word.startswith("--")} <= known, (path.name, line)
