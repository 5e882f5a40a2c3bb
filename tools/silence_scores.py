"""Build what the concept page of silence says was measured: nothing of it is written by hand.

`make silence` scores into `tests/silence/scored.jsonl`. A row counts once all of its seeds are scored with one model; until
then it is that of the run before, in `tests/silence/earlier.json`.
"""

import sys
from math import inf
from pathlib import Path
from statistics import median

from keeping import ROOT, keep, row, table

sys.path.insert(0, str(ROOT / "tests"))

from silence.scored import REPORTERS, ROWS, Figures, Row, Scored, earlier, scored

PAGE = ROOT / "docs" / "concepts" / "silence.md"
BEGIN = "<!-- made by tools/silence_scores.py: {} -->\n"
END = "<!-- end of the scores -->\n"
_SEEN = ("seeds", "domain-years", "false alarms a year", "stops found")
MAIL = table("domains", "setting", *_SEEN, "delay against the optimum: half, nine in ten", "outages told")
REPORTS = table("setting", *_SEEN, "told after days: half, nine in ten")


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
            outages = f"{found.told} of {found.outages}"
            mail += row(
                one.worlds, f"{one.setting:g}", *_seen(found), f"{found.half:.1f}, {found.nine:.1f}", outages
            )
    text = PAGE.read_text(encoding="utf-8")
    for name, made in (("mail", mail), ("reports", reports)):
        before, begin, rest = text.partition(BEGIN.format(name))
        _, end, after = rest.partition(END)
        text = f"{before}{begin}\n{made}\n{end}{after}"
    return {PAGE: text}


def _seen(found: Figures) -> tuple[str, ...]:
    return (
        found.seeds,
        f"{found.years:.0f}",
        f"{found.false_a_year:.2g}",
        f"{found.found} of {found.tried}",
    )


def _measured(one: Row, found: list[Scored]) -> list[Figures]:
    """Return the figures of a row, none where not each of its seeds is scored with the model that was scored last."""
    of_row = [each for each in found if each.row == one.name and each.seed in one.seeds]
    mine = {each.seed: each for each in of_row if each.model == of_row[-1].model}
    if {*mine} != {*one.seeds}:
        return []
    years = sum(each.years for each in mine.values())
    delays = sorted(inf if delay is None else delay for each in mine.values() for delay in each.delays)
    return [
        Figures(
            one.name,
            f"{one.seeds.start} to {one.seeds.stop - 1}",
            years,
            sum(each.false for each in mine.values()) / years,
            sum(delay < inf for delay in delays),
            sum(each.tried for each in mine.values()),
            median(delays),
            delays[int(len(delays) * 0.9)],
            sum(each.told for each in mine.values()),
            sum(each.outages for each in mine.values()),
        )
    ]


if __name__ == "__main__":
    raise SystemExit(keep(files(), "silence_scores.py"))
