"""Build docs/reference/scenarios.md: every mail world of the lab, its story, and what a check of it says."""

from collections.abc import Iterable
from pathlib import Path

from keeping import REFERENCE, keep, row, table
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.scenario import Scenario, load, scenarios

HEAD = """\
# Lab scenarios

Made from the files in `src/mxproof/lab/scenarios` by `python tools/scenarios.py`; a test holds each scenario to what is
said here. To look at one: `mxproof check example.com --lab NAME`, with the domain of the scenario where it has another.
Scenarios with name servers are for `mxproof explain HEADER --lab NAME`, where a header tells of a look-up that failed.
[Use the lab](../guides/use-the-lab.md) tells more.

"""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    worlds = [load(name) for name in scenarios()]
    overview = table("scenario", "what is in it", "exit") + "".join(map(_overview, worlds))
    return {REFERENCE / "scenarios.md": HEAD + overview + "".join(map(_section, worlds))}


def _overview(world: Scenario) -> str:
    return row(
        f"[{world.name}](#{world.name})",
        world.title,
        "" if world.expect.exit is None else str(world.expect.exit),
    )


def _section(world: Scenario) -> str:
    parts = [
        f"## {world.name}",
        f"{world.title}.",
        _line(world.story),
        _line(world.expect.text),
        _senders(world),
    ]
    asked = _asked(world)
    parts += [asked] if asked else []
    found = _linked(world.expect.findings)
    parts.append(f"Findings: {found}." if found else "No finding is needed.")
    if world.name_servers:
        parts.append(f"Faults of its name servers: {_linked(world.expect.name_server_faults) or 'none'}.")
    return "\n" + "\n\n".join(parts) + "\n"


def _asked(world: Scenario) -> str:
    """Say how a check asks the sets that the scenario is about, where they are not those of the default."""
    selectors = "".join(f" --selector {one}" for one in world.expect.selectors)
    options = "".join(f" --only {one}" for one in world.expect.sets) + selectors
    return f"Asked by `mxproof check {world.domain} --lab {world.name}{options}`." if options else ""


def _linked(codes: Iterable[Code]) -> str:
    return ", ".join(f"[{code}](../findings/{code}.md)" for code in codes)


def _senders(world: Scenario) -> str:
    by_verdict: dict[Verdict, list[str]] = {}
    for sender, verdict in world.expect.senders.items():
        by_verdict.setdefault(verdict, []).append(sender)
    facts = "; ".join(f"`{verdict}`: {', '.join(names)}" for verdict, names in by_verdict.items())
    about = "" if world.domain == "example.com" else f" Its domain is {world.domain}."
    return f"Senders: {facts}.{about}"


def _line(words: str) -> str:
    return " ".join(words.split())


if __name__ == "__main__":
    raise SystemExit(keep(files(), "scenarios.py"))
