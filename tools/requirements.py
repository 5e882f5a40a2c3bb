"""Build docs/reference/requirements.md: RFC 8461 as numbered requirements, and the tests that hold mxproof to each.

The requirements are those of tests/data/rfc8461.tsv. A test that names one by its id is found in its text; for the
others the last column of the table says which test it is, or why there is none.
"""

import csv
import re
from pathlib import Path

import msgspec

from keeping import REFERENCE, ROOT, keep, row, table

TESTS = ROOT / "tests"
TABLE = TESTS / "data" / "rfc8461.tsv"
RFC = "https://www.rfc-editor.org/rfc/rfc8461"

HEAD = f"""\
# RFC 8461 and its tests

Made from `tests/data/rfc8461.tsv` by `python tools/requirements.py`. The requirements are those of
[RFC 8461]({RFC}) and of its errata, in short words of our own. The level
AMBIG marks what the RFC leaves open; `info` marks what follows from it without being demanded.

"""
_NAMED = re.compile(r"\b([A-Z]{2})-([0-9]{2})\b|_([a-z]{2})_([0-9]{2})(?=_|\b)")
_GUARD = "test_requirements.py"
"""Modules of this name list requirements to see that others test them."""


class Requirement(msgspec.Struct, frozen=True):
    """One row of the table; `tested` is the place of a test, a scenario, a reason why there is none, or empty."""

    id: str
    section: str
    level: str
    requirement: str
    tested: str


def files() -> dict[Path, str]:
    """Return the page by its path."""
    named = naming()
    rows = (_row(one, named.get(one.id, [])) for one in requirements())
    head = HEAD + table("id", "section", "level", "requirement", "tested by")
    return {REFERENCE / "requirements.md": head + "".join(rows)}


def requirements() -> list[Requirement]:
    """Return every requirement in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert tuple(rows[0]) == Requirement.__struct_fields__
    return [Requirement(*cells) for cells in rows[1:]]


def naming() -> dict[str, list[str]]:
    """Return, for each requirement that is named in a test module by its id, the modules that do."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        if path.name != _GUARD:
            text = path.read_text(encoding="utf-8")
            ids = {f"{upper or lower.upper()}-{a or b}" for upper, a, lower, b in _NAMED.findall(text)}
            for requirement in ids:
                found.setdefault(requirement, []).append(path.relative_to(TESTS).as_posix())
    return found


def _row(one: Requirement, modules: list[str]) -> str:
    places = [f"`{module}`" for module in modules]
    if one.tested.startswith("scenario "):
        name = one.tested.removeprefix("scenario ")
        places.append(f"scenario [{name}](scenarios.md#{name})")
    elif "::" in one.tested:
        places.append(f"`{one.tested}`")
    elif one.tested:
        places.append(one.tested)
    return row(one.id, one.section, one.level, one.requirement, ", ".join(places))


if __name__ == "__main__":
    raise SystemExit(keep(files(), "requirements.py"))
