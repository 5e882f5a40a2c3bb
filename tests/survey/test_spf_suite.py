"""The test suite of openspf.org for RFC 7208, every case through recorded answers (vectors/rfc7208/README.md)."""

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mxproof.evidence import AddressRecord, DnsRecord, Evidence, MxRecord, NameRecord, TxtRecord
from mxproof.formats.names import canonical
from mxproof.survey.spf_evaluation import SpfResult, client_at, evaluate
from mxproof.world.answer import observed
from mxproof.world.world import DnsFault, ResolverFault, RRset, World, ZoneContents
from support_certificates import NOW

VECTORS = Path(__file__).parent.parent / "vectors" / "rfc7208" / "openspf.json"
TYPES = ("A", "AAAA", "MX", "PTR", "TXT")
CASES = [
    pytest.param(chapter["zonedata"], case, id=f"{chapter['description']}: {name}")
    for chapter in json.loads(VECTORS.read_text(encoding="utf-8"))
    for name, case in chapter["tests"].items()
]


def test_all_cases_are_here() -> None:
    assert len(CASES) == 203


@pytest.mark.parametrize(("zone", "case"), CASES)
def test_a_case_comes_to_what_the_suite_says(zone: dict[str, Any], case: dict[str, Any]) -> None:
    helo = case["helo"]
    sender = case["mailfrom"] or f"postmaster@{helo}"
    client = client_at(case["host"], sender, helo)
    start = Evidence(canonical(sender.rpartition("@")[2]))
    evidence = observed(world(zone), start, lambda seen: evaluate(seen, client).unanswered, NOW)
    want = case["result"] if isinstance(case["result"], list) else [case["result"]]
    assert evaluate(evidence, client).result in [SpfResult(one) for one in want]


def world(zone: dict[str, Any]) -> World:
    """Return the world that the zone data of a chapter describes."""
    rrsets: list[RRset] = []
    faults: list[ResolverFault] = []
    for owner, listed in zone.items():
        name = canonical(owner)
        rows = list(_rows(listed))
        held = {kind for kind, _ in rows}
        rrsets += [RRset(name, kind, tuple(_record(kind, value))) for kind, value in rows]
        silent = {*TYPES} - held if "TIMEOUT" in listed else set()
        faults += [ResolverFault(name, DnsFault.TIMEOUT, kind) for kind in sorted(silent)]
    return World(zones=(ZoneContents(".", tuple(rrsets)),), resolver_faults=tuple(faults))


def _rows(listed: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield type and value of each row; a row of type SPF stands for TXT where the name has no row of that type."""
    rows = [next(iter(row.items())) for row in listed if isinstance(row, dict)]
    has_txt = any(kind == "TXT" for kind, _ in rows)
    for kind, value in rows:
        if kind == "SPF":
            if not has_txt:
                yield "TXT", value
        elif value != "NONE":
            yield kind, value


def _record(kind: str, value: Any) -> Iterator[DnsRecord]:  # noqa: ANN401 - a value of the suite has any type
    match kind:
        case "TXT":
            text = "".join(value) if isinstance(value, list) else value
            yield TxtRecord(text.encode("utf-8"))
        case "MX":
            yield MxRecord(int(value[0]), canonical(value[1]) or ".")
        case "A" | "AAAA":
            yield AddressRecord(str(ipaddress.ip_address(value)))
        case _:
            yield NameRecord(canonical(value))
