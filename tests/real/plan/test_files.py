"""The files that `mxproof plan --write` puts down, each used for what it is: there, step by step, and all the way back."""

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.whole_file import write_folder
from mxproof.evidence import DnsData, Evidence, Kind
from mxproof.judge.catalogue.zone_line import absolute, record_data
from mxproof.mail.change import CnameValue, RecordValue
from mxproof.remedy.plan import Plan
from mxproof.remedy.planned_zone import PLANNABLE
from mxproof.remedy.planning import plan_for
from mxproof.remedy.records import value_of
from mxproof.remedy.rehearsal.way_back import WayBack
from mxproof.remedy.step_record import ActedStep, acted
from mxproof.render.action.folder import folder as files_of
from real.bed.nameserver import Served, name_server
from real.bed.network import COMMAND_WITHIN_S, Network
from real.bed.powerdns import NO_CONTENT, powerdns, records_at
from real.bed.zones import NAME_SERVER, Zone
from real.plan.ground import SERVER, ground
from support_scenarios import AT, seen

ZONE = "example.com"
SCENARIOS = ("incident", "tlsa-wrong")
_ZONE_TTL_S = 86_400
"""Other than what the records have, so that lines without a time to live of their own would show."""


class Written(msgspec.Struct, frozen=True):
    """A way as it was put down: where, its steps, and the records of its zone before the first."""

    folder: Path
    steps: tuple[ActedStep, ...]
    records: tuple[str, ...]


@cache
def _plan(scenario: str) -> Plan:
    world = seen(scenario)
    return plan_for(world.evidence, now=AT, memories=world.memories)


def _ways(scenario: str) -> list[int]:
    """Return the ways in which a zone is altered."""
    return [number for number, way in enumerate(_plan(scenario).ways, 1) if way.cost.records]


def _written(scenario: str, way: int, place: Path) -> Written:
    """Put the way down as the command does, in the world that the zone is of."""
    plan, evidence = _plan(scenario), seen(scenario).evidence
    steps = acted(evidence, [step.changes for step in plan.ways[way - 1].steps])
    write_folder(place / "way", files_of(plan, way, steps, (WayBack(0, ()),) * len(steps)))
    return Written(place / "way", steps, tuple(_records(evidence)))


def _records(evidence: Evidence) -> Iterator[str]:
    """Yield what was seen of the zone in master-file form."""
    seen_sets: dict[tuple[str, Kind], tuple[int, tuple[RecordValue, ...]]] = {}
    for question, answer in evidence.answers.items():
        if question.kind in PLANNABLE and not question.server and isinstance(answer.data, DnsData):
            for alias in answer.data.chain:
                seen_sets[alias.name, Kind.CNAME] = alias.ttl_s, (CnameValue(alias.target),)
            end = answer.data.chain[-1].target if answer.data.chain else question.name
            read = [value_of(question.kind, one) for one in answer.data.records]
            seen_sets[end, question.kind] = answer.ttl_s or 0, tuple(one for one in read if one is not None)
    for (name, kind), (ttl_s, values) in seen_sets.items():
        if f".{name}".endswith(f".{ZONE}"):
            yield from (f"{absolute(name)} {ttl_s} {kind.value} {record_data(one)}" for one in values)


def _zones(written: Written) -> tuple[Zone, ...]:
    return (
        Zone(".", None, True, (f"{NAME_SERVER}. A {SERVER.ipv4}",)),
        Zone(f"{ZONE}.", ".", False, written.records, ttl_s=_ZONE_TTL_S),
    )


def _expected(step: ActedStep, *, back: bool = False) -> dict[tuple[str, str], frozenset[str]]:
    """Return the data of every set that a step alters, once it is made, or undone."""
    return {
        (one.name, one.kind.value): frozenset(map(record_data, one.before if back else one.after))
        for one in step.sets
    }


def _same(got: frozenset[str]) -> frozenset[str]:
    """Return data with what a server may write otherwise written in one way."""
    return frozenset(one.lower().replace(" ", "") for one in got)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_nsupdate_script_makes_its_step_and_the_one_beside_it_undoes_it(host: None, scenario: str) -> None:
    for way in _ways(scenario):
        with ground("nsupdate") as (wire, _, place):
            _update_there_and_back(wire, place, _written(scenario, way, place))


def _update_there_and_back(wire: Network, place: Path, written: Written) -> None:
    with name_server(wire, SERVER, _zones(written), place / "knot") as served:
        served.daemon.await_ready()
        for number, step in enumerate(written.steps, 1):
            _update(wire, served, written.folder / f"step-{number}")
            _hold(wire, step, back=False)
        for number, step in reversed([*enumerate(written.steps, 1)]):
            _update(wire, served, written.folder / f"step-{number}" / "back")
            _hold(wire, step, back=True)


def _update(wire: Network, served: Served, folder: Path) -> None:
    if (folder / "nsupdate.txt").exists():
        command = ("nsupdate", "-k", str(served.key.file), str(folder / "nsupdate.txt"))
        done = subprocess.run(
            wire.inside(SERVER, *command), capture_output=True, timeout=COMMAND_WITHIN_S, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


def _hold(wire: Network, step: ActedStep, *, back: bool) -> None:
    for (name, kind), data in _expected(step, back=back).items():
        assert _same(records_at(wire, SERVER, SERVER.ipv4, name, kind)) == _same(data), (name, kind)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_patch_makes_its_step_through_the_api_of_powerdns_and_the_one_beside_it_undoes_it(
    host: None, scenario: str
) -> None:
    for way in _ways(scenario):
        with ground("pdns") as (wire, _, place):
            _patch_there_and_back(wire, place, _written(scenario, way, place))


def _patch_there_and_back(wire: Network, place: Path, written: Written) -> None:
    text = Zone(f"{ZONE}.", ".", False, written.records, ttl_s=_ZONE_TTL_S).text(())
    with powerdns(wire, SERVER, ZONE, text, place / "pdns") as server:
        server.daemon.await_ready()
        for number, step in enumerate(written.steps, 1):
            if step.sets:
                assert server.patch(ZONE, written.folder / f"step-{number}" / "powerdns.json") == NO_CONTENT
                _hold(wire, step, back=False)
        for number, step in reversed([*enumerate(written.steps, 1)]):
            if step.sets:
                back = written.folder / f"step-{number}" / "back" / "powerdns.json"
                assert server.patch(ZONE, back) == NO_CONTENT
                _hold(wire, step, back=True)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_lines_of_a_zone_are_served_once_those_are_out_that_they_tell_to_remove(
    host: None, scenario: str
) -> None:
    for way in _ways(scenario):
        with ground("lines") as (wire, _, place):
            _paste(wire, place, _written(scenario, way, place))


def _paste(wire: Network, place: Path, written: Written) -> None:
    left = list(written.records)
    with name_server(wire, SERVER, _zones(written), place / "knot") as served:
        served.daemon.await_ready()
        for number, step in enumerate(written.steps, 1):
            if step.sets:
                left = _with_lines(left, (written.folder / f"step-{number}" / "zone.txt").read_text())
                served.replace(Zone(f"{ZONE}.", ".", False, tuple(left), number + 1, ttl_s=_ZONE_TTL_S))
                _hold(wire, step, back=False)


def _with_lines(records: list[str], lines: str) -> list[str]:
    """Do by hand what the lines say: take those out that are to be removed, paste the others."""
    gone = [line.removeprefix("; remove: ") for line in lines.splitlines() if line.startswith("; remove: ")]
    left = [one for one in records if _without_ttl(one) not in gone]
    assert len(left) == len(records) - len(gone)
    return [*left, *(line for line in lines.splitlines() if line and not line.startswith(";"))]


def _without_ttl(record: str) -> str:
    owner, _, rest = record.split(" ", 2)
    return f"{owner} {rest}"


def test_a_policy_of_a_step_is_taken_by_the_program_that_reads_it_back(host: None) -> None:
    with ground("policy") as (_, _, place):
        written = _written("incident", 2, place)
        files = sorted(written.folder.glob("step-*/mta-sts.txt"))
        assert files
        for file in files:
            command = (sys.executable, "-m", "mxproof", "whatif", "-", "--policy", str(file))
            evidence = subprocess.check_output(
                (sys.executable, "-m", "mxproof", "collect", ZONE, "--lab", "incident"), timeout=60
            )
            done = subprocess.run(command, input=evidence, capture_output=True, timeout=60, check=False)
            assert done.returncode in {0, 1}, done.stderr
