"""Build docs/reference/silence-times.md: how soon the silence of a sender is noticed, by how much it writes and how many there are."""

from math import exp, log
from pathlib import Path
from statistics import median

from keeping import REFERENCE, keep, row, table
from mxproof.rhythm.detector import PASSED_FOR_A_FALSE
from mxproof.rhythm.notice import known_sender
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.week import DAYS, FIRST_FREE_DAY, HOURS, HOURS_A_DAY, share

RATES = (1000, 200, 50, 25, 10, 5, 2, 1, 5 / 7, 1 / 7)
NUMBERS = (10, 50, 200)
BEST_OF = 50
LEARNT_DAYS = 365
KEPT_DAYS = 43
"""About how many days a rate is learnt from, fading by half in thirty."""
FREE_SHARE = 0.1
PEAKS_A_DAY_SHARE = 0.5
HEAD = """\
# Times to notice

Made from the model by `python tools/silence_times.py`. How long a sender is silent before `mxproof watch silence` says so, where it has
written for a year by chance alone: usually, and where the silence begins at the worst hour of the week. *Arrivals*: a burst of mail
is one. Senders with good and bad days take longer; the command prints what holds for yours.

*At best*, for one of 50 senders: who knew how much comes when, and that it comes by chance alone, could ring once a gap is as rare as the
false alarms that are allowed; of 25 arrivals a day after twelve and a half hours. What this one takes more is for stops of nine mails in
ten, which it sees too, for a rate that it has to learn, and for the tenth of the false alarms that is left to everybody's silence. What
it takes less is since not all rings that passes: a gap on a holiday, or of a rate that is hardly known, does not.
"""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    parts = [HEAD]
    for title, week in (("Round the clock", [1.0] * HOURS), ("In working hours", _working())):
        head = table("arrivals a day", *(f"one of {number} senders" for number in NUMBERS), "at best")
        rows = [
            row(_rate(rate), *(_said(rate, week, number) for number in NUMBERS), _best(rate, week))
            for rate in RATES
        ]
        parts.append(f"\n## {title}, at one false alarm a year\n\n{head}{''.join(rows)}")
    return {REFERENCE / "silence-times.md": "".join(parts)}


def _working() -> list[float]:
    def weight(day: int, hour: int) -> float:
        return exp(-(((hour - 12) / 4) ** 2)) * (1.0 if day < FIRST_FREE_DAY else FREE_SHARE)

    return [weight(day, hour) for day in range(DAYS) for hour in range(HOURS_A_DAY)]


def _said(rate: float, week: list[float], number: int) -> str:
    one = SenderRhythm("sender", 0.0)
    total = rate * LEARNT_DAYS
    whole = sum(week)
    one.counts = [total * part / whole for part in week]
    one.total = total
    one.rate_a_day = rate
    one.rate_counts = max(rate * KEPT_DAYS, 60.0)
    one.learnt_days = one.judged_days = LEARNT_DAYS
    one.peaks_total = int(LEARNT_DAYS * rate * PEAKS_A_DAY_SHARE)
    one.learn(tuple(share(one.counts)), 0.0)
    one.allow(PASSED_FOR_A_FALSE / number)
    known = known_sender(one)
    usually, at_most = _span(known.noticed_h), _span(known.noticed_max_h)
    return usually if usually == at_most else f"{usually}, at most {at_most}"


def _best(rate: float, week: list[float]) -> str:
    """Return how long the shortest silence is, in the median over the hours of a week, that is as rare as the false alarms allowed."""
    arrivals = log(rate * LEARNT_DAYS * BEST_OF)
    by_hour = [DAYS * rate * part / sum(week) for part in week]
    return _span(median(_hours_until(arrivals, by_hour, begin) for begin in range(HOURS)))


def _hours_until(arrivals: float, by_hour: list[float], begin: int) -> float:
    """Return the hours from an hour of the week on until so many arrivals are due."""
    weeks, left = divmod(arrivals, sum(by_hour))
    for passed in range(HOURS):
        due = by_hour[(begin + passed) % HOURS]
        if due >= left:
            return weeks * HOURS + passed + left / due
        left -= due
    return (weeks + 1) * HOURS


def _rate(rate: float) -> str:
    if rate >= 1:
        return f"{rate}"
    return f"{round(rate * DAYS)} a week"


def _span(hours: float) -> str:
    if hours < 1:
        return f"{round(hours * 60)} min"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / HOURS_A_DAY:.0f} days"


if __name__ == "__main__":
    raise SystemExit(keep(files(), "silence_times.py"))
