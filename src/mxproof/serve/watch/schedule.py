"""When a domain is checked next.

| after a check | next |
|---|---|
| that saw what holds, or news | an interval later, give or take a tenth, so that not all come at once |
| that saw something else for the first time | in SOON_S, or a quarter of the interval where that is less |
| in which a server would not talk to us | twice as late for each such check in a row, TURNED_AWAY_FACTOR_MAX times at most |
"""

from datetime import datetime, timedelta

from mxproof.evidence import Evidence, Outcome, SmtpData, SmtpStage

SOON_S = 180.0
JITTER = 0.1
TURNED_AWAY_FACTOR_MAX = 8


def next_check(at: datetime, interval_s: float, *, soon: bool, turned_away: int, chance: float) -> datetime:
    """Return when a domain that was checked at `at` is due again; `chance` is drawn evenly from 0 to 1."""
    if soon and not turned_away:
        return at + timedelta(seconds=min(SOON_S, interval_s / 4))
    return at + timedelta(seconds=interval_s * _factor(turned_away) * (1 + JITTER * (2 * chance - 1)))


def delay_max_s(interval_s: float, turned_away: int) -> float:
    """Return how long after a check the next is due at most; what is due later was put there by a clock that was wrong."""
    return interval_s * _factor(turned_away) * (1 + JITTER)


def _factor(turned_away: int) -> int:
    return min(1 << turned_away, TURNED_AWAY_FACTOR_MAX)


def is_turned_away(evidence: Evidence) -> bool:
    """Tell whether an SMTP server answered with an error in place of a greeting: it may have had enough of us."""
    return any(
        isinstance(answer.data, SmtpData)
        and answer.outcome is Outcome.FOUND
        and answer.data.stage is SmtpStage.GREETING
        for answer in evidence.answers.values()
    )
