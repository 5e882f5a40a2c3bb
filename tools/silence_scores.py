"""Build what the concept page of silence says was measured: nothing of it is written by hand.

With a rate stands between what values it lies, 95 times in 100, as far as chance goes (exact for a count, Garwood 1936; Wilson 1927 for
a share). `make silence` scores into `tests/silence/scored.jsonl`, in the order of the seeds. A row counts once `SEEDS_MIN` of them are
scored with one model; until then it is that of the run before, in `tests/silence/earlier.json`.
"""

import sys
from collections.abc import Callable
from itertools import takewhile
from math import exp, inf, sqrt
from pathlib import Path
from statistics import median

from keeping import ROOT, keep, row, table

sys.path.insert(0, str(ROOT / "tests"))

from silence.scored import HARD, ORDINARY, REPORTERS, ROWS, Figures, Row, Scored, earlier, scored

PAGE = ROOT / "docs" / "concepts" / "silence.md"
BEGIN = "<!-- made by tools/silence_scores.py: {} -->\n"
END = "<!-- end of the scores -->\n"
_SEEN = ("seeds", "domain-years", "false alarms a year", "stops found")
_DOUBT = 0.025
_DEVIATIONS = 1.96
MAIL = table("domains", "setting", *_SEEN, "delay against the optimum: half, nine in ten", "outages told")
REPORTS = table("setting", *_SEEN, "told after days: half, nine in ten")
BOUNDS = table("domains", "wanted", "measured", "held")
SEEDS_MIN = 10
"""Fewer say too little."""
FOUND_SHARE_MIN = 0.97
HALF_MAX, NINE_MAX = 1.6, 4.0
FALSE_BETWEEN = {0.3: (0.15, 0.6), 3: (1.5, 6.0)}
FALSE_MAX = {ORDINARY: 1.0, HARD: 1.5, REPORTERS: 2.0}
"""At one false alarm a year that is allowed; for the other settings the rate is to follow within a factor of two."""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    done = scored()
    measured = (figures for one in ROWS for figures in _measured(one, done))
    figures = {one.row: one for one in (*earlier(), *measured)}
    mail, reports = MAIL, REPORTS
    for one in ROWS:
        if (found := figures.get(one.name)) is None:
            continue
        if one.worlds == REPORTERS:
            reports += row(f"{one.setting:g}", *_seen(found), f"{found.half:.0f}, {found.nine:.0f}")
        else:
            outages = _part(found.told, found.outages)
            mail += row(
                one.worlds, f"{one.setting:g}", *_seen(found), f"{found.half:.1f}, {found.nine:.1f}", outages
            )
    text = PAGE.read_text(encoding="utf-8")
    for name, made in (("mail", mail), ("reports", reports), ("bounds", BOUNDS + _bounds(figures))):
        before, begin, rest = text.partition(BEGIN.format(name))
        _, end, after = rest.partition(END)
        text = f"{before}{begin}\n{made}\n{end}{after}"
    return {PAGE: text}


def _seen(found: Figures) -> tuple[str, ...]:
    low, high = _count_between(round(found.false_a_year * found.years))
    return (
        found.seeds,
        f"{found.years:.0f}",
        f"{found.false_a_year:.2g} ({low / found.years:.2g} to {high / found.years:.2g})",
        _part(found.found, found.tried),
    )


def _bounds(figures: dict[str, Figures]) -> str:
    """Return a row for each bound, by kind of domain."""
    made = ""
    for worlds in (ORDINARY, HARD, REPORTERS):
        of_worlds = [
            (one.setting, figures[one.name]) for one in ROWS if one.worlds == worlds and one.name in figures
        ]
        for setting, found in of_worlds:
            least, most = FALSE_BETWEEN.get(setting, (0.0, FALSE_MAX[worlds]))
            wanted = f"at {setting:g}: {least:g} to {most:g} false alarms a year"
            made += _bound(worlds, wanted, f"{found.false_a_year:.2g}", least <= found.false_a_year <= most)
        for wanted, measured, is_held in _found(worlds, [found for _, found in of_worlds]):
            made += _bound(worlds, wanted, measured, is_held)
    return made


def _found(worlds: str, of_worlds: list[Figures]) -> list[tuple[str, str, bool]]:
    """Return what is wanted of stops and outages over all settings, what was measured, and whether that is enough."""
    found, tried, big_found, big, told, outages, could, named = (
        sum(getattr(one, name) for one in of_worlds)
        for name in ("found", "tried", "big_found", "big", "told", "outages", "could_be_told", "named")
    )
    wanted = [("97 of 100 stops found", _part(found, tried), found >= FOUND_SHARE_MIN * tried)]
    if worlds == REPORTERS:
        return wanted
    half, nine = (max(getattr(one, name) for one in of_worlds) for name in ("half", "nine"))
    by_best = f"{_part(told, outages)}; by the best test {could}"
    return [
        *wanted,
        (
            "all stops found of senders with five mails a day or more",
            _part(big_found, big),
            big_found == big > 0,
        ),
        (f"half the stops told within {HALF_MAX} times the optimum", f"{half:.1f} at most", half <= HALF_MAX),
        (f"nine in ten within {NINE_MAX:g} times", f"{nine:.1f} at most", nine <= NINE_MAX),
        ("outages told within four hours", by_best, told == outages),
        ("no sender named for an outage", f"{named} named", not named),
    ]


def _bound(worlds: str, wanted: str, measured: str, is_held: bool) -> str:
    return row(worlds, wanted, measured, "yes" if is_held else "**no**")


def _part(some: int, whole: int) -> str:
    """Return how many of how many, and between what shares that lies."""
    if not whole:
        return "none tried"
    share, doubt = some / whole, _DEVIATIONS**2 / whole
    middle = (share + doubt / 2) / (1 + doubt)
    wide = sqrt(share * (1 - share) * doubt + doubt**2 / 4) / (1 + doubt)
    return f"{some} of {whole} ({100 * (middle - wide):.0f} to {100 * (middle + wide):.0f} %)"


def _count_between(count: int) -> tuple[float, float]:
    """Return the means of which so many, or more, and so many, or less, would come only once in forty times."""
    low = _mean_at(lambda mean: 1 - _up_to(count - 1, mean) < _DOUBT) if count else 0.0
    return low, _mean_at(lambda mean: _up_to(count, mean) > _DOUBT)


def _mean_at(is_below: Callable[[float], bool]) -> float:
    least, most = 0.0, 1000.0
    for _ in range(60):
        middle = (least + most) / 2
        least, most = (middle, most) if is_below(middle) else (least, middle)
    return least


def _up_to(count: int, mean: float) -> float:
    """Return how likely so many or less are, where so many are usual (Poisson)."""
    part = whole = exp(-mean)
    for number in range(1, count + 1):
        part *= mean / number
        whole += part
    return whole


def _measured(one: Row, found: list[Scored]) -> list[Figures]:
    """Return the figures of a row: of its seeds from the first on, as far as they are scored with the model that was scored last."""
    of_row = [each for each in found if each.row == one.name and each.seed in one.seeds]
    by_seed = {each.seed: each for each in of_row if each.model == of_row[-1].model}
    mine = {seed: by_seed[seed] for seed in takewhile(by_seed.__contains__, one.seeds)}
    if len(mine) < SEEDS_MIN:
        return []
    years = sum(each.years for each in mine.values())
    delays = sorted(inf if delay is None else delay for each in mine.values() for delay in each.delays)
    return [
        Figures(
            one.name,
            f"{one.seeds.start} to {max(mine)}",
            years,
            sum(each.false for each in mine.values()) / years,
            sum(delay < inf for delay in delays),
            sum(each.tried for each in mine.values()),
            median(delays),
            delays[int(len(delays) * 0.9)],
            sum(each.told for each in mine.values()),
            sum(each.outages for each in mine.values()),
            sum(each.could_be_told for each in mine.values()),
            sum(each.named for each in mine.values()),
            sum(each.big for each in mine.values()),
            sum(each.big_found for each in mine.values()),
        )
    ]


if __name__ == "__main__":
    raise SystemExit(keep(files(), "silence_scores.py"))
