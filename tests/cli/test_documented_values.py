"""Every value that the reference gives for an option is one that the program takes, and it leaves none out."""

import re
from pathlib import Path

import click
import pytest

from mxproof.cli.program import program

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md"
CHOICE = re.compile(r"`(?P<option>--[a-z-]+) \[(?P<values>[a-z-]+(?:\\\|[a-z-]+)+)\]`")
Row = tuple[str, str, str]


def documented() -> list[Row]:
    """Return command, option and value of each choice in the reference."""
    found: list[Row] = []
    command = ""
    for line in REFERENCE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            command = line.removeprefix("## ").strip()
        for choice in CHOICE.finditer(line):
            found += [(command, choice["option"], value) for value in choice["values"].split("\\|")]
    return found


def commands() -> dict[str, click.Command]:
    """Return every command by its whole name."""
    found: dict[str, click.Command] = {}
    with click.Context(program, **program.context_settings) as context:
        for name in program.list_commands(context):
            command = program.get_command(context, name)
            assert command is not None
            found |= _with_members(f"mxproof {name}", command)
    return found


def _with_members(name: str, command: click.Command) -> dict[str, click.Command]:
    """Return a command, and all within it where it is a group, by their whole names."""
    found = {name: command}
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            found |= _with_members(f"{name} {inner}", one)
    return found


def test_the_reference_has_the_choices_that_the_program_has() -> None:
    choices = {
        (name, option.opts[-1], str(value))
        for name, command in commands().items()
        for option in command.params
        if isinstance(option.type, click.Choice)
        for value in option.type.choices
    }
    assert set(documented()) == choices
    assert choices != set()


@pytest.mark.parametrize(("name", "option", "value"), documented())
def test_a_documented_value_is_taken(name: str, option: str, value: str) -> None:
    command = commands()[name]
    (parameter,) = (one for one in command.params if option in one.opts)
    with click.Context(command, parent=click.Context(program, **program.context_settings)) as context:
        given = [value] if parameter.multiple else value
        taken = parameter.type_cast_value(context, given)
        assert str(taken[0] if parameter.multiple else taken) == value
