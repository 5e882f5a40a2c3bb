"""Build what README, guide and the page of sizes say of the speed of policyd, from the figures of one run.

`python -m bench.policyd_table` measures and writes `bench/policyd_figures.json`, and `python -m bench.policyd_parts` what a cold
look-up is made of, `bench/policyd_parts.json`; nothing here is written by hand.
"""

import json
from pathlib import Path

from keeping import REFERENCE, ROOT, keep, row, table

FIGURES = json.loads((ROOT / "bench" / "policyd_figures.json").read_text(encoding="utf-8"))
COLD = json.loads((ROOT / "bench" / "policyd_parts.json").read_text(encoding="utf-8"))
PAGES = (ROOT / "README.md", ROOT / "docs" / "guides" / "postfix-in-ten-minutes.md")
BEGIN = "<!-- made by tools/policyd_figures.py from one run of the packaged configuration -->\n"
END = "<!-- end of the figures -->\n"
LOOK_UPS = (
    ("warm", "remembered (warm)"),
    ("recheck_live", "re-check after the grace, TTLs not over"),
    ("recheck_expired", "re-check, all TTLs over"),
    ("negative", "destination without a policy, asked for the first time"),
    ("cold", "destination with a policy, asked for the first time (cold)"),
)
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ASKED_A_DAY = 20
"""Look-ups for each destination of a day, for the page of sizes: mail to it all day, asked for once in a grace."""
NEW_PART = 0.1
"""How many of the destinations of a day are new to the daemon."""
DAY_S = 86_400
HEAD = """\
# How fast policyd is, and how large

Made by `python tools/policyd_figures.py` from one run of `python -m bench.policyd_table`: the configuration of
[contrib](../../contrib/policyd.toml), with DANE and SQLite, changed in nothing but where things are.

"""
PARTS = """
## What a cold look-up is made of

Memory to memory, without DANE, over 32 connections, in {turns} turns one after the other: {mine} of the processor for policyd
({spread}) and {theirs} for the peer ({their_spread}); turn by turn policyd makes {ratio:.2f} times as many look-ups in the
same time. Made by `python -m bench.policyd_parts` on {on}: {machine},
load average {before:g} at the beginning and {after:g} at the end. policyd asks two questions of DNS, since the host
serves the policy over IPv4, and the peer three; both verify one certificate. policyd also keeps what it saw, judges it as any check does, and logs its decision. More of policyd than of
the peer is run by the interpreter, so that a Python built without its optimizations, as by hand it mostly is, costs policyd more. The parts are those in which `perf` met it at work.

"""
SIZING = """
## How large a machine

The destinations of a day, D, are what counts, hardly the messages: what is remembered costs next to nothing. From the
figures above:

```
memory    = {empty:.0f} MiB + D x {each_kib:.2f} KiB      all destinations in memory (store.domains_max at least D)
store     = D x {store_kib:.2f} KiB                  a policy of three MX patterns each
processor = D x (new x cold + (1 - new) x refresh + {asked} x re-check)
          = D x ({new:g} x {cold_ms:.2f} ms + {rest:g} x {cold_ms:.2f} ms + {asked} x {recheck_ms:.2f} ms)
```

`refresh` fetches a policy once a day, as dear as cold; of the destinations {percent:.0f} % are new each day and each is asked
for {asked} times beyond its grace, with all TTLs over: the dearest case. Leave twice as much for the hour that is busiest.

"""
FOOT = """
A daemon uses one core. Where the processor is busy for more than half of the day, run several behind one
`postgresql://` or `redis://` store.
"""


def files() -> dict[Path, str]:
    """Return the pages by their paths: one made whole, and of the others the part between the marks."""
    part = BEGIN + "\n" + _run() + "\n" + _table() + "\n" + END
    pages = {path: _with_part(path, part) for path in PAGES}
    whole = HEAD + _run() + "\n" + _table() + _parts() + _sizing()
    return {REFERENCE / "policyd-figures.md": whole, **pages}


def _with_part(path: Path, part: str) -> str:
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin, f"{path.name} has lost the line {BEGIN!r}"
    assert end, f"{path.name} has lost the line {END!r}"
    return before + part + after


def _run() -> str:
    before, after = FIGURES["load"]
    return (
        f"Measured on {FIGURES['on']}: {FIGURES['machine']},\n"
        f"load average {before:g} at the beginning and {after:g} at the end. Processor time is of one look-up over 32\n"
        "connections, in brackets the ratio to the peer's: postfix-mta-sts-resolver 1.5.1, with SQLite too, knows no DANE. Both run on the same Python.\n"
        "Where the load is more than the cores, times to answer are mostly those of waiting for a turn on the machine.\n"
    )


def _table() -> str:
    ours, theirs, restart = FIGURES["ours"], FIGURES["theirs"], FIGURES["restart"]
    text = table("look-up", "processor time", "the peer's", "half answered within", "99 % within")
    for key, words in LOOK_UPS:
        mine, other = ours[key], theirs[key]
        text += row(
            words,
            _time(mine["cpu_us"]),
            f"{_time(other['cpu_us'])} ({mine['cpu_us'] / other['cpu_us']:.2f})",
            _time(mine["p50_us"]),
            _time(mine["p99_us"]),
        )
    for key, words in (("warm_alone", "warm"), ("cold_alone", "cold")):
        mine, other = ours[key], theirs[key]
        text += row(
            f"{words}, over one connection",
            _time(mine["cpu_us"]),
            f"{_time(other['cpu_us'])} ({mine['cpu_us'] / other['cpu_us']:.2f})",
            f"{_time(mine['p50_us'])} (the peer: {_time(other['p50_us'])})",
            _time(mine["p99_us"]),
        )
    known, meanwhile = FIGURES["known"], restart["cold_meanwhile"]
    text += "\n" + table(
        f"started with {known} policies, of which {FIGURES['due']} are due at once", "figure"
    )
    text += row(
        "start to first answer",
        f"{restart['first_answer_s']:.2f} s, {restart['first_answer_cpu_s']:.2f} s of the processor",
    )
    text += row("resident memory after it", f"{restart['rss_mib']:.0f} MiB")
    text += row("the store", f"{restart['store_mib']:.0f} MiB")
    text += row(
        "cold answers while policies are fetched again",
        f"half within {_time(meanwhile['p50_us'])}, 99 % within {_time(meanwhile['p99_us'])}",
    )
    return text


def _parts() -> str:
    """Return what a cold look-up of either is made of."""
    (least, mine, most), (their_least, theirs, their_most) = COLD["ours_us"], COLD["theirs_us"]
    before, after = COLD["load"]
    text = PARTS.format(
        turns=COLD["turns"],
        on=COLD["on"],
        machine=COLD["machine"],
        before=before,
        after=after,
        mine=_time(mine),
        theirs=_time(theirs),
        ratio=COLD["ratio"],
        spread=f"{_time(least)} to {_time(most)}",
        their_spread=f"{_time(their_least)} to {_time(their_most)}",
    )
    text += table("part", "policyd", "the peer")
    for name, (of_ours, of_theirs) in COLD["parts"].items():
        text += row(name, _time(of_ours), _time(of_theirs))
    return text


def _sizing() -> str:
    restart, ours = FIGURES["restart"], FIGURES["ours"]
    each_kib = (restart["rss_mib"] - restart["rss_empty_mib"]) * 1024 / FIGURES["known"]
    store_kib = restart["store_mib"] * 1024 / FIGURES["known"]
    cold_us, recheck_us = ours["cold"]["cpu_us"], ours["recheck_expired"]["cpu_us"]
    text = SIZING.format(
        empty=restart["rss_empty_mib"],
        each_kib=each_kib,
        store_kib=store_kib,
        asked=ASKED_A_DAY,
        new=NEW_PART,
        rest=1 - NEW_PART,
        percent=100 * NEW_PART,
        cold_ms=cold_us / 1000,
        recheck_ms=recheck_us / 1000,
    )
    text += table("destinations a day", "memory", "store", "processor time a day", "of one core")
    for size in SIZES:
        busy_s = size * (cold_us + ASKED_A_DAY * recheck_us) / 1e6
        text += row(
            str(size),
            f"{restart['rss_empty_mib'] + size * each_kib / 1024:.0f} MiB",
            f"{size * store_kib / 1024:.1f} MiB",
            f"{busy_s:.0f} s",
            f"{100 * busy_s / DAY_S:.1f} %",
        )
    return text + FOOT


def _time(us: float) -> str:
    """Return a time with two or three digits and its unit."""
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if us >= size:
            return f"{us / size:.{0 if us >= 100 * size else 1}f} {unit}"
    return f"{us:.0f} us"


if __name__ == "__main__":
    raise SystemExit(keep(files(), Path(__file__).name))
