"""The files of a way: what each step needs, and what undoes it."""

import json

from mxproof.formats.mtasts import parse_policy
from mxproof.mail.change import ServePolicy
from mxproof.remedy.rehearsal.way_back import WayBack
from mxproof.remedy.step_record import acted
from mxproof.render.action.folder import folder
from support_forms import hold_markdown
from support_plan import incident_plan
from support_scenarios import seen

INCIDENT = seen("incident").evidence


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
