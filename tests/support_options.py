"""What a group of options makes of arguments, as a command gets it."""

from typing import Any

import click

from mxproof.cli.options.groups import Option


def taken(options: Option, *arguments: str) -> Any:  # noqa: ANN401 - each group has a type of its own
    """Return the value that `options` come to; raises what click raises for wrong usage."""

    @click.command()
    @options
    def command(**values: object) -> int:
        given.extend(values.values())
        return 0

    given: list[object] = []
    command.main(arguments, "mxproof", standalone_mode=False)
    (value,) = given
    return value


def refusal(options: Option, *arguments: str) -> str:
    """Return what is said of arguments that are wrong usage."""
    try:
        value = taken(options, *arguments)
    except click.UsageError as error:
        return error.format_message()
    raise AssertionError(f"{arguments}: taken as {value}")
