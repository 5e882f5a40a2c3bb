"""A way of a plan as files: for each step what its name servers, policy host and certificates need, and the way back.

| file | what it is |
|---|---|
| `README.md` | the runbook |
| `plan.json` | the plan itself, for `mxproof plan --verify` |
| `step-N/zone.txt` | lines of the zone, those that go as comments |
| `step-N/nsupdate.txt`, `step-N/powerdns.json` | the same for a name server that takes updates |
| `step-N/mta-sts.txt` | the policy to serve |
| `step-N/certificates.sh` | certificate names, as commands of certbot |
| `step-N/back/...` | what undoes the step, in the same forms |
"""

import shlex

from mxproof.formats.mtasts import print_policy
from mxproof.mail.change import Change, PresentCertificate, ServePolicy
from mxproof.remedy.plan import Plan
from mxproof.remedy.rehearsal.way_back import WayBack
from mxproof.remedy.step_record import ActedStep
from mxproof.render import json
from mxproof.render.action.record_update import nsupdate, powerdns, reversed_sets, zone_lines
from mxproof.render.action.runbook import runbook

PLAN_FILE = "plan.json"


def folder(
    plan: Plan, number: int, steps: tuple[ActedStep, ...], ways_back: tuple[WayBack, ...]
) -> dict[str, bytes]:
    """Return the files of way `number`, counted from 1, by their paths; `steps` and `ways_back` are those of this way."""
    files = {PLAN_FILE: json.encode(plan)}
    for place, step in enumerate(steps, 1):
        files |= {f"step-{place}/{name}": data for name, data in step_files(step).items()}
    files["README.md"] = runbook(plan, number, steps, ways_back, frozenset(files)).encode()
    return files


def step_files(step: ActedStep) -> dict[str, bytes]:
    """Return the files of one step by their paths below its folder."""
    files: dict[str, bytes] = {}
    if step.sets:
        back = reversed_sets(step.sets)
        files["zone.txt"] = zone_lines(step.sets).encode()
        files["nsupdate.txt"] = nsupdate(step.sets).encode()
        files["powerdns.json"] = powerdns(step.sets)
        files["back/zone.txt"] = zone_lines(back).encode()
        files["back/nsupdate.txt"] = nsupdate(back).encode()
        files["back/powerdns.json"] = powerdns(back)
    files |= _policy(step.changes, "")
    files |= _policy(step.back, "back/")
    servers = {
        (one.addresses, one.names): one
        for one in reversed(step.changes)
        if isinstance(one, PresentCertificate)
    }
    if servers:
        commands = map(_certbot, reversed(servers.values()))
        files["certificates.sh"] = "\n".join(["#!/bin/sh", *commands, ""]).encode()
    return files


def _policy(changes: tuple[Change, ...], under: str) -> dict[str, bytes]:
    return {
        f"{under}mta-sts.txt": print_policy(one.policy) for one in changes if isinstance(one, ServePolicy)
    }


def _certbot(change: PresentCertificate) -> str:
    """Return the command that has a certificate with these names issued, with the same key where TLSA records name it."""
    names = [word for name in change.names for word in ("-d", name)]
    key = ["--reuse-key"] if change.keeps_key else []
    return shlex.join(["certbot", "certonly", "--cert-name", change.host, *key, *names])
