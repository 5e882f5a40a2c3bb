"""Which domains: those on the command line, and those of a list, each once."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.options.asking import domain_meant
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.number import Number
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.formats.names import Domain

LISTED_DOMAINS_MAX = 100_000
LISTED_LINE_BYTES_MAX = 4096
BAD_LINES_NAMED_MAX = 10
JOBS_DEFAULT = 20
JOBS_MAX = 200
"""Beyond this the limits of the asker over all domains (`net/pacing`) are what is waited for."""


class DomainOptions(msgspec.Struct, frozen=True):
    """The domains as given, where the list of others is, and how many are asked about at once."""

    domains: tuple[str, ...] = ()
    file: Path | None = None
    jobs: int = JOBS_DEFAULT

    @property
    def are_many(self) -> bool:
        """Tell whether the output is one about many, which a list always gets."""
        return self.file is not None or len(self.domains) > 1

    def named(self) -> tuple[Domain, ...]:
        """Return the domains, each once, in the order in which they were named.

        Raises RunError for what is no domain, with the line of the list that it stands in, and UsageError for none.
        """
        found = dict.fromkeys(self._each())
        if not found:
            raise click.UsageError(
                "no domain was named; expected DOMAIN, or --file LIST with a domain a line"
                if self.file is None
                else f"{_name(self.file)}: no domain is in it; expected a domain a line"
            )
        return tuple(found)

    def _each(self) -> Iterator[Domain]:
        """Yield each domain; of what is none the first is told in full, and the others by where they stand."""
        typed = ((one, "") for one in self.domains)
        first: RunError | None = None
        others: list[str] = []
        for count, (text, place) in enumerate(chain(typed, self._listed()), 1):
            if count > LISTED_DOMAINS_MAX:
                raise RunError(
                    f"more than {LISTED_DOMAINS_MAX} domains; at most that many are checked in one run"
                )
            try:
                yield domain_meant(text, place)
            except RunError as error:
                if first is not None:
                    others.append(place or f"'{text}'")
                first = first or error
        if first is not None and others:
            named, more = others[:BAD_LINES_NAMED_MAX], len(others) - BAD_LINES_NAMED_MAX
            rest = f" and {more} more" if more > 0 else ""
            raise RunError(f"{first}; no domain either: {'; '.join(named)}{rest}", first.status)
        if first is not None:
            raise first

    def _listed(self) -> Iterator[tuple[str, str]]:
        """Yield each line of the list with a domain, and the place that it stands at."""
        if self.file is None:
            return
        name = _name(self.file)
        try:
            if str(self.file) == STDIN:
                yield from _lines(_stdin(), name)
            else:
                with self.file.open("rb") as file:
                    yield from _lines(file, name)
        except OSError as error:
            raise RunError(f"{name}: cannot be read ({error.strerror})") from None


def _name(file: Path) -> str:
    return "stdin" if str(file) == STDIN else str(file)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise RunError("stdin is closed; a list of domains was expected there")
    if sys.stdin.isatty():
        print_stderr("waiting for domains on stdin, one a line; Ctrl-D ends them")
    return sys.stdin.buffer


def _lines(file: BinaryIO, name: str) -> Iterator[tuple[str, str]]:
    """Yield what a line holds before `#`, where that is anything, in the order of the lines."""
    number = 0
    while line := file.readline(LISTED_LINE_BYTES_MAX + 1):
        number += 1
        place = f"{name}, line {number}"
        if len(line) > LISTED_LINE_BYTES_MAX:
            raise RunError(
                f"{place}: longer than {LISTED_LINE_BYTES_MAX} bytes; a domain a line was expected"
            )
        try:
            text = line.removeprefix(b"\xef\xbb\xbf" if number == 1 else b"").decode()
        except UnicodeDecodeError:
            raise RunError(f"{place}: not UTF-8; a domain a line was expected") from None
        domain = text.partition("#")[0].strip()
        if domain:
            yield domain, place


domain_options = option_group(
    "named",
    DomainOptions,
    (
        click.argument("domains", metavar="[DOMAIN]...", nargs=-1),
        click.option(
            "--file",
            type=click.Path(path_type=Path, allow_dash=True),
            metavar="LIST",
            help="Check the domains in this file (- for stdin), one a line; # begins a comment.",
        ),
        click.option(
            "--jobs",
            type=Number(1, JOBS_MAX, "domains"),
            default=JOBS_DEFAULT,
            show_default=True,
            metavar="NUMBER",
            help="How many domains are asked about at once.",
        ),
    ),
)
