"""Build docs/reference/who-notices-what.md: what mxproof and other checkers see in each world of the lab.

`python tools/who_notices.py` makes it of what the others said when they were run (`peers/said.json`, by `make peers`), of what
their messages are among our findings (`peers/explained.py`), and of what each scenario of the lab expects; `--check` fails
where it is out of date.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from keeping import REFERENCE, ROOT, keep, row, table

sys.path.insert(0, str(ROOT))

from peers.explained import APART, EXPLAINED, Explained, apart, explained
from peers.programs import CHECKDMARC, SSLYZE, TESTSSL, WITHIN_S, ZONEMASTER
from peers.said import Said, World, read

from mxproof.judge.catalogue import CATALOGUE
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity
from mxproof.lab.scenario import Scenario, load, scenarios

PAGE = REFERENCE / "who-notices-what.md"
CHECKERS = (CHECKDMARC, ZONEMASTER, TESTSSL, SSLYZE)
NAMES = {CHECKDMARC: "checkdmarc", ZONEMASTER: "Zonemaster", TESTSSL: "testssl.sh", SSLYZE: "sslyze"}
SEEN, NOT, CANNOT, NO_RESULT = "noticed", "-", "cannot look", "no result"
HEAD = """\
# Who notices what

Other checkers were run against the [worlds of the lab](scenarios.md), each world in a network of its own where it stands at
its real ports, and their messages were held against our findings. Made by `python tools/who_notices.py` of what they said on
{made}: {versions}. `make peers` runs them again.

- **noticed**: among its messages is one that stands for a finding of that world. Whether it says as much of it, of whom it
  hurts and of what to do, is not asked.
- **cannot look**: Zonemaster walks down from the root and asks name servers, and most worlds of the lab have none; testssl.sh
  and sslyze look at servers, and a world may have none.
- **no result**: it was not tried, or had come to no end after {within_s} seconds, as testssl.sh has not where a greeting goes on for
  ever. Of {all} worlds there are results of checkdmarc and Zonemaster for {checkdmarc}, of testssl.sh for {testssl}, and of sslyze for
  {sslyze}; worlds with the same servers count as one for the last two.
- checkdmarc was run with `--check-mx-tls`, testssl.sh with `-p -S`, Zonemaster with all its tests and root hints of the lab,
  sslyze with its tests of certificates, versions and renegotiation; sslyze gives no grades, so what a reader would take for a
  fault is read out of its report. The scenarios are ours, and so are the faults: what the others look at beyond mail that
  arrives (BIMI, delegations, HTTP, vulnerabilities) has no world here.
- The column of mxproof is what each scenario expects, which tests hold a check to.

"""
KINDS = """
## What they say, and where we say it

Each kind of message that one of them gave, in how many worlds, and our findings for it. No kind is left without an explanation:
a test holds that.

"""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {PAGE: "".join(_page(read()))}


def _page(said: Said) -> Iterator[str]:
    versions = ", ".join(f"{NAMES[one]} {said.versions[one]}" for one in CHECKERS)
    run = {one: sum(one in world.said for world in said.worlds.values()) for one in CHECKERS}
    yield HEAD.format(made=said.made, versions=versions, all=len(said.worlds), within_s=WITHIN_S, **run)
    rows = [(scenario, _faults(scenario)) for scenario in map(load, scenarios())]
    faulty = [(scenario, faults) for scenario, faults in rows if faults]
    yield from _totals(said, faulty)
    yield table("world", "faults", "mxproof", *(NAMES[one] for one in CHECKERS))
    for scenario, faults in faulty:
        world = said.worlds.get(scenario.name)
        cells = (_cell(scenario, world, one, faults) for one in CHECKERS)
        yield row(f"[{scenario.name}](scenarios.md#{scenario.name})", _linked(faults), SEEN, *cells)
    yield KINDS
    yield table("checker", "message", "worlds", "mxproof")
    for one, count in _kinds(said):
        yield row(NAMES[one.checker], f"`{_plain(one.pattern)}`", str(count), _answer(one))
    if APART:
        yield "\n## Apart\n\nWorlds in which such a message stands for none of our findings.\n\n"
        yield table("checker", "message", "worlds", "why")
        for other in APART:
            yield row(
                NAMES[other.checker], f"`{_plain(other.pattern)}`", ", ".join(other.worlds), other.reason
            )


def _totals(said: Said, faulty: Iterable[tuple[Scenario, tuple[Code, ...]]]) -> Iterator[str]:
    cells: dict[str, list[str]] = {one: [] for one in CHECKERS}
    count = 0
    for scenario, faults in faulty:
        count += 1
        for one in CHECKERS:
            cells[one].append(_cell(scenario, said.worlds.get(scenario.name), one, faults))
    yield table("", "noticed", "of worlds that it looked at")
    yield row("mxproof", str(count), str(count))
    for one, told in cells.items():
        looked = [cell for cell in told if cell in {SEEN, NOT}]
        yield row(NAMES[one], str(looked.count(SEEN)), str(len(looked)))
    yield "\n"


def _faults(scenario: Scenario) -> tuple[Code, ...]:
    expected = dict.fromkeys((*scenario.expect.findings, *scenario.expect.name_server_faults))
    return tuple(code for code in expected if CATALOGUE[code].severity is not Severity.OK)


def _cell(scenario: Scenario, world: World | None, checker: str, faults: tuple[Code, ...]) -> str:
    if world is None or checker not in world.said:
        return NO_RESULT
    messages = world.said[checker]
    if messages is None:
        return CANNOT
    if any("CANNOT_CONTINUE" in one and apart(checker, one, scenario.name) for one in messages):
        return CANNOT
    kinds = (explained(checker, message) for message in messages)
    return SEEN if any(kind is not None and {*kind.codes} & {*faults} for kind in kinds) else NOT


def _kinds(said: Said) -> Iterator[tuple[Explained, int]]:
    for kind in EXPLAINED:
        worlds = [
            name
            for name, world in said.worlds.items()
            if any(explained(kind.checker, one) is kind for one in world.said.get(kind.checker) or ())
        ]
        if worlds:
            yield kind, len(worlds)


def _answer(kind: Explained) -> str:
    return kind.reason or _linked(kind.codes)


def _linked(codes: Iterable[Code]) -> str:
    return ", ".join(f"[{code}](../findings/{code}.md)" for code in codes)


def _plain(pattern: str) -> str:
    """Return a pattern as a reader takes it: what stands between its signs."""
    return (
        pattern.replace("\\[", "[")
        .replace("\\]", "]")
        .replace("\\w*", "*")
        .replace("\\w+", "*")
        .replace(".*", "*")
        .replace("(?:", "(")
    )


if __name__ == "__main__":
    raise SystemExit(keep(files(), "who_notices.py"))
