"""Build docs/reference/commands.md: every command, its arguments and options, as the program itself knows them."""

from collections.abc import Iterator
from pathlib import Path

import click

from keeping import REFERENCE, keep, row, table
from mxproof.cli.exit import DONE, INTERRUPTED, PROBLEM, READER_GONE, UNKNOWN, USAGE
from mxproof.cli.program import NAME, program

HEAD = """\
# Commands

Made from the command line itself by `python tools/commands.py`. Data goes to stdout, messages to stderr.

## Exit status

Each command says below what these mean there.

"""
STATUSES = (
    (DONE, "all is well, or done"),
    (PROBLEM, "a problem was found"),
    (USAGE, "wrong usage, or input that is not what it should be"),
    (UNKNOWN, "what was asked for could not be found out"),
    (INTERRUPTED, "interrupted with Ctrl-C"),
    (READER_GONE, "whoever read the output has gone"),
)


def files() -> dict[Path, str]:
    """Return the page by its path."""
    statuses = table("status", "meaning") + "".join(row(str(status), meaning) for status, meaning in STATUSES)
    context = click.Context(program, info_name=NAME, **program.context_settings)
    return {REFERENCE / "commands.md": HEAD + statuses + "".join(_sections(program, context))}


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    """Yield a section for each command below `group`; a group's own section comes before those of its members."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield _section(command, inner)
        if isinstance(command, click.Group):
            yield from _sections(command, inner)


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    help_text = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    parts = [f"\n## {context.command_path}", f"```text\n{usage}\n```", help_text]
    options = [_option(one, context) for one in command.get_params(context) if isinstance(one, click.Option)]
    parts += [(table("option", "meaning") + "".join(options)).rstrip()] if options else []
    return "\n\n".join([*parts, f"```text\n{examples(command.epilog or '')}\n```"]) + "\n"


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    return row(f"`{record[0]}`", record[1])


def examples(epilog: str) -> str:
    """Return the examples of an epilog, one a line."""
    lines = epilog.replace("\b", "").strip().splitlines()
    return "\n".join(
        line.strip().removeprefix("Example: ")
        for line in lines
        if line.strip() not in {"Example:", "Examples:"}
    )


if __name__ == "__main__":
    raise SystemExit(keep(files(), "commands.py"))
