"""What goes wrong with a scan, said as everything else is that ends the program."""

from collections.abc import Iterator
from contextlib import contextmanager

from mxproof.cli.exit import PROBLEM, RunError
from mxproof.scan.error import ScanError


@contextmanager
def about_scan() -> Iterator[None]:
    """Raise RunError where the block raises what a scan ends with."""
    try:
        yield
    except ScanError as error:
        raise RunError(str(error), PROBLEM) from None
