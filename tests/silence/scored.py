"""What the silence alarm is measured at: rows of domain-years and of reports, each seed scored once for the model as it is now.

    python -m silence.scored [ROW ...]

What comes out of a seed is put down in `scored.jsonl` at once, with the digest of the model and of the worlds, so that a run goes on
where another ended, and several may run beside one another. `tools/silence_scores.py` makes the page of it.
"""

import hashlib
import math
import sys
from operator import itemgetter
from pathlib import Path

import msgspec

from mxproof import rhythm
from silence.reporters import score as score_reporters
from silence.score import score

FILE = Path(__file__).with_name("scored.jsonl")
EARLIER = Path(__file__).with_name("earlier.json")
ORDINARY, HARD, REPORTERS = "ordinary", "hard", "reporters"
_OF_REPORTERS = ("reporter.py", "reporters.py")


class Row(msgspec.Struct, frozen=True):
    """One row of the page: which worlds, at so many false alarms a year, and their seeds."""

    worlds: str
    setting: float
    seeds: range

    @property
    def name(self) -> str:
        """Return what the row is called."""
        return f"{self.worlds}-{self.setting:g}"


_ORDINARY, _HARD, _REPORTERS = range(44000, 44060), range(45000, 45060), range(42000, 42080)
ROWS = tuple(
    Row(worlds, setting, seeds)
    for worlds, seeds in ((ORDINARY, _ORDINARY), (HARD, _HARD), (REPORTERS, _REPORTERS))
    for setting in (0.3, 1, 3)
)
"""None of these seeds played a part in the making of the model; it was tuned on those below 200."""


class Scored(msgspec.Struct, frozen=True):
    """What came out of one seed; a delay is None where nothing rang.

    `delays` are those of stops against the optimum, and of reporters in days; `outage_delays` those of outages against the optimum.
    Of `tried`, `big` were of senders with many mails a day.
    """

    row: str
    seed: int
    model: str
    years: float
    false: int
    delays: tuple[float | None, ...]
    tried: int
    outages: int = 0
    told: int = 0
    could_be_told: int = 0
    named: int = 0
    outage_delays: tuple[float | None, ...] = ()
    big: int = 0
    big_found: int = 0


class Figures(msgspec.Struct, frozen=True):
    """What a whole row comes to; `half` and `nine` are the delays of half the stops and of nine in ten."""

    row: str
    seeds: str
    years: float
    false_a_year: float
    found: int
    tried: int
    half: float
    nine: float
    told: int
    outages: int
    could_be_told: int = 0
    named: int = 0
    big: int = 0
    big_found: int = 0


def earlier() -> list[Figures]:
    """Return the figures of the run before `scored.jsonl` was kept."""
    return msgspec.json.decode(EARLIER.read_bytes(), type=list[Figures])


def model(worlds: str) -> str:
    """Return the digest of the model of such rows, of senders or of reporters, and of the worlds that it is held against."""
    here = Path(__file__).parent
    files = [*sorted(Path(rhythm.__file__).parent.glob("*.py")), *sorted(here.glob("*.py"))]
    parts = [
        one.read_bytes()
        for one in files
        if one != Path(__file__) and (one.name in _OF_REPORTERS) is (worlds == REPORTERS)
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def scored() -> list[Scored]:
    """Return all that was put down so far, of whatever model."""
    lines = FILE.read_bytes().splitlines() if FILE.exists() else []
    return [msgspec.json.decode(line, type=Scored) for line in lines]


def _score(row: Row, seed: int) -> Scored:
    seeds = range(seed, seed + 1)
    if row.worlds == REPORTERS:
        reports = score_reporters(seeds, row.setting)
        told = tuple(reports.told_after)
        return Scored(row.name, seed, model(row.worlds), reports.years, reports.false, told, len(told))
    found = score(seeds, hard=row.worlds == HARD, a_year=row.setting)
    return Scored(
        row.name,
        seed,
        model(row.worlds),
        found.years,
        found.false,
        tuple(round(one, 3) for one in found.ratios),
        found.tried,
        found.outages,
        found.told,
        found.could_be_told,
        found.named_in_outage,
        tuple(round(one, 3) if math.isfinite(one) else None for one in found.outage_ratios),
        found.big,
        found.big_found,
    )


def main(names: list[str]) -> None:
    """Score each seed of the rows that was not scored yet: all settings of a seed after one another, for they share its year."""
    rows = [row for row in ROWS if not names or row.name in names]
    jobs = sorted(
        ((row.worlds, seed, row.setting, row) for row in rows for seed in row.seeds), key=itemgetter(0, 1, 2)
    )
    for _, seed, _, row in jobs:
        if any((one.row, one.seed, one.model) == (row.name, seed, model(row.worlds)) for one in scored()):
            continue
        line = msgspec.json.encode(_score(row, seed))
        with FILE.open("ab") as file:
            file.write(line + b"\n")
        print(line.decode(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
