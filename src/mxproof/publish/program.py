"""A program that the configuration names, run once: whoever has files read anew."""

import subprocess
from typing import Final

from mxproof.formats.text import safe
from mxproof.publish.keeper import KeeperError

PROGRAM_WITHIN_S: Final = 60.0
_SAID_CHARACTERS_MAX: Final = 300


def have_done(program: tuple[str, ...], key: str) -> None:
    """Run a program with its arguments, nothing for none; `key` names it. Raises KeeperError where it does not end well."""
    if not program:
        return
    words = " ".join(program)
    try:
        done = subprocess.run(  # noqa: S603 - the program that the configuration names
            program, capture_output=True, timeout=PROGRAM_WITHIN_S, check=False
        )
    except OSError as error:
        raise KeeperError(f"{key}: {words}: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise KeeperError(f"{key}: {words}: not done within {PROGRAM_WITHIN_S:.0f} s") from None
    if done.returncode:
        said = safe((done.stderr or done.stdout).decode("utf-8", "replace"), limit=_SAID_CHARACTERS_MAX)
        raise KeeperError(f"{key}: {words}: status {done.returncode}: {said}")
