"""The page of a finding in Markdown, and the index of all pages.

The words and the senders on a page are no samples made up: `tools/findings.py` computes them from a world whose one
fault is the finding.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from mxproof.judge.block import passages
from mxproof.judge.catalogue import CATALOGUE, FindingWords
from mxproof.judge.catalogue.computed import Bouncer, Computed, computed
from mxproof.judge.codes import Code
from mxproof.judge.senders.table import SENDERS
from mxproof.judge.senders.traits import Traits
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.source import source_url

_VERDICTS = {
    Verdict.REFUSED: "does not deliver",
    Verdict.AT_RISK: "may not deliver",
    Verdict.UNKNOWN: "cannot be told",
}
_HOUR_S = 3600
_HOURS_SAID_MAX = 48


def page(code: Code, known: Mapping[Code, Computed] | None = None) -> str:
    """Return the page of one finding; `known` replaces what comes with the program."""
    entry, found = CATALOGUE[code], (known or computed())[code]
    parts = [f"# {code}: {entry.title}", f"Severity: {_severity(entry)}.", "## What it says", "For example:"]
    parts += [f"> {found.summary}", found.detail.replace("\n", "\n\n"), "## Why it matters", entry.why]
    if entry.severity is not Severity.OK:
        parts += ["## Who bounces", _who_bounces(found), "## What to do", *_fix(found)]
    parts += ["## How to verify", "```sh\n" + "\n".join((*entry.verify, *_commands(entry, found))) + "\n```"]
    parts += ["## Where it is written", "\n".join(f"- {_linked(source)}" for source in entry.rfc)]
    return "\n\n".join(parts) + "\n"


def index() -> str:
    """Return the list of all findings with links to their pages."""
    head = (
        "# Findings\n\nEverything that mxproof can say of a domain. The severity is what a finding is worth by itself; "
        "one that makes a sender refuse is an error.\n\n| code | severity | what |\n|---|---|---|\n"
    )
    rows = [
        f"| [{code}]({code}.md) | {entry.severity} | {entry.title} |" for code, entry in CATALOGUE.items()
    ]
    return head + "\n".join(rows) + "\n"


def _fix(found: Computed) -> tuple[str, ...]:
    """Return a paragraph for each step, numbered where there are several, and for each other way."""
    numbered = tuple(f"{number}. {step}" for number, step in enumerate(found.steps, 1))
    ways = (*(numbered if len(numbered) > 1 else found.steps), *found.otherwise)
    return tuple(paragraph for way in ways for paragraph in _paragraphs(way))


def _paragraphs(way: str) -> Iterator[str]:
    """Yield the prose of a way, and between it what is to be pasted as code."""
    for pasted, lines in groupby(passages(way), key=lambda one: one.pasted):
        text = [line.text for line in lines]
        yield "\n".join(("```text", *text, "```")) if pasted else " ".join(text)


def _severity(entry: FindingWords) -> str:
    if entry.severity in {Severity.OK, Severity.ERROR}:
        return f"{entry.severity}"
    return f"{entry.severity}; error where a sender refuses for it"


def _who_bounces(found: Computed) -> str:
    """Return a table of the senders that do not simply deliver in the bad world of a finding."""
    if not found.bouncers:
        return "Nobody: in a domain with this fault and no other, every modelled sender delivers."
    models = {sender.id: sender for sender in SENDERS}
    rows = [_row(models[bouncer.sender], bouncer) for bouncer in found.bouncers]
    bouncing = {bouncer.sender for bouncer in found.bouncers}
    delivering = [f"`{sender.id}`" for sender in SENDERS if sender.id not in bouncing]
    head = "The models of senders, in a domain with this fault and no other:\n\n| sender | what it does | its words |\n"
    others = f"\n\nThe others deliver: {', '.join(delivering)}." if delivering else ""
    return head + "|---|---|---|\n" + "\n".join(rows) + others


def _row(sender: Traits, bouncer: Bouncer) -> str:
    words = f"`{bouncer.transient}`" if bouncer.transient else ""
    refuses = bouncer.verdict is Verdict.REFUSED and sender.retry_s is not None
    until = f"; gives up after {_span(sender.retry_s or 0)}" if refuses else ""
    return f"| {sender.name} | {_VERDICTS[bouncer.verdict]}{until} | {words} |"


def _span(seconds: int) -> str:
    hours = seconds // _HOUR_S
    return f"{hours} h" if hours <= _HOURS_SAID_MAX else f"{hours // 24} days"


def _commands(entry: FindingWords, found: Computed) -> list[str]:
    """Return commands that show the finding in the lab, and the one that says whether it is gone."""
    shown = [f"{entry.checked_by} --lab {name}    # a world that has it" for name in found.scenarios]
    return [*shown, entry.checked_by]


def _linked(source: str) -> str:
    url = source_url(source)
    assert url is not None, "sources are cited in one form"
    return f"[{source}]({url})"
