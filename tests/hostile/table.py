"""The table of hostile behaviours: what a server does, in which world, and the verdict that is right.

`behaviours/*.toml` are its parts, one for each protocol; `worlds/*.toml` are lab scenarios without an `[expect]`. A row:

```
[[behaviour]]
id = "tc-over-tcp"              unique in its part
kind = "truncation"             the first row of each kind is tried by `make thorough`
source = "RFC 7766 section 5"   where it is said what is right
seen = "The MX answer over TCP has the TC bit, and holds one host of two"
base = "policy"                 a file of worlds/
world.dns_fault = [{...}]       what differs in this world, as a scenario writes it
sets = ["arrival", "tls"]       the sets of checks that are asked, where they are not those of arrival
expect.every = "unknown"        the verdict of every sender that decides
expect.senders.mox = "refused"  and of those that differ
expect.findings = ["mx-unanswered"]
expect.absent = ["mx-ok"]       what would be a lie
expect.name_servers.ns-lame = ["ns2.example.com"]   every finding about name servers, and whom it names
expect.unknowns = 2             how many things about name servers could not be found out
needs_s = 7                     seconds for an endpoint without which the behaviour does not show
```
A table under `world` is merged into that of the base, and so are tables in lists, one by one: `world.https = [{status =
500}]` keeps the body. Any other value takes the place of the base's.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.scenario import Scenario
from mxproof.survey.check_set import CheckSet

HERE = Path(__file__).parent
PARTS = tuple(sorted(path.stem for path in (HERE / "behaviours").glob("*.toml")))

Tree = Mapping[str, Any]
"""A TOML table as read: `Any`, since it is merged before its types are known."""


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The right report: `every` is the verdict of each deciding sender that `senders` does not name.

    `name_servers` maps the code of every finding about name servers to their names, all of them together.
    """

    every: Verdict | None = None
    senders: Mapping[str, Verdict] = MappingProxyType({})
    findings: tuple[Code, ...] = ()
    absent: tuple[Code, ...] = ()
    exit: int | None = None
    name_servers: Mapping[Code, tuple[str, ...]] | None = None
    unknowns: int | None = None


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table."""

    id: str
    kind: str
    source: str
    seen: str
    base: str
    world: dict[str, Any]
    expect: Expectation
    needs_s: float = 0.0
    sets: tuple[CheckSet, ...] = ()
    part: str = ""

    def scenario(self, timeout_s: float) -> Scenario:
        """Return the world of this row for clients that wait `timeout_s` for one endpoint."""
        tree = merged(_world(self.base), self.world)
        tree = {"title": self.id, "story": self.seen, "expect": {"text": ""}, "timeout_s": timeout_s, **tree}
        scenario = msgspec.convert(tree, Scenario)
        return msgspec.structs.replace(scenario, name=f"{self.part}-{self.id}")


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    behaviour: tuple[Behaviour, ...]


@cache
def behaviours(part: str) -> tuple[Behaviour, ...]:
    """Return the rows of one part, in its order."""
    text = (HERE / "behaviours" / f"{part}.toml").read_bytes()
    rows = msgspec.toml.decode(text, type=_Part).behaviour
    return tuple(msgspec.structs.replace(row, part=part) for row in rows)


def one_of_each_kind(part: str) -> tuple[Behaviour, ...]:
    """Return the first row of each kind."""
    first: dict[str, Behaviour] = {}
    for row in behaviours(part):
        first.setdefault(row.kind, row)
    return tuple(first.values())


def merged(base: Tree, other: Tree) -> dict[str, Any]:
    """Return `base` with the values of `other`; tables, and tables in lists, become one."""
    return {**base, **{key: _joined(base.get(key), value) for key, value in other.items()}}


def _joined(old: Any, new: Any) -> Any:  # noqa: ANN401 - any value of a TOML file
    if isinstance(old, dict) and isinstance(new, dict):
        return merged(old, new)
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(one, dict) for one in [*old, *new]):
        both = [merged(*pair) for pair in zip(old, new, strict=False)]
        return both + old[len(both) :] + new[len(both) :]
    return new


@cache
def _world(name: str) -> Tree:
    return tomllib.loads((HERE / "worlds" / f"{name}.toml").read_text(encoding="utf-8"))
