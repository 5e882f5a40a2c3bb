"""What a shell offers when Tab is pressed: names that the program knows, each loaded only when it is asked for.

Whatever goes wrong, nothing is offered: a shell shows neither errors nor tracebacks well.
"""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

OFFERED_MAX = 500


def offered(names: Iterable[tuple[str, str]], begun: str) -> "list[CompletionItem]":
    """Return the names that begin as `begun` does, each with its words, at most OFFERED_MAX."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell that asks needs it

    fitting = (CompletionItem(name, help=words or None) for name, words in names if name.startswith(begun))
    return list(islice(fitting, OFFERED_MAX))


def scenario_names(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Offer the scenarios of the lab."""
    from mxproof.lab.scenario import load, scenarios  # noqa: PLC0415 - as above

    return offered(((name, load(name).title) for name in scenarios() if name.startswith(begun)), begun)


def finding_codes(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Offer the codes of findings."""
    from mxproof.judge.catalogue import CATALOGUE  # noqa: PLC0415 - as above

    fitting = (code for code in CATALOGUE if str(code).startswith(begun))
    return offered(((str(code), CATALOGUE[code].title) for code in fitting), begun)


def repair_codes(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Offer the codes of repairs of TLS reports."""
    from mxproof.formats.tlsrpt.repair import Repair  # noqa: PLC0415 - as above

    return offered(((str(one), "") for one in Repair), begun)


def sender_ids(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Offer the senders that are modelled."""
    from mxproof.judge.senders import SENDERS  # noqa: PLC0415 - as above

    return offered(((one.id, one.name) for one in SENDERS), begun)
