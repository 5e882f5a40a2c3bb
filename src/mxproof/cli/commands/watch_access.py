"""`mxproof watch user` and `mxproof watch token`: who may look at the pages of the watch, and which programs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from mxproof.cli.exit import DONE, PROBLEM, RunError
from mxproof.cli.options.journal import about_journal
from mxproof.cli.options.watch import WatchUse, watch_options
from mxproof.cli.streams import print_stderr, print_stdout
from mxproof.formats.errors import ConfigError
from mxproof.formats.text import safe

if TYPE_CHECKING:
    from mxproof.store.journal.access_journal import AccessJournal

_ROLES: Final = ("viewer", "admin")
_OPENS: Final = ("api", "feed")
_NAME_CHARACTERS_MAX: Final = 100
_USER_EPILOG = """\b
Examples:
  mxproof watch user add ada --role admin
  mxproof watch user list
"""
_KEY_EPILOG = """\b
Examples:
  mxproof watch token add dashboard
  mxproof watch token add reader --opens feed
"""


def _name(_: click.Context, __: click.Parameter, name: str) -> str:
    if not name.strip() or len(name) > _NAME_CHARACTERS_MAX or not name.isprintable():
        raise click.BadParameter(
            f"{safe(name)!r}; a name of at most {_NAME_CHARACTERS_MAX} characters was expected"
        )
    return name.strip()


_named = click.argument("name", callback=_name, metavar="NAME")


@click.group(epilog=_USER_EPILOG, no_args_is_help=False)
def user() -> None:
    """Say who may log in to the pages; the first administrator is made here, and a password that was lost is set anew."""


@user.command("add", epilog="Example: mxproof watch user add ada --role admin")
@_named
@click.option(
    "--role",
    type=click.Choice(_ROLES),
    default="viewer",
    show_default=True,
    help="An admin sees who may look, too, and has alerts tried.",
)
@watch_options
def add_user(name: str, role: str, watch: WatchUse) -> int:
    """Add an account.

    Its password is asked for, or read from the first line of stdin.

    Exit status: 0 done; 1 there is an account of this name, or the store cannot be used; 2 wrong usage.
    """
    password = _password()
    with _access(watch) as access:
        from mxproof.serve.web.password_hash import hashed  # noqa: PLC0415 - as below
        from mxproof.store.journal.account import Account, Role  # noqa: PLC0415 - as below

        if not access.add_account(Account(name, Role(role), datetime.now(UTC)), hashed(password)):
            raise RunError(
                f"{name}: there is an account of this name; mxproof watch user password {name} sets its password",
                PROBLEM,
            )
    print_stderr(f"{name} may log in as {role}")
    return DONE


@user.command("password", epilog="Example: mxproof watch user password ada")
@_named
@watch_options
def set_password(name: str, watch: WatchUse) -> int:
    """Set another password.

    It is asked for, or read from the first line of stdin. All logins of the account end.

    Exit status: 0 done; 1 there is no such account, or the store cannot be used; 2 wrong usage.
    """
    password = _password()
    with _access(watch) as access:
        from mxproof.serve.web.password_hash import hashed  # noqa: PLC0415 - as below

        if not access.set_password(name, hashed(password)):
            raise RunError(f"{name}: there is no such account", PROBLEM)
    print_stderr(f"{name} has another password, and is logged in nowhere")
    return DONE


@user.command("remove", epilog="Example: mxproof watch user remove ada")
@_named
@watch_options
def remove_user(name: str, watch: WatchUse) -> int:
    """Remove an account and end all its logins.

    Exit status: 0 done; 1 there is no such account, or the store cannot be used; 2 wrong usage.
    """
    with _access(watch) as access:
        if not access.remove_account(name):
            raise RunError(f"{name}: there is no such account", PROBLEM)
    print_stderr(f"{name} may not log in any more")
    return DONE


@user.command("list", epilog="Example: mxproof watch user list")
@watch_options
def list_users(watch: WatchUse) -> int:
    """Print who may log in.

    A line each: the role, since when, and the name.

    Exit status: 0 done; 1 the store cannot be used; 2 wrong usage.
    """
    with _access(watch) as access:
        lines = [f"{one.role:<8}{one.added_at:%Y-%m-%d}  {safe(one.name)}\n" for one in access.accounts()]
    print_stdout("".join(lines))
    if not lines:
        print_stderr("nobody may log in yet; mxproof watch user add NAME --role admin")
    return DONE


@click.group(epilog=_KEY_EPILOG, no_args_is_help=False)
def token() -> None:
    """Say which programs may read the API or the feeds of the pages."""


@token.command("add", epilog=_KEY_EPILOG)
@_named
@click.option(
    "--opens",
    type=click.Choice(_OPENS),
    default="api",
    show_default=True,
    help="The API, or the feeds, in whose address it stands.",
)
@watch_options
def add_token(name: str, opens: str, watch: WatchUse) -> int:
    """Make a token and print it, this once.

    Only a digest of it is kept.

    Exit status: 0 done; 1 there is a token of this name, or the store cannot be used; 2 wrong usage.
    """
    with _access(watch) as access:
        from mxproof.serve.web.secret import digest_of, new_secret  # noqa: PLC0415 - as below
        from mxproof.store.journal.account import AccessToken, TokenOpens  # noqa: PLC0415 - as below

        secret = new_secret()
        made = AccessToken(name, TokenOpens(opens), datetime.now(UTC))
        if not access.add_token(made, digest_of(secret)):
            raise RunError(
                f"{name}: there is a token of this name; mxproof watch token remove {name} takes it away",
                PROBLEM,
            )
    print_stdout(f"{secret}\n")
    return DONE


@token.command("remove", epilog="Example: mxproof watch token remove dashboard")
@_named
@watch_options
def remove_token(name: str, watch: WatchUse) -> int:
    """Remove a token; it opens nothing from now on.

    Exit status: 0 done; 1 there is no such token, or the store cannot be used; 2 wrong usage.
    """
    with _access(watch) as access:
        if not access.remove_token(name):
            raise RunError(f"{name}: there is no such token", PROBLEM)
    print_stderr(f"{name} opens nothing any more")
    return DONE


@token.command("list", epilog="Example: mxproof watch token list")
@watch_options
def list_tokens(watch: WatchUse) -> int:
    """Print which tokens there are.

    A line each: what it opens, since when, and its name.

    Exit status: 0 done; 1 the store cannot be used; 2 wrong usage.
    """
    with _access(watch) as access:
        lines = [f"{one.opens:<6}{one.added_at:%Y-%m-%d}  {safe(one.name)}\n" for one in access.tokens()]
    print_stdout("".join(lines))
    if not lines:
        print_stderr("there is no token yet; mxproof watch token add NAME")
    return DONE


@contextmanager
def _access(watch: WatchUse) -> Iterator["AccessJournal"]:
    """Open the store of the watch; raises RunError where it cannot be used."""
    with about_journal():
        from mxproof.store.journal.access_journal import AccessJournal  # noqa: PLC0415 - loads a database
        from mxproof.store.journal.journal import Journal  # noqa: PLC0415 - as above

        url = watch.config_given().store.url
        try:
            journal = Journal(url)
        except ConfigError as error:
            raise RunError(f"store.url: {error}") from None
        try:
            yield AccessJournal(journal)
        finally:
            journal.close()


def _password() -> str:
    """Return a password of a fit length, asked for twice on a terminal; raises RunError for any other."""
    from mxproof.serve.web.password_hash import (  # noqa: PLC0415 - loads argon2
        LOGIN_PASSWORD_BYTES_MAX,
        LOGIN_PASSWORD_CHARACTERS_MIN,
    )

    if sys.stdin is not None and sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = _first_line(LOGIN_PASSWORD_BYTES_MAX)
    if len(password) < LOGIN_PASSWORD_CHARACTERS_MIN or len(password.encode()) > LOGIN_PASSWORD_BYTES_MAX:
        raise RunError(
            f"a password of at least {LOGIN_PASSWORD_CHARACTERS_MIN} characters and at most {LOGIN_PASSWORD_BYTES_MAX} bytes was expected"
        )
    return str(password)


def _first_line(bytes_max: int) -> str:
    if sys.stdin is None:
        raise RunError("stdin is closed; the password was expected in its first line")
    line = sys.stdin.buffer.readline(bytes_max + 3)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise RunError("the password on stdin is not UTF-8") from None
