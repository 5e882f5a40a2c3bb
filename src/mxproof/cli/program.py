"""The commands, each imported when it is named, and what becomes of their errors.

Data goes to stdout, messages to stderr. An error is one line there: `mxproof: subject: what was seen; what was expected`.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

import click

from mxproof import __version__
from mxproof.cli.exit import DONE, NAGIOS, PIPE_OPTION, READER_GONE, TRY_AGAIN, UNKNOWN, RunError
from mxproof.cli.loading import loaded

NAME = "mxproof"
COMPLETION = "_MXPROOF_COMPLETE"
"""The variable by which a shell asks for completions, as click has it."""
COMMANDS = (
    "check",
    "plan",
    "preflight",
    "whatif",
    "explain",
    "replay",
    "diff",
    "collect",
    "deliver-test",
    "finding",
    "tlsrpt",
    "watch",
    "publish",
    "scan",
    "demo",
    "lab",
    "sendertest",
    "policyd",
)


class _Commands(click.Group):
    """A group that imports the module of a command in `mxproof.cli.commands` only when the command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = cmd_name.replace("-", "_")
        command: click.Command = getattr(loaded(f"mxproof.cli.commands.{module}"), module)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with; one that does not exist is met with what was perhaps meant."""
        typed = args[0]
        if typed in COMMANDS or typed.startswith("-"):
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

        near = get_close_matches(typed, COMMANDS, n=1)
        if near:
            hint = f"perhaps {NAME} {near[0]} was meant"
        elif "." in typed:
            hint = f"to check a domain: {NAME} check {typed}"
        else:
            hint = f"expected one of {', '.join(COMMANDS)}"
        raise click.UsageError(f"there is no command {typed!r}; {hint}", ctx)


@click.command(
    cls=_Commands,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: mxproof check example.com",
)
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
def program() -> None:
    """Say for each sender whether mail to a domain arrives, which bounce it gets if not, and what to do.

    Exit status of every command: 0 all is well, or done; 1 a problem was found; 2 wrong usage; 3 what was asked for could not
    be found out. The help of a command says what that is there.
    """


def run(arguments: Sequence[str] | None) -> int:
    """Run the command line and return the exit status; nothing that is foreseen ends in a traceback."""
    if instruction := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete  # noqa: PLC0415 - a shell asks for it, and nobody else

        return shell_complete(program, {}, NAME, COMPLETION, instruction)
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with program.make_context(NAME, list(given)) as context:
            status: int | None = program.invoke(context)
            return status or DONE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        command = (
            error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx is not None else NAME
        )
        return _failed(RunError(f"{error.format_message().rstrip('.')}; see {command} --help"), given)
    except RunError as error:
        return _failed(error, given)
    except ImportError as error:
        from mxproof.cli.extras import missing  # noqa: PLC0415 - only an installation without an extra needs it

        if (said := missing(error)) is None:
            raise
        return _failed(said, given)
    except BrokenPipeError:
        _forget_stdout()
        return READER_GONE
    except OSError as error:
        _forget_stdout()
        return _failed(RunError(f"{error.filename or 'stdout'}: {error.strerror or error}"), given)


def _failed(error: RunError, given: list[str]) -> int:
    """Say what went wrong, and return the exit status: to a monitoring system in its way, on stdout."""
    from mxproof.cli.streams import print_stderr, print_stdout  # noqa: PLC0415 - keeps `mxproof --version` from loading what it needs not

    if not _is_monitored(given):
        print_stderr(str(error))
        return TRY_AGAIN if PIPE_OPTION in given else error.status
    from mxproof.render.nagios import failed  # noqa: PLC0415 - as above

    with suppress(RunError, OSError):
        print_stdout(failed(str(error)))
    return UNKNOWN


def _is_monitored(given: list[str]) -> bool:
    """Tell whether the form for monitoring systems is asked for, by arguments that may be wrong otherwise."""
    return f"--format={NAGIOS}" in given or ("--format", NAGIOS) in pairwise(given)


def _forget_stdout() -> None:
    """Lead what is still in the buffer of stdout nowhere, or the interpreter fails to write it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
