r"""What is computed about each finding from its bad world, as `tools/findings.py` left it in tables.

| table | line | meaning |
|---|---|---|
| summaries, details, fixes | `code \| summary, detail, step or otherwise \| text` | the words in that world; several of a kind follow each other |
| bouncers | `code \| verdict \| senders \| bounce` | who does not deliver, with the words where they are known |
| labs | `code \| lab \| scenario` | a world of the lab that has the finding |

A line break within a text stands there as BREAK.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import msgspec

from mxproof.judge.catalogue.bouncers_table import BOUNCERS
from mxproof.judge.catalogue.details_table import DETAILS
from mxproof.judge.catalogue.fixes_table import FIXES
from mxproof.judge.catalogue.labs_table import LABS
from mxproof.judge.catalogue.summaries_table import SUMMARIES
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Verdict

BETWEEN: Final = " | "
BREAK: Final = "¶"
LAB: Final = "lab"
SUMMARY, DETAIL, STEP, OTHERWISE = "summary", "detail", "step", "otherwise"


class Bouncer(msgspec.Struct, frozen=True):
    """What one sender does; `transient` are its words, empty where they are not known."""

    sender: str
    verdict: Verdict
    transient: str = ""


class Computed(msgspec.Struct, frozen=True):
    """The words of a finding in its bad world, the senders that do not deliver there, and lab scenarios like it."""

    summary: str
    detail: str
    steps: tuple[str, ...]
    otherwise: tuple[str, ...]
    bouncers: tuple[Bouncer, ...] = ()
    scenarios: tuple[str, ...] = ()


@cache
def computed() -> Mapping[Code, Computed]:
    """Return the tables that come with the program."""
    return read_tables(SUMMARIES + DETAILS + FIXES, BOUNCERS + LABS)


def read_tables(examples: str, bouncers: str) -> Mapping[Code, Computed]:
    """Return what two tables say of every code; a code without a line in the second has no bouncers."""
    words: dict[tuple[str, str], list[str]] = {}
    for line in examples.splitlines():
        code, kind, text = line.split(BETWEEN, 2)
        words.setdefault((code, kind), []).append(text.replace(BREAK, "\n"))

    def said(code: Code, kind: str) -> tuple[str, ...]:
        return tuple(words.get((code, kind), ()))

    found: dict[str, list[Bouncer]] = {}
    scenarios: dict[str, list[str]] = {}
    for line in bouncers.splitlines():
        code, what, names, *transient = line.split(BETWEEN, 3)
        if what == LAB:
            scenarios.setdefault(code, []).append(names)
        else:
            made = [Bouncer(name, Verdict(what), *transient) for name in names.split()]
            found.setdefault(code, []).extend(made)
    return MappingProxyType(
        {
            code: Computed(
                summary="\n".join(said(code, SUMMARY)),
                detail="\n".join(said(code, DETAIL)),
                steps=said(code, STEP),
                otherwise=said(code, OTHERWISE),
                bouncers=tuple(found.get(code, ())),
                scenarios=tuple(scenarios.get(code, ())),
            )
            for code in Code
        }
    )
