"""The founding migration from one mail server to two, in the order of `mxproof plan`: policies by `mxproof publish`, records by the API."""

import json
import time
from pathlib import Path

import msgspec

from mxproof.publish.result import PublicationEnd
from real.plan.administrator import Administrator
from real.plan.domains import LAG_S, MAX_AGE_S
from real.plan.flow import Flow
from real.publish.founding import TTL_S, Founding
from real.publish.publisher import Publishing

TO_ALIASES = "@ MX 10 mxi1\n@ MX 10 mxi2\nmxi1 CNAME smol\nmxi2 CNAME tol\n"
TO_HOSTS = "@ MX 10 mx1\n@ MX 10 mx2\n"


class Move(msgspec.Struct, frozen=True):
    """What is planned of a domain: lines of its zone, and the names below it that its policy lists."""

    zone: str
    names: tuple[str, ...]

    def policy(self, domain: str, mode: str = "enforce") -> bytes:
        """Return the policy that is planned."""
        lines = ("version: STSv1", f"mode: {mode}", *(f"mx: {one}.{domain}" for one in self.names))
        return "".join(f"{line}\r\n" for line in (*lines, f"max_age: {MAX_AGE_S}")).encode()


WITH_ALIASES = Move(TO_ALIASES, ("mxi1", "smol", "mxi2", "tol"))
WITHOUT_ALIASES = Move(TO_HOSTS, ("mx1", "mx2"))


def moved(founding: Founding, who: Publishing, move: Move, flow: Flow, folder: Path) -> None:
    """Make the move as it is planned, step by step, each waited for as the plan says."""
    plans = Administrator(founding.place, who.domain, folder, {})
    plan = plans.plan(move.zone, move.policy(who.domain), "--name-server-lag", str(LAG_S))
    assert plan.ways[0].is_safe
    for number, step in enumerate(plan.ways[0].steps, 1):
        _make(founding, who, plans.way / f"step-{number}")
        flow.await_all(time.monotonic() + max(step.wait_until_s - step.at_s, TTL_S))


def _make(founding: Founding, who: Publishing, step: Path) -> None:
    """Make one step: what is of MTA-STS by `publish apply`, which gives the policy its id; all else by the API."""
    policy, records = step / "mta-sts.txt", step / "powerdns.json"
    if policy.exists():
        status, told = who.run("apply", "--policy", str(policy))
        assert (status, told.end) == (0, PublicationEnd.DONE), told
    if records.exists():
        altered = {one["name"] for one in json.loads(records.read_bytes())["rrsets"]}
        announcing = {one for one in altered if one.startswith("_mta-sts.")}
        assert announcing in (set(), altered), "a step is of MTA-STS or of something else"
        if not announcing:
            founding.patch(who.domain, records)
