"""Build docs/reference/explain-systems.md: what `mxproof explain` knows, by mail system, and how sure it is."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from keeping import REFERENCE, keep, row, table
from mxproof.explain.knowledge import CHAPTERS
from mxproof.explain.knowledge.rule import Rule, Side
from mxproof.explain.knowledge.systems import NAMES
from mxproof.explain.match.meaning import MEANINGS
from mxproof.judge.vocabulary import Confidence

TEXTS_MIN = 3
"""A system counts as known with so many sourced texts, each with its sample in the tests."""

_HEAD = """# Which mail systems `mxproof explain` knows

Made by `python tools/explain_systems.py` from the rules in `src/mxproof/explain/knowledge`. Each rule has a source, a
sample that the tests hold, and at least two texts that are like it and must not be taken for it. A system counts as
known with three sourced texts. What a text counts for is its confidence: `source-code` was read in the program,
`observed` seen in a real text, `documented` stands in the maker's own pages, `claimed` in somebody else's. A text that
is too general to claim its cause gives a possibility only.

"""
_SHARED = {"filter": "filters", "milter": "policyd-spf and OpenDMARC", "regional": "providers of one country"}


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {REFERENCE / "explain-systems.md": "".join(_page())}


def _page() -> Iterator[str]:
    rules = {system: _rules(system) for system in dict.fromkeys(chapter.system for chapter in CHAPTERS)}
    known = {system: those for system, those in rules.items() if system and _sourced(those) >= TEXTS_MIN}
    yield _HEAD
    yield "## Known\n\n"
    yield table("system", "texts", "claimed as sender", "claimed as receiver", "how sure")
    for system in sorted(known, key=_name):
        yield row(
            _name(system), str(_sourced(known[system])), *_counts(known[system]), _sureness(known[system])
        )
    yield "\n## Not known\n\nFewer than three sourced texts of their own; texts that many systems share are read all the same.\n\n"
    yield table("system", "texts")
    others = {_name(system): _sourced(rules.get(system, ())) for system in NAMES if system not in known}
    for name in sorted(others, key=str.lower):
        yield row(name, str(others[name]))
    shared = rules.get(None, ())
    yield f"\n## Shared by many\n\n{_sourced(shared)} texts of TLS libraries, operating systems, resolvers and access lists:"
    yield f" {_sureness(shared)}.\n"
    causes = Counter(one.cause for one in MEANINGS)
    yield f"\n## Read by its meaning\n\nA text that no rule knows is read by what its words mean together, {len(MEANINGS)} meanings for"
    yield f" {len(causes)} causes, and told as a guess: {', '.join(f'`{cause}`' for cause in sorted(causes))}.\n"


def _rules(system: str | None) -> tuple[tuple[Side, Rule], ...]:
    return tuple(
        (chapter.side, rule) for chapter in CHAPTERS if chapter.system == system for rule in chapter.rules
    )


def _sourced(rules: tuple[tuple[Side, Rule], ...]) -> int:
    """Return how many samples have a source that is better than a guess."""
    return len({rule.sample for _, rule in rules if rule.confidence is not Confidence.GUESS})


def _counts(rules: tuple[tuple[Side, Rule], ...]) -> tuple[str, str]:
    by_side = Counter(side for side, rule in rules if not rule.lead)
    return str(by_side[Side.SENDER] or "-"), str(by_side[Side.RECEIVER] or "-")


def _sureness(rules: tuple[tuple[Side, Rule], ...]) -> str:
    found = Counter(str(rule.confidence) for _, rule in rules)
    return ", ".join(f"{confidence} {count}" for confidence, count in found.most_common())


def _name(system: str) -> str:
    return _SHARED.get(system) or NAMES[system]


if __name__ == "__main__":
    raise SystemExit(keep(files(), "explain_systems.py"))
