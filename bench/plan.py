"""Planning: the ways out of the founding incident, and of a domain with twenty MX hosts half of which its policy lists.

And how long a question about a file takes, from the start of the program to its end.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench.timing import verdict
from bench.worlds import incident_evidence
from mxproof.evidence import AddressRecord, Der, Evidence, MxRecord, NameRecord, SmtpStage, TxtRecord
from mxproof.evidence.codec import encode
from mxproof.remedy.planning import plan_for
from mxproof.survey.inbound import wanted
from mxproof.survey.reading import HOSTS_MAX
from mxproof.world.answer import observed
from mxproof.world.world import PolicyServer, RRset, SmtpServer, World, ZoneContents

INCIDENT_S_MAX = 1.0
TWENTY_S_MAX = 10.0
MEMORY_MB_MAX = 200.0
WHATIF_S_MAX = 0.4
RUNS = 3
WHATIF_RUNS = 9


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    incident = incident_evidence()
    twenty = twenty_hosts(incident)
    held = [
        verdict("plan of the incident", _seconds(incident, RUNS), INCIDENT_S_MAX, " s"),
        verdict("plan for twenty MX hosts", _seconds(twenty, 1), TWENTY_S_MAX, " s"),
        verdict("whatif from a file, start included", _what_if_s(incident), WHATIF_S_MAX, " s"),
        verdict("memory at the most", _memory_mb(), MEMORY_MB_MAX, " MB"),
    ]
    return all(held)


def _seconds(evidence: Evidence, runs: int) -> float:
    """Return the processor time of the fastest of some runs."""
    spent = []
    for _ in range(runs):
        began = time.process_time()
        made = plan_for(evidence, now=evidence.observed_at())
        spent.append(time.process_time() - began)
    print(f"{made.domain}: {len(made.ways)} ways, {made.search.judged} sets of measures judged")
    return min(spent)


def _what_if_s(evidence: Evidence) -> float:
    """Return the processor time of the fastest of some processes that answer a question about a file, all of it."""
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "incident.json"
        file.write_bytes(encode(evidence))
        asked = ("whatif", str(file), "--set", "mxi1 A 192.0.2.25", "--set", "mxi2 A 198.51.100.25")
        for _ in range(WHATIF_RUNS):
            before = _children_s()
            subprocess.run([sys.executable, "-m", "mxproof", *asked], check=False, capture_output=True)
            spent.append(_children_s() - before)
    return min(spent)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def twenty_hosts(incident: Evidence) -> Evidence:
    """Return evidence of twenty hosts, every third an alias, of which the policy lists every other one.

    Their certificates are one of the incident's, which names none of them.
    """
    names = [f"mx{number}.example.com" for number in range(HOSTS_MAX)]
    rrsets = [RRset("example.com", "MX", tuple(MxRecord(place, name) for place, name in enumerate(names)))]
    for number, name in enumerate(names):
        target = f"host{number}.example.com" if number % 3 == 0 else name
        if target != name:
            rrsets.append(RRset(name, "CNAME", (NameRecord(target),)))
        rrsets.append(RRset(target, "A", (AddressRecord(f"192.0.2.{number + 1}"),)))
    rrsets.append(RRset("_mta-sts.example.com", "TXT", (TxtRecord(b"v=STSv1; id=1;"),)))
    rrsets.append(RRset("mta-sts.example.com", "A", (AddressRecord("203.0.113.80"),)))
    lines = [
        "version: STSv1",
        "mode: enforce",
        *(f"mx: {name}" for name in names[::2]),
        "max_age: 604800",
        "",
    ]
    chains = _chains(incident)
    world = World(
        zones=(ZoneContents("example.com", tuple(rrsets)),),
        policy_servers=(PolicyServer("p", ("203.0.113.80",), "\n".join(lines).encode(), chains["POLICY"]),),
        smtp_servers=tuple(
            SmtpServer(name, (f"192.0.2.{number + 1}",), chains["SMTP"], stage=SmtpStage.SECURED)
            for number, name in enumerate(names)
        ),
    )
    vantage = msgspec.structs.replace(incident.vantage, families=(4,))
    return observed(world, Evidence("example.com", vantage), wanted, incident.observed_at())


def _chains(incident: Evidence) -> dict[str, tuple[Der, ...]]:
    """Return a chain of each kind of server, as the incident shows it."""
    found: dict[str, tuple[Der, ...]] = {}
    for question, answer in incident.answers.items():
        tls = getattr(answer.data, "tls", None)
        if tls is not None:
            found.setdefault(question.kind.value, tls.chain)
    return found
