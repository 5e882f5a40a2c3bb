"""A configuration that is wrong ends the program, and what is wrong is said: for a block, or for a whole function."""

from collections.abc import Iterator
from contextlib import contextmanager

from mxproof.cli.exit import RunError
from mxproof.formats.errors import ConfigError


@contextmanager
def configured() -> Iterator[None]:
    """Raise RunError for a ConfigError."""
    try:
        yield
    except ConfigError as error:
        raise RunError(str(error)) from None
