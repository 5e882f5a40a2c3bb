"""The words of a command that an option names, as a shell takes them apart; no shell is asked."""

import shlex

from mxproof.cli.exit import RunError


def command_words(option: str, command: str | None) -> tuple[str, ...]:
    """Return the words of `command`, none where it is not given; raises RunError where a quotation in it does not end."""
    try:
        return tuple(shlex.split(command or ""))
    except ValueError as error:
        raise RunError(f"{option} {command!r}: {error}") from None
