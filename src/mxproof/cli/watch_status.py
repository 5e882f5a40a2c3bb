"""How the domains stand that are watched, as the store says."""

from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.options.output import OutputOptions, paper_of
from mxproof.cli.sink import put_bytes, put_text
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WatchStatus
from mxproof.render.json import encode_line
from mxproof.render.text.news import status_text
from mxproof.serve.watch.settings import WatchSettings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.standing import watch_status
from mxproof.store.journal.watch_journal import WatchJournal

NEWS_SHOWN_MAX = 20


def shown(domains: tuple[str, ...], output: OutputOptions, settings: WatchSettings) -> int:
    """Print how `domains` stand, none for all; raises RunError where one of them is not watched."""
    file = settings.store.removeprefix("sqlite:")
    if file != settings.store and not Path(file).exists():
        raise RunError(f"{file}: nothing is kept there yet; `mxproof watch serve` keeps checks", UNKNOWN)
    journal = Journal(settings.store)
    try:
        watch = WatchJournal(journal)
        states = watch.states(domains or None)
        found = [watch_status(one, watch.news(one.domain)[:NEWS_SHOWN_MAX]) for one in states]
        missing = sorted(set(domains) - {one.domain for one in found})
        if missing:
            raise RunError(_not_watched(missing[0], [one.domain for one in watch.states()]), UNKNOWN)
    finally:
        journal.close()
    if output.format == "json":
        put_bytes(map(encode_line, found), output)
    elif found:
        put_text(status_text(found, datetime.now(UTC), paper_of(output)), output)
    else:
        put_text(("No domain is watched.\n",), output)
    return _exit_status(found)


def _not_watched(domain: str, watched: Sequence[str]) -> str:
    near = get_close_matches(domain, watched, n=1)
    hint = f"perhaps {near[0]}" if near else "name it in the configuration of `mxproof watch serve`"
    return f"{domain}: is not watched; {hint}"


def _exit_status(found: Sequence[WatchStatus]) -> int:
    outcomes = {one.outcome for one in found}
    if outcomes & {Verdict.REFUSED, Verdict.AT_RISK}:
        return PROBLEM
    return UNKNOWN if not found or outcomes & {Verdict.UNKNOWN, None} else DONE
