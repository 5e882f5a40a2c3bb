"""How the reports stand that go out, as the store says: what waits, what was sent, what failed and why."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Final

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.options.output import OutputOptions, paper_of
from mxproof.cli.sink import put_bytes, put_text
from mxproof.render.json import encode
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.serve.sending.status import DayStanding, SendStatus, send_status
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import OutgoingReport, OutgoingState

_COLUMN: Final = 14
_TONES: Final = {
    OutgoingState.WAITING: Tone.DOUBTFUL,
    OutgoingState.SENT: Tone.GOOD,
    OutgoingState.UNWANTED: Tone.FAINT,
    OutgoingState.WITHHELD: Tone.DOUBTFUL,
    OutgoingState.GIVEN_UP: Tone.BAD,
}
_WORDS: Final = {
    OutgoingState.WAITING: "waiting",
    OutgoingState.SENT: "sent",
    OutgoingState.UNWANTED: "to domains that ask for none",
    OutgoingState.WITHHELD: "withheld",
    OutgoingState.GIVEN_UP: "given up",
}


def shown(store: str, domain: str, since: date, now: datetime, output: OutputOptions) -> int:
    """Print how reports stand, of one domain with all of its reports, or of all with those that failed."""
    file = store.removeprefix("sqlite:")
    if file != store and not Path(file).exists():
        raise RunError(f"{file}: nothing is kept there yet; `mxproof tlsrpt collectd` collects", UNKNOWN)
    with closing(Journal(store)) as journal:
        status = send_status(journal, domain, since, now)
    if output.format == "json":
        put_bytes((encode(status),), output)
    else:
        put_text(("\n".join(_text(status, paper_of(output))) + "\n",), output)
    if not status.days:
        return UNKNOWN
    return PROBLEM if any(one.state is OutgoingState.GIVEN_UP for one in status.reports) else DONE


def _text(status: SendStatus, paper: Paper) -> Iterator[str]:
    yield paper.heading(f"TLS reports sent, of the days since {status.since}")
    if not status.days:
        yield from paper.wrapped("Nothing was met in these days.", indent=2)
    for one in status.days:
        yield from _day(one, paper)
    if status.next_due_at is not None:
        yield from paper.wrapped(f"The next is due at {_moment(status.next_due_at)}.", indent=2)
    if status.reports:
        yield ""
        yield paper.heading(f"Reports to {status.domain}" if status.domain else "Not delivered, or not yet")
        for report in status.reports:
            yield from _report(report, paper)
    elif status.domain:
        yield from paper.wrapped(f"No report to {status.domain} was made.", indent=2)
    if status.avoided:
        yield ""
        yield paper.heading("Destinations that are avoided, as they refused again and again")
        for place in status.avoided:
            said = f"until {_moment(place.avoided_until)}: {place.said}"
            yield from paper.wrapped(f"{place.destination} {said}", indent=2, hang=2)


def _day(one: DayStanding, paper: Paper) -> Sequence[str]:
    met = f"{one.attempts} delivery attempts to {one.domains} domains"
    if not one.is_made:
        said, tone = f"{met}; its reports are not made yet", Tone.FAINT
    else:
        counts = ", ".join(f"{count} {_WORDS[OutgoingState(state)]}" for state, count in one.reports.items())
        said, tone = f"{counts or 'no report'}; {met}", _tone(one)
    return paper.hung(said, _COLUMN, Label(2, str(one.day), tone))


def _tone(one: DayStanding) -> Tone:
    return Tone.BAD if one.reports.get(OutgoingState.GIVEN_UP) else Tone.GOOD


def _report(one: OutgoingReport, paper: Paper) -> Iterator[str]:
    counted = f"{one.success} sessions passed, {one.failure} failed"
    yield from paper.hung(f"to {one.domain}, {counted}", _COLUMN, Label(2, str(one.day), _TONES[one.state]))
    became = f"{_WORDS[one.state]} after {one.tries} {'try' if one.tries == 1 else 'tries'}"
    if one.destination:
        became += f", to {one.destination}"
    if one.due_at is not None:
        became += f", again at {_moment(one.due_at)}"
    yield from paper.wrapped(became if not one.said else f"{became}: {one.said}", indent=_COLUMN, hang=2)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
