"""Preflights by hand: what senders do before and after, and who fares worse."""

from datetime import UTC, datetime

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Pause, PlannedStep, Rehearsal
from mxproof.remedy.preflight import PlannedSender, Preflight, Worsening

AT = datetime(2026, 3, 2, tzinfo=UTC)


def sender(outcome: Verdict, *, name: str = "Google", decides: bool = True) -> PlannedSender:
    """Return what one sender does in one state."""
    return PlannedSender(name.lower(), name, outcome, None, (), None, decides)


def made(
    before: tuple[PlannedSender, ...] = (),
    after: tuple[PlannedSender, ...] = (),
    worse: tuple[Verdict, ...] = (),
    *,
    order: tuple[PlannedStep, ...] = (),
) -> Preflight:
    """Return a preflight of example.com, in which one sender fares worse in each of the ways of `worse`."""
    found = tuple(Worsening("google", "Google", one, 0, None, Pause.MAX_AGE, (), None) for one in worse)
    rehearsal = Rehearsal((), (), ())
    return Preflight(1, "example.com", AT, (), before, after, found, (), rehearsal, order, (), ())
