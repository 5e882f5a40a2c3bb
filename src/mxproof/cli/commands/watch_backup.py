"""`mxproof watch backup` and `restore`: the store as one file."""

from pathlib import Path

import click

from mxproof.cli.exit import DONE, RunError
from mxproof.cli.options.journal import about_journal
from mxproof.cli.options.watch import WatchUse, watch_options
from mxproof.cli.streams import print_stderr

_BACKUP_EPILOG = """\b
Examples:
  mxproof watch backup journal-2026-03-01.db
"""
_RESTORE_EPILOG = """\b
Examples:
  mxproof watch restore journal-2026-03-01.db --store sqlite:/var/lib/mxproof/journal.db
"""
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=_BACKUP_EPILOG)
@click.argument("file", type=_FILE)
@watch_options
def backup(file: Path, watch: WatchUse) -> int:
    """Copy the store in SQLite into the new FILE, while it is in use: checks, news, TLS reports, silences.

    Exit status: 0 it was copied; 1 it was not; 2 wrong usage.
    """
    settings = watch.settings()
    if file.exists():
        raise RunError(f"{file}: exists; name a new file")
    with about_journal():
        from mxproof.store.journal.backup import back_up  # noqa: PLC0415 - loads a database

        beside = file.with_name(f".{file.name}.part")
        try:
            beside.unlink(missing_ok=True)
            beside.touch(0o600)
            back_up(settings.store, beside)
            beside.rename(file)
        except OSError as error:
            raise RunError(f"{file}: was not written ({error.strerror or error})") from None
        finally:
            _taken_away(beside)
    print_stderr(f"{file}: {file.stat().st_size} bytes; `mxproof watch restore` brings it back")
    return DONE


@click.command(epilog=_RESTORE_EPILOG)
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Put it in the place of the store that is there.")
@watch_options
def restore(file: Path, replace: bool, watch: WatchUse) -> int:
    """Bring a back-up in FILE back into the store in SQLite, whole or not at all. Stop the daemons before.

    One of an earlier release is brought up to date when it is used. Exit status: 0 it was brought back; 1 it was not; 2 wrong
    usage.
    """
    settings = watch.settings()
    with about_journal():
        from mxproof.store.journal.backup import restore as bring_back  # noqa: PLC0415 - loads a database

        bring_back(file, settings.store, replaces=replace)
    print_stderr(f"{settings.store}: holds what is in {file}")
    return DONE


def _taken_away(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        print_stderr(f"{path}: is left ({error.strerror or error})")
