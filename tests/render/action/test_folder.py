"""The files of a way: what each step needs, and what undoes it."""

import json

from mxproof.evidence import Kind
from mxproof.formats.mtasts import parse_policy
from mxproof.mail.change import CnameValue, Ipv4Value, ServePolicy, TxtValue
from mxproof.remedy.rehearsal.way_back import WayBack
from mxproof.remedy.step_record import AlteredSet, acted
from mxproof.render.action.folder import folder
from mxproof.render.action.record_update import nsupdate, powerdns, reversed_sets
from support_forms import hold_markdown
from support_plan import incident_plan
from support_scenarios import seen

INCIDENT = seen("incident").evidence
SETS = (
    AlteredSet("a.example.com", Kind.A, (), (Ipv4Value("192.0.2.1"),), None),
    AlteredSet("a.example.com", Kind.CNAME, (CnameValue("b.example.com"),), (), 60),
    AlteredSet("t.example.com", Kind.TXT, (TxtValue("x"),), (TxtValue('a "b"'),), 60),
)


def test_a_script_asks_first_then_takes_then_gives() -> None:
    assert nsupdate(SETS).splitlines() == [
        "prereq nxrrset a.example.com. A",
        "prereq yxrrset a.example.com. CNAME b.example.com.",
        'prereq yxrrset t.example.com. TXT "x"',
        "update delete a.example.com. CNAME b.example.com.",
        'update delete t.example.com. TXT "x"',
        "update add a.example.com. 300 A 192.0.2.1",
        'update add t.example.com. 60 TXT "a \\"b\\""',
        "send",
    ]


def test_a_patch_has_whole_sets_and_begins_with_what_goes() -> None:
    rrsets = json.loads(powerdns(SETS))["rrsets"]
    assert [(one["type"], one["changetype"]) for one in rrsets] == [
        ("CNAME", "DELETE"),
        ("A", "REPLACE"),
        ("TXT", "REPLACE"),
    ]
    assert rrsets[1]["records"] == [{"content": "192.0.2.1", "disabled": False}]


def test_there_and_back_is_where_it_began() -> None:
    assert reversed_sets(reversed_sets(SETS)) == SETS


def test_every_way_has_a_runbook_the_plan_and_files_for_each_step() -> None:
    for number, way in enumerate(incident_plan().ways, 1):
        steps = acted(INCIDENT, [step.changes for step in way.steps])
        files = folder(incident_plan(), number, steps, (WayBack(0, ()),) * len(steps))
        hold_markdown(files["README.md"].decode())
        assert json.loads(files["plan.json"])["schema_version"] == 1
        for place, step in enumerate(way.steps, 1):
            own = {name for name in files if name.startswith(f"step-{place}/")}
            assert own
            policies = [one.policy for one in step.changes if isinstance(one, ServePolicy)]
            served = files.get(f"step-{place}/mta-sts.txt")
            assert [parse_policy(served)] == policies if served is not None else policies == []


def test_a_certificate_is_one_command_for_each_server() -> None:
    number = next(n for n, way in enumerate(incident_plan().ways, 1) if way.cost.certificates)
    steps = acted(INCIDENT, [step.changes for step in incident_plan().ways[number - 1].steps])
    scripts = [
        data.decode()
        for name, data in folder(incident_plan(), number, steps, (WayBack(0, ()),) * len(steps)).items()
        if name.endswith("certificates.sh")
    ]
    assert len(scripts) == incident_plan().ways[number - 1].cost.certificates
    assert {script.count("certbot certonly") for script in scripts} == {1}
